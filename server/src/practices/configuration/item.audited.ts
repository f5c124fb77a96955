import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { attributesFor, referenceGrounds, refuseValues, valueGrounds } from './item.check.ts'
import { changeItem, holdItem, jsonOf, saying, storeChanged } from './item.commands.ts'
import { moveLeadsTo, saidByMove } from './item.life.ts'
import { modelOf, type InForce } from './item.model.ts'
import { noChanges } from './item.repo.ts'
import { auditSource } from './item.source-saying.ts'

/** What a stock-taking found of an item: it is at a place, or it is nowhere. */
export type AuditFinding =
  | { readonly is: 'there'; readonly placeId: string }
  | { readonly is: 'gone'; readonly note: string }

/**
 * Says it as the source "audit". What people said before of the same is taken back from now on: whoever counts has seen it, and whoever
 * says something else by hand later is believed again. Other sources keep their word, and may be believed before it.
 * @returns whether it is believed
 * @throws Refusal before anything is written, so that others of the same transaction can go on
 */
export const sayAudited = async (
  tx: Tx,
  force: InForce,
  caller: Caller,
  id: string,
  auditId: string,
  finding: AuditFinding,
): Promise<{ readonly isBelieved: boolean }> => {
  const known = await holdItem(tx, caller, id, undefined)
  const { state, class: klass } = known.row
  const model = modelOf(force.models, klass)
  const attributes = attributesFor(model, caller)
  const found = finding.is === 'there' ? { location: finding.placeId } : {}
  refuseValues(valueGrounds(attributes, found))
  refuseValues(await referenceGrounds(tx, caller, force.models, attributes, found))
  const action = finding.is === 'gone' ? 'report_lost' : state === 'lost' ? 'find_again' : null
  const to =
    action === null
      ? null
      : await moveLeadsTo(tx, caller, known.row, model.nature, action, { values: {}, reasonGiven: true })
  const said = { ...found, ...(to === null ? {} : saidByMove(to)) }
  const taken = Object.fromEntries(Object.keys(said).map((key) => [key, null]))
  const changes = noChanges()
  const { row, changed, isChanged } = changeItem(
    tx,
    force,
    known,
    [
      ...(known.facts.some(({ source }) => source === 'hand')
        ? [saying('hand', caller.personId, caller.now, taken)]
        : []),
      saying(auditSource, caller.personId, caller.now, said),
    ],
    changes,
  )
  const isBelieved =
    (to === null || row.state === to) && (finding.is === 'gone' || row.values['location'] === finding.placeId)
  if (!isChanged) return { isBelieved }
  await storeChanged(tx, force, known.row, row, changes)
  const subject = { kind: 'item', id } as const
  const origin = { source: auditSource, auditId }
  if (to !== null && action !== null)
    tx.journal({
      type: 'item.moved',
      subject,
      data: {
        version: row.version,
        changes: changed,
        action,
        from: state,
        to: row.state,
        note: finding.is === 'gone' ? finding.note : '',
        said: jsonOf(said),
        ...origin,
      },
    })
  else
    tx.journal({
      type: 'item.edited',
      subject,
      data: { version: row.version, changes: changed, said: jsonOf(said), validFrom: caller.now, ...origin },
    })
  return { isBelieved }
}
