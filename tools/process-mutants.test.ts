import { describe, expect, test } from 'vitest'
import { itemProcess } from '../server/src/practices/configuration/item.process.ts'
import { incidentProcess } from '../server/src/practices/incident/incident.process.ts'
import { priorityOf, priorityPolicy } from '../server/src/practices/incident/incident.priority.ts'
import { apply, mutants, restore } from './process-mutants.list.ts'

describe('the mutants of the processes', () => {
  const names = mutants().map((mutant) => mutant.name)

  test.each([incidentProcess, itemProcess])(
    'drop every guard from every move of $kind, and every state a move leaves from',
    ({ kind, moves, guards }) => {
      for (const [action, move] of Object.entries(moves)) {
        for (const state of move.from) expect(names).toContain(`${kind}: ${action} not from ${state}`)
        for (const guard of move.needs ?? []) expect(names).toContain(`${kind}: ${action} without ${guard}`)
      }
      for (const guard of Object.keys(guards))
        expect(names).toContain(`${kind}: guard ${guard} always lets pass`)
    },
  )

  test('change every cell of the matrix', () => {
    expect(names.filter((name) => name.startsWith('impact '))).toHaveLength(9)
  })

  test('no two are the same, and each changes its table and puts it back', () => {
    expect(new Set(names).size).toBe(names.length)
    const asItIs = JSON.stringify([incidentProcess, itemProcess, priorityPolicy.initial])
    for (const mutant of mutants()) {
      const before = apply(mutant)
      if (mutant.path[0] !== 'guards') expect(JSON.stringify(before)).not.toBe(JSON.stringify(mutant.value))
      restore(mutant, before)
    }
    expect(JSON.stringify([incidentProcess, itemProcess, priorityPolicy.initial])).toBe(asItIs)
  })

  test('what is changed is what the product decides by', () => {
    const mutant = mutants().find((one) => one.table === 'matrix' && one.path.join('.') === 'high.high')
    if (mutant === undefined) throw new Error('there is a mutant of the first cell')
    const before = apply(mutant)
    const priced = priorityOf(priorityPolicy.initial, null, 1, 1)
    restore(mutant, before)
    expect([priced, priorityOf(priorityPolicy.initial, null, 1, 1)]).toEqual([2, 1])
  })
})
