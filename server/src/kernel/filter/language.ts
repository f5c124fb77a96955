import type { Field } from './fields.ts'
import { isGerman, type Saying } from '../language/saying.ts'
import { german } from './messages.de.ts'
import { english, type Fault, type FaultCode, type Messages } from './messages.ts'

/** The words of this folder in a reader's language; English where there are none. */
export const messagesIn = (language: string): Messages => (isGerman(language) ? german : english)

/** A fault, said when it is known who reads it. */
export const faultSaying = <Code extends FaultCode>(fault: Fault<Code>): Saying => ({
  key: fault.code,
  in: (language) => faultIn(messagesIn(language), fault),
})

const faultIn = <Code extends FaultCode>({ faults }: Messages, { code, details }: Fault<Code>): string =>
  faults[code](details)

/** What a language calls the fields of a registry and their choices; what has no word keeps its own, as custom fields do. */
export type FieldWords = {
  readonly labels: Readonly<Record<string, string>>
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The same fields in other words. What choices were called before is understood as well. */
export const wordedFields = (fields: readonly Field[], { labels, choices }: FieldWords): Field[] =>
  fields.map((field) => {
    const label = labels[field.name] ?? field.label
    if (field.type !== 'choice' && field.type !== 'ordered choice') return { ...field, label }
    const words = choices[field.name] ?? {}
    const worded = field.choices.map((choice) => {
      const word = words[choice.value]
      return word === undefined
        ? choice
        : { ...choice, label: word, aliases: [...(choice.aliases ?? []), choice.label] }
    })
    return { ...field, label, choices: worded }
  })
