import type { Grants, Reach } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { rightsOn } from '../configuration/index.ts'
import { itemsAreToldBy, tellOfItems, toldByMail, type ItemNotice } from '../notification/index.ts'
import { queueMail, rightsOf, type PersonRights } from '../people/index.ts'
import {
  dayAt,
  daysBefore,
  noticeBy,
  sentenceOf,
  tellFrom,
  type EndAttribute,
  type Ending,
} from './asset.end.ts'
import { zoneOf } from './asset.read.ts'

const mostAtOnce = 200
/** No notice period is longer: what ends later than this is not looked at yet. */
const longestNoticeDays = 3650

type Candidate = {
  readonly id: string
  readonly name: string
  readonly ownerId: string | null
  readonly attribute: EndAttribute
  readonly day: string
  readonly noticeDays: number | null
  readonly automatic: boolean
}

/**
 * Tells owners of what ends soon: each end of each item once, whoever runs this and however often. The row that remembers it is written
 * with the telling; an end that was moved is another one. What was over before anybody looked is not told any more.
 */
export const tellOfEnds = async (database: Database, author: Author): Promise<void> => {
  for (;;) {
    const told = await write(database, author, (tx) => tellSome(tx))
    if (told < mostAtOnce) return
  }
}

const tellSome = async (tx: Tx): Promise<number> => {
  const today = dayAt(tx.author.now, await zoneOf(tx))
  const due = await dueAt(tx, today)
  if (due.length === 0) return 0
  const kept = await tx.rows<{ id: string; attribute: string }>({
    text: `insert into item_end_told (tenant_id, item_id, attribute, day, told_at)
             select $1, id, attribute, day, $3 from jsonb_to_recordset($2) as d (id uuid, attribute text, day date)
           on conflict do nothing returning item_id as id, attribute`,
    values: [tx.tenantId, JSON.stringify(due), tx.author.now],
  })
  const ours = new Set(kept.map(({ id, attribute }) => `${id} ${attribute}`))
  await tellEach(
    tx,
    due.filter(({ id, attribute }) => ours.has(`${id} ${attribute}`)),
    today,
  )
  return due.length
}

/** What ends and nobody was told of, when its day to be told has come. */
const dueAt = async (q: Reader, today: string): Promise<readonly Candidate[]> => {
  const rows = await q.rows<Candidate>({
    name: 'item_ends_due',
    text: `select r.id, r.name, r.owner_id as "ownerId", v.attribute, v.day::text as day,
             case when v.attribute = 'ends_on' then (r.values ->> 'notice_days')::float end as "noticeDays",
             coalesce(r.values ->> 'renewal' = 'automatic', false) as automatic
           from item_value v
             join item r on r.tenant_id = $1 and r.id = v.item_id and r.merged_into_id is null and r.state not in ('retired', 'disposed', 'lost')
           where v.tenant_id = $1 and v.attribute in ('ends_on', 'warranty_until') and v.day is not null and v.day >= $2::date
             and v.day <= $2::date + case when v.attribute = 'ends_on' then greatest($3, least($5, floor(coalesce((r.values ->> 'notice_days')::float, 0)) + $6))::int else $4 end
             and not exists (select from item_end_told t where t.tenant_id = $1 and t.item_id = r.id and t.attribute = v.attribute and t.day = v.day)
           order by v.day, r.id limit $7`,
    values: [
      q.tenantId,
      today,
      daysBefore.ends_on,
      daysBefore.warranty_until,
      longestNoticeDays,
      daysBefore.notice,
      mostAtOnce,
    ],
  })
  return rows.filter((row) => tellFrom(row) <= today)
}

type Told = { readonly entryId: string; readonly candidate: Candidate; readonly ending: Ending }

const tellEach = async (tx: Tx, due: readonly Candidate[], today: string): Promise<void> => {
  if (due.length === 0) return
  const managers = await managersOf(tx)
  const people = await rightsOf(tx, [
    ...new Set([...due.flatMap(({ ownerId }) => ownerId ?? []), ...managers]),
  ])
  const readable = await readableBy(tx, people, due)
  const told: Told[] = []
  const notices: ItemNotice[] = []
  for (const candidate of due) {
    const { id, attribute, day } = candidate
    const by = noticeBy(candidate)
    const entryId = tx.journal({
      type: 'item.ends',
      subject: { kind: 'item', id },
      data: { attribute, day, noticeBy: by, automatic: candidate.automatic, on: today },
    })
    told.push({ entryId, candidate, ending: candidate })
    const owner = candidate.ownerId === null ? undefined : people.get(candidate.ownerId)
    // An owner who left, or may not see it, hears nothing: then those who manage items do.
    const mayHear = (person: PersonRights | undefined): person is PersonRights =>
      person !== undefined && person.isActive && readable.get(person.id)?.has(id) === true
    const hearers = mayHear(owner)
      ? [{ person: owner, isOwner: true }]
      : managers.flatMap((one) => {
          const person = people.get(one)
          return mayHear(person) ? [{ person, isOwner: false }] : []
        })
    for (const { person, isOwner } of hearers)
      notices.push({
        personId: person.id,
        itemId: id,
        entryId,
        entryType: 'item.ends',
        kind: 'ends',
        rule: 'ends-soon',
        because: isOwner
          ? 'You get this because you look after it and it ends soon.'
          : 'You get this because nobody looks after it, you manage items, and it ends soon.',
      })
  }
  const mailed = await tellOfItems(tx, notices)
  const tenant = await tx.one<{ name: string }>({
    text: 'select name from tenant where id = $1',
    values: [tx.tenantId],
  })
  const byEntry = new Map(told.map((one) => [one.entryId, one]))
  for (const [personId, ones] of Map.groupBy(mailed, ({ notice }) => notice.personId)) {
    const person = people.get(personId)
    const [first] = ones
    if (person === undefined || first === undefined) continue
    const mailId = queueMail(tx, null, {
      kind: 'items_end',
      personId,
      to: { name: person.name, address: person.email },
      language: person.language,
      tenantName: tenant.name,
      entryId: first.notice.entryId,
      link: null,
      expiresAt: null,
      lines: ones.flatMap(({ notice }) => {
        const one = byEntry.get(notice.entryId)
        return one === undefined
          ? []
          : [
              `${one.candidate.name}: ${sentenceOf(one.ending, noticeBy(one.ending), today).in(person.language)}`,
            ]
      }),
    })
    toldByMail(
      tx,
      ones.map(({ id }) => id),
      mailId,
    )
  }
}

/** Active people who may manage every item. */
const managersOf = async (q: Reader): Promise<readonly string[]> => {
  const rows = await q.rows<{ id: string }>({
    name: 'item_managers',
    text: `select distinct p.id from person p
             join person_role pr on pr.tenant_id = p.tenant_id and pr.person_id = p.id
             join role r on r.tenant_id = pr.tenant_id and r.id = pr.role_id
             join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id and rp.permission = 'item.manage' and rp.scope = 'all'
           where p.tenant_id = $1 and p.is_active and r.key is distinct from 'administrator' order by p.id limit 20`,
    values: [q.tenantId],
  })
  return rows.map(({ id }) => id)
}

const readableBy = async (
  q: Reader,
  people: ReadonlyMap<string, { readonly id: string; readonly grants: Grants; readonly reach: Reach }>,
  due: readonly Candidate[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const ids = [...new Set(due.map(({ id }) => id))]
  return new Map(
    await Promise.all(
      [...people.values()].map(async (person) => {
        const rights = await rightsOn(q, person, ids, 'item.read')
        return [person.id, new Set(ids.filter((id) => rights.get(id)?.read === true))] as const
      }),
    ),
  )
}

const attributes: readonly EndAttribute[] = ['ends_on', 'warranty_until']

/** For the list in the application, from the entry: what it said when it was told. */
const headline = (data: JsonObject, language: string): string => {
  const { attribute, day, noticeBy: by, automatic, on } = data
  const known = attributes.find((one) => one === attribute)
  if (known === undefined || typeof day !== 'string') return ''
  const ending: Ending = { attribute: known, day, noticeDays: null, automatic: automatic === true }
  const words = sentenceOf(ending, typeof by === 'string' ? by : null, typeof on === 'string' ? on : day).in(
    language,
  )
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
itemsAreToldBy('item.ends', headline)
