import { Refusal } from '../../kernel/refusal.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Saying } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { rightsOn } from '../configuration/index.ts'
import { itemsAreToldBy, tellOfItems, toldByMail, type ItemNotice } from '../notification/index.ts'
import { queueMail, rightsOf } from '../people/index.ts'
import { dayAt } from './asset.end.ts'
import { zoneOf } from './asset.read.ts'
import { says } from './attestation.reasons.ts'
import { attestationRow } from './attestation.repo.ts'

const peopleAtOnce = 50
/** More than this is one number in a telling all the same; it only bounds what is looked at to tell it. */
const itemsLookedAt = 500
const day = 86_400_000

type Asked = { readonly id: string; readonly name: string; readonly dueAt: string; readonly openedAt: string }

/** The last occasion that has come: who was away for the earlier ones hears of none of them twice. */
export const occasionAt = ({ dueAt, openedAt }: Pick<Asked, 'dueAt' | 'openedAt'>, now: string): string => {
  const [due, opened, at] = [Date.parse(dueAt), Date.parse(openedAt), Date.parse(now)]
  if (at >= due) return 'due'
  if (at >= due - day && opened < due - day) return 'day'
  if (at >= due - 7 * day && opened < due - 7 * day) return 'week'
  return 'asked'
}

/** Asks and reminds those who look after items without an answer: each occasion once, whoever runs this and however often. */
export const tellOfAttestations = async (database: Database, author: Author): Promise<void> => {
  const open = await read(database, author.tenantId, (q) =>
    q.rows<Asked>({
      name: 'item_attestations_open',
      text: `select id, name, due_at as "dueAt", opened_at as "openedAt" from item_attestation
             where tenant_id = $1 and state = 'open' order by due_at`,
      values: [q.tenantId],
    }),
  )
  for (const one of open) await tellAll(database, author, one, occasionAt(one, author.now))
}

/** Somebody reminds by hand: whoever heard of it today already is left alone. */
export const remindAttestation = async (
  database: Database,
  caller: Caller,
  id: string,
): Promise<{ told: number }> => {
  const { asked, today } = await read(database, caller.tenantId, async (q) => {
    const [row, zone] = await Promise.all([attestationRow(q, caller, id), zoneOf(q)])
    return { asked: row, today: dayAt(caller.now, zone) }
  })
  if (asked.state !== 'open') throw new Refusal('not_allowed_here', says('closed'))
  return { told: await tellAll(database, caller, asked, `hand-${today}`) }
}

const tellAll = async (
  database: Database,
  author: Author,
  asked: Asked,
  occasion: string,
): Promise<number> => {
  let told = 0
  for (;;) {
    const batch = await write(database, author, (tx) => tellSome(tx, asked, occasion))
    told += batch.told
    if (batch.seen < peopleAtOnce) return told
  }
}

type Due = { readonly personId: string; readonly itemIds: readonly string[] }

const tellSome = async (
  tx: Tx,
  asked: Asked,
  occasion: string,
): Promise<{ readonly seen: number; readonly told: number }> => {
  const { id, name, dueAt } = asked
  const isByHand = occasion.startsWith('hand-')
  const due = await tx.rows<Due>({
    name: 'item_attestation_to_tell',
    text: `select r.owner_id as "personId", (array_agg(r.id order by lower(r.name)))[1:$4] as "itemIds"
           from item_attestation a
             join item_attestation_item x on x.tenant_id = $1 and x.attestation_id = a.id and x.answer is null
             join item r on r.tenant_id = $1 and r.id = x.item_id and r.merged_into_id is null
           where a.tenant_id = $1 and a.id = $2 and a.state = 'open' and r.owner_id is not null
             and not exists (select from item_attestation_told t where t.tenant_id = $1 and t.attestation_id = $2 and t.person_id = r.owner_id
               and (t.occasion = $3 or ($6 and t.told_at > $7::timestamptz - interval '1 day')))
           group by r.owner_id order by r.owner_id limit $5`,
    values: [tx.tenantId, id, occasion, itemsLookedAt, peopleAtOnce, isByHand, tx.author.now],
  })
  if (due.length === 0) return { seen: 0, told: 0 }
  const kept = await tx.rows<{ id: string }>({
    text: `insert into item_attestation_told (tenant_id, attestation_id, person_id, occasion, told_at)
             select $1, $2, unnest($3::uuid[]), $4, $5 on conflict do nothing returning person_id as id`,
    values: [tx.tenantId, id, due.map(({ personId }) => personId), occasion, tx.author.now],
  })
  const ours = new Set(kept.map((one) => one.id))
  const people = await rightsOf(tx, [...ours])
  const hearers = await Promise.all(
    due.map(async ({ personId, itemIds }) => {
      const person = people.get(personId)
      // Who left, or may not see them, hears nothing; the page says that nobody was told.
      if (person === undefined || !person.isActive) return null
      const rights = await rightsOn(tx, person, itemIds, 'item.read')
      const seen = itemIds.filter((one) => rights.get(one)?.read === true)
      return seen[0] === undefined ? null : { person, first: seen[0], count: seen.length }
    }),
  )
  const notices: ItemNotice[] = []
  const byEntry = new Map<string, { readonly count: number; readonly personId: string }>()
  for (const hearer of hearers) {
    if (hearer === null) continue
    const { person, first, count } = hearer
    const entryId = tx.journal({
      type: 'item_attestation.told',
      subject: { kind: 'item_attestation', id },
      data: { attestationId: id, name, dueAt, occasion, count, personId: person.id },
    })
    byEntry.set(entryId, { count, personId: person.id })
    notices.push({
      personId: person.id,
      itemId: first,
      entryId,
      entryType: 'item_attestation.told',
      kind: 'ends',
      rule: 'attestation',
      because: 'You get this because you look after items that somebody has to confirm.',
    })
  }
  const mailed = await tellOfItems(tx, notices)
  const tenant = await tx.one<{ name: string }>({
    text: 'select name from tenant where id = $1',
    values: [tx.tenantId],
  })
  for (const { notice, id: noticeId } of mailed) {
    const person = people.get(notice.personId)
    const count = byEntry.get(notice.entryId)?.count ?? 0
    if (person === undefined) continue
    const mailId = queueMail(tx, null, {
      kind: 'items_attest',
      personId: person.id,
      to: { name: person.name, address: person.email },
      language: person.language,
      tenantName: tenant.name,
      entryId: notice.entryId,
      link: null,
      expiresAt: null,
      lines: [`${name}: ${sentenceOf(occasion, dayAt(dueAt, person.timeZone), count).in(person.language)}`],
    })
    toldByMail(tx, [noticeId], mailId)
  }
  return { seen: due.length, told: byEntry.size }
}

const sentenceOf = (occasion: string, on: string, count: number): Saying =>
  occasion === 'due'
    ? says('told.due', { count })
    : says(occasion === 'asked' ? 'told.asked' : 'told.again', { day: on, count })

/** For the list in the application, from the entry: what it said when it was told. */
const headline = (data: JsonObject, language: string): string => {
  const { occasion, dueAt, count } = data
  if (typeof occasion !== 'string' || typeof dueAt !== 'string' || typeof count !== 'number') return ''
  return sentenceOf(occasion, dueAt.slice(0, 10), count).in(language)
}
itemsAreToldBy('item_attestation.told', headline)
