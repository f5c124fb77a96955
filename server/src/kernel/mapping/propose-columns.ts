import type { MappingProposal } from '@evenkeel/contract/import'
import type { z } from 'zod'
import { formatsOf } from './propose-times.ts'
import { isFlag, unknownTexts } from './propose-values.ts'

/** What the first rows show of a column. */
export type ColumnLook = {
  readonly name: string
  /** Different texts, without those that mean nothing, in the order of how often they stand there. */
  readonly texts: readonly string[]
  readonly filled: number
  readonly unknown: readonly string[]
  /** The formats in which all of them are times. */
  readonly formats: readonly string[]
  readonly looksLike: z.infer<typeof MappingProposal>['columns'][number]['looksLike']
}

export const columnLooks = (header: readonly string[], rows: readonly (readonly string[])[]): ColumnLook[] =>
  header.map((name, place) =>
    columnLook(
      name,
      rows.map((cells) => (cells[place] ?? '').trim()),
    ),
  )

const columnLook = (name: string, cells: readonly string[]): ColumnLook => {
  const counts = new Map<string, number>()
  const unknown = new Set<string>()
  let filled = 0
  let characters = 0
  for (const cell of cells) {
    if (cell === '') continue
    if (unknownTexts.includes(cell)) {
      unknown.add(cell)
      continue
    }
    filled += 1
    characters += cell.length
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  }
  const texts = [...counts].toSorted(([, a], [, b]) => b - a).map(([text]) => text)
  const formats = formatsOf(texts)
  const looksLike = kindOf(texts, filled, filled === 0 ? 0 : characters / filled, formats)
  return { name, texts, filled, unknown: [...unknown], formats, looksLike }
}

const person = /^\p{Lu}[\p{L}'’-]+,? (?:\p{Lu}[\p{L}'’.-]*,? ?){1,3}$/u

const kindOf = (
  texts: readonly string[],
  filled: number,
  averageLength: number,
  formats: readonly string[],
): ColumnLook['looksLike'] => {
  const most = (pattern: RegExp): boolean =>
    texts.filter((text) => pattern.test(text)).length >= texts.length * 0.8
  if (filled === 0) return 'empty'
  if (texts.length <= 2 && texts.every(isFlag)) return 'flag'
  if (formats.length > 0) return 'instant'
  if (texts.every((text) => /^-?\d+(?:[.,]\d+)?$/.test(text))) return 'number'
  if (most(/^[^\s@]+@[^\s@]+$/)) return 'address'
  if (texts.length <= 15 && texts.length * 3 <= filled) return 'choice'
  if (averageLength > 60 || texts.some((text) => text.includes('\n'))) return 'words'
  return most(person) ? 'person' : 'text'
}
