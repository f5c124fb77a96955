import type { InForce } from './item.model.ts'

// What makes the model less than it should be, as conditions on `item r`: the page of its health counts by them, and lists filter by them, so
// that a number leads to as many items.

export const measureKeys = ['incomplete', 'stale', 'orphans', 'duplicates', 'unconfirmed'] as const
export type MeasureKey = (typeof measureKeys)[number]

/** How lists call them. */
export const measureWords: Readonly<Record<MeasureKey, string>> = {
  incomplete: 'incomplete',
  stale: 'stale',
  orphans: 'alone',
  duplicates: 'perhaps there twice',
  unconfirmed: 'not confirmed',
}

/** Only what is in use, or will be, has to be known well. */
export const counts = `r.state not in ('retired', 'disposed')`

/** Contracts, licenses and those they are with are tied to what they are about by attributes: they are not alone without a relation. */
const standsAlone = ({ models }: Pick<InForce, 'models'>): string => {
  const kept = models.all
    .filter(({ key, ancestors, nature }) => nature === 'paper' || [key, ...ancestors].includes('provider'))
    .map(({ key }) => `'${key}'`)
  return kept.length === 0 ? 'true' : `r.class not in (${kept.join(', ')})`
}

/** Names of sources and classes and times are checked where they come in: letters, digits, - and _, and instants. */
export const measureSql = (
  key: MeasureKey,
  force: Pick<InForce, 'models' | 'sources'>,
  now: string,
): string => {
  switch (key) {
    case 'incomplete':
      return `(r.missing > 0 and ${counts})`
    case 'stale': {
      const silent = force.sources.sources.flatMap(({ name, staleAfterDays }) =>
        staleAfterDays === null
          ? []
          : [
              `(s.source = '${name}' and s.seen_at < '${now}'::timestamptz - interval '${staleAfterDays} days')`,
            ],
      )
      return silent.length === 0
        ? 'false'
        : `(${counts} and exists (select from item_source_seen s where s.tenant_id = r.tenant_id and s.item_id = r.id and (${silent.join(' or ')})))`
    }
    case 'orphans':
      return `(${counts} and ${standsAlone(force)}
        and not exists (select from item_relation x where x.tenant_id = r.tenant_id and x.below_id = r.id and x.known_to is null and x.valid_to is null)
        and not exists (select from item_relation x where x.tenant_id = r.tenant_id and x.above_id = r.id and x.known_to is null and x.valid_to is null))`
    case 'duplicates':
      return `(${counts} and (exists (select from item o where o.tenant_id = r.tenant_id and lower(o.name) = lower(r.name) and o.class = r.class and o.id <> r.id
          and o.merged_into_id is null and o.state not in ('retired', 'disposed'))
        or exists (select from item_value v join item_value o on o.tenant_id = v.tenant_id and o.attribute = v.attribute and o.folded = v.folded
          and o.item_id <> v.item_id where v.tenant_id = r.tenant_id and v.item_id = r.id and v.attribute in ('serial', 'asset_tag'))))`
    case 'unconfirmed':
      // Asked once for all items and looked up for each: few items are part of an attestation that is due.
      return `(${counts} and (r.tenant_id, r.id) in (
        select x.tenant_id, x.item_id from item_attestation_item x
          join item_attestation a on a.tenant_id = x.tenant_id and a.id = x.attestation_id
        where (x.answer = 'wrong' or (x.answer is null and (a.state = 'closed' or a.due_at <= '${now}'::timestamptz)))
          and not exists (select from item_attestation_item b where b.tenant_id = x.tenant_id and b.item_id = x.item_id
            and b.answer = 'right' and b.answered_at > coalesce(x.answered_at, a.opened_at))))`
  }
}
