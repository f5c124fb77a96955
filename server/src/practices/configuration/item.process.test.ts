import {
  itemActions,
  itemStates,
  thingActions,
  type ItemAction,
  type ItemState,
} from '@evenkeel/contract/item'
import { describe, expect, test } from 'vitest'
import { decide, faultsIn } from '../../kernel/process.ts'
import { itemProcess, type ItemFacts } from './item.process.ts'

/** Nothing stands in the way. */
const clear: ItemFacts = {
  isThing: true,
  inUseAbove: 0,
  reasonGiven: true,
  boreData: false,
  sanitized: false,
}
const anybody = (): boolean => true

// What each state allows, and where it leads: written apart from the table, so that a line that is changed there is noticed here.
const expected: Readonly<Record<ItemState, Partial<Record<ItemAction, ItemState>>>> = {
  planned: { order: 'ordered', receive: 'in_stock', put_in_use: 'in_use', retire: 'retired' },
  ordered: { receive: 'in_stock', put_in_use: 'in_use', report_lost: 'lost', retire: 'retired' },
  in_stock: { put_in_use: 'in_use', send_to_repair: 'in_repair', report_lost: 'lost', retire: 'retired' },
  in_use: { put_in_stock: 'in_stock', send_to_repair: 'in_repair', report_lost: 'lost', retire: 'retired' },
  in_repair: { put_in_use: 'in_use', put_in_stock: 'in_stock', report_lost: 'lost', retire: 'retired' },
  lost: { find_again: 'in_stock', write_off: 'disposed' },
  retired: { bring_back: 'in_use', report_lost: 'lost', dispose: 'disposed' },
  disposed: {},
}

test('every state allows exactly its moves, and each leads where it says', () => {
  for (const state of itemStates)
    for (const action of itemActions) {
      const verdict = decide(itemProcess, state, action, clear, anybody)
      expect(verdict.go ? verdict.to : null, `${state} ${action}`).toBe(expected[state][action] ?? null)
    }
  expect(faultsIn(itemProcess)).toEqual([])
})

test('whoever manages items moves them, and each move is journalled as one', () => {
  for (const action of itemActions) {
    const { by, emits } = itemProcess.moves[action]
    expect({ action, by, emits }).toEqual({ action, by: 'item.manage', emits: 'item.moved' })
  }
  for (const state of itemStates)
    for (const action of itemActions)
      expect(decide(itemProcess, state, action, clear, () => false).go, `${state} ${action}`).toBe(false)
})

const refusedBy = (state: ItemState, action: ItemAction, facts: Partial<ItemFacts>): readonly string[] => {
  const verdict = decide(itemProcess, state, action, { ...clear, ...facts }, anybody)
  return verdict.go ? [] : verdict.reasons.map(({ code }) => code)
}

describe('each guard of each move', () => {
  const guarded: readonly [ItemState, ItemAction, Partial<ItemFacts>, string][] = [
    ['ordered', 'receive', { isThing: false }, 'a_thing'],
    ['in_use', 'put_in_stock', { isThing: false }, 'a_thing'],
    ['in_use', 'put_in_stock', { inUseAbove: 1 }, 'nothing_needs_it'],
    ['in_use', 'send_to_repair', { isThing: false }, 'a_thing'],
    ['in_use', 'report_lost', { isThing: false }, 'a_thing'],
    ['in_use', 'report_lost', { reasonGiven: false }, 'reason'],
    ['in_use', 'retire', { inUseAbove: 3 }, 'nothing_needs_it'],
    ['retired', 'dispose', { isThing: false }, 'a_thing'],
    ['retired', 'dispose', { reasonGiven: false }, 'reason'],
    ['retired', 'dispose', { boreData: true }, 'sanitized'],
    ['lost', 'write_off', { reasonGiven: false }, 'reason'],
  ]
  test.each(guarded)('%s: %s with %o is refused by %4$s', (state, action, facts, guard) => {
    expect(refusedBy(state, action, {})).toEqual([])
    expect(refusedBy(state, action, facts)).toEqual([guard])
  })

  test('no move has a guard that is not in the list above', () => {
    const listed = guarded.map(([, action, , guard]) => `${action} ${guard}`)
    const table = itemActions.flatMap((action) =>
      (itemProcess.moves[action].needs ?? []).map((guard) => `${action} ${guard}`),
    )
    expect(table.toSorted()).toEqual(listed.toSorted())
  })

  test('what never bore data leaves unsanitized, what did leaves once it is sanitized', () => {
    expect(refusedBy('retired', 'dispose', { boreData: false, sanitized: false })).toEqual([])
    expect(refusedBy('retired', 'dispose', { boreData: true, sanitized: true })).toEqual([])
  })

  test('something that others need can still be lost: nobody is asked', () => {
    expect(refusedBy('in_use', 'report_lost', { inUseAbove: 9 })).toEqual([])
  })
})

test('what happens to things alone is what nothing else can come to, wherever it begins', () => {
  const facts = { ...clear, isThing: false }
  const come = new Set<ItemState>(['planned'])
  const done = new Set<ItemAction>()
  for (const state of come)
    for (const action of itemActions) {
      const verdict = decide(itemProcess, state, action, facts, anybody)
      if (!verdict.go) continue
      done.add(action)
      come.add(verdict.to)
    }
  expect(itemActions.filter((action) => !done.has(action)).toSorted()).toEqual([...thingActions].toSorted())
})
