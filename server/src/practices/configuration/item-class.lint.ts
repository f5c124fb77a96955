import type { ItemClasses } from '@evenkeel/contract/item-class'
import type { Ground } from '../../kernel/refusal.ts'
import { modelsOf } from './item-class.model.ts'
import { builtInClasses } from './item-class.shipped.ts'
import { says } from './item.reasons.ts'

/** Keys that every item has beside its attributes. */
const reserved: ReadonlySet<string> = new Set(['name', 'state', 'class', 'id'])

/** What is wrong with classes by themselves and against those in force. Pure. */
export const classFaults = (
  document: ItemClasses,
  current: ItemClasses,
  /** Attributes that items have values of. */
  used: ReadonlySet<string>,
): Ground[] => [
  ...lineFaults(document),
  ...attributeFaults(document),
  ...typeFaults(document, current, used),
  ...lostFaults(document, current, used),
]

const at = (index: number, ...more: readonly (string | number)[]): string =>
  ['document', 'classes', index, ...more].join('.')

const lineFaults = ({ classes }: ItemClasses): Ground[] => {
  const byKey = new Map(classes.map((one) => [one.key, one]))
  return classes.flatMap((one, index): Ground[] => {
    const faults: Ground[] = []
    if (byKey.get(one.key) !== one)
      faults.push({ code: 'twice', field: at(index, 'key'), message: says('lint.twice', { key: one.key }) })
    if (one.key === 'item' ? one.parent !== null : one.parent === null)
      faults.push({ code: 'root', field: at(index, 'parent'), message: says('lint.root', { key: one.key }) })
    if (one.parent !== null && !byKey.has(one.parent))
      faults.push({
        code: 'unknown',
        field: at(index, 'parent'),
        message: says('class.unknown', { key: one.parent }),
      })
    const line = [one.key]
    for (let above = one.parent; above !== null; above = byKey.get(above)?.parent ?? null) {
      if (line.includes(above)) {
        faults.push({
          code: 'cycle',
          field: at(index, 'parent'),
          message: says('lint.cycle', { line: [...line, above].join(' → ') }),
        })
        break
      }
      line.push(above)
    }
    return faults
  })
}

const attributeFaults = (document: ItemClasses): Ground[] => {
  const models = modelsOf(document)
  const keys = new Set(document.classes.map(({ key }) => key))
  const typeOf = new Map<string, string>()
  return document.classes.flatMap((one, index) =>
    one.attributes.flatMap((attribute, place): Ground[] => {
      const field = (name: string): string => at(index, 'attributes', place, name)
      const { key, label, type, to, of, choices } = attribute
      const faults: Ground[] = []
      if (reserved.has(key))
        faults.push({ code: 'reserved', field: field('key'), message: says('lint.reserved', { key }) })
      const holders = (models.named(one.key)?.attributes ?? []).filter((other) => other.key === key)
      if (holders.length > 1) {
        const from = holders.find((other) => other.from !== one.key)?.from ?? one.key
        faults.push({ code: 'taken', field: field('key'), message: says('lint.taken', { key, from }) })
      }
      // One key, one meaning: lists ask for an attribute wherever it is.
      const known = typeOf.get(key) ?? type
      typeOf.set(key, known)
      if (known !== type)
        faults.push({
          code: 'meaning',
          field: field('type'),
          message: says('lint.meaning', { key, type: known }),
        })
      const isReference = type === 'reference' || (type === 'list' && of === 'reference')
      if (isReference && to === undefined)
        faults.push({ code: 'to', field: field('to'), message: says('lint.to', { label }) })
      if (to?.kind === 'item' && !keys.has(to.class))
        faults.push({
          code: 'unknown',
          field: field('to'),
          message: says('class.unknown', { key: to.class }),
        })
      if (type === 'list' && of === undefined)
        faults.push({ code: 'of', field: field('of'), message: says('lint.of', { label }) })
      if ((type === 'choice' || of === 'choice') && choices.length === 0)
        faults.push({ code: 'choices', field: field('choices'), message: says('lint.choices', { label }) })
      if (new Set(choices.map(({ value }) => value)).size < choices.length)
        faults.push({
          code: 'choices',
          field: field('choices'),
          message: says('lint.choiceTwice', { label }),
        })
      const { pattern, min, max, unique, indexed } = attribute
      const ofText = type === 'text' || (type === 'list' && of === 'text')
      if (pattern !== '' && (!ofText || pattern.split('*').length > 2))
        faults.push({ code: 'pattern', field: field('pattern'), message: says('lint.pattern', { label }) })
      if (min !== null && max !== null && min > max)
        faults.push({ code: 'range', field: field('min'), message: says('lint.range', { label }) })
      if (unique && (type !== 'text' || !indexed))
        faults.push({ code: 'unique', field: field('unique'), message: says('lint.unique', { label }) })
      return faults
    }),
  )
}

const typeFaults = (document: ItemClasses, current: ItemClasses, used: ReadonlySet<string>): Ground[] => {
  const before = new Map(
    current.classes.flatMap((one) =>
      one.attributes.map((attribute) => [`${one.key}.${attribute.key}`, attribute] as const),
    ),
  )
  return document.classes.flatMap((one, index) =>
    one.attributes.flatMap((attribute, place): Ground[] => {
      const was = before.get(`${one.key}.${attribute.key}`)
      if (was === undefined || !used.has(attribute.key)) return []
      return was.type === attribute.type &&
        was.of === attribute.of &&
        JSON.stringify(was.to) === JSON.stringify(attribute.to)
        ? []
        : [
            {
              code: 'type',
              field: at(index, 'attributes', place, 'type'),
              message: says('lint.type', { label: attribute.label }),
            },
          ]
    }),
  )
}

const lostFaults = (document: ItemClasses, current: ItemClasses, used: ReadonlySet<string>): Ground[] => {
  const keys = new Set(document.classes.map(({ key }) => key))
  const attributes = new Set(document.classes.flatMap((one) => one.attributes.map(({ key }) => key)))
  const classes = [...new Set([...builtInClasses, ...current.classes.map(({ key }) => key)])]
  return [
    ...classes.flatMap((key): Ground[] =>
      keys.has(key) || (!builtInClasses.has(key) && !used.has(`class ${key}`))
        ? []
        : [{ code: 'removed', field: 'document.classes', message: says('lint.removed', { key }) }],
    ),
    ...[...new Set([...used, ...readKeys])].flatMap((key): Ground[] =>
      key.startsWith('class ') || attributes.has(key)
        ? []
        : [{ code: 'removed', field: 'document.classes', message: says('lint.lost', { key }) }],
    ),
  ]
}

/** Attributes that the product itself reads. */
const readKeys = [
  'description',
  'owner',
  'support_team',
  'criticality',
  'members_needed',
  'members_needed_share',
  'users_served',
  'departments',
  'critical_or_important',
] as const
