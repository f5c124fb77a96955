import type { Health } from './level.ts'
import type { Quorum } from './quorum.ts'

/** Why a node is as it is: its own finding, one edge, or a group that is short of members. */
export type Because =
  | { readonly by: 'own' }
  | { readonly by: 'need' | 'weak'; readonly edge: string; readonly support: string }
  | { readonly by: 'group'; readonly quorum: Quorum }

/** One node on the way from a finding to what it does. */
export type Step = { readonly node: string; readonly health: Health; readonly because: Because }
