import { activities, type Activity, type Lens } from '@evenkeel/contract/insight'
import { incidentStates } from '@evenkeel/contract/incident'
import { incidentProcess } from '../incident/index.ts'

/** A letter an activity: the way of an incident is a short word, compared and counted as one. */
const letters = {
  new: 'n',
  in_progress: 'p',
  on_hold: 'h',
  resolved: 'r',
  closed: 'c',
  canceled: 'x',
  handed_over: 't',
} as const satisfies Record<Activity, string>

const byLetter: ReadonlyMap<string, Activity> = new Map(
  activities.map((activity) => [letters[activity], activity]),
)

export const letterOf = (activity: Activity): string => letters[activity]

export type State = Exclude<Activity, 'handed_over'>

export const activityNamed = (name: string): Activity | undefined =>
  activities.find((activity) => activity === name)

export const stateNamed = (name: string): State | undefined => {
  const activity = activityNamed(name)
  return activity === 'handed_over' ? undefined : activity
}

/** The way as a word. */
export const pathOf = (steps: readonly Activity[]): string =>
  steps.map((activity) => letters[activity]).join('')

/** The steps of a word; letters that stand for nothing any more are passed over. */
export const stepsOf = (path: string): Activity[] =>
  path.split('').flatMap((letter) => byLetter.get(letter) ?? [])

/** The column of `insight_case` that holds the way, seen so. */
export const pathColumn = { states: 'c.states', handovers: 'c.path' } as const satisfies Record<Lens, string>

/** Every step from one state to another that the process has a move for. */
export const movesOfProcess: readonly { readonly from: State; readonly to: State }[] = Object.values(
  incidentProcess.moves,
).flatMap(({ from, to }) => from.map((state) => ({ from: state, to })))

export const hasMove = (from: Activity, to: Activity): boolean =>
  movesOfProcess.some((move) => move.from === from && move.to === to)

/** `from>to` of each move, as the queries compare them. */
export const moveWords: readonly string[] = movesOfProcess.map(({ from, to }) => `${from}>${to}`)

/** Regular expressions on `insight_case.states`: how a way begins that fits, and what is in one that does not. */
export const fittingStart = `^${letterOf(incidentProcess.initial)}`
export const unfitPairs = incidentStates
  .flatMap((from) =>
    incidentStates.flatMap((to) => (from === to || hasMove(from, to) ? [] : [letterOf(from) + letterOf(to)])),
  )
  .join('|')

/** Does the process have this beginning and every move of it? Handovers are no moves. */
export const fitsProcess = (path: string): boolean => {
  const states = stepsOf(path).filter((activity) => activity !== 'handed_over')
  return states.every((state, at) => {
    const before = states[at - 1]
    return before === undefined ? state === incidentProcess.initial : hasMove(before, state)
  })
}

/** As the process goes. */
export const inProcessOrder = (one: Activity, other: Activity): number =>
  activities.indexOf(one) - activities.indexOf(other)
