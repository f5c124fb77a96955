import { says } from './insight.reasons.ts'

/** What is defined: the numbers of the answers, by the name they have there. */
type Defined =
  | 'incidents'
  | 'visits'
  | 'nodeSeconds'
  | 'ends'
  | 'passes'
  | 'edgeSeconds'
  | 'unfit'
  | 'share'
  | 'variants'
  | 'variantSeconds'
  | 'together'
  | 'fitting'
  | 'deviations'
  | 'deviationShare'
  | 'deviationTeams'
  | 'deviationMonths'
  | 'bounces'
  | 'bounceSeconds'

/** The sentence behind each number of an answer. */
export const definitionsOf = (language: string, names: readonly Defined[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, says(name).in(language)]))
