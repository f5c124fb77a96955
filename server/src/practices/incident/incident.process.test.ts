import type { IncidentAction, IncidentState } from '@evenkeel/contract/incident'
import { incidentActions, incidentStates } from '@evenkeel/contract/incident'
import { permissions, type Permission } from '@evenkeel/contract/permission'
import { describe, expect, test } from 'vitest'
import { decide, faultsIn, offers } from '../../kernel/process.ts'
import {
  incidentProcess,
  incidentTasks,
  taskFits,
  takeBack,
  type IncidentFacts,
  type IncidentGuard,
  type IncidentTask,
} from './incident.process.ts'

/** An incident about which nothing is missing for any move. */
const everything: IncidentFacts = {
  assigned: true,
  holdReason: 'caller',
  callerAsked: true,
  waitsOn: 'CHG0001001',
  waitsUntil: '2026-03-03T09:00:00.000Z',
  heldForCaller: true,
  waitOver: true,
  resolutionCode: 'fixed',
  resolutionNotes: 'Replaced the fuser.',
  openTasks: 0,
  openChildren: 0,
  openChildrenUnexplained: 0,
  parentResolved: true,
  byCaller: true,
  reopenReason: 'It burns again.',
  withinReopenWindow: true,
  quietLongEnough: true,
  cancelReason: 'duplicate',
  duplicateOf: 'INC0001001',
}
const everybody = (): boolean => true

/** Section 3 of the semantics, written out a second time: where each move leads from each state; a dot is a refusal. */
// prettier-ignore
const machine: Record<IncidentAction, Record<IncidentState, IncidentState | '.'>> = {
  start:               { new: 'in_progress', in_progress: '.',        on_hold: '.',           resolved: '.',           closed: '.', canceled: '.' },
  hold:                { new: '.',           in_progress: 'on_hold',  on_hold: '.',           resolved: '.',           closed: '.', canceled: '.' },
  resume:              { new: '.',           in_progress: '.',        on_hold: 'in_progress', resolved: '.',           closed: '.', canceled: '.' },
  caller_replied:      { new: '.',           in_progress: '.',        on_hold: 'in_progress', resolved: '.',           closed: '.', canceled: '.' },
  wait_ended:          { new: '.',           in_progress: '.',        on_hold: 'in_progress', resolved: '.',           closed: '.', canceled: '.' },
  resolve:             { new: '.',           in_progress: 'resolved', on_hold: 'resolved',    resolved: '.',           closed: '.', canceled: '.' },
  resolve_with_parent: { new: 'resolved',    in_progress: 'resolved', on_hold: 'resolved',    resolved: '.',           closed: '.', canceled: '.' },
  reopen:              { new: '.',           in_progress: '.',        on_hold: '.',           resolved: 'in_progress', closed: '.', canceled: '.' },
  still_broken:        { new: '.',           in_progress: '.',        on_hold: '.',           resolved: 'in_progress', closed: '.', canceled: '.' },
  confirm:             { new: '.',           in_progress: '.',        on_hold: '.',           resolved: 'closed',      closed: '.', canceled: '.' },
  close:               { new: '.',           in_progress: '.',        on_hold: '.',           resolved: 'closed',      closed: '.', canceled: '.' },
  cancel:              { new: 'canceled',    in_progress: 'canceled', on_hold: 'canceled',    resolved: '.',           closed: '.', canceled: '.' },
  withdraw:            { new: 'canceled',    in_progress: 'canceled', on_hold: 'canceled',    resolved: '.',           closed: '.', canceled: '.' },
}

describe('the machine, every state with every action', () => {
  for (const action of incidentActions) {
    for (const state of incidentStates) {
      const to = machine[action][state]
      test(`${action} from ${state} ${to === '.' ? 'is refused' : `leads to ${to}`}`, () => {
        const verdict = decide(incidentProcess, state, action, everything, everybody)
        if (to === '.') expect(verdict).toMatchObject({ go: false, refusal: 'not_allowed_here' })
        else expect(verdict).toMatchObject({ go: true, to })
      })
    }
  }

  test('it has no unreachable state, no dead end, no exit from a final state and no idle guard', () => {
    expect(faultsIn(incidentProcess)).toEqual([])
  })

  test('closed and canceled are final, and only what is work counts as open', () => {
    const final = incidentStates.filter((state) => incidentProcess.states[state].final === true)
    const open = incidentStates.filter((state) => incidentProcess.states[state].open)
    expect(final).toEqual(['closed', 'canceled'])
    expect(open).toEqual(['new', 'in_progress', 'on_hold'])
  })
})

/** Who makes which move, and what the journal calls it. */
// prettier-ignore
const made: Record<IncidentAction, { by: Permission; emits: string; button: string | undefined }> = {
  start:               { by: 'incident.work',      emits: 'incident.started',  button: 'Start work' },
  hold:                { by: 'incident.work',      emits: 'incident.held',     button: 'Put on hold' },
  resume:              { by: 'incident.work',      emits: 'incident.resumed',  button: 'Resume' },
  caller_replied:      { by: 'incident.answer',    emits: 'incident.resumed',  button: undefined },
  wait_ended:          { by: 'incident.automatic', emits: 'incident.resumed',  button: undefined },
  resolve:             { by: 'incident.work',      emits: 'incident.resolved', button: 'Resolve' },
  resolve_with_parent: { by: 'incident.automatic', emits: 'incident.resolved', button: undefined },
  reopen:              { by: 'incident.reopen',    emits: 'incident.reopened', button: 'Reopen' },
  still_broken:        { by: 'incident.answer',    emits: 'incident.reopened', button: 'Still broken' },
  confirm:             { by: 'incident.answer',    emits: 'incident.closed',   button: 'It works' },
  close:               { by: 'incident.automatic', emits: 'incident.closed',   button: undefined },
  cancel:              { by: 'incident.cancel',    emits: 'incident.canceled', button: 'Cancel' },
  withdraw:            { by: 'incident.answer',    emits: 'incident.canceled', button: undefined },
}

describe('who makes which move', () => {
  for (const action of incidentActions) {
    const from = incidentStates.find((state) => machine[action][state] !== '.') ?? 'new'
    const { by, emits, button } = made[action]

    test(`${action} takes ${by} alone and is journalled as ${emits}`, () => {
      const verdict = decide(incidentProcess, from, action, everything, (permission) => permission === by)
      expect(verdict).toMatchObject({ go: true, emits })
    })

    test(`${action} is forbidden with every other permission`, () => {
      const verdict = decide(incidentProcess, from, action, everything, (permission) => permission !== by)
      expect(verdict).toMatchObject({ go: false, refusal: 'forbidden', reasons: [{ code: by }] })
    })

    test(`${action} is ${button === undefined ? 'never offered' : `offered as "${button}"`}`, () => {
      const offered = offers(incidentProcess, from, everything, everybody).find(
        (offer) => offer.action === action,
      )
      expect(offered?.label).toBe(button)
    })
  }

  test('every permission that the table names exists', () => {
    for (const { by } of [...Object.values(incidentProcess.moves), ...Object.values(incidentTasks), takeBack])
      expect(Object.keys(permissions)).toContain(by)
  })
})

/** Each way in which a move is not ready: what is missing, and the sentence the button shows. */
const missing: readonly {
  readonly action: IncidentAction
  readonly lacking: Partial<IncidentFacts>
  readonly guard: IncidentGuard
  readonly says: RegExp
}[] = [
  { action: 'start', lacking: { assigned: false }, guard: 'assigned', says: /give it to a person first/ },
  { action: 'hold', lacking: { holdReason: null }, guard: 'hold_reason', says: /what it waits for/ },
  { action: 'hold', lacking: { callerAsked: false }, guard: 'caller_asked', says: /ask the caller/ },
  {
    action: 'hold',
    lacking: { holdReason: 'change', waitsOn: null },
    guard: 'dependency_named',
    says: /name the change/,
  },
  {
    action: 'hold',
    lacking: { holdReason: 'problem', waitsOn: null },
    guard: 'dependency_named',
    says: /name the problem/,
  },
  {
    action: 'hold',
    lacking: { holdReason: 'vendor', waitsOn: null },
    guard: 'dependency_named',
    says: /name the vendor case/,
  },
  {
    action: 'hold',
    lacking: { holdReason: 'user_scheduled', waitsUntil: null },
    guard: 'date_named',
    says: /which date/,
  },
  {
    action: 'caller_replied',
    lacking: { heldForCaller: false },
    guard: 'held_for_caller',
    says: /does not wait for the caller/,
  },
  {
    action: 'caller_replied',
    lacking: { byCaller: false },
    guard: 'by_caller',
    says: /only the person it happened to/,
  },
  { action: 'wait_ended', lacking: { waitOver: false }, guard: 'wait_over', says: /has not happened yet/ },
  {
    action: 'resolve',
    lacking: { resolutionCode: null },
    guard: 'resolution_code',
    says: /how it was resolved/,
  },
  {
    action: 'resolve',
    lacking: { resolutionNotes: null },
    guard: 'resolution_notes',
    says: /what was done/,
  },
  { action: 'resolve', lacking: { resolutionNotes: '' }, guard: 'resolution_notes', says: /what was done/ },
  { action: 'resolve', lacking: { openTasks: 1 }, guard: 'no_open_tasks', says: /1 open task first/ },
  { action: 'resolve', lacking: { openTasks: 2 }, guard: 'no_open_tasks', says: /2 open tasks first/ },
  {
    action: 'resolve',
    lacking: { openChildren: 1, openChildrenUnexplained: 1 },
    guard: 'children_handled',
    says: /1 open child is neither/,
  },
  {
    action: 'resolve',
    lacking: { openChildren: 3, openChildrenUnexplained: 2 },
    guard: 'children_handled',
    says: /2 open children are neither/,
  },
  {
    action: 'resolve_with_parent',
    lacking: { parentResolved: false },
    guard: 'parent_resolved',
    says: /parent is not being resolved/,
  },
  {
    action: 'resolve_with_parent',
    lacking: { resolutionCode: null },
    guard: 'resolution_code',
    says: /how it was resolved/,
  },
  {
    action: 'resolve_with_parent',
    lacking: { resolutionNotes: null },
    guard: 'resolution_notes',
    says: /what was done/,
  },
  { action: 'resolve_with_parent', lacking: { openTasks: 1 }, guard: 'no_open_tasks', says: /1 open task/ },
  { action: 'reopen', lacking: { reopenReason: null }, guard: 'reopen_reason', says: /why it is open again/ },
  { action: 'reopen', lacking: { reopenReason: '' }, guard: 'reopen_reason', says: /why it is open again/ },
  {
    action: 'still_broken',
    lacking: { withinReopenWindow: false },
    guard: 'within_window',
    says: /raise a new incident/,
  },
  {
    action: 'confirm',
    lacking: { byCaller: false },
    guard: 'by_caller',
    says: /only the person it happened to/,
  },
  {
    action: 'close',
    lacking: { quietLongEnough: false },
    guard: 'quiet_long_enough',
    says: /still has time to object/,
  },
  { action: 'cancel', lacking: { cancelReason: null }, guard: 'cancel_reason', says: /why it is canceled/ },
  { action: 'cancel', lacking: { duplicateOf: null }, guard: 'duplicate_named', says: /a duplicate of/ },
  {
    action: 'cancel',
    lacking: { openChildren: 2 },
    guard: 'no_open_children',
    says: /release 2 open children first/,
  },
  {
    action: 'withdraw',
    lacking: { byCaller: false },
    guard: 'by_caller',
    says: /only the person it happened to/,
  },
  {
    action: 'withdraw',
    lacking: { openChildren: 2 },
    guard: 'no_open_children',
    says: /release 2 open children first/,
  },
]

describe('what a move needs', () => {
  for (const { action, lacking, guard, says } of missing) {
    test(`${action} without ${JSON.stringify(lacking)} is not ready: ${says.source}`, () => {
      const from = incidentStates.find((state) => machine[action][state] !== '.') ?? 'new'
      const verdict = decide(incidentProcess, from, action, { ...everything, ...lacking }, everybody)
      expect(verdict).toEqual({
        go: false,
        refusal: 'not_ready',
        reasons: [{ code: guard, message: expect.stringMatching(says) }],
      })
    })
  }

  test('everything missing is named at once', () => {
    const verdict = decide(
      incidentProcess,
      'in_progress',
      'resolve',
      { ...everything, resolutionCode: null, resolutionNotes: null, openChildrenUnexplained: 1 },
      everybody,
    )
    expect(verdict.go ? [] : verdict.reasons.map((reason) => reason.code)).toEqual([
      'resolution_code',
      'resolution_notes',
      'children_handled',
    ])
  })

  test('a wait for parts needs neither a question nor a number nor a date', () => {
    const facts = {
      ...everything,
      holdReason: 'parts',
      callerAsked: false,
      waitsOn: null,
      waitsUntil: null,
    }
    expect(decide(incidentProcess, 'in_progress', 'hold', facts, everybody)).toMatchObject({ go: true })
  })

  test('what is not an incident is canceled without naming another one', () => {
    const facts = { ...everything, cancelReason: 'not_an_incident', duplicateOf: null }
    expect(decide(incidentProcess, 'new', 'cancel', facts, everybody)).toMatchObject({ go: true })
  })

  test('every guard of the table has a case here', () => {
    expect(Object.keys(incidentProcess.guards).sort()).toEqual(
      [...new Set(missing.map((one) => one.guard))].sort(),
    )
  })
})

/** What may be done beside moves: n new, p in progress, h on hold, r resolved, c closed, x canceled. */
// prettier-ignore
const tasks: Record<IncidentTask, { in: string; by: Permission }> = {
  edit:              { in: 'n p h r',     by: 'incident.edit' },
  assign:            { in: 'n p h',       by: 'incident.assign' },
  override_priority: { in: 'n p h',       by: 'incident.override_priority' },
  comment:           { in: 'n p h r',     by: 'incident.comment' },
  note:              { in: 'n p h r c x', by: 'incident.note' },
  share:             { in: 'n p h r',     by: 'incident.edit' },
  join:              { in: 'n p h',       by: 'incident.affected' },
  absorb:            { in: 'n p h r',     by: 'incident.cancel' },
  link:              { in: 'n p h r c x', by: 'incident.link' },
  change_parent:     { in: 'n p h',       by: 'incident.link' },
  adopt:             { in: 'n p h',       by: 'incident.link' },
}
const letters: Record<IncidentState, string> = {
  new: 'n',
  in_progress: 'p',
  on_hold: 'h',
  resolved: 'r',
  closed: 'c',
  canceled: 'x',
}

describe('what is done beside moves, in every state', () => {
  for (const [task, { in: states, by }] of Object.entries(tasks) as [
    IncidentTask,
    { in: string; by: Permission },
  ][]) {
    test(`${task} takes ${by}`, () => {
      expect(incidentTasks[task].by).toBe(by)
    })
    for (const state of incidentStates) {
      const fits = states.includes(letters[state])
      test(`${task} ${fits ? 'fits' : 'does not fit'} ${state}`, () => {
        expect(taskFits(task, state) === true).toBe(fits)
      })
    }
  }

  test('a refusal on a finished record shows the way on, one on a running record says when it fits', () => {
    expect(taskFits('edit', 'closed')).toEqual({
      code: 'state',
      message: 'Closed does not allow this; it is a finished record; raise a new incident that follows it',
    })
    expect(taskFits('assign', 'resolved')).toEqual({
      code: 'state',
      message: 'Resolved does not allow this; it can be done while New, In progress, On hold',
    })
  })

  test('a bulk action is taken back by who may do bulk actions, for fifteen minutes', () => {
    expect(takeBack).toEqual({ by: 'incident.bulk', emits: 'incident.taken_back', withinMinutes: 15 })
  })
})
