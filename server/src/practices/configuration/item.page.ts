import {
  itemStates,
  type AttributeNow,
  type ItemFact,
  type ItemPage,
  type OpenRecord,
  type QuorumNow,
  type RelationView,
  type SaidValue,
  type TwoTimes,
} from '@evenkeel/contract/item'
import type { PersonRef } from '@evenkeel/contract/record'
import { mayAtAll } from '../../kernel/access.ts'
import { neededOf, quorumOf } from '../../kernel/impact/quorum.ts'
import { offers } from '../../kernel/process.ts'
import { reasonIn, Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { needOf } from './graph.edges.ts'
import { graphSource, relationsOf, type Related } from './graph.source.ts'
import { heldSql, timesOf, type Times } from './graph.times.ts'
import { groupAvailability, saysAvailability } from './group.availability.ts'
import { factsHeld, itemsAt, refOf } from './item.at.ts'
import { believe, isStale, type Belief, type Said } from './item.believe.ts'
import { labelIn, type Model } from './item-class.model.ts'
import { rightsOn } from './item.commands.ts'
import { attributesFor } from './item.check.ts'
import { healthsAt, quorumSentence, type Healths } from './item.healths.ts'
import { itemFacts, moveReason } from './item.life.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { itemProcess } from './item.process.ts'
import { says } from './item.reasons.ts'
import { factColumns, factsAt, seenOf, type FactRow, type ItemRow } from './item.repo.ts'
import { idsIn, textOf, type NameOf } from './item.value.ts'
import { moveIn, stateIn } from './item.words.ts'
import { relationWords, troubleOf } from './relation.words.ts'

type RecordsOf = (
  q: Reader,
  caller: Caller,
  itemIds: readonly string[],
) => Promise<ReadonlyMap<string, readonly OpenRecord[]>>
const recordsOf: RecordsOf[] = []

/** Practices above say which open records point at items; only those that the caller may read. */
export const itemsHaveRecords = (of: RecordsOf): void => {
  recordsOf.push(of)
}

export const openRecordsOf = async (
  q: Reader,
  caller: Caller,
  itemIds: readonly string[],
): Promise<(id: string) => OpenRecord[]> => {
  const found = await Promise.all(recordsOf.map((of) => of(q, caller, itemIds)))
  return (id) => found.flatMap((one) => [...(one.get(id) ?? [])])
}

const mostRelations = 200

/** An item's page, at any two times. */
export const readItem = async (
  database: Database,
  caller: Caller,
  id: string,
  asked: TwoTimes,
): Promise<ItemPage> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const [rights, rows, facts, seen, below, above] = await Promise.all([
      rightsOn(q, caller, [id], 'item.manage'),
      itemsAt(q, [id], times, force),
      factsHeld(q, [id], times),
      seenOf(q, [id]),
      relationsOf(q, 'above', [id], times, mostRelations + 1),
      relationsOf(q, 'below', [id], times, mostRelations + 1),
    ])
    const row = rows.get(id)
    const right = rights.get(id)
    if (row === undefined || right?.read !== true) throw new Refusal('not_found')
    const model = modelOf(force.models, row.class)
    const attributes = attributesFor(model, caller)
    const heard = seen.filter(({ seenAt }) => seenAt <= times.knownAt)
    const belief = believe(factsAt(facts, heard, times.validAt), model, force.sources, times.validAt)
    const related = [...below, ...above]
    const others = related.map((one) => (one.belowId === id ? one.aboveId : one.belowId))
    const wantedIds = [...others, ...(row.mergedIntoId === null ? [] : [row.mergedIntoId])]
    const [otherRows, otherRights, names, healths, said, open, guards, groups] = await Promise.all([
      itemsAt(q, wantedIds, times, force),
      rightsOn(q, caller, wantedIds, 'item.read'),
      namesIn(q, caller, [...attributes.values()], [belief], facts),
      healthsAt(q, caller, [id, ...others], times, force),
      saidHealth(q, id, times),
      openRecordsOf(q, caller, [id]),
      itemFacts(q, id, model.nature, row.values),
      membersOf(q, id, times, force),
    ])
    const visible = (one: string): ItemRow | undefined =>
      otherRights.get(one)?.read === true ? otherRows.get(one) : undefined
    const relations = related
      .flatMap((one) => relationView(one, id, visible, healths, force, language))
      .sort(
        (a, b) =>
          sides.indexOf(a.side) - sides.indexOf(b.side) ||
          (a.words < b.words ? -1 : a.words > b.words ? 1 : a.item.name < b.item.name ? -1 : 1),
      )
    const quorum = quorumNow(row, groups, healths, language)
    const mergedInto = row.mergedIntoId === null ? undefined : visible(row.mergedIntoId)
    const isOpen = times.isNow && row.mergedIntoId === null
    // Reason and sanitization come with the move: the page asks for them.
    const moveFacts = { ...guards, reasonGiven: true, sanitized: true }
    return {
      ...refOf(row, force, language),
      ancestors: [...model.ancestors],
      isService: model.isService,
      nature: model.nature,
      version: row.version,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      validAt: times.validAt,
      knownAt: times.knownAt,
      isNow: times.isNow,
      mergedInto: mergedInto === undefined ? null : refOf(mergedInto, force, language),
      health: healths(id),
      saidHealth: said,
      quorum,
      availability:
        quorum !== null && groups.length <= mostRelations && saysAvailability(groups, visible)
          ? groupAvailability(groups, quorum.need, { caller, force, visible })
          : null,
      attributes: attributesNow(model, attributes, belief, force, language, names),
      missing: model.attributes.flatMap(({ key, label, required, retired }) =>
        attributes.has(key) && required && !retired && row.values[key] === undefined
          ? [labelIn(label, language)]
          : [],
      ),
      relations: relations.slice(0, mostRelations),
      moreRelations: below.length > mostRelations || above.length > mostRelations,
      openRecords: open(id),
      seen: heard.map(({ source, seenAt, externalId }) => ({
        source,
        sourceLabel: sourceLabel(source, force, language),
        at: seenAt,
        externalId,
        stale: isStale(source, seenAt, force.sources, times.validAt),
      })),
      allowed:
        isOpen && right.act
          ? offers(itemProcess, row.state, moveFacts, (permission) => mayAtAll(caller.grants, permission))
              // What can never happen to it is not offered.
              .filter(({ reasons }) => reasons.every(({ code }) => code !== 'a_thing'))
              .map(({ action, ready, reasons }) => ({
                action,
                label: moveIn(action, language),
                ready,
                reasons: reasons.map(({ code }) =>
                  reasonIn({ code, message: moveReason(code, row.state, action, moveFacts) }, language),
                ),
              }))
          : [],
      mayEdit: isOpen && right.act,
      asksSanitization: guards.boreData && !guards.sanitized,
    }
  })
}

const sides = ['above', 'below', 'beside'] as const

const relationView = (
  one: Related,
  id: string,
  visible: (id: string) => ItemRow | undefined,
  healths: Healths,
  force: InForce,
  language: string,
): RelationView[] => {
  const isBelow = one.belowId === id
  const otherId = isBelow ? one.aboveId : one.belowId
  const other = visible(otherId)
  if (other === undefined) return []
  // Whoever says it: of a membership the member, of all others the item above.
  const direction = (one.type === 'member_of') === isBelow ? 'out' : 'in'
  return [
    {
      id: one.id,
      type: one.type,
      direction,
      words: relationWords(one.type, direction, language),
      side: troubleOf(one.type) === 'none' ? 'beside' : isBelow ? 'above' : 'below',
      item: refOf(other, force, language),
      health: healths(otherId),
      source: one.source,
      validFrom: one.validFrom,
      validTo: one.validTo,
    },
  ]
}

export const sourceLabel = (source: string, { sources }: InForce, language: string): string => {
  const known = sources.sources.find(({ name }) => name === source)
  if (source === 'hand' && (known === undefined || known.label === 'By hand'))
    return says('source.hand').in(language)
  if (source === 'import' && known === undefined) return says('source.import').in(language)
  return known?.label ?? source
}

/** The members of a group that are in use, by id. */
const membersOf = async (q: Reader, id: string, times: Times, force: InForce): Promise<readonly string[]> => [
  ...new Set((await graphSource(q, times, force).membersOf([id])).map(({ support }) => support)),
]

export const quorumNow = (
  row: ItemRow,
  members: readonly string[],
  healths: Healths,
  language: string,
): QuorumNow | null => {
  if (members.length === 0) return null
  const { need, assumed } = needOf(row.values)
  const size = members.length
  const down = members.filter((id) => healths(id).now === 'down')
  const quorum = quorumOf(row.id, { need: neededOf(need, size), size }, down, [])
  return {
    need: quorum.need,
    size,
    alive: quorum.alive,
    spare: quorum.spare,
    assumed,
    sentence: quorumSentence(quorum, language),
  }
}

const saidHealth = async (q: Reader, id: string, times: Times): Promise<ItemPage['saidHealth']> => {
  const row = await q.maybe<{
    health: 'up' | 'degraded' | 'down' | 'unknown'
    reason: string
    from: string
    until: string | null
    by: PersonRef | null
  }>({
    name: times.isNow ? 'item_health_now' : 'item_health_then',
    text: `select x.health, x.reason, x.valid_from as "from", x.valid_to as until,
             case when p.id is not null then json_build_object('id', p.id, 'name', p.name) end as by
           from item_health x left join person p on p.tenant_id = x.tenant_id and p.id = x.said_by
           where x.tenant_id = $1 and x.item_id = $2 and ${heldSql(times, 'x', '$3', '$4')}`,
    values: [q.tenantId, id, times.validAt, times.knownAt],
  })
  return row ?? null
}

/** Names of everything that values speak of, as far as this reader may know them. */
const namesIn = async (
  q: Reader,
  caller: Caller,
  attributes: readonly Parameters<typeof textOf>[0][],
  beliefs: readonly Belief[],
  facts: readonly FactRow[],
): Promise<{ readonly nameOf: NameOf; readonly person: (id: string | null) => PersonRef | null }> => {
  const byKey = new Map(attributes.map((attribute) => [attribute.key, attribute]))
  const wanted = { person: new Set<string>(), team: new Set<string>(), item: new Set<string>() }
  for (const { saidBy } of facts) if (saidBy !== null) wanted.person.add(saidBy)
  const note = (key: string, value: FactRow['values'][string]): void => {
    const attribute = byKey.get(key)
    if (attribute?.to === undefined) return
    for (const id of idsIn(attribute, value)) wanted[attribute.to.kind].add(id)
  }
  for (const belief of beliefs)
    for (const [key, said] of belief) for (const { value } of said) note(key, value)
  for (const fact of facts) for (const [key, value] of Object.entries(fact.values)) note(key, value)
  const items = [...wanted.item]
  const [rows, rights] = await Promise.all([
    q.rows<{ kind: string; id: string; name: string }>({
      name: 'names_in_values',
      text: `select 'person' as kind, id, name from person where tenant_id = $1 and id = any($2::uuid[])
             union all select 'team', id, name from team where tenant_id = $1 and id = any($3::uuid[])
             union all select 'item', id, name from item where tenant_id = $1 and id = any($4::uuid[])`,
      values: [q.tenantId, [...wanted.person], [...wanted.team], items],
    }),
    items.length === 0 ? new Map<string, { read: boolean }>() : rightsOn(q, caller, items, 'item.read'),
  ])
  const names = new Map(rows.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
  return {
    nameOf: (kind, id) =>
      kind === 'item' && rights.get(id)?.read !== true ? undefined : names.get(`${kind} ${id}`),
    person: (id) => {
      const name = id === null ? undefined : names.get(`person ${id}`)
      return id === null || name === undefined ? null : { id, name }
    },
  }
}

const attributesNow = (
  model: Model,
  attributes: ReadonlyMap<string, Parameters<typeof textOf>[0]>,
  belief: Belief,
  force: InForce,
  language: string,
  { nameOf, person }: Awaited<ReturnType<typeof namesIn>>,
): AttributeNow[] =>
  model.attributes.flatMap(({ key, label, required, restricted, retired }) => {
    const attribute = attributes.get(key)
    const said = belief.get(key) ?? []
    if (attribute === undefined || (retired && said.length === 0)) return []
    const told = said.map(({ fact, value, lostBy }: Said): SaidValue => ({
      source: fact.source,
      sourceLabel: sourceLabel(fact.source, force, language),
      value,
      text: textOf(attribute, value, language, nameOf),
      validFrom: fact.validFrom,
      knownFrom: fact.knownFrom,
      seenAt: fact.seenAt,
      by: person(fact.saidBy),
      lostBy,
    }))
    const value = told.find(({ lostBy }) => lostBy === null) ?? null
    return [
      {
        key,
        label: labelIn(label, language),
        required,
        restricted,
        value,
        others: told.filter((one) => one !== value),
      },
    ]
  })

const mostFacts = 200

/** Everything every source said, the latest known first. */
export const readItemHistory = async (
  database: Database,
  caller: Caller,
  id: string,
): Promise<{ facts: ItemFact[]; more: boolean }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const [rights, row, facts] = await Promise.all([
      rightsOn(q, caller, [id], 'item.read'),
      q.one<{ class: string }>({
        text: 'select class from item where tenant_id = $1 and id = $2',
        values: [q.tenantId, id],
      }),
      q.rows<FactRow>({
        name: 'item_history',
        text: `select ${factColumns} from item_fact f where f.tenant_id = $1 and f.item_id = $2
               order by f.known_from desc, f.valid_from desc, f.id desc limit $3`,
        values: [q.tenantId, id, mostFacts + 1],
      }),
    ])
    if (rights.get(id)?.read !== true) throw new Refusal('not_found')
    const attributes = attributesFor(modelOf(force.models, row.class), caller)
    const { nameOf, person } = await namesIn(q, caller, [...attributes.values()], [], facts)
    return {
      more: facts.length > mostFacts,
      facts: facts.slice(0, mostFacts).map((fact) => ({
        id: fact.id,
        source: fact.source,
        sourceLabel: sourceLabel(fact.source, force, language),
        validFrom: fact.validFrom,
        validTo: fact.validTo,
        knownFrom: fact.knownFrom,
        knownTo: fact.knownTo,
        by: person(fact.saidBy),
        values: valuesIn(fact, attributes, language, nameOf),
      })),
    }
  })
}

const valuesIn = (
  { values }: FactRow,
  attributes: ReadonlyMap<string, Parameters<typeof textOf>[0]>,
  language: string,
  nameOf: NameOf,
): ItemFact['values'] => [
  ...(typeof values['name'] === 'string'
    ? [{ key: 'name', label: says('field.name').in(language), text: values['name'] }]
    : []),
  ...itemStates.flatMap((state) =>
    values['state'] === state
      ? [{ key: 'state', label: says('field.state').in(language), text: stateIn(state, language) }]
      : [],
  ),
  ...[...attributes].flatMap(([key, attribute]) => {
    const value = values[key]
    return value === undefined
      ? []
      : [{ key, label: labelIn(attribute.label, language), text: textOf(attribute, value, language, nameOf) }]
  }),
]
