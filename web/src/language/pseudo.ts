import {
  parseMessage,
  type Catalogue,
  type Part,
  type Translation,
} from '@evenkeel/server/kernel/language/catalogue'

const plain = 'ABCDEFGHIJKLMNOPRSTUVWYZabcdefghijklmnoprstuvwyz'
const accented = Array.from('ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞŔŠŢÛṼŴÝŽåƀçðéƒĝĥîĵķļɱñöþŕšţûṽŵýž')
const letters = new Map(Array.from(plain, (letter, index) => [letter, accented[index] ?? letter]))
const padding = 'ļöñĝéŕ ţéẋţ ĥéŕé '
const growth = 0.35

/** Accented, and by a third longer, as German and Finnish are; what has no letters stays. */
const stretched = (text: string): string => {
  if (!/[a-z]/i.test(text)) return text
  const body = text.trimEnd()
  const more = Math.ceil(body.length * growth)
  return `${Array.from(body, (letter) => letters.get(letter) ?? letter).join('')} ${padding
    .repeat(Math.ceil(more / padding.length))
    .slice(0, more)
    .trim()}${text.slice(body.length)}`
}

const written = (parts: readonly Part[]): string =>
  parts
    .map((part) => {
      if (typeof part === 'string') return stretched(part)
      if ('number' in part) return '#'
      if (!('kind' in part)) return `{${part.name}}`
      const branches = Array.from(part.branches, ([name, branch]) => `${name} {${written(branch)}}`)
      return `{${part.name}, ${part.kind}, ${branches.join(' ')}}`
    })
    .join('')

/**
 * A language that nobody speaks: who can read English can read it, text that is not from the catalogue stands out, and what has no room for
 * longer words or loses its end shows it (the brackets).
 */
export const pseudo = <C extends Catalogue>(catalogue: C): Translation<C> => {
  const entries = Object.entries(catalogue).map(([key, message]) => [
    key,
    `[${written(parseMessage(message))}]`,
  ])
  // Same keys as it was given; Object.fromEntries cannot say so.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Translation<C>
}
