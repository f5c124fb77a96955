import type { ItemAttribute, ItemClass, ItemClasses } from '@evenkeel/contract/item-class'

/** A class as it stands in a document, below how many others. */
export type ClassLine = { readonly one: ItemClass; readonly depth: number }

/** Classes as a tree in lines. Those whose line upwards never ends or leads nowhere come last, so that nothing is out of sight. */
export const classLines = ({ classes }: ItemClasses): readonly ClassLine[] => {
  const below = (parent: string | null, depth: number, seen: ReadonlySet<string>): readonly ClassLine[] =>
    classes
      .filter((one) => one.parent === parent && !seen.has(one.key))
      .toSorted((a, b) => a.label.localeCompare(b.label))
      .flatMap((one) => [{ one, depth }, ...below(one.key, depth + 1, new Set([...seen, one.key]))])
  const lines = below(null, 0, new Set())
  const shown = new Set(lines.map(({ one }) => one.key))
  return [...lines, ...classes.filter(({ key }) => !shown.has(key)).map((one) => ({ one, depth: 0 }))]
}

/** The class above, the one above that, up to the root; ends also where a line goes round. */
export const lineAbove = ({ classes }: ItemClasses, key: string): readonly ItemClass[] => {
  const byKey = new Map(classes.map((one) => [one.key, one]))
  const line: ItemClass[] = []
  for (
    let above = byKey.get(byKey.get(key)?.parent ?? '');
    above !== undefined && above.key !== key && !line.includes(above);
    above = byKey.get(above.parent ?? '')
  )
    line.push(above)
  return line
}

/** What it has from the classes above it, the farthest first. */
export const inherited = (document: ItemClasses, key: string) =>
  lineAbove(document, key)
    .toReversed()
    .flatMap(({ label, attributes }) => attributes.map((attribute) => ({ attribute, from: label })))

const longest = 40

/** A key made of a label: lower-case letters, digits and _, one that is not taken. */
export const keyFor = (label: string, taken: ReadonlySet<string>): string => {
  const plain = label
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, longest - 4)
  const base = plain === '' ? 'new' : plain
  let key = base
  for (let number = 2; taken.has(key); number += 1) key = `${base}_${number}`
  return key
}

/** An attribute that says nothing yet but what it is called. */
export const newAttribute = (key: string, label: string): ItemAttribute => ({
  key,
  label,
  help: '',
  type: 'text',
  unit: '',
  choices: [],
  required: false,
  restricted: false,
  pattern: '',
  min: null,
  max: null,
  unique: false,
  indexed: true,
  retired: false,
})

/** The attribute as another type: what only the old one had is gone. */
export const retyped = (attribute: ItemAttribute, type: ItemAttribute['type']): ItemAttribute => {
  const { to: _to, of: _of, ...rest } = attribute
  return {
    ...rest,
    type,
    choices: [],
    unit: '',
    pattern: '',
    min: null,
    max: null,
    unique: false,
    ...(type === 'reference' ? { to: { kind: 'person' as const } } : {}),
    ...(type === 'list' ? { of: 'text' as const } : {}),
  }
}

/** Keys of attributes of any class: a key means one thing wherever it is. */
export const attributeKeys = ({ classes }: ItemClasses): ReadonlySet<string> =>
  new Set(['name', 'state', 'class', 'id', ...classes.flatMap((one) => one.attributes.map(({ key }) => key))])
