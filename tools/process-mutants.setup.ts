import { afterAll, inject } from 'vitest'
import { apply, restore } from './process-mutants.list.ts'

// Runs before each test file: the tests then meet the changed table. Put back afterwards, because files share a process.
const mutant = inject('mutant')
if (mutant !== null) {
  const before = apply(mutant)
  afterAll(() => restore(mutant, before))
}
