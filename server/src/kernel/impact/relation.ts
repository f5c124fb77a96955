import type { Need } from './quorum.ts'

/** `dependent` is affected by `support`: because it needs it, uses it weakly, or has it in a group of which some have to be alive. */
export type Edge = {
  readonly id: string
  readonly dependent: string
  readonly support: string
  readonly strength: 'need' | 'weak'
  /** In a group, the group decides and `strength` does not count. */
  readonly group: string | null
}

export type Group = { readonly id: string; readonly dependent: string; readonly need: Need }

/** Where relations come from, when they are too many to hold. Each is asked at most once a hop. */
export type Source = {
  /** Every edge whose support is among `nodes`; of more than `atMost` any `atMost + 1`, which tells that there are more. */
  readonly dependents: (nodes: readonly string[], atMost: number) => Promise<readonly Edge[]>
  /** What each of `groups` needs, and how many different members it has. */
  readonly members: (groups: readonly string[]) => Promise<readonly GroupSize[]>
}

/** The same where nothing has to be waited for. */
export type SteadySource = {
  readonly dependents: (nodes: readonly string[], atMost: number) => readonly Edge[]
  readonly members: (groups: readonly string[]) => readonly GroupSize[]
}

export type GroupSize = { readonly id: string; readonly need: Need; readonly size: number }
