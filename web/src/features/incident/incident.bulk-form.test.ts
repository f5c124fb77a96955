import { expect, test } from 'vitest'
import { type BulkDraft, emptyBulk, noService, stepsOf } from './incident.bulk-form.ts'

const steps = (kind: BulkDraft['kind'], part: Partial<BulkDraft> = {}) =>
  stepsOf({ ...emptyBulk(kind), ...part })
const id = '018f0000-0000-7000-8000-000000000001'

test('nothing is tried before it is said what to change', () => {
  for (const kind of ['assign', 'priority', 'comment', 'note', 'edit'] as const)
    expect(steps(kind)).toBeUndefined()
  expect(steps('move', { move: 'resolve', reason: 'fixed' })).toBeUndefined()
  expect(steps('move', { move: 'hold', reason: 'caller' })).toBeUndefined()
  expect(steps('move', { move: 'cancel' })).toBeUndefined()
  expect(steps('priority', { priority: '1', text: 'x' })).toBeUndefined()
})

test('giving it to a person, to a team, and back to its team are three things', () => {
  expect(steps('assign', { person: { id, name: 'Amir' } })).toEqual([{ do: 'assign', to: { personId: id } }])
  expect(steps('assign', { teamId: id })).toEqual([{ do: 'assign', to: { teamId: id } }])
  expect(steps('assign', { unassign: true })).toEqual([{ do: 'assign', to: { personId: null } }])
})

test('only what was filled in is set', () => {
  expect(steps('edit', { serviceId: noService, urgency: '2' })).toEqual([
    { do: 'set', fields: { serviceId: null, urgency: 2 } },
  ])
})

test('a hold asks the caller or names what it waits for', () => {
  expect(steps('move', { move: 'hold', reason: 'caller', text: 'Which?' })).toMatchObject([
    { move: { question: 'Which?' } },
  ])
  expect(steps('move', { move: 'hold', reason: 'vendor', text: 'C-12' })).toMatchObject([
    { move: { on: 'C-12' } },
  ])
})

test('a priority is overridden, or computed again', () => {
  expect(steps('priority', { priority: 'computed', text: 'calm again' })).toEqual([
    { do: 'override_priority', priority: null, reason: 'calm again' },
  ])
})
