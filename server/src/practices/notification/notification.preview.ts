import type { Saying } from '../../kernel/language/saying.ts'
import type { NotificationPolicy } from '@evenkeel/contract/notification'
import type { PolicyPreview } from '@evenkeel/contract/policy'
import { may } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { entriesAt, type StoredEntry } from '../../platform/journal/position.ts'
import { offerPolicy, type PolicyOffer } from '../../platform/policy/policy.routes.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { accessRows } from '../record/index.ts'
import { noticesOf, type Notice } from './notification.decide.ts'
import { faultSaying } from '../../kernel/filter/language.ts'
import { faultsIn } from './notification.fields.ts'
import { factsFor } from './notification.facts.ts'
import { notificationPolicy } from './notification.policy.ts'
import { tellingFor, type Telling } from './notification.telling.ts'
import { says } from './notification.reasons.ts'

const mostExamples = 50
const batch = 500

/** The policy as administration offers it, with what publishing another version would change. */
export const notificationPolicies = (tellings: readonly Telling[]): readonly PolicyOffer[] => [
  offerPolicy(notificationPolicy, (database, caller, document, last) =>
    preview(database, caller, tellings, document, last),
  ),
]

/**
 * Tells the last entries once more, by the version in force and by this one, to the people of today: who would hear of more, of less, or
 * elsewhere. Nobody is told.
 */
const preview = async (
  database: Database,
  caller: Caller,
  tellings: readonly Telling[],
  document: NotificationPolicy,
  last: number,
): Promise<PolicyPreview> => {
  mustKnow(tellings, document)
  return read(database, caller.tenantId, async (q) => {
    const current = (await policyAt(q, notificationPolicy, caller.now)).document
    const entries = await lastEntries(q, [...typesIn(current), ...typesIn(document)], last)
    const differing: Difference[] = []
    let [more, less] = [0, 0]
    for (let at = 0; at < entries.length; at += batch) {
      // Old or not, a mail is a mail here.
      const facts = await factsFor(q, tellings, entries.slice(at, at + batch), '')
      for (const event of facts.events.values()) {
        const [before, after] = [current, document].map((policy) => noticesOf(policy, event, facts.people))
        const gained = added(before ?? [], after ?? [])
        const lost = added(after ?? [], before ?? [])
        if (gained.length + lost.length === 0) continue
        more += gained.length
        less += lost.length
        const [first] = event
        if (first !== undefined)
          differing.push({ entryId: first.entryId, before: told(lost), after: told(gained) })
      }
    }
    return {
      sentence: says('preview', {
        examined: String(entries.length),
        more: String(more),
        fewer: String(less),
      }).in(caller.language),
      examined: entries.length,
      changed: differing.length,
      examples: await exampled(q, caller, tellings, entries, differing.slice(0, mostExamples)),
    }
  })
}

type Difference = { readonly entryId: string; readonly before: Saying; readonly after: Saying }

/** Refuses rules about entries that nobody can tell of, and about fields that there are not: they would be silent for ever. */
const mustKnow = (tellings: readonly Telling[], document: NotificationPolicy): void => {
  const reasons = document.rules.flatMap((rule, index) =>
    rule.on
      .filter((type) => tellingFor(tellings, type) === undefined)
      .map((type) => ({
        code: 'entry_type',
        field: `document.rules.${index}.on`,
        message: says('entryType', { type }),
      }))
      .concat(
        faultsIn(rule).map((fault) => ({
          code: 'filter',
          field: `document.rules.${index}.when`,
          message: faultSaying(fault),
        })),
      ),
  )
  if (reasons.length > 0) throw new Refusal('invalid', reasons)
}

const typesIn = (policy: NotificationPolicy): string[] => policy.rules.flatMap((rule) => rule.on)

/** Oldest first. Nobody is told of what an import brings, so no rule changes that. */
const lastEntries = async (q: Reader, types: readonly string[], last: number): Promise<StoredEntry[]> => {
  const rows = await q.rows<{ id: string }>({
    text: `select id from journal where tenant_id = $1 and type = any($2) and via <> 'import' order by id desc limit $3`,
    values: [q.tenantId, types, last],
  })
  return entriesAt(q, rows.map((row) => row.id).toReversed())
}

/** Each channel counts for itself: a mail instead of a line is one more and one fewer. */
const channelsOf = (notices: readonly Notice[]): ReadonlyMap<string, Notice> =>
  new Map(
    notices.flatMap((notice) => [
      ...(notice.inApplication ? [[`${notice.personId} application`, notice] as const] : []),
      ...(notice.mail ? [[`${notice.personId} mail`, notice] as const] : []),
    ]),
  )

const added = (before: readonly Notice[], after: readonly Notice[]): readonly [string, Notice][] => {
  const had = channelsOf(before)
  return [...channelsOf(after)].filter(([key]) => !had.has(key))
}

const told = (notices: readonly (readonly [string, Notice])[]): Saying => {
  const rules = new Set(notices.map(([, notice]) => notice.rule))
  return notices.length === 0
    ? says('preview.none')
    : says('preview.by', { count: notices.length, rules: [...rules].join(', ') })
}

/** Records that the caller may read; the others are counted only. */
const exampled = async (
  q: Reader,
  caller: Caller,
  tellings: readonly Telling[],
  entries: readonly StoredEntry[],
  differing: readonly Difference[],
): Promise<PolicyPreview['examples']> => {
  const { language } = caller
  const recordOf = new Map(entries.map((entry) => [entry.id, entry.subject_id]))
  const ids = differing.flatMap(({ entryId }) => recordOf.get(entryId) ?? [])
  const [rows, access] = await Promise.all([
    q.rows<{ id: string; kind: string; number: string; title: string }>({
      text: 'select id, kind, number, title from record where tenant_id = $1 and id = any($2)',
      values: [q.tenantId, ids],
    }),
    accessRows(q, ids),
  ])
  const readable = new Map(
    rows
      .filter(({ id, kind }) => {
        const [row, telling] = [access.get(id), tellings.find((one) => one.kind === kind)]
        return (
          row !== undefined && telling !== undefined && may(caller.grants, telling.read, caller.reach, row)
        )
      })
      .map((row) => [row.id, row]),
  )
  return differing.flatMap(({ entryId, before, after }) => {
    const record = readable.get(recordOf.get(entryId) ?? '')
    if (record === undefined) return []
    const { id, number, title } = record
    return [
      {
        id,
        number,
        title,
        before: says('preview.without', { notices: before }).in(language),
        after: says('preview.with', { notices: after }).in(language),
      },
    ]
  })
}
