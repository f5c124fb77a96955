/**
 * `node tools/process-mutants.ts`: would a test notice? Changes the tables of the processes one thing at a time (each guard, each state a
 * move leaves from, each cell of the priority matrix, and more), runs the tests of the tables against each, and lists the changes
 * that no test noticed; exits 1 when there is one. `--only <words>` takes only the mutants whose names contain them.
 */
import { createVitest, type Vitest } from 'vitest/node'
import { mutants, type Mutant } from './process-mutants.list.ts'

declare module 'vitest' {
  interface ProvidedContext {
    mutant: Mutant | null
  }
}

const files = [
  'server/src/practices/configuration/item.process.test.ts',
  'server/src/practices/incident/incident.process.test.ts',
  'server/src/practices/incident/incident.priority.test.ts',
]

/** True when at least one test failed. */
const noticed = async (vitest: Vitest, mutant: Mutant | null): Promise<boolean> => {
  vitest.provide('mutant', mutant)
  const specifications = await vitest.getRelevantTestSpecifications(files)
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  if (testModules.length < files.length) throw new Error('not all test files ran')
  return unhandledErrors.length > 0 || testModules.some((module) => module.state() === 'failed')
}

const main = async (): Promise<number> => {
  const only = process.argv[process.argv.indexOf('--only') + 1]
  const chosen = mutants().filter(
    (mutant) => !process.argv.includes('--only') || mutant.name.includes(only ?? ''),
  )
  const vitest = await createVitest('test', {
    config: false,
    watch: false,
    root: new URL('..', import.meta.url).pathname,
    include: files,
    setupFiles: [new URL('process-mutants.setup.ts', import.meta.url).pathname],
    reporters: [{}],
    // All files in one worker: starting one is most of the time.
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
    // One failure is enough to notice.
    bail: 1,
  })
  try {
    if (await noticed(vitest, null)) throw new Error('the tests fail on the tables as they are')
    const survivors: Mutant[] = []
    const begun = performance.now()
    for (const mutant of chosen) {
      if (await noticed(vitest, mutant)) continue
      survivors.push(mutant)
      console.log(`no test noticed: ${mutant.name}`)
    }
    // A control: whatever was changed did not stay changed and pass for noticed.
    if (await noticed(vitest, null)) throw new Error('the tests fail on the tables put back')
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(
      `${chosen.length - survivors.length} of ${chosen.length} changes were noticed, in ${seconds} s`,
    )
    return survivors.length === 0 ? 0 : 1
  } finally {
    await vitest.close()
  }
}

process.exitCode = await main()
