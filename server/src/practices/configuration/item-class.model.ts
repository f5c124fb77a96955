import type {
  ClassAttribute,
  ItemClass,
  ItemClasses,
  ItemClassView,
  ItemNature,
} from '@evenkeel/contract/item-class'
import { isGerman } from '../../kernel/language/saying.ts'
import { builtInClasses } from './item-class.shipped.ts'
import { german } from './item-class.shipped.de.ts'

/** A class with what it inherits. */
export type Model = {
  readonly key: string
  readonly label: string
  readonly parent: string | null
  /** From the class above it up to the root. */
  readonly ancestors: readonly string[]
  readonly abstract: boolean
  readonly retired: boolean
  readonly isService: boolean
  readonly nature: ItemNature
  /** Inherited ones first; retired ones too. */
  readonly attributes: readonly ClassAttribute[]
  readonly byKey: ReadonlyMap<string, ClassAttribute>
}

export type Models = {
  readonly all: readonly Model[]
  readonly named: (key: string) => Model | undefined
  /** The class and every class below it. */
  readonly within: (key: string) => readonly string[]
}

const resolved = new WeakMap<ItemClasses, Models>()

/** The classes of a document with what they inherit. A document is published only without cycles; one that has them ends anyway. */
export const modelsOf = (document: ItemClasses): Models => {
  const known = resolved.get(document)
  if (known !== undefined) return known
  const byKey = new Map(document.classes.map((one) => [one.key, one]))
  const all = document.classes.map((one) => modelOf(one, byKey))
  const models = new Map(all.map((model) => [model.key, model]))
  const result: Models = {
    all,
    named: (key) => models.get(key),
    within: (key) =>
      all.filter((model) => model.key === key || model.ancestors.includes(key)).map((model) => model.key),
  }
  resolved.set(document, result)
  return result
}

const modelOf = (own: ItemClass, byKey: ReadonlyMap<string, ItemClass>): Model => {
  const line = [own]
  for (
    let above = byKey.get(own.parent ?? '');
    above !== undefined && !line.includes(above);
    above = byKey.get(above.parent ?? '')
  )
    line.push(above)
  const attributes = line
    .toReversed()
    .flatMap((one) => one.attributes.map((attribute) => ({ ...attribute, from: one.key })))
  const ancestors = line.slice(1).map(({ key }) => key)
  return {
    key: own.key,
    label: own.label,
    parent: own.parent,
    ancestors,
    abstract: own.abstract,
    retired: own.retired,
    isService: own.key === 'service' || ancestors.includes('service'),
    nature: natureOf([own.key, ...ancestors]),
    attributes,
    byKey: new Map(attributes.map((attribute) => [attribute.key, attribute])),
  }
}

const natures: Readonly<Record<string, ItemNature>> = {
  service: 'service',
  application: 'system',
  database: 'system',
  group: 'system',
  location: 'system',
  provider: 'system',
  software: 'paper',
  contract: 'paper',
}

/** Of the nearest class that says; what an organization adds beside those that come with the product is a thing. */
const natureOf = (line: readonly string[]): ItemNature =>
  line.flatMap((key) => natures[key] ?? [])[0] ?? 'thing'

/** What comes with the product has its word in the reader's language; what an organization wrote is as it wrote it. */
export const labelIn = (label: string, language: string): string =>
  isGerman(language) ? (german[label] ?? label) : label

/** A class as one reader sees it. */
export const classView = (
  model: Model,
  { language, restricted }: { readonly language: string; readonly restricted: boolean },
): ItemClassView => ({
  key: model.key,
  label: labelIn(model.label, language),
  parent: model.parent,
  ancestors: [...model.ancestors],
  abstract: model.abstract,
  retired: model.retired,
  builtIn: builtInClasses.has(model.key),
  isService: model.isService,
  nature: model.nature,
  attributes: model.attributes
    .filter((attribute) => restricted || !attribute.restricted)
    .map((attribute) => ({
      ...attribute,
      label: labelIn(attribute.label, language),
      help: labelIn(attribute.help, language),
      unit: labelIn(attribute.unit, language),
      choices: attribute.choices.map(({ value, label }) => ({ value, label: labelIn(label, language) })),
    })),
})
