import type { OfferedMove } from '@evenkeel/contract/incident'
import { describe, expect, test } from 'vitest'
import { emptyDraft, missingBeforeForm, missingIn, type MoveDraft, moveOf } from './incident.move-form.ts'

const draft = (change: Partial<MoveDraft>): MoveDraft => ({ ...emptyDraft, ...change })
const instantOf = (wall: string) => `${wall}:00.000Z`
const offer = (action: OfferedMove['action'], ...codes: string[]): OfferedMove => ({
  action,
  label: action,
  ready: codes.length === 0,
  reasons: codes.map((code) => ({ code, message: code })),
})

describe('what is missing', () => {
  test('a form takes away what it asks for; what it cannot answer stays a reason on the button', () => {
    expect(
      missingBeforeForm(offer('resolve', 'resolution_code', 'no_open_tasks')).map(({ code }) => code),
    ).toEqual(['no_open_tasks'])
    expect(missingBeforeForm(offer('start', 'assigned')).map(({ code }) => code)).toEqual(['assigned'])
    expect(missingBeforeForm(offer('still_broken', 'within_window')).map(({ code }) => code)).toEqual([
      'within_window',
    ])
    expect(missingBeforeForm(offer('start'))).toEqual([])
  })

  test('waiting for the caller needs a question, for a change, problem or vendor its number', () => {
    expect(missingIn('hold', emptyDraft)).toEqual(['hold_reason'])
    expect(missingIn('hold', draft({ reason: 'caller' }))).toEqual(['caller_asked'])
    expect(missingIn('hold', draft({ reason: 'caller', text: 'Which ward?' }))).toEqual([])
    expect(missingIn('hold', draft({ reason: 'vendor' }))).toEqual(['dependency_named'])
    expect(missingIn('hold', draft({ reason: 'vendor', on: 'CASE-1' }))).toEqual([])
    expect(missingIn('hold', draft({ reason: 'parts' }))).toEqual([])
    expect(missingIn('hold', draft({ reason: 'user_scheduled' }))).toEqual(['date_named'])
    expect(missingIn('hold', draft({ reason: 'user_scheduled', until: '2026-03-01T09:00' }))).toEqual([])
  })

  test('resolving needs how, what was done, and a reason for every child that stays open', () => {
    expect(missingIn('resolve', emptyDraft)).toEqual(['resolution_code', 'resolution_notes'])
    const done = { code: 'fixed', text: 'New fuser' }
    expect(missingIn('resolve', draft(done))).toEqual([])
    expect(missingIn('resolve', draft({ ...done, except: new Map([['a', '']]) }))).toEqual([
      'children_handled',
    ])
    expect(missingIn('resolve', draft({ ...done, except: new Map([['a', 'other cause']]) }))).toEqual([])
  })

  test('a duplicate needs the one it is a duplicate of', () => {
    expect(missingIn('cancel', draft({ reason: 'duplicate' }))).toEqual(['duplicate_named'])
    expect(missingIn('cancel', draft({ reason: 'raised_in_error' }))).toEqual([])
    expect(missingIn('reopen', draft({ text: '  ' }))).toEqual(['reopen_reason'])
  })
})

describe('what is sent', () => {
  test('only what belongs to the chosen reason', () => {
    const filled = draft({
      reason: 'vendor',
      text: 'kept from before',
      on: ' CASE-1 ',
      until: '2026-03-02T09:00',
    })
    expect(moveOf('hold', filled, instantOf, [])).toEqual({
      action: 'hold',
      reason: 'vendor',
      on: 'CASE-1',
      until: '2026-03-02T09:00:00.000Z',
    })
    expect(
      moveOf(
        'cancel',
        draft({ reason: 'raised_in_error', duplicateOf: { id: 'x', number: 'INC1' } }),
        instantOf,
        [],
      ),
    ).toEqual({
      action: 'cancel',
      reason: 'raised_in_error',
    })
  })

  test('every open child is named in one list or the other', () => {
    const move = moveOf(
      'resolve',
      draft({ code: 'fixed', text: 'Done', except: new Map([['b', 'other cause']]) }),
      instantOf,
      ['a', 'b'],
    )
    expect(move).toEqual({
      action: 'resolve',
      code: 'fixed',
      notes: 'Done',
      children: { resolve: ['a'], except: [{ id: 'b', reason: 'other cause' }] },
    })
  })
})
