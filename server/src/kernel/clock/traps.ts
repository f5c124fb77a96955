import type { Bound } from '../filter/bind.ts'
import type { FilterContext } from '../filter/context.ts'
import type { Field } from '../filter/fields.ts'
import { predicateOf, type Fact } from '../filter/predicate.ts'
import { Temporal } from '../time/temporal.ts'
import type { Conditions, Rules } from './clock.ts'

// Conditions are tried on every record there could be, as far as the conditions can tell records apart. What no record can do is a trap:
// a clock that never begins, or never ends, is found before it is published and not after a month without breaches.

export type Bindings = {
  /** Which records the agreement is about. */
  readonly when: Bound
  /** A condition that is absent never holds. */
  readonly conditions: { readonly [condition in keyof Conditions]: Bound | null }
  readonly rules: Pick<Rules, 'cancels' | 'resumes'>
  /** What is true of every record, such as that a wait has a reason. */
  readonly always: readonly Bound[]
}

export const traps = [
  /** Nothing that starts it is not stopped or canceled at once. */
  'never_starts',
  /** Whatever starts it pauses it: it begins paused, and is canceled when it would go on. */
  'never_runs',
  /** What pauses it is never what starts it, so that it is canceled and not paused. */
  'pause_cancels',
  /** Nothing the agreement is about ever stops it. */
  'never_stops',
  /** Nothing lets it go on after a pause. */
  'never_resumes',
  /** A new beginning would never find it startable. */
  'never_resets',
] as const
export type Trap = (typeof traps)[number]

/** As many kinds of records are told apart; conditions that speak of more are not examined. */
export const mostWorlds = 200_000

/** The traps in these conditions; null where they speak of too much to be tried. Time is no part of them: clocks look when something happens. */
export const trapsIn = ({ when, conditions, rules, always }: Bindings): readonly Trap[] | null => {
  const parts = [when, ...Object.values(conditions), ...always].filter((part) => part !== null)
  const questions = questionsIn(parts)
  const size = questions.reduce((product, { answers }) => product * answers.length, 1)
  if (size > mostWorlds) return null

  const isPossible = always.map(evaluated)
  const covers = evaluated(when)
  const holds = {
    start: evaluated(conditions.start),
    pause: evaluated(conditions.pause),
    resume: evaluated(conditions.resume),
    stop: evaluated(conditions.stop),
    reset: evaluated(conditions.reset),
    cancel: evaluated(conditions.cancel),
  }
  const seen = {
    starts: false,
    runs: false,
    pauses: false,
    pausesWhileStarted: false,
    stops: false,
    resumes: false,
    resets: false,
  }
  for (const world of worlds(questions)) {
    if (!isPossible.every((one) => one(world))) continue
    const covered = covers(world)
    const paused = holds.pause(world)
    const ended = holds.stop(world) || holds.cancel(world)
    const started = covered && holds.start(world)
    if (started && !ended) {
      seen.starts = true
      if (!paused) seen.runs = true
      if (paused) seen.pausesWhileStarted = true
      if (!paused && holds.resume(world)) seen.resumes = true
      if (holds.reset(world)) seen.resets = true
    }
    if (paused && !ended) seen.pauses = true
    if (covered && holds.stop(world)) seen.stops = true
  }
  const found: Trap[] = []
  if (!seen.starts) return ['never_starts']
  if (!seen.runs) found.push('never_runs')
  if (rules.cancels === 'when_start_ends' && seen.pauses && !seen.pausesWhileStarted)
    found.push('pause_cancels')
  if (!seen.stops) found.push('never_stops')
  if (rules.resumes === 'on_condition' && seen.pausesWhileStarted && !seen.resumes)
    found.push('never_resumes')
  if (conditions.reset !== null && !seen.resets) found.push('never_resets')
  return found
}

/** What a world says: of a field its value, of a test that cannot be tried on values whether it holds. */
type World = ReadonlyMap<string, Fact>
type Question = { readonly key: string; readonly answers: readonly Fact[] }
type Leaf = Extract<Bound, { readonly field: Field }>

/** The fields the conditions ask about, each with one value of every kind that they tell apart. */
const questionsIn = (parts: readonly Bound[]): readonly Question[] => {
  const leaves = parts.flatMap(leavesOf)
  const byField = Map.groupBy(leaves.filter(isTried), ({ field }) => field.name)
  const tried = [...byField].map(([key, asked]) => ({ key, answers: kindsOf(asked) }))
  const free = new Set(leaves.filter((leaf) => !isTried(leaf)).map(keyOf))
  return [...tried, ...[...free].map((key) => ({ key, answers: [true, false] }))]
}

const leavesOf = (bound: Bound): readonly Leaf[] => {
  if ('all' in bound) return bound.all.flatMap(leavesOf)
  if ('any' in bound) return bound.any.flatMap(leavesOf)
  if ('not' in bound) return leavesOf(bound.not)
  return [bound]
}

/** Whether its values can be told apart by trying some; words, lists and times cannot, and may hold or not. */
const isTried = ({ field }: Leaf): boolean =>
  ['choice', 'ordered choice', 'boolean', 'number', 'reference', 'keyword'].includes(field.type)

const keyOf = ({ condition }: Leaf): string => JSON.stringify(condition)

/** Of all values that might matter, one of each that these questions answer differently. */
const kindsOf = (asked: readonly Leaf[]): readonly Fact[] => {
  const [first] = asked
  if (first === undefined) return []
  const kinds = new Map<string, Fact>()
  const predicates = asked.map(predicateOf)
  for (const fact of valuesOf(first.field, asked)) {
    const answers = predicates.map((holds) => holds({ [first.field.name]: fact }, noContext)).join()
    if (!kinds.has(answers)) kinds.set(answers, fact)
  }
  return [...kinds.values()]
}

const nobody = '00000000-0000-0000-0000-000000000000'

const valuesOf = (field: Field, asked: readonly Leaf[]): readonly Fact[] => {
  if (field.type === 'boolean') return [true, false, null]
  if (field.type === 'choice' || field.type === 'ordered choice')
    return [...field.choices.map(({ value }) => value), null]
  if (field.type === 'number')
    return [
      ...asked.flatMap(({ test }) => numbersIn(test)).flatMap((one) => [one - 1, one, one + 1]),
      0,
      null,
    ]
  const named = asked.flatMap(({ test }) => {
    if (test.is === 'one of') return test.values
    return test.is === 'starting' ? [test.part] : []
  })
  return [...named, nobody, null]
}

const numbersIn = (test: Leaf['test']): readonly number[] => {
  if (test.is === 'number') return test.values
  return test.is === 'compared number' ? [test.value] : []
}

const noContext: FilterContext = {
  me: undefined,
  myTeams: [],
  now: Temporal.Instant.fromEpochMilliseconds(0),
  zone: 'UTC',
}

const evaluated = (bound: Bound | null): ((world: World) => boolean) => {
  if (bound === null) return () => false
  if ('all' in bound) {
    const parts = bound.all.map(evaluated)
    return (world) => parts.every((part) => part(world))
  }
  if ('any' in bound) {
    const parts = bound.any.map(evaluated)
    return (world) => parts.some((part) => part(world))
  }
  if ('not' in bound) {
    const part = evaluated(bound.not)
    return (world) => !part(world)
  }
  if (!isTried(bound)) {
    const key = keyOf(bound)
    return (world) => world.get(key) === true
  }
  const { field } = bound
  const holds = predicateOf(bound)
  return (world) => holds({ [field.name]: world.get(field.name) }, noContext)
}

function* worlds(questions: readonly Question[]): Generator<World> {
  const [first, ...rest] = questions
  if (first === undefined) {
    yield new Map()
    return
  }
  for (const world of worlds(rest))
    for (const answer of first.answers) yield new Map(world).set(first.key, answer)
}
