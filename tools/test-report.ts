import { readFile } from 'node:fs/promises'

export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** The parts we read of what `vitest run --reporter=json` writes. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/** The parts we read of what Playwright's `json` reporter writes. */
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number }
  readonly errors: readonly unknown[]
}

/** A file that fails before its first test has no test to count, and counts as one that failed. */
export function vitestCounts(json: string): Counts {
  const report: VitestReport = JSON.parse(json)
  const unread = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + unread.length }
}

export function playwrightCounts(json: string): Counts {
  const { stats, errors }: PlaywrightReport = JSON.parse(json)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

/**
 * The sum of what ran. A run that failed without a failed test (no report, an error outside of any test, a check) still
 * counts one failure, so that the line never contradicts the exit code.
 */
export function total(counts: readonly Counts[], exitCode: number): Counts {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  return { passed, failed: exitCode === 0 ? failed : Math.max(failed, 1) }
}

/** The report a run wrote, as counts; none when it ended before it wrote one. */
export async function countsIn(path: string, counted: (json: string) => Counts): Promise<Counts> {
  try {
    return counted(await readFile(path, 'utf8'))
  } catch {
    return { passed: 0, failed: 0 }
  }
}
