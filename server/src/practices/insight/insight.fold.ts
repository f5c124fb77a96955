import type { Activity } from '@evenkeel/contract/insight'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { stateNamed, type State } from './insight.activities.ts'

/** An entry of one incident, as the journal keeps it. */
export type Told = {
  readonly id: string
  readonly at: string
  readonly type: string
  readonly data: JsonObject
}

export type Step = {
  readonly entryId: string
  readonly at: string
  readonly activity: Activity
  readonly before: Activity | null
  readonly seconds: number | null
  readonly stateBefore: State | null
  readonly stateSeconds: number | null
  readonly teamId: string | null
  readonly teamBefore: string | null
  /** For a handover straight back: how long the team that has it again had not had it. */
  readonly awaySeconds: number | null
}

export type Way = { readonly state: State; readonly steps: readonly Step[] }

/** What an entry says of the way, before it is known what came before it. */
type Sign = {
  readonly entryId: string
  readonly at: string
  readonly state?: State
  readonly team?: { readonly from: string | null; readonly to: string | null }
  /** Whose it was at the beginning, told apart from it. */
  readonly routedTo?: string
}

/**
 * The way of one incident out of its entries, in any order. Pure, so that a projection is what the journal says and nothing else: adding
 * an entry of the past is folding all of them again.
 *
 * What a bulk action did and its taking back stood for less than a quarter of an hour because of a slip of the hand: neither is a step.
 */
export const wayOf = (entries: readonly Told[]): Way | null => {
  const ordered = inOrder(entries)
  if (!ordered.some(begins)) return null
  const undone = slipsIn(ordered)
  const signs = ordered.filter(({ id }) => !undone.has(id)).flatMap(signOf)
  const start = signs.findIndex(({ state }) => state !== undefined)
  const first = signs[start]
  if (first?.state === undefined) return null
  let { state } = first
  let teamId = signs.find(({ routedTo }) => routedTo !== undefined)?.routedTo ?? first.team?.to ?? null
  let enteredAt = first.at
  let handed: { readonly from: string; readonly to: string; readonly at: string } | null = null
  const begun: Step = {
    entryId: first.entryId,
    at: first.at,
    activity: state,
    before: null,
    seconds: null,
    stateBefore: null,
    stateSeconds: null,
    teamId: teamId ?? signs.find(({ team }) => team !== undefined)?.team?.from ?? null,
    teamBefore: null,
    awaySeconds: null,
  }
  teamId = begun.teamId
  const steps: Step[] = [begun]
  let last = begun
  const add = (step: Pick<Step, 'entryId' | 'at' | 'activity'> & Partial<Step>): void => {
    last = {
      stateBefore: null,
      stateSeconds: null,
      teamBefore: null,
      awaySeconds: null,
      ...step,
      before: last.activity,
      seconds: secondsBetween(last.at, step.at),
      teamId,
    }
    steps.push(last)
  }
  for (const { entryId, at, state: entered, team } of signs.slice(start + 1)) {
    // A team and a state that one entry changes: it goes there, and is then in that state.
    if (team !== undefined && team.to !== null && team.to !== teamId) {
      const from = teamId
      teamId = team.to
      if (from !== null) {
        const isBack: boolean = handed !== null && handed.from === team.to && handed.to === from
        const awaySeconds: number | null = isBack && handed !== null ? secondsBetween(handed.at, at) : null
        add({ entryId, at, activity: 'handed_over', teamBefore: from, awaySeconds })
        handed = { from, to: team.to, at }
      }
    }
    if (entered !== undefined && entered !== state) {
      add({
        entryId,
        at,
        activity: entered,
        stateBefore: state,
        stateSeconds: secondsBetween(enteredAt, at),
      })
      state = entered
      enteredAt = at
    }
  }
  return { state, steps }
}

/**
 * What was brought in later stands later in the journal, so imported entries go by their time. What this product saw itself goes by
 * version; two that waited for one another may carry times the other way round, and the later one then counts from the time of the first.
 */
const inOrder = (entries: readonly Told[]): Told[] => {
  let latest = ''
  const own = entries
    .filter((entry) => !isImported(entry))
    .toSorted((one, other) => versionOf(one) - versionOf(other) || order(one.id, other.id))
    .map((entry) => {
      if (entry.at > latest) latest = entry.at
      return { ...entry, at: latest }
    })
  return [...entries.filter(isImported), ...own].toSorted(
    (one, other) => order(one.at, other.at) || versionOf(one) - versionOf(other) || order(one.id, other.id),
  )
}

const begins = ({ type }: Told): boolean => type === 'incident.raised' || type === 'incident.imported'

const isImported = ({ type }: Told): boolean =>
  type === 'incident.imported' || type === 'incident.imported_update'

const versionOf = ({ data }: Told): number => {
  const { version } = data
  return typeof version === 'number' ? version : 0
}

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Taken back, and their taking back. */
const slipsIn = (entries: readonly Told[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ id, type, data }) => {
      const { undoes } = data
      return type === 'incident.taken_back' && Array.isArray(undoes)
        ? [id, ...undoes.filter((one): one is string => typeof one === 'string')]
        : []
    }),
  )

const signOf = (entry: Told): Sign[] => {
  const { id, at, type, data } = entry
  const sign = { entryId: id, at }
  if (begins(entry)) {
    const state = stateIn(data['state'])
    const teamId = textIn(data['teamId'])
    return state === undefined
      ? []
      : [{ ...sign, state, ...(teamId === null ? {} : { team: { from: null, to: teamId } }) }]
  }
  if (type === 'incident.routed') {
    const teamId = textIn(data['teamId'])
    return teamId === null ? [] : [{ ...sign, routedTo: teamId }]
  }
  const { changes } = data
  if (!isJsonObject(changes)) return []
  const state = isJsonObject(changes['state']) ? stateIn(changes['state']['to']) : undefined
  const change = changes['team_id'] ?? changes['teamId']
  const team = isJsonObject(change) ? { from: textIn(change['from']), to: textIn(change['to']) } : undefined
  if (state === undefined && team === undefined) return []
  return [{ ...sign, ...(state === undefined ? {} : { state }), ...(team === undefined ? {} : { team }) }]
}

const textIn = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

const stateIn = (value: Json | undefined): State | undefined =>
  typeof value === 'string' ? stateNamed(value) : undefined

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
