import { german } from './issue.de.ts'
import { isGerman, type Saying } from './saying.ts'

/**
 * What a schema says of a value that does not fit it. Schemas say it in English, those of the contract among them, which browsers use too;
 * so the German is found by the sentence.
 */
export const issueSaying = ({ code = 'custom', message }: Issue): Saying => ({
  key: code,
  in: (language) => (isGerman(language) ? (germanOf(message) ?? 'dieser Wert passt hier nicht') : message),
})
type Issue = { readonly code?: string | undefined; readonly message: string }

/** Nothing for a sentence that has no German. */
export const germanOf = (message: string): string | undefined => {
  for (const [form, sentence] of forms) {
    const found = form.exec(message)
    if (found !== null)
      return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = found.groups?.[name] ?? ''
        return kinds.get(value) ?? value
      })
  }
  return undefined
}

/** What values are called by schemas. */
const kinds = new Map([
  ['string', 'ein Text'],
  ['number', 'eine Zahl'],
  ['int', 'eine ganze Zahl'],
  ['boolean', 'ja oder nein'],
  ['array', 'eine Liste'],
  ['object', 'ein Objekt'],
  ['record', 'ein Objekt'],
  ['null', 'nichts'],
  ['date', 'ein Datum'],
  ['nan', 'keine Zahl'],
  ['characters', 'Zeichen'],
  ['items', 'Einträge'],
])

const escaped = (text: string): string => text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)

const forms: readonly (readonly [RegExp, string])[] = Object.entries(german).map(([english, sentence]) => [
  new RegExp(`^${escaped(english).replaceAll(/\{(\w+)\}/g, '(?<$1>.+?)')}$`, 's'),
  sentence,
])
