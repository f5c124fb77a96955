/** A text of a mapping in which `{column}` stands for a cell; `{{` and `}}` are braces. */
export type Words = { readonly parts: readonly (string | { readonly column: string })[] }

/** Undefined when a brace is left open. */
export const wordsOf = (text: string): Words | undefined => {
  const parts: (string | { column: string })[] = []
  let literal = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if ((char === '{' || char === '}') && text.charAt(at + 1) === char) {
      literal += char
      at += 1
    } else if (char === '{') {
      const end = text.indexOf('}', at)
      if (end === -1 || end === at + 1) return undefined
      parts.push(literal, { column: text.slice(at + 1, end) })
      literal = ''
      at = end
    } else if (char === '}') return undefined
    else literal += char
  }
  return { parts: [...parts, literal].filter((part) => part !== '') }
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
      return value?.replaceAll(nothing, '�') ?? nothing
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
