import type { resolutionCodes } from '@evenkeel/contract/choices'
import type { RaiseIncident } from '@evenkeel/contract/incident'

/** What the demo tells of one organisation: who works there, what they run, and what goes wrong with it. */
export type Story = {
  readonly slug: string
  readonly name: string
  readonly timeZone: string
  /** Incidents to tell of; the running ones come on top. */
  readonly incidents: number
  readonly teams: readonly {
    readonly key: string
    readonly name: string
    readonly description: string
    readonly hours: 'office' | 'early to late' | 'always'
  }[]
  readonly people: readonly Person[]
  readonly services: readonly {
    readonly key: string
    readonly name: string
    readonly description: string
    readonly team: string
    readonly criticality: 1 | 2 | 3 | 4
  }[]
  readonly troubles: readonly Trouble[]
  readonly running: readonly Running[]
}

export type Person = {
  readonly key: string
  readonly name: string
  readonly title: string
  readonly roles: readonly (
    | 'requester'
    | 'agent'
    | 'team_lead'
    | 'problem_manager'
    | 'change_manager'
    | 'major_incident_manager'
    | 'auditor'
    | 'administrator'
    | 'configuration_manager'
    | 'approver'
    | 'knowledge_author'
  )[]
  readonly teams?: readonly string[]
  readonly leads?: string
  readonly vip?: true
}

/** A kind of trouble that comes again and again, with how it is talked about and mended. */
export type Trouble = {
  readonly service: string | null
  readonly weight: number
  readonly titles: readonly string[]
  readonly descriptions: readonly string[]
  readonly impact: RaiseIncident['impact']
  readonly urgency: RaiseIncident['urgency']
  readonly category: string
  readonly questions: readonly string[]
  readonly answers: readonly string[]
  readonly notes: readonly string[]
  readonly fixes: readonly {
    readonly code: Exclude<(typeof resolutionCodes)[number], 'with_parent'>
    readonly notes: string
  }[]
  /** The team that it turns out to belong to, when routing could not know. */
  readonly really?: string
}

/** Something that is going on right now. */
export type Running = {
  readonly minutesAgo: number
  readonly by: string
  readonly service: string
  readonly title: string
  readonly description: string
  readonly impact: RaiseIncident['impact']
  readonly urgency: RaiseIncident['urgency']
  readonly assignee?: string
  readonly notes?: readonly string[]
  readonly comments?: readonly string[]
  readonly affected?: readonly string[]
  /** More calls about the same, as children. */
  readonly children?: readonly { readonly by: string; readonly title: string; readonly minutesAgo: number }[]
  readonly hold?: {
    readonly reason: 'caller' | 'vendor' | 'change'
    readonly question?: string
    readonly on?: string
  }
}

export const idOf = (ids: ReadonlyMap<string, string>, key: string): string => {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`the demo's story names ${key}, which it does not have`)
  return id
}
