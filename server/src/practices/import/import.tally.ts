import type { ImportFindings } from '@evenkeel/contract/import'

type FaultCode = ImportFindings['faults'][number]['code']
type Untranslated = ImportFindings['untranslated'][number]

const mostValues = 1000

/** Counts what the dry run comes across; what does not fit is counted together, so that nothing is lost. */
export const tallyOf = () => {
  const faults = new Map<string, { code: FaultCode; column: string | null; rows: number }>()
  const untranslated = new Map<string, Untranslated>()
  const itemsUnknown = new Map<string, number>()
  const moves = new Map<string, ImportFindings['foreignMoves'][number]>()
  return {
    fault: (code: FaultCode, column: string | null): void => {
      const key = `${code}\n${column ?? ''}`
      const seen = faults.get(key)
      if (seen === undefined) faults.set(key, { code, column, rows: 1 })
      else seen.rows += 1
    },
    untranslated: (value: Omit<Untranslated, 'rows'>): void => {
      const exact = `${value.field}\n${value.column}\n${value.outcome}\n${value.value}`
      const fits = untranslated.has(exact) || untranslated.size < mostValues
      const key = fits ? exact : `${value.field}\n${value.column}\n${value.outcome}`
      const seen = untranslated.get(key)
      if (seen === undefined)
        untranslated.set(key, { ...value, value: fits ? value.value.slice(0, 200) : '…', rows: 1 })
      else seen.rows += 1
    },
    foreignMove: (move: { from: string; to: string }, example: string): void => {
      const key = `${move.from}\n${move.to}`
      const seen = moves.get(key)
      if (seen === undefined) moves.set(key, { ...move, count: 1, example })
      else seen.count += 1
    },
    itemUnknown: (value: string): void => {
      if (itemsUnknown.has(value) || itemsUnknown.size < mostValues)
        itemsUnknown.set(value, (itemsUnknown.get(value) ?? 0) + 1)
    },
    read: () => ({
      faults: [...faults.values()].toSorted((one, other) => other.rows - one.rows),
      untranslated: [...untranslated.values()].toSorted((one, other) => other.rows - one.rows),
      itemsUnknown: [...itemsUnknown]
        .map(([value, rows]) => ({ value: value.slice(0, 200), rows }))
        .toSorted((one, other) => other.rows - one.rows)
        .slice(0, 200),
      foreignMoves: [...moves.values()].toSorted((one, other) => other.count - one.count),
    }),
  }
}
export type Tally = ReturnType<typeof tallyOf>
