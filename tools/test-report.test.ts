import { expect, test } from 'vitest'
import { countsIn, playwrightCounts, total, vitestCounts } from './test-report.ts'

test('tests are counted from the reports of both runners', () => {
  const units = vitestCounts(
    JSON.stringify({
      numPassedTests: 10,
      numFailedTests: 1,
      testResults: [{ status: 'failed', assertionResults: [{}] }],
    }),
  )
  const journeys = playwrightCounts(
    JSON.stringify({ stats: { expected: 3, unexpected: 0, flaky: 1 }, errors: [] }),
  )
  expect(total([units, journeys], 1)).toEqual({ passed: 14, failed: 1 })
})

test('a file that cannot be read counts as a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  const report = { numPassedTests: 2, numFailedTests: 0, testResults }
  expect(vitestCounts(JSON.stringify(report))).toEqual({
    passed: 2,
    failed: 1,
  })
  const stats = { expected: 0, unexpected: 0, flaky: 0 }
  expect(playwrightCounts(JSON.stringify({ stats, errors: [{}] }))).toEqual({ passed: 0, failed: 1 })
})

test('a run that failed never counts no failure, and one that passed counts none', async () => {
  const missing = await countsIn('/nonexistent', vitestCounts)
  expect(total([missing], 3)).toEqual({ passed: 0, failed: 1 })
  expect(total([], 0)).toEqual({ passed: 0, failed: 0 })
})
