import { speak, type Arguments, type Catalogue, type Translation } from './catalogue.ts'

/** A sentence that is composed when it is read, in the language of whoever reads it. */
export type Saying = {
  /** Which of the sentences of its catalogue it is. */
  readonly key: string
  readonly in: (language: string) => string
}

/** Values of a sentence; one may itself be a sentence. */
type Said<Values extends readonly unknown[]> = {
  readonly [At in keyof Values]: { readonly [Name in keyof Values[At]]: Values[At][Name] | Saying }
}

/** The sentences of a catalogue, each asked for by its key with exactly its arguments. */
export type Says<C extends Catalogue> = <Key extends keyof C & string>(
  key: Key,
  ...values: Said<Arguments<C[Key]>>
) => Saying

/** English where there is no such language. */
export const isGerman = (language: string): boolean => /^de\b/i.test(language)

/** What part of the server says no with: English, and the same in German. */
export const sayings = <const C extends Catalogue>(english: C, german: Translation<C>): Says<C> => {
  const spoken = { en: speak(english, 'en'), de: speak(english, 'de', german) }
  return (key, ...[values]) => ({
    key,
    in: (language) => {
      const filled = Object.entries(values ?? {}).map(([name, value]: [string, unknown]) => [
        name,
        isSaying(value) ? value.in(language) : value,
      ])
      const say = isGerman(language) ? spoken.de : spoken.en
      // The arguments were checked where the sentence was asked for; a key that is not known yet cannot say which they are.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return say(key, ...([Object.fromEntries(filled)] as unknown as Arguments<C[typeof key]>))
    },
  })
}

const isSaying = (value: unknown): value is Saying =>
  typeof value === 'object' && value !== null && 'in' in value && typeof value.in === 'function'

/** What people or other programs wrote, the same in every language. */
export const asWritten = (text: string): Saying => ({ key: '', in: () => text })

/** Names in a row: `a, b and c`. */
export const everyOne = (names: readonly string[]): Saying => ({
  key: '',
  in: (language) => listed(names, isGerman(language) ? 'und' : 'and'),
})

const listed = (names: readonly string[], last: string): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`

/** Sentences in a row: `a and b and c`. */
export const allOf = (parts: readonly Saying[]): Saying => ({
  key: '',
  in: (language) => parts.map((part) => part.in(language)).join(isGerman(language) ? ' und ' : ' and '),
})
