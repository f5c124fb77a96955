import type { Reason } from '@evenkeel/contract/refusal'

/**
 * A practice's process as a table: states, moves, who may, what must be true, what is announced. One line per move; the server, the
 * client, the documentation and the conformance report read the same table.
 */
export type Move<
  State extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
> = {
  readonly from: readonly State[]
  readonly to: State
  readonly by: Permission
  readonly needs?: readonly Guard[]
  readonly emits: Entry
  /** What the button says; moves without one are never offered: the system makes them, or a page of their own does. */
  readonly label?: string
}

export type StateMeaning = {
  readonly label: string
  /** Open records are work; the rest is history. */
  readonly open: boolean
  /** Nothing leaves a final state. */
  readonly final?: boolean
}

/** A guard answers `true` or the reason, in the words a person reads on the button that cannot be pressed. */
export type GuardRule<Facts> = (facts: Facts) => true | string

export type Process<
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
> = {
  readonly kind: string
  readonly initial: State
  readonly states: Readonly<Record<State, StateMeaning>>
  readonly moves: Readonly<Record<Action, Move<State, Permission, Guard, Entry>>>
  readonly guards: Readonly<Record<Guard, GuardRule<Facts>>>
}

export const defineProcess = <
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: Process<State, Action, Permission, Guard, Entry, Facts>,
): Process<State, Action, Permission, Guard, Entry, Facts> => process

export type Verdict<State, Entry> =
  | { readonly go: true; readonly to: State; readonly emits: Entry }
  | {
      readonly go: false
      readonly refusal: 'not_allowed_here' | 'forbidden' | 'not_ready'
      readonly reasons: readonly Reason[]
    }

/**
 * Decides one move: pure. The order is fixed: may this person at all, is the record in a state that allows it, is everything ready.
 * All missing guards are named at once, so that nobody fixes them one by one.
 */
export const decide = <
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: Process<State, Action, Permission, Guard, Entry, Facts>,
  state: State,
  action: Action,
  facts: Facts,
  may: (permission: Permission) => boolean,
): Verdict<State, Entry> => {
  const move = process.moves[action]
  if (!may(move.by)) {
    return {
      go: false,
      refusal: 'forbidden',
      reasons: [{ code: move.by, message: `this needs the permission ${move.by}` }],
    }
  }
  if (!move.from.includes(state)) {
    const from = move.from.map((name) => process.states[name].label).join(' or ')
    const message = `${process.states[state].label} does not allow this; it can be done from ${from}`
    return { go: false, refusal: 'not_allowed_here', reasons: [{ code: 'state', message }] }
  }
  const reasons = missing(process, move, facts)
  if (reasons.length > 0) return { go: false, refusal: 'not_ready', reasons }
  return { go: true, to: move.to, emits: move.emits }
}

const missing = <
  State extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: { readonly guards: Readonly<Record<Guard, GuardRule<Facts>>> },
  move: Move<State, Permission, Guard, Entry>,
  facts: Facts,
): Reason[] =>
  (move.needs ?? []).flatMap((guard) => {
    const answer = process.guards[guard](facts)
    return answer === true ? [] : [{ code: guard, message: answer }]
  })

export type Offer<Action> = {
  readonly action: Action
  readonly label: string
  readonly ready: boolean
  readonly reasons: readonly Reason[]
}

/** The moves to offer on a record: those its state and the person's permissions allow, ready or with what is missing. */
export const offers = <
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: Process<State, Action, Permission, Guard, Entry, Facts>,
  state: State,
  facts: Facts,
  may: (permission: Permission) => boolean,
): Offer<Action>[] =>
  actionsOf(process).flatMap((action) => {
    const move = process.moves[action]
    if (move.label === undefined || !move.from.includes(state) || !may(move.by)) return []
    const reasons = missing(process, move, facts)
    return [{ action, label: move.label, ready: reasons.length === 0, reasons }]
  })

/** Keys of a record type, typed: the table's own keys are the closed list. */
const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] =>
  // Object.keys widens to string; the table type says which keys there are, and tables are constants without extra keys.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.keys(table) as K[]

export const actionsOf = <Action extends string>(process: {
  readonly moves: Readonly<Record<Action, unknown>>
}): Action[] => keysOf(process.moves)

export const statesOf = <State extends string>(process: {
  readonly states: Readonly<Record<State, unknown>>
}): State[] => keysOf(process.states)

/** What is wrong with a table: unreachable states, dead ends, final states with exits, guards that no move needs. */
export const faultsIn = <
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: Process<State, Action, Permission, Guard, Entry, Facts>,
): string[] => {
  const moves = actionsOf(process).map((action) => ({ action, ...process.moves[action] }))
  const reached = new Set<State>([process.initial])
  for (let grown = true; grown;) {
    grown = false
    for (const move of moves) {
      if (!reached.has(move.to) && move.from.some((state) => reached.has(state))) {
        reached.add(move.to)
        grown = true
      }
    }
  }
  const faults: string[] = []
  for (const state of statesOf(process)) {
    const exits = moves.filter((move) => move.from.includes(state) && move.to !== state)
    const final = process.states[state].final === true
    if (!reached.has(state)) faults.push(`${state} cannot be reached`)
    if (final && exits.length > 0)
      faults.push(`${state} is final but ${exits.map((move) => move.action).join(', ')} leaves it`)
    if (!final && exits.length === 0) faults.push(`${state} is a dead end`)
    if (final && process.states[state].open) faults.push(`${state} is final and still counts as open`)
  }
  const needed = new Set(moves.flatMap((move) => move.needs ?? []))
  for (const guard of keysOf(process.guards))
    if (!needed.has(guard)) faults.push(`guard ${guard} is needed by no move`)
  return faults
}

/** The table as a Mermaid state diagram, for the documentation. */
export const toMermaid = <
  State extends string,
  Action extends string,
  Permission extends string,
  Guard extends string,
  Entry extends string,
  Facts,
>(
  process: Process<State, Action, Permission, Guard, Entry, Facts>,
): string => {
  const lines = ['stateDiagram-v2', `  [*] --> ${process.initial}`]
  for (const state of statesOf(process)) lines.push(`  ${state}: ${process.states[state].label}`)
  for (const action of actionsOf(process)) {
    const move = process.moves[action]
    for (const from of move.from) lines.push(`  ${from} --> ${move.to}: ${action}`)
  }
  for (const state of statesOf(process))
    if (process.states[state].final === true) lines.push(`  ${state} --> [*]`)
  return `${lines.join('\n')}\n`
}
