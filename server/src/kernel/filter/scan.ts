import { type Fault, faultOf, shortened } from './messages.ts'

/**
 * The search bar's text in pieces, with where each stands. One pass, no piece is looked at more than twice, no text is refused:
 * what is wrong is noted and the rest read on, so that completions work in the middle of a mistake.
 */
export type Token =
  | { readonly kind: 'open'; readonly negated: boolean; readonly from: number; readonly to: number }
  | { readonly kind: 'close'; readonly from: number; readonly to: number }
  | { readonly kind: 'and' | 'or'; readonly from: number; readonly to: number }
  | Term

/** Free words, or a field with an operator and values. */
export type Term = {
  readonly kind: 'term'
  readonly negated: boolean
  /** Where it begins, behind its minus. */
  readonly from: number
  readonly to: number
  readonly field: { readonly name: string; readonly from: number; readonly to: number } | undefined
  readonly sign: Sign
  readonly values: readonly WrittenValue[]
  /** A comma behind the last value: a list, even of one. */
  readonly listed: boolean
}

export const signs = ['<=', '>=', '!=', '<', '>', '=', '^', '~'] as const
export type Sign = (typeof signs)[number] | ''

export type WrittenValue = {
  readonly text: string
  readonly quoted: boolean
  readonly from: number
  readonly to: number
}

/** Offsets in UTF-16 units, as editors count; `to` is behind the last one. */
export type TextFault = Fault & { readonly from: number; readonly to: number }

export type Scan = { readonly tokens: readonly Token[]; readonly faults: readonly TextFault[] }

const space = /\s/
const spaces = /\s*/y
const fieldName = /([A-Za-z_][\w.]*):/y
const bareValue = /[^\s"(),]*/y
const bareWords = /[^\s"()]*/y
const quotedPart = /[^"\\]*/y

export const scan = (text: string): Scan => {
  const tokens: Token[] = []
  const faults: TextFault[] = []
  let at = 0

  const take = (form: RegExp): string => {
    form.lastIndex = at
    const found = form.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const fault = (found: Fault, from: number, to: number): void => {
    faults.push({ ...found, from, to })
  }

  const quoted = (): WrittenValue => {
    const from = at
    let content = ''
    at++
    for (;;) {
      content += take(quotedPart)
      const sign = text[at]
      if (sign === undefined) {
        fault(faultOf('quote_open', {}), from, from + 1)
        break
      }
      at++
      if (sign === '"') break
      // Only quotes and backslashes are escaped; a Windows path may be typed as it is.
      const next = text[at]
      if (next === '"' || next === '\\') {
        content += next
        at++
      } else content += sign
    }
    return { text: content, quoted: true, from, to: at }
  }
  const bare = (form: RegExp): WrittenValue => {
    const from = at
    return { text: take(form), quoted: false, from, to: at }
  }

  const fieldTerm = (negated: boolean, name: string, from: number): Term => {
    const field = { name, from, to: from + name.length }
    const sign: Sign = signs.find((one) => text.startsWith(one, at)) ?? ''
    at += sign.length
    const values: WrittenValue[] = []
    let listed = false
    for (;;) {
      const value = text[at] === '"' ? quoted() : bare(bareValue)
      if (!value.quoted && value.text === '') break
      values.push(value)
      listed = text[at] === ','
      if (!listed) break
      at++
    }
    const next = text[at]
    if (values.length > 0 && !listed && next !== undefined && next !== ')' && !space.test(next)) {
      fault(faultOf('space_missing', { after: shortened(text.slice(from, at)) }), at, at + 1)
    }
    return { kind: 'term', negated, from, to: at, field, sign, values, listed }
  }

  const term = (negated: boolean): Token => {
    const from = at
    const name = take(fieldName).slice(0, -1)
    if (name !== '') return fieldTerm(negated, name, from)
    const words = text[at] === '"' ? quoted() : bare(bareWords)
    const word = words.text.toLowerCase()
    if (!negated && !words.quoted && (word === 'and' || word === 'or')) return { kind: word, from, to: at }
    return { kind: 'term', negated, from, to: at, field: undefined, sign: '', values: [words], listed: false }
  }

  for (;;) {
    take(spaces)
    const from = at
    const sign = text[at]
    if (sign === undefined) break
    const next = text[at + 1]
    const negated = sign === '-' && next !== undefined && next !== ')' && !space.test(next)
    if (negated) at++
    if (text[at] === '(') {
      at++
      tokens.push({ kind: 'open', negated, from, to: at })
    } else if (sign === ')') {
      at++
      tokens.push({ kind: 'close', from, to: at })
    } else if (sign === ',') {
      at++
      fault(faultOf('comma_stray', {}), from, at)
    } else tokens.push(term(negated))
  }
  return { tokens, faults }
}
