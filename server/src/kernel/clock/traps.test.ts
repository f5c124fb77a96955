import type { Filter } from '@evenkeel/contract/filter'
import { expect, test } from 'vitest'
import { bindFilter } from '../filter/bind.ts'
import { fieldsOf } from '../filter/fields.ts'
import { trapsIn, type Bindings } from './traps.ts'

const choice = (...values: readonly string[]) => values.map((value) => ({ value, label: value }))
const fields = fieldsOf([
  { name: 'state', label: 'state', type: 'choice', choices: choice('new', 'working', 'waiting', 'done') },
  { name: 'reason', label: 'reason', type: 'choice', choices: choice('caller', 'supplier') },
  { name: 'priority', label: 'priority', type: 'number', whole: true },
  { name: 'service', label: 'service', type: 'reference' },
  { name: 'title', label: 'title', type: 'text' },
  { name: 'answered', label: 'answered', type: 'boolean' },
])

const bound = (filter: Filter) => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return binding.bound
}
const is = (field: string, value: string | number | boolean): Filter => ({ field, op: '=', value })
const all = (...parts: readonly Filter[]): Filter => ({ all: parts })
const any = (...parts: readonly Filter[]): Filter => ({ any: parts })

const everything = all()
const open: Filter = { not: is('state', 'done') }
const waiting = is('state', 'waiting')
const done = is('state', 'done')
const waitsForAReason = any(all(waiting, { field: 'reason', op: 'is set' }), {
  not: any(waiting, { field: 'reason', op: 'is set' }),
})

type Given = { readonly [condition in keyof Bindings['conditions']]?: Filter } & Partial<
  Bindings['rules']
> & {
    readonly when?: Filter
  }
const trapsOf = ({ when = everything, cancels, resumes, ...given }: Given) => {
  const part = (filter: Filter | undefined) => (filter === undefined ? null : bound(filter))
  return trapsIn({
    when: bound(when),
    conditions: {
      start: part(given.start),
      pause: part(given.pause),
      resume: part(given.resume),
      stop: part(given.stop),
      reset: part(given.reset),
      cancel: part(given.cancel),
    },
    rules: { cancels: cancels ?? 'when_start_ends', resumes: resumes ?? 'when_pause_ends' },
    always: [bound(waitsForAReason), bound({ field: 'state', op: 'is set' })],
  })
}

test('a clock that runs while a record is open, waits while it waits, and stops when it is done has no trap', () => {
  expect(trapsOf({ start: open, pause: waiting, stop: done })).toEqual([])
})

test('what starts it also stops it: it never begins', () => {
  expect(trapsOf({ start: open, stop: { field: 'state', op: 'is set' } })).toEqual(['never_starts'])
})

test('what starts it also cancels it: it never begins', () => {
  expect(trapsOf({ start: is('priority', 1), stop: done, cancel: any(is('priority', 1), waiting) })).toEqual([
    'never_starts',
  ])
})

test('the agreement and the start speak of different records: it never begins', () => {
  expect(trapsOf({ when: is('priority', 1), start: is('priority', 2), stop: done })).toEqual(['never_starts'])
})

test('what pauses it is part of what starts it: it begins paused, and is canceled when it would go on', () => {
  expect(
    trapsOf({ start: all(waiting, is('priority', 1)), pause: waiting, stop: any(done, waiting) }),
  ).toEqual(['never_starts'])
  const start = all(waiting, is('priority', 1))
  expect(trapsOf({ start, pause: waiting, stop: done })).toEqual(['never_runs'])
})

test('start and pause exclude each other: it is canceled and never paused', () => {
  expect(trapsOf({ start: is('state', 'working'), pause: waiting, stop: done })).toEqual(['pause_cancels'])
})

test('start and pause may exclude each other where the end of the start does not cancel', () => {
  const start = is('state', 'working')
  expect(trapsOf({ start, pause: waiting, stop: done, cancels: 'on_condition' })).toEqual([])
})

test('a pause for a reason excludes the start when only waiting records have a reason', () => {
  const pause = is('reason', 'caller')
  expect(trapsOf({ start: is('state', 'working'), pause, stop: done })).toEqual(['pause_cancels'])
  expect(trapsOf({ start: open, pause, stop: done })).toEqual([])
})

test('nothing the agreement is about stops it: it runs for ever', () => {
  expect(trapsOf({ when: open, start: open, stop: done })).toEqual(['never_stops'])
  expect(trapsOf({ start: open })).toEqual(['never_stops'])
})

test('what lets it go on is always a pause, too: it never goes on', () => {
  const resume = all(waiting, is('priority', 1))
  expect(trapsOf({ start: open, pause: waiting, stop: done, resume, resumes: 'on_condition' })).toEqual([
    'never_resumes',
  ])
})

test('it is to begin again where it could not start', () => {
  expect(trapsOf({ start: open, stop: done, reset: all(done, is('answered', true)) })).toEqual([
    'never_resets',
  ])
  expect(trapsOf({ start: open, stop: done, reset: is('answered', true) })).toEqual([])
})

test('numbers are told apart where the conditions tell them apart', () => {
  const below = (value: number): Filter => ({ field: 'priority', op: '<', value })
  expect(trapsOf({ start: below(3), stop: any(done, below(4)) })).toEqual(['never_starts'])
  expect(trapsOf({ start: below(4), stop: any(done, below(3)) })).toEqual([])
})

test('words may hold or not, the same everywhere', () => {
  const words: Filter = { field: 'title', op: 'contains', value: 'urgent' }
  expect(trapsOf({ start: words, stop: any(done, words) })).toEqual(['never_starts'])
  expect(trapsOf({ start: words, stop: all(words, done) })).toEqual([])
})

test('a person or service that nobody named is another one', () => {
  const service = '01980000-0000-7000-8000-000000000001'
  expect(trapsOf({ start: { not: is('service', service) }, stop: is('service', service) })).toEqual([])
})

test('conditions about too much are not examined, and nothing is claimed of them', () => {
  const words = Array.from({ length: 20 }, (_, place): Filter => ({
    field: 'title',
    op: 'contains',
    value: `word ${place}`,
  }))
  expect(trapsOf({ start: any(...words), stop: done })).toBe(null)
})
