import type { ItemSources } from '@evenkeel/contract/item-class'
import { invalid } from '../../kernel/refusal.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { policyAt, policyInForce } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { modelsOf, type Model, type Models } from './item-class.model.ts'
import { itemClassesPolicy, itemSourcesPolicy } from './item-class.policy.ts'
import { says } from './item.reasons.ts'

/** What is in force: the classes, and which sources are believed. */
export type InForce = { readonly models: Models; readonly sources: ItemSources; readonly version: number }

export const inForce = async (database: Database, tenantId: string, now: string): Promise<InForce> => {
  const [classes, sources] = await Promise.all([
    policyInForce(database, tenantId, itemClassesPolicy, now),
    policyInForce(database, tenantId, itemSourcesPolicy, now),
  ])
  return { models: modelsOf(classes.document), sources: sources.document, version: classes.version }
}

/** The same within a transaction at hand. */
export const inForceAt = async (q: Reader, now: string): Promise<InForce> => {
  const [classes, sources] = await Promise.all([
    policyAt(q, itemClassesPolicy, now),
    policyAt(q, itemSourcesPolicy, now),
  ])
  return { models: modelsOf(classes.document), sources: sources.document, version: classes.version }
}

const nothing: Model = {
  key: '',
  label: '',
  parent: null,
  ancestors: [],
  abstract: false,
  retired: true,
  isService: false,
  nature: 'thing',
  attributes: [],
  byKey: new Map(),
}

/** The class of an item that is there: a class without its document has no attributes, and its items stay readable. */
export const modelOf = (models: Models, key: string): Model =>
  models.named(key) ?? { ...nothing, key, label: key }

/** The class of an item that is to be made. @throws Refusal `invalid` when there are no new items of it */
export const modelForNew = (models: Models, key: string, field = 'class'): Model => {
  const model = models.named(key)
  if (model === undefined) throw invalid(field, says('class.unknown', { key }))
  if (model.abstract) throw invalid(field, says('class.abstract', { label: model.label }))
  if (model.retired) throw invalid(field, says('class.retired', { label: model.label }))
  return model
}
