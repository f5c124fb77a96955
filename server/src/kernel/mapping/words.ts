/**
 * A text of a mapping in which `{column}` stands for a cell; `{{` and `}}` are braces. `{column|80}` is the beginning of the cell, at most 80
 * characters of it, for a title made of a description: whoever writes it decides that the rest stands elsewhere.
 */
export type Words = { readonly parts: readonly (string | Cell)[] }
type Cell = { readonly column: string; readonly most: number | null }

/** Undefined when a brace is left open. */
export const wordsOf = (text: string): Words | undefined => {
  const parts: (string | Cell)[] = []
  let literal = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if ((char === '{' || char === '}') && text.charAt(at + 1) === char) {
      literal += char
      at += 1
    } else if (char === '{') {
      const end = text.indexOf('}', at)
      if (end === -1 || end === at + 1) return undefined
      parts.push(literal, cellOf(text.slice(at + 1, end)))
      literal = ''
      at = end
    } else if (char === '}') return undefined
    else literal += char
  }
  return { parts: [...parts, literal].filter((part) => part !== '') }
}

const cellOf = (named: string): Cell => {
  const [, column = named, most] = /^(.+)\|(\d{1,3})$/.exec(named) ?? []
  return { column, most: most === undefined ? null : Number(most) }
}

/** Cut between words where there are any, and seen to be cut. */
const beginning = (text: string, most: number): string => {
  if (text.length <= most) return text
  const cut = text.slice(0, Math.max(most - 1, 0))
  const word = /^(.*\S)\s+\S*$/s.exec(cut)?.[1]
  return `${(word !== undefined && word.length > most / 2 ? word : cut).trimEnd().toWellFormed()}…`
}

/** Marks the place of a cell that says nothing; it never stands in a text otherwise. */
const nothing = '\0'
const separators = String.raw`[\s,;:|/·–—-]*`
const besideNothing = new RegExp(`${separators}${nothing}${separators}`, 'g')
const bracketed = new RegExp(String.raw`\s*(?:\(\s*${nothing}\s*\)|\[\s*${nothing}\s*\])`, 'g')

/**
 * The text with its cells; where a cell says nothing, what separated it goes too: `{category}: {symptom}` is then the category alone.
 * Null when no cell says anything, though one was asked for.
 */
export const withCells = ({ parts }: Words, cell: (column: string) => string | null): string | null => {
  let said = false
  let asked = false
  let missing = false
  const text = parts
    .map((part) => {
      if (typeof part === 'string') return part
      asked = true
      const value = cell(part.column)
      if (value === null) missing = true
      else said = true
      if (value === null) return nothing
      const readable = value.replaceAll(nothing, '�')
      return part.most === null ? readable : beginning(readable, part.most)
    })
    .join('')
  if (asked && !said) return null
  if (!missing) return text.trim()
  return text
    .replaceAll(bracketed, '')
    .replaceAll(besideNothing, (gap, at: number, whole: string) => {
      if (at === 0 || at + gap.length === whole.length) return ''
      const [before = '', after = ''] = gap.split(nothing)
      return before === '' ? after : before
    })
    .trim()
}
