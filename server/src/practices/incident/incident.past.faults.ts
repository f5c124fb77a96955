import type { PastFault, PastRecord } from '../record/index.ts'
import { inOrder, titleIn } from './incident.past.values.ts'

const longestNumber = 40
const longestTitle = 200
const longestText = 65_536
const instants = ['createdAt', 'resolvedAt', 'closedAt'] as const
const isInstant = (text: string): boolean => {
  const at = /^\d{4}-/.test(text) ? new Date(text) : new Date(Number.NaN)
  return !Number.isNaN(at.getTime()) && at.toISOString() === text
}

/** Pure: what refuses a whole record. */
export const faultsIn = (record: PastRecord): PastFault[] => {
  const updates = inOrder(record.updates)
  const faults: PastFault[] = []
  const fault = (line: number, code: PastFault['code'], value: string | null): void => {
    faults.push({ line, column: null, value: value === null ? null : value.slice(0, 200), code })
  }
  const [first] = updates
  if (first === undefined) return []
  if (record.known === null && titleIn(updates) === null) fault(first.line, 'missing', null)
  let number: string | null = null
  for (const { line, at, values } of updates) {
    if (!isInstant(at)) fault(line, 'not_an_instant', at)
    for (const field of instants) {
      const value = values[field] ?? null
      if (value !== null && !isInstant(value)) fault(line, 'not_an_instant', value)
    }
    for (const [field, longest] of [
      ['number', longestNumber],
      ['title', longestTitle],
      ['description', longestText],
      ['comment', longestText],
      ['note', longestText],
      ['resolutionNotes', longestText],
    ] as const) {
      const value = values[field] ?? null
      if (value !== null && value.length > longest) fault(line, 'too_long', value)
    }
    const said = values['number'] ?? null
    if (said !== null && number !== null && said !== number) fault(line, 'contradiction', said)
    number = said ?? number
  }
  return faults
}
