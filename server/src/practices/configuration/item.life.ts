import type { ItemState, ItemValue, MoveItem } from '@evenkeel/contract/item'
import { mayAtAll } from '../../kernel/access.ts'
import { decide } from '../../kernel/process.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Saying as Sentence } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Model } from './item-class.model.ts'
import { itemProcess, type ItemFacts } from './item.process.ts'
import { says } from './item.reasons.ts'
import type { ItemRow, Values } from './item.repo.ts'
import { stateIn } from './item.words.ts'

// The life of an item (`item.process.ts`) as commands live it: what its guards look at, whether a move may be made, and what it says.

/**
 * Where a move leads to.
 * @param given said with the move, and looked at by its guards
 * @throws Refusal with every reason why it cannot be made
 */
export const moveLeadsTo = async (
  q: Reader,
  caller: Caller,
  { id, state, values }: ItemRow,
  nature: Model['nature'],
  action: MoveItem['action'],
  given: { readonly values: Values; readonly reasonGiven: boolean },
): Promise<ItemState> => {
  const facts = {
    ...(await itemFacts(q, id, nature, { ...values, ...given.values })),
    reasonGiven: given.reasonGiven,
  }
  const verdict = decide(itemProcess, state, action, facts, (permission) =>
    mayAtAll(caller.grants, permission),
  )
  if (verdict.go) return verdict.to
  throw new Refusal(
    verdict.refusal,
    verdict.reasons.map(({ code }) => ({ code, message: moveReason(code, state, action, facts) })),
  )
}

/** Why a move cannot be made, as somebody reads it. */
export const moveReason = (
  code: string,
  state: ItemState,
  action: MoveItem['action'],
  facts: ItemFacts,
): Sentence => {
  if (code === 'nothing_needs_it') return says('guard.needed', { count: facts.inUseAbove })
  if (code === 'a_thing') return says('guard.thing')
  if (code === 'reason') return says('guard.reason')
  if (code === 'sanitized') return says('guard.sanitized')
  if (code !== 'state') return says('permission', { permission: code })
  const inWords = (one: ItemState): Sentence => ({ key: one, in: (language) => stateIn(one, language) })
  const from = itemProcess.moves[action].from
  return says('state.step', {
    state: inWords(state),
    from: { key: '', in: (language) => from.map((one) => stateIn(one, language)).join(', ') },
  })
}

const sanitization = [
  'sanitized_by_method',
  'sanitized_on',
  'sanitized_by',
  'sanitization_certificate',
] as const

/** What a move says of an item. What is used again bears data again: it is sanitized anew before it leaves. */
export const saidByMove = (to: ItemState): Record<string, ItemValue | null> => ({
  ...(to === 'in_use' ? Object.fromEntries(sanitization.map((key) => [key, null])) : {}),
  state: to,
})

/** How it was sanitized is on record, completely. */
const isSanitized = (values: Values): boolean => sanitization.every((key) => values[key] !== undefined)

/** What the guards of moves look at, as far as the item itself says it; whoever moves it gives the reason. */
export const itemFacts = async (
  q: Reader,
  id: string,
  nature: Model['nature'],
  values: Values,
): Promise<Omit<ItemFacts, 'reasonGiven'>> => {
  const { above, data } = await q.one<{ above: number; data: boolean }>({
    name: 'item_needed_by',
    // Data that was on it once is there until it is sanitized, whatever is said of it now.
    text: `select (select count(distinct x.above_id)::int from item_relation x
             join item a on a.tenant_id = $1 and a.id = x.above_id and a.state in ('in_use', 'in_repair') and a.merged_into_id is null
           where x.tenant_id = $1 and x.below_id = $2 and x.known_to is null and x.valid_to is null
             and x.type in ('depends_on', 'runs_on', 'hosted_in')) as above,
           exists (select from item_fact f where f.tenant_id = $1 and f.item_id = $2 and f.known_to is null
             and (f.values -> 'patient_data' = 'true'::jsonb or f.values -> 'cardholder_data' = 'true'::jsonb)) as data`,
    values: [q.tenantId, id],
  })
  return { isThing: nature === 'thing', inUseAbove: above, boreData: data, sanitized: isSanitized(values) }
}
