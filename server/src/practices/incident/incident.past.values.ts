import type { IncidentState } from '@evenkeel/contract/incident'
import { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import { endReasons, incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import type { PastUpdate } from '../record/index.ts'

/** In the order in which it was: by time, then as the file has it. Each update once. */
export const inOrder = (updates: readonly PastUpdate[]): PastUpdate[] => {
  const seen = new Set<string>()
  return updates
    .toSorted((one, other) => (one.at === other.at ? one.line - other.line : one.at < other.at ? -1 : 1))
    .filter(({ updateKey }) => !seen.has(updateKey) && seen.add(updateKey))
}

/** Nothing is without a title: one that comes late is its title from the beginning. */
export const titleIn = (updates: readonly PastUpdate[]): string | null =>
  updates.map(({ values }) => values['title'] ?? '').find((title) => title.trim() !== '') ?? null

export type Values = ReadonlyMap<string, string | null>

/** Texts without what no database keeps: half characters and the sign that ends strings. */
export const valuesOf = ({ values }: PastUpdate): Values =>
  new Map(Object.entries(values).map(([field, value]) => [field, value === null ? null : cleaned(value)]))
const cleaned = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

const oneOf =
  <const V extends string>(choices: readonly V[]) =>
  (value: string | null | undefined): V | null =>
    choices.find((choice) => choice === value) ?? null
export const asState = oneOf(incidentStates)
export const asHold = oneOf(holdReasons)
export const asCode = oneOf(resolutionCodes)
export const asEnd = oneOf(endReasons)
export const asChannel = oneOf(incidentChannels)
export const stateIn = (values: Values): IncidentState | null => asState(values.get('state'))
