import type { ClassAttribute } from '@evenkeel/contract/item-class'
import { itemStates } from '@evenkeel/contract/item'
import type { Bound } from '../../kernel/filter/bind.ts'
import { fieldsOf, type Field, type Fields, type Names } from '../../kernel/filter/fields.ts'
import { wordedFields } from '../../kernel/filter/language.ts'
import type { Column, Columns } from '../../kernel/filter/sql.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { directory } from '../people/index.ts'
import { searchColumn } from '../record/index.ts'
import { labelIn, type Models } from './item-class.model.ts'
import { attributesFor } from './item.check.ts'
import { german } from './item.fields.de.ts'
import { measureKeys, measureSql, measureWords } from './item.measures.ts'
import type { InForce } from './item.model.ts'
import { stateIn } from './item.words.ts'

/** What lists of items offer one reader: the fields they may see, where those are, and whose names their values are. */
export type ItemFields = {
  readonly fields: Fields
  readonly columns: Columns
  readonly attributes: ReadonlyMap<string, ClassAttribute>
  readonly groupable: ReadonlySet<string>
  readonly namedBy: ReadonlyMap<string, 'people' | 'teams'>
}

export const itemFields = async (
  database: Database,
  caller: Caller,
  { models, sources }: Pick<InForce, 'models' | 'sources'>,
): Promise<ItemFields> => {
  const { language } = caller
  const [people, owners] = await Promise.all([
    directory(database, caller.tenantId),
    read(database, caller.tenantId, (q) =>
      q.rows<{ id: string; name: string }>({
        name: 'owners_of_items',
        text: `select p.id, p.name from person p where p.tenant_id = $1
                 and exists (select from item i where i.tenant_id = $1 and i.owner_id = p.id) limit 2000`,
        values: [caller.tenantId],
      }),
    ),
  ])
  const persons = namesOf(
    new Map([...people.staff, ...owners.map(({ id, name }) => [id, { name }] as const)]),
  )
  const teams = namesOf(people.teams)
  const own: Field[] = [
    { name: 'text', label: 'words', type: 'words' },
    { name: 'name', label: 'name', type: 'text', sortable: true },
    {
      name: 'class',
      label: 'class',
      type: 'choice',
      choices: models.all.map(({ key, label, retired }) => ({
        value: key,
        label: labelIn(label, language),
        retired,
      })),
      sortable: true,
    },
    {
      // Of the class itself, without those below it: the parts of a list that is divided by class.
      name: 'own_class',
      label: 'class itself',
      type: 'choice',
      choices: models.all.map(({ key, label }) => ({ value: key, label: labelIn(label, language) })),
    },
    {
      name: 'state',
      label: 'state',
      type: 'choice',
      choices: itemStates.map((value) => ({ value, label: stateIn(value, language) })),
      sortable: true,
    },
    { name: 'owner', label: 'owner', type: 'reference', relative: ['me'], names: persons, sortable: true },
    {
      name: 'team',
      label: 'support team',
      type: 'reference',
      relative: ['my_teams'],
      names: teams,
      sortable: true,
    },
    {
      name: 'criticality',
      label: 'criticality',
      type: 'number',
      whole: true,
      sortable: true,
    },
    { name: 'missing', label: 'missing attributes', type: 'number', whole: true, sortable: true },
    { name: 'incidents', label: 'incidents', type: 'number', whole: true, sortable: true },
    ...measureKeys.map((name): Field => ({ name, label: measureWords[name], type: 'boolean' })),
    { name: 'source', label: 'source', type: 'text' },
    { name: 'created', label: 'created', type: 'instant', sortable: true },
    { name: 'updated', label: 'updated', type: 'instant', sortable: true },
    { name: 'id', label: 'id', type: 'reference' },
  ]
  const attributes = attributesIn(models, caller)
  const offered = [...attributes.values()].filter(({ key }) => !ownAttributes.has(key))
  return {
    fields: fieldsOf([
      ...(isGerman(language) ? wordedFields(own, german) : own),
      ...offered.map((attribute) => fieldOf(attribute, language, { persons, teams })),
    ]),
    columns: {
      ...columns,
      ...Object.fromEntries(
        measureKeys.map((name) => [
          name,
          { sql: measureSql(name, { models, sources }, caller.now), required: true },
        ]),
      ),
      text: searchColumn(caller.tenantId),
      ...Object.fromEntries(offered.map((attribute) => [`attr.${attribute.key}`, columnFor(attribute)])),
    },
    attributes,
    groupable: new Set([
      'class',
      'state',
      'owner',
      'team',
      'criticality',
      ...offered.flatMap(({ key, type }) => (type === 'choice' ? [`attr.${key}`] : [])),
    ]),
    namedBy: new Map<string, 'people' | 'teams'>([
      ['owner', 'people'],
      ['team', 'teams'],
      ...offered.flatMap(({ key, to }): [string, 'people' | 'teams'][] =>
        to === undefined || to.kind === 'item'
          ? []
          : [[`attr.${key}`, to.kind === 'person' ? 'people' : 'teams']],
      ),
    ]),
  }
}

/** Attributes with a field of their own name. */
const ownAttributes: ReadonlySet<string> = new Set(['owner', 'support_team', 'criticality'])

/** Attributes of any class that lists may ask for; a key means the same wherever it is, which publishing sees to. */
const attributesIn = (models: Models, caller: Caller): ReadonlyMap<string, ClassAttribute> => {
  const found = new Map<string, ClassAttribute>()
  for (const model of models.all)
    for (const [key, attribute] of attributesFor(model, caller))
      if (attribute.indexed && !found.has(key)) found.set(key, attribute)
  return found
}

const fieldOf = (
  attribute: ClassAttribute,
  language: string,
  names: { readonly persons: Names; readonly teams: Names },
): Field => {
  const { key, type, choices, to } = attribute
  const head = { name: `attr.${key}`, label: labelIn(attribute.label, language) }
  switch (type) {
    case 'choice':
      return {
        ...head,
        sortable: true,
        type: 'choice',
        choices: choices.map(({ value, label }) => ({ value, label: labelIn(label, language) })),
      }
    case 'number':
    case 'money':
      return { ...head, sortable: true, type: 'number' }
    case 'date':
      return { ...head, sortable: true, type: 'date' }
    case 'boolean':
      return { ...head, sortable: true, type: 'boolean' }
    case 'reference':
      return {
        ...head,
        type: 'reference',
        ...(to?.kind === 'person' ? { relative: ['me' as const], names: names.persons } : {}),
        ...(to?.kind === 'team' ? { relative: ['my_teams' as const], names: names.teams } : {}),
      }
    case 'text':
    case 'list':
      return { ...head, sortable: type === 'text', type: 'text' }
  }
}

// Keys have letters, digits and underscores by the contract, so they are safe as literals.
const valueOf = (key: string, column: string): string =>
  `(select v.${column} from item_value v where v.tenant_id = r.tenant_id and v.item_id = r.id and v.attribute = '${key}' and v.place = 0)`

const columnFor = ({ key, type }: ClassAttribute): Column => {
  switch (type) {
    case 'number':
    case 'money':
      return { sql: valueOf(key, 'number'), as: 'double precision' }
    case 'boolean':
      return { sql: `(${valueOf(key, 'number')} = 1)` }
    case 'date':
      return { sql: valueOf(key, 'day') }
    case 'reference':
      return { sql: valueOf(key, 'ref') }
    case 'choice':
      return { sql: valueOf(key, 'text') }
    case 'text':
      return { sql: valueOf(key, 'text'), folded: valueOf(key, 'folded') }
    case 'list': {
      const all = (column: string): string =>
        `(select string_agg(v.${column}, ', ' order by v.place) from item_value v where v.tenant_id = r.tenant_id and v.item_id = r.id and v.attribute = '${key}')`
      return { sql: all('text'), folded: all('folded') }
    }
  }
}

const columns: Columns = {
  name: { sql: 'r.name', required: true, folded: 'lower(r.name)' },
  class: { sql: 'r.class', required: true },
  own_class: { sql: 'r.class', required: true },
  state: {
    sql: 'r.state',
    required: true,
    order: {
      sql: `array_position(array['${itemStates.join("','")}'], r.state)`,
      as: 'integer',
      required: true,
    },
  },
  owner: {
    sql: 'r.owner_id',
    order: {
      sql: '(select p.name || chr(31) || p.id from person p where p.tenant_id = r.tenant_id and p.id = r.owner_id)',
      as: 'text',
    },
  },
  team: {
    sql: 'r.support_team_id',
    order: {
      sql: '(select t.name || chr(31) || t.id from team t where t.tenant_id = r.tenant_id and t.id = r.support_team_id)',
      as: 'text',
    },
  },
  criticality: { sql: 'r.criticality' },
  missing: { sql: 'r.missing', required: true },
  incidents: {
    sql: '(select count(*) from record_item x where x.tenant_id = r.tenant_id and x.item_id = r.id)',
    as: 'integer',
    required: true,
  },
  source: {
    sql: `(select string_agg(distinct s.source, ', ') from item_source_seen s where s.tenant_id = r.tenant_id and s.item_id = r.id)`,
    folded: `(select string_agg(distinct s.source, ', ') from item_source_seen s where s.tenant_id = r.tenant_id and s.item_id = r.id)`,
  },
  created: { sql: 'r.created_at', required: true },
  updated: { sql: 'r.updated_at', required: true },
  id: { sql: 'r.id', required: true },
}

/** A class stands for every class below it, wherever a filter names it. */
export const withinClasses = (bound: Bound, models: Models): Bound => {
  if ('all' in bound) return { all: bound.all.map((part) => withinClasses(part, models)) }
  if ('any' in bound) return { any: bound.any.map((part) => withinClasses(part, models)) }
  if ('not' in bound) return { not: withinClasses(bound.not, models) }
  const { field, test } = bound
  if (field.name !== 'class' || test.is !== 'one of') return bound
  return { ...bound, test: { ...test, values: [...new Set(test.values.flatMap(models.within))] } }
}

type Nameable = { readonly name: string; readonly email?: string }

/** Names in a small directory. Where two share a name, neither is found by it. */
const namesOf = (entries: ReadonlyMap<string, Nameable>): Names => {
  const byName = new Map<string, string | null>()
  for (const [id, { name }] of entries)
    byName.set(name.toLowerCase(), byName.has(name.toLowerCase()) ? null : id)
  return {
    idOf: (name) => byName.get(name.toLowerCase()) ?? undefined,
    nameOf: (id) => {
      const name = entries.get(id)?.name
      return name !== undefined && byName.get(name.toLowerCase()) === id ? name : undefined
    },
    suggest: (typed, limit) => {
      const sought = typed.toLowerCase()
      return [...entries.values()]
        .filter(({ name }) => name.toLowerCase().includes(sought))
        .slice(0, limit)
        .map(({ name }) => name)
    },
  }
}
