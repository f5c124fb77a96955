import { asWritten, type Saying } from '../../kernel/language/saying.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { says } from './record.reasons.ts'

/** Somebody's last change of a field since a version. */
export type Touch = { readonly by: string | null; readonly at: string }

/** A field that somebody wants to change: what it holds now and what they want, as the field's values. */
export type Wish = {
  /** As the journal names it: the column, or `custom.<key>`. */
  readonly column: string
  /** As the request names it. */
  readonly field: string
  readonly theirs: unknown
  readonly yours: unknown
  /** Says what happened where "set it to" would not. */
  readonly say?: (by: string | Saying) => Saying
  /** Both values in words, where the field does not tell how. */
  readonly shown?: { readonly theirs: Saying; readonly yours: Saying }
}

/** A value in words for people; names instead of ids. */
export type Show = (field: string, value: unknown) => Saying | Promise<Saying>

/**
 * Field-level merge: who saw an older version may still change what nobody else touched since. What somebody did touch is a conflict
 * that shows both values, unless both wanted the same.
 *
 * @throws Refusal `changed_meanwhile` naming the fields; `malformed` for a version that never was.
 */
export const mergeOrRefuse = async (
  q: Reader,
  record: { readonly id: string; readonly version: number },
  seen: number,
  wishes: readonly Wish[],
  show: Show = shown,
): Promise<void> => {
  if (seen === record.version) return
  if (seen > record.version) throw new Refusal('malformed', says('version.none', { version: seen }))
  const conflicts = conflictsIn(await touchedSince(q, record.id, seen), wishes)
  if (conflicts.length === 0) return
  throw new Refusal(
    'changed_meanwhile',
    await Promise.all(
      conflicts.map(async ({ wish, touch }) => {
        const [theirs, yours] = await Promise.all([
          wish.shown?.theirs ?? show(wish.field, wish.theirs),
          wish.shown?.yours ?? show(wish.field, wish.yours),
        ])
        const by = touch.by ?? says('system')
        return {
          code: 'changed_meanwhile',
          field: wish.field,
          message:
            wish.say?.(by) ??
            says('conflict', { by, theirs: quoted(wish.theirs, theirs), yours: quoted(wish.yours, yours) }),
          theirs,
          yours,
        }
      }),
    ),
  )
}

/** Pure: wishes for fields that somebody else touched and that now hold something else than what is wanted. */
const conflictsIn = (
  touched: ReadonlyMap<string, Touch>,
  wishes: readonly Wish[],
): { readonly wish: Wish; readonly touch: Touch }[] =>
  wishes.flatMap((wish) => {
    const touch = touched.get(wish.column)
    return touch === undefined || same(wish.theirs, wish.yours) ? [] : [{ wish, touch }]
  })

/** The fields changed by versions after `seen`, each with who changed it last. */
export const touchedSince = async (
  q: Reader,
  recordId: string,
  seen: number,
): Promise<ReadonlyMap<string, Touch>> => {
  // Only the names of fields are read: values that are personal stand behind commitments, and what holds now is in the row itself.
  const rows = await q.rows<{ column: string; by: string | null; at: string }>({
    text: `select k as column, p.name as by, j.at from journal j
           cross join lateral jsonb_object_keys(j.data->'changes') k
           left join person p on p.tenant_id = j.tenant_id and p.id = coalesce(j.on_behalf_of, j.actor_id)
           where j.tenant_id = $1 and j.subject_id = $2 and (j.data->>'version')::integer > $3
             and jsonb_typeof(j.data->'changes') = 'object'
           order by j.id`,
    values: [q.tenantId, recordId, seen],
  })
  return new Map(rows.map(({ column, by, at }) => [column, { by, at }]))
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const quoted = (value: unknown, text: Saying): Saying =>
  typeof value === 'string' && value !== '' ? says('quoted', { text }) : text

const shown: Show = (_, value) => {
  if (value === null || value === undefined || value === '') return says('nothing')
  if (typeof value !== 'string') return asWritten(JSON.stringify(value))
  return asWritten(value.length > 200 ? `${value.slice(0, 200)}…` : value)
}
export { shown as showPlainly }
