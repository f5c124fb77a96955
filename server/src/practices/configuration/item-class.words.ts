import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { labelIn } from './item-class.model.ts'
import { inForce } from './item.model.ts'

/** What classes and attributes are called, in English and in the reader's language: a file may call them so. */
export type ClassWords = {
  readonly classes: ReadonlyMap<string, readonly string[]>
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

export const classWords = async (database: Database, caller: Caller): Promise<ClassWords> => {
  const { models } = await inForce(database, caller.tenantId, caller.now)
  const names = (key: string, label: string): readonly string[] => [
    key.replaceAll('_', ' '),
    label,
    labelIn(label, caller.language),
    labelIn(label, 'de'),
  ]
  return {
    classes: new Map(
      models.all.flatMap(({ key, label, abstract, retired }) =>
        abstract || retired ? [] : [[key, names(key, label)] as const],
      ),
    ),
    attributes: new Map(
      models.all.flatMap(({ attributes }) =>
        attributes.flatMap(({ key, label, retired }) => (retired ? [] : [[key, names(key, label)] as const])),
      ),
    ),
  }
}
