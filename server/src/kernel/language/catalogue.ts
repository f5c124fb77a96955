/**
 * Messages as ICU writes them: `{name}`, `{count, plural, =0 {…} one {# thing} other {# things}}`, `{kind, select, a {…} other {…}}`, nested
 * as needed; `#` is the number. Quotes are ordinary characters. Dates and money are formatted before they get here.
 */
export type Catalogue = Readonly<Record<string, string>>

/** The names of a message's arguments, read from its text: what follows each `{` up to `,` or `}`, if it is one word. */
type ArgumentNames<Message extends string> = Message extends `${string}{${infer Rest}`
  ? Word<Before<Rest>> | ArgumentNames<Rest>
  : never
type Before<Text extends string> = Text extends `${infer Part}}${string}`
  ? Part extends `${infer Name},${string}`
    ? Name
    : Part
  : never
type Word<Text extends string> = Text extends '' | `${string}${' ' | '#' | '{'}${string}` ? never : Text

export type Arguments<Message extends string> = [ArgumentNames<Message>] extends [never]
  ? []
  : [{ readonly [Name in ArgumentNames<Message>]: string | number }]

/** A message asked for by its key, with exactly its arguments. */
export type Say<C extends Catalogue> = <Key extends keyof C & string>(
  key: Key,
  ...values: Arguments<C[Key]>
) => string

/** The same messages in another language. */
export type Translation<C extends Catalogue> = { readonly [Key in keyof C]: string }

export type Part =
  | string
  | { readonly name: string }
  | {
      readonly name: string
      readonly kind: 'plural' | 'select'
      readonly branches: ReadonlyMap<string, readonly Part[]>
    }
  | { readonly number: true }

/**
 * Formats the messages of a catalogue, or of a translation of it, in a language; each is parsed when it is first needed. The catalogue's own
 * texts say which arguments there are.
 */
export const speak = <const C extends Catalogue>(
  catalogue: C,
  language: string,
  translated: Translation<C> = catalogue,
): Say<C> => {
  // Costly to make, and most messages need neither.
  let plurals: Intl.PluralRules | undefined
  let numbers: Intl.NumberFormat | undefined
  const written = (value: number): string => (numbers ??= new Intl.NumberFormat(language)).format(value)
  const pluralOf = (value: number): string => (plurals ??= new Intl.PluralRules(language)).select(value)
  const parsed = new Map<string, readonly Part[]>()
  const text = (value: string | number | undefined): string =>
    typeof value === 'number' ? written(value) : (value ?? '')
  const format = (
    parts: readonly Part[],
    values: Readonly<Record<string, string | number>>,
    count: number | undefined,
  ): string =>
    parts
      .map((part) => {
        if (typeof part === 'string') return part
        if ('number' in part) return count === undefined ? '#' : written(count)
        const value = values[part.name]
        if (!('kind' in part)) return text(value)
        const number = part.kind === 'plural' ? Number(value) : count
        const branch =
          part.kind === 'plural'
            ? (part.branches.get(`=${String(value)}`) ?? part.branches.get(pluralOf(Number(value))))
            : part.branches.get(String(value))
        return format(branch ?? part.branches.get('other') ?? [], values, number)
      })
      .join('')
  return (key, ...[values]) => {
    let parts = parsed.get(key)
    if (parts === undefined) {
      const message = translated[key] ?? catalogue[key] ?? key
      parts = /[{}]/.test(message) ? parseMessage(message) : [message]
      parsed.set(key, parts)
    }
    return format(parts, values ?? {}, undefined)
  }
}

/** @throws when a brace is not closed or an argument is of an unknown kind: a fault of the catalogue, found by its test. */
export const parseMessage = (message: string): readonly Part[] => {
  let at = 0
  const fault = (what: string): Error => new Error(`${what} at ${at} of “${message}”`)
  const until = (stop: RegExp): string => {
    const start = at
    while (at < message.length && !stop.test(message.charAt(at))) at += 1
    return message.slice(start, at)
  }
  const expect = (char: string): void => {
    if (message.charAt(at) !== char) throw fault(`expected ${char}`)
    at += 1
  }
  const argument = (): Part => {
    expect('{')
    const name = until(/[,}]/).trim()
    if (name === '') throw fault('expected a name')
    if (message.charAt(at) === '}') {
      at += 1
      return { name }
    }
    expect(',')
    const kind = until(/[,}]/).trim()
    if (kind !== 'plural' && kind !== 'select') throw fault(`unknown kind ${kind}`)
    expect(',')
    const branches = new Map<string, readonly Part[]>()
    for (;;) {
      until(/\S/)
      if (message.charAt(at) === '}') break
      const branch = until(/[\s{]/)
      until(/\S/)
      expect('{')
      branches.set(branch, parts(true))
      expect('}')
    }
    at += 1
    if (!branches.has('other')) throw fault('no branch other')
    return { name, kind, branches }
  }
  const parts = (nested: boolean): Part[] => {
    const found: Part[] = []
    while (at < message.length) {
      const char = message.charAt(at)
      if (char === '{') found.push(argument())
      else if (char === '}') {
        if (!nested) throw fault('unexpected }')
        return found
      } else if (char === '#' && nested) {
        at += 1
        found.push({ number: true })
      } else found.push(until(nested ? /[{}#]/ : /[{}]/))
    }
    if (nested) throw fault('expected }')
    return found
  }
  return parts(false)
}

/** What a message asks for, to compare translations with: names of arguments, plural and select forms. */
export const argumentsOf = (message: string): ReadonlySet<string> => {
  const names = new Set<string>()
  const visit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (typeof part === 'string' || 'number' in part) continue
      names.add('kind' in part ? `${part.name}, ${part.kind}` : part.name)
      if ('kind' in part) for (const branch of part.branches.values()) visit(branch)
    }
  }
  visit(parseMessage(message))
  return names
}
