/** `npm run check`: everything that is true of the tree without running it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Step, together } from './step.ts'

/** Returns the exit code of the first check that failed, or 0. */
export function check(): Promise<number> {
  return together(steps())
}

/** Steps run beside each other; more threads within one would work out the same types once more each, which doubles the time. */
const oneThread = { GOMAXPROCS: '1' }
const typesOf = (project: string): readonly string[] => ['tsc', '--checkers', '1', '-p', project]

function steps(): Step[] {
  const has = (path: string) => existsSync(join(root, path))
  const always: Step[] = [
    { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], environment: oneThread },
    { name: 'types', command: typesOf('tsconfig.json') },
    { name: 'format', command: ['oxfmt', '--check', '.'] },
    { name: 'who imports whom', command: ['node', 'tools/import-rules.ts'] },
    { name: 'lock file', command: ['node', 'tools/complete-lock.ts', '--check'] },
    { name: 'unused code and dependencies', command: ['knip'] },
  ]
  if (has('web/src')) always.push({ name: 'types of the web', command: typesOf('web/tsconfig.json') })
  always.push({ name: 'texts from the catalogue', command: ['node', 'tools/text-rules.ts'] })
  if (has('web/src')) always.push({ name: 'weight of the web', command: ['node', 'tools/web-budget.ts'] })
  if (has('tools/generate.ts')) {
    always.push({ name: 'generated documents', command: ['node', 'tools/generate.ts', '--check'] })
  }
  return always
}

if (import.meta.main) process.exitCode = await check()
