import { Refusal } from '../../kernel/refusal.ts'
import type { Saying } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'

export type Ref = { readonly id: string; readonly version: number }

/**
 * Ends a stock-taking or an attestation, which its transaction holds, for whoever saw it as it is.
 * @param changed what is said to whoever saw another version
 * @throws Refusal `changed_meanwhile`
 */
export const closeRound = (
  tx: Tx,
  { personId, now }: Caller,
  kind: 'item_audit' | 'item_attestation',
  { id, version }: Ref,
  seen: number,
  changed: Saying,
): Ref => {
  if (version !== seen) throw new Refusal('changed_meanwhile', changed)
  const next = version + 1
  tx.send({
    text: `update ${kind} set state = 'closed', closed_by = $3, closed_at = $4, version = $5 where tenant_id = $1 and id = $2`,
    values: [tx.tenantId, id, personId, now, next],
  })
  tx.journal({ type: `${kind}.closed`, subject: { kind, id }, data: { version: next } })
  return { id, version: next }
}
