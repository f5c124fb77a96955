/** `npm run check`: everything that is true of the tree without running it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Step, together } from './step.ts'

/** Returns the exit code of the first check that failed, or 0. */
export function check(): Promise<number> {
  return together(steps())
}

function steps(): Step[] {
  const has = (path: string) => existsSync(join(root, path))
  const always: Step[] = [
    { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
    { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
    { name: 'format', command: ['oxfmt', '--check', '.'] },
    { name: 'who imports whom', command: ['node', 'tools/import-rules.ts'] },
    { name: 'lock file', command: ['node', 'tools/complete-lock.ts', '--check'] },
    { name: 'unused code and dependencies', command: ['knip'] },
  ]
  if (has('web/src')) always.push({ name: 'types of the web', command: ['tsc', '-p', 'web/tsconfig.json'] })
  always.push({ name: 'texts from the catalogue', command: ['node', 'tools/text-rules.ts'] })
  if (has('web/src')) always.push({ name: 'weight of the web', command: ['node', 'tools/web-budget.ts'] })
  if (has('tools/generate.ts')) {
    always.push({ name: 'generated documents', command: ['node', 'tools/generate.ts', '--check'] })
  }
  return always
}

if (import.meta.main) process.exitCode = await check()
