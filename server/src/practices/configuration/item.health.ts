import type { SayHealth } from '@evenkeel/contract/item'
import { invalid } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { holdItem, type Ref } from './item.commands.ts'
import { says } from './item.reasons.ts'
import { rewrite } from '../../kernel/bitemporal/rewrite.ts'

type Row = {
  readonly id: string
  readonly health: string
  readonly reason: string
  readonly saidBy: string | null
  readonly from: string
  readonly to: string | null
  readonly knownFrom: string
}
type Document = Pick<Row, 'health' | 'reason' | 'saidBy'>

const same = (one: Document, other: Document): boolean =>
  one.health === other.health && one.reason === other.reason && one.saidBy === other.saidBy

/** Says how an item itself is, from now on and until it is said otherwise or the time is over. */
export const sayItemHealth = async (
  database: Database,
  caller: Caller,
  id: string,
  { health, reason, until }: SayHealth,
): Promise<Ref> => {
  const to = until === undefined ? null : new Date(until).toISOString()
  if (to !== null && to <= caller.now) throw invalid('until', says('time.past'))
  return write(database, caller, async (tx) => {
    const { row } = await holdItem(tx, caller, id, undefined)
    const rows = await tx.rows<Row>({
      text: `select id, health, reason, said_by as "saidBy", valid_from as "from", valid_to as "to", known_from as "knownFrom"
             from item_health where tenant_id = $1 and item_id = $2 and known_to is null and (valid_to is null or valid_to > $3)
             order by valid_from for update`,
      values: [tx.tenantId, id, caller.now],
    })
    const document: Document = { health, reason, saidBy: caller.personId }
    // What was said before ends here; what is said now holds until it ends, and nothing holds behind it.
    const ended = rewrite(
      rows.map((one) => ({ ...one, document: one })),
      { from: caller.now, to: null },
      () => null,
      same,
    )
    const at = rows.reduce((latest, { knownFrom }) => (knownFrom > latest ? knownFrom : latest), caller.now)
    if (ended.close.length > 0)
      tx.send({
        text: 'update item_health set known_to = $3 where tenant_id = $1 and id = any($2::uuid[])',
        values: [tx.tenantId, ended.close, at],
      })
    const added = [...ended.add, { from: caller.now, to, document }]
    for (const one of added)
      tx.insert('item_health', {
        tenant_id: tx.tenantId,
        id: uuidv7(),
        item_id: id,
        health: one.document.health,
        reason: one.document.reason,
        said_by: one.document.saidBy,
        valid_from: one.from,
        valid_to: one.to,
        known_from: at,
      })
    tx.journal({
      type: 'item.health_said',
      subject: { kind: 'item', id },
      data: { health, reason, until: to },
    })
    return { id, version: row.version }
  })
}
