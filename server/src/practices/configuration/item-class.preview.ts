import type { ItemClasses, ItemSources } from '@evenkeel/contract/item-class'
import type { PolicyPreview } from '@evenkeel/contract/policy'
import { Refusal, type Ground } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { offerPolicy } from '../../platform/policy/policy.routes.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { classFaults } from './item-class.lint.ts'
import { labelIn, modelsOf } from './item-class.model.ts'
import { itemClassesPolicy, itemSourcesPolicy } from './item-class.policy.ts'
import { modelOf } from './item.model.ts'
import { says } from './item.reasons.ts'
import type { Values } from './item.repo.ts'
import { valueFault } from './item.value.ts'

const mostExamples = 20

/** What publishing these classes would do to the items there are. @throws Refusal `invalid` for classes that cannot be */
const previewClasses = async (
  database: Database,
  caller: Caller,
  document: ItemClasses,
  last: number,
): Promise<PolicyPreview> => {
  const { document: current } = await policyInForce(database, caller.tenantId, itemClassesPolicy, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [used, items] = await Promise.all([
      q.rows<{ key: string }>({
        text: `select distinct k.key from item i, jsonb_object_keys(i.values) k (key) where i.tenant_id = $1
               union select distinct 'class ' || class from item where tenant_id = $1`,
        values: [q.tenantId],
      }),
      q.rows<{ id: string; name: string; class: string; values: Values; missing: number }>({
        text: `select id, name, class, values, missing from item where tenant_id = $1 and merged_into_id is null
               order by updated_at desc, id limit $2`,
        values: [q.tenantId, last],
      }),
    ])
    const grounds = classFaults(document, current, new Set(used.map(({ key }) => key)))
    if (grounds.length > 0) throw new Refusal('invalid', grounds.slice(0, 20))
    const [before, after] = [modelsOf(current), modelsOf(document)]
    const { language } = caller
    const lacks = (models: typeof after, item: (typeof items)[number]): string[] =>
      modelOf(models, item.class).attributes.flatMap(({ key, label, required, retired }) =>
        required && !retired && item.values[key] === undefined ? [labelIn(label, language)] : [],
      )
    const changed = items.flatMap((item) => {
      const [was, lacking] = [lacks(before, item), lacks(after, item)]
      const invalid = modelOf(after, item.class).attributes.flatMap((attribute) => {
        const value = item.values[attribute.key]
        return value !== undefined && valueFault(attribute, value) !== undefined
          ? [labelIn(attribute.label, language)]
          : []
      })
      const more = lacking.filter((label) => !was.includes(label))
      if (more.length === 0 && invalid.length === 0) return []
      const sentence = (labels: readonly string[]): string =>
        labels.length === 0
          ? says('preview.complete').in(language)
          : says('preview.missing', { labels: labels.join(', ') }).in(language)
      const gone =
        invalid.length === 0 ? [] : [says('preview.invalid', { labels: invalid.join(', ') }).in(language)]
      return [
        {
          id: item.id,
          number: labelIn(modelOf(after, item.class).label, language),
          title: item.name,
          before: sentence(was),
          after: [...(more.length === 0 && gone.length > 0 ? [] : [sentence(lacking)]), ...gone].join('; '),
        },
      ]
    })
    return {
      sentence: (changed.length === 0
        ? says('preview.fine')
        : says('preview.changed', { count: changed.length })
      ).in(language),
      examined: items.length,
      changed: changed.length,
      examples: changed.slice(0, mostExamples),
    }
  })
}

const previewSources = async (
  database: Database,
  caller: Caller,
  document: ItemSources,
): Promise<PolicyPreview> => {
  const { document: classes } = await policyInForce(database, caller.tenantId, itemClassesPolicy, caller.now)
  const models = modelsOf(classes)
  const attributes = new Set(models.all.flatMap((model) => model.attributes.map(({ key }) => key)))
  const unknown = (key: string, field: string): Ground[] =>
    key === 'name' || key === 'state' || attributes.has(key)
      ? []
      : [{ code: 'unknown', field, message: says('attribute.unknown', { key }) }]
  const classFault = (key: string | undefined, field: string): Ground[] =>
    key === undefined || models.named(key) !== undefined
      ? []
      : [{ code: 'unknown', field, message: says('class.unknown', { key }) }]
  const grounds = [
    ...document.precedence.flatMap((one, index) => [
      ...unknown(one.attribute, `document.precedence.${index}.attribute`),
      ...classFault(one.class, `document.precedence.${index}.class`),
    ]),
    ...document.identification.flatMap((one, index) => [
      ...classFault(one.class, `document.identification.${index}.class`),
      ...one.by.flatMap((keys, place) =>
        keys.flatMap((key) => unknown(key, `document.identification.${index}.by.${place}`)),
      ),
    ]),
  ]
  if (grounds.length > 0) throw new Refusal('invalid', grounds.slice(0, 20))
  return { sentence: says('preview.sources').in(caller.language), examined: 0, changed: 0, examples: [] }
}

export const itemPolicies = [
  offerPolicy(itemClassesPolicy, previewClasses),
  offerPolicy(itemSourcesPolicy, (database, caller, document) => previewSources(database, caller, document)),
]
