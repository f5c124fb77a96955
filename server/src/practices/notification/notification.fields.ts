import { holdReasons } from '@evenkeel/contract/choices'
import type { NoticeRule } from '@evenkeel/contract/notification'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { bindFilter } from '../../kernel/filter/bind.ts'
import { fieldsOf, type Fields, type Names } from '../../kernel/filter/fields.ts'
import type { Fault } from '../../kernel/filter/messages.ts'
import { predicateOf, type Facts, type Predicate } from '../../kernel/filter/predicate.ts'
import { routingContext } from '../routing/index.ts'
import type { Happening } from './notification.decide.ts'

const nobody: Names = { idOf: () => undefined, nameOf: () => undefined }

/** What a rule about who is told may look at: the record as it is now, and what has just happened to it. */
export const noticeFields = (teams: Names = nobody, services: Names = nobody): Fields =>
  fieldsOf([
    {
      name: 'priority',
      label: 'priority',
      type: 'ordered choice',
      choices: ['1', '2', '3', '4', '5'].map((value) => ({ value, label: value })),
    },
    { name: 'team', label: 'team', type: 'reference', names: teams },
    { name: 'service', label: 'service', type: 'reference', names: services },
    { name: 'assignee', label: 'assignee', type: 'reference' },
    { name: 'confidential', label: 'confidential', type: 'boolean' },
    { name: 'by_caller', label: 'done by somebody it happens to', type: 'boolean' },
    { name: 'given', label: 'just given to who has it now', type: 'boolean' },
    { name: 'new_team', label: 'just come to the team', type: 'boolean' },
    { name: 'moved', label: 'moved to another state by it', type: 'boolean' },
    { name: 'priority_raised', label: 'raised in priority by it', type: 'boolean' },
    {
      name: 'waits_for',
      label: 'what it was just put on hold for',
      type: 'choice',
      choices: holdReasons.map((value) => ({ value, label: value.replace('_', ' ') })),
    },
  ])

/** Ids stand in a rule's filter, so that deciding by it needs no names. */
const fields = noticeFields()
// No field of a notice is a time, and nobody asks.
const context = routingContext('1970-01-01T00:00:00.000Z')
const understood = new WeakMap<NoticeRule, Predicate>()

/** Pure: whether what a rule asks besides holds. A rule that names what there is not holds for nothing; publishing it is refused. */
export const holdsFor = (rule: NoticeRule, happening: Happening): boolean => {
  let predicate = understood.get(rule)
  if (predicate === undefined) {
    const binding = bindFilter(rule.when, fields)
    predicate = binding.ok ? predicateOf(binding.bound) : () => false
    understood.set(rule, predicate)
  }
  return predicate(factsOf(happening), context)
}

/** What is wrong with a rule's condition. */
export const faultsIn = (rule: NoticeRule): readonly Fault[] => {
  const binding = bindFilter(rule.when, fields)
  return binding.ok ? [] : binding.faults
}

const factsOf = (happening: Happening): Facts => {
  const { data, record } = happening
  const priority = changeOf(data, 'priority')
  const hold = changeOf(data, 'hold_reason')?.to
  return {
    priority: String(record.priority),
    team: record.teamId,
    service: record.serviceId,
    assignee: record.assigneeId,
    confidential: record.confidential,
    by_caller: isByCaller(happening),
    // Whoever had it in between and has it no longer is not told that it is theirs.
    given: [changeOf(data, 'assignee_id')?.to, data['personId']].includes(record.assigneeId),
    new_team: changeOf(data, 'team_id')?.to === record.teamId,
    moved: changeOf(data, 'state') !== undefined,
    priority_raised:
      typeof priority?.from === 'number' && typeof priority.to === 'number' && priority.to < priority.from,
    waits_for: typeof hold === 'string' ? hold : null,
  }
}

const isByCaller = ({ actors, parties }: Happening): boolean =>
  [...actors].some((actor) => parties.requester.has(actor) || parties.affected.has(actor))

const changeOf = (
  data: JsonObject,
  column: string,
): { readonly from: Json; readonly to: Json } | undefined => {
  const { changes } = data
  const change = isJsonObject(changes) && Object.hasOwn(changes, column) ? changes[column] : undefined
  return isJsonObject(change) ? { from: change['from'] ?? null, to: change['to'] ?? null } : undefined
}
