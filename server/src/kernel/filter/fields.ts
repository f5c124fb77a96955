import type { FilterOperator } from '@evenkeel/contract/filter'

/**
 * What may be asked about. A registry holds the fields that one reader may see, and nothing in this folder knows of others:
 * a hidden field and one that never existed are the same to it, in every answer, suggestion and completion.
 */
export type Field = FieldNames &
  (
    | { readonly type: 'text' | 'words' | 'boolean' | 'instant' | 'date' }
    /** Compared letter by letter. `letters`: values are stored in that case (ASCII), and sought so. */
    | { readonly type: 'keyword'; readonly letters?: 'upper' | 'lower' }
    /** `whole`: integers that JavaScript carries exactly. */
    | { readonly type: 'number'; readonly whole?: boolean }
    /** In the order in which they are shown; of an ordered choice that is the order that `<` speaks of. */
    | { readonly type: 'choice' | 'ordered choice'; readonly choices: readonly Choice[] }
    /** Ids are UUIDs. `relative`: what a value may stand for, beside an id. */
    | {
        readonly type: 'reference' | 'list of references'
        readonly relative?: readonly RelativeReference[]
        readonly names?: Names
      }
  )

export type FieldType = Field['type']

type FieldNames = {
  /** As in JSON: lower case, digits, `_` and `.`; never changes, because saved filters hold it. */
  readonly name: string
  /** As people read it, in the middle of a sentence: `created`, `last public comment`. */
  readonly label: string
  /** Shorter or older words for the search bar. */
  readonly aliases?: readonly string[]
  /** Lists may be ordered by it. */
  readonly sortable?: boolean
}

export type Choice = {
  readonly value: string
  readonly label: string
  readonly aliases?: readonly string[]
  /** Old filters and records may hold it; nobody is offered it. */
  readonly retired?: boolean
}

/** `me` is the person in whose name the filter runs; `my_teams` the teams of that person. */
export type RelativeReference = 'me' | 'my_teams'

/**
 * Names for ids, from what the caller has at hand. They must agree: where `nameOf(id)` gives a name that `idOf` does not lead
 * back to the id, the id is shown. Both see only what the reader may see.
 */
export type Names = {
  readonly idOf: (name: string) => string | undefined
  readonly nameOf: (id: string) => string | undefined
  /** For completions: names that begin so or hold such a word, the likeliest first, at most `limit`. */
  readonly suggest?: (typed: string, limit: number) => readonly string[]
}

/** A reader's fields, by name. */
export type Fields = {
  readonly all: readonly Field[]
  /** By its name alone, as JSON must have it. */
  readonly named: (name: string) => Field | undefined
  /** By name or alias in upper or lower case, as people type it. */
  readonly typed: (name: string) => Field | undefined
  /** What free words in the search bar are sought in: the first field of words. */
  readonly search: Field | undefined
}

const nameForm = /^[a-z_][a-z0-9_.]{0,79}$/

/** @throws Error when names or aliases clash or could not be typed: a mistake of ours, or of whoever checked a custom field. */
export const fieldsOf = (all: readonly Field[]): Fields => {
  const byName = new Map<string, Field>()
  const byTyped = new Map<string, Field>()
  for (const field of all) {
    byName.set(field.name, field)
    for (const name of [field.name, ...(field.aliases ?? [])]) {
      if (!nameForm.test(name)) throw new Error(`“${name}” cannot be the name of a field in a filter`)
      if (byTyped.has(name)) throw new Error(`two fields of a filter are called “${name}”`)
      byTyped.set(name, field)
    }
  }
  return {
    all,
    named: (name) => byName.get(name),
    typed: (name) => byTyped.get(name.toLowerCase()),
    search: all.find((field) => field.type === 'words'),
  }
}

const equality = ['=', '!=', 'in', 'not in', 'is empty', 'is set'] as const
const order = ['<', '<=', '>', '>='] as const

// prettier-ignore
const operatorsByType: Readonly<Record<FieldType, readonly FilterOperator[]>> = {
  'text':               ['contains', 'starts with', 'matches', ...equality],
  'words':              ['matches'],
  'keyword':            [...equality, 'starts with'],
  'number':             [...equality, ...order],
  'choice':             equality,
  'ordered choice':     [...equality, ...order],
  'reference':          equality,
  'list of references': equality,
  'instant':            ['=', '!=', ...order, 'within', 'is empty', 'is set'],
  'date':               ['=', '!=', ...order, 'within', 'is empty', 'is set'],
  'boolean':            ['=', '!=', 'is empty', 'is set'],
}

/** What a field may be asked, the commonest first: the builder offers these, and the first is what `field:value` means. */
export const operatorsOf = (field: Field): readonly FilterOperator[] => operatorsByType[field.type]
