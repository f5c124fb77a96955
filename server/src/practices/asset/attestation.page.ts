import {
  attestationCaps,
  type AttestationPage,
  type AttestationShow,
  type ListedAttestation,
} from '@evenkeel/contract/item-attestation'
import type { PersonRef } from '@evenkeel/contract/record'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { inForce, itemsAt, refOf, timesOf } from '../configuration/index.ts'
import {
  askedItems,
  askedOwners,
  attestationRow,
  attestationRows,
  type AttestationRow,
} from './attestation.repo.ts'

const mostListed = 200

const personOf = (id: string | null, name: string | null): PersonRef | null =>
  id === null ? null : { id, name: name ?? '' }

const listed = (row: AttestationRow): ListedAttestation => {
  const { id, name, state, filter, dueAt, openedAt, closedAt, version } = row
  const { items, right, wrong, waiting, mine, nobody } = row
  return {
    id,
    name,
    state,
    filter,
    dueAt,
    openedBy: { id: row.openedBy, name: row.openedByName },
    openedAt,
    closedBy: personOf(row.closedBy, row.closedByName),
    closedAt,
    version,
    counts: { items, right, wrong, waiting, mine, nobody },
  }
}

export const listAttestations = (
  database: Database,
  caller: Caller,
): Promise<{ rows: ListedAttestation[]; more: boolean }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await attestationRows(q, caller, { most: mostListed + 1 })
    return { rows: rows.slice(0, mostListed).map(listed), more: rows.length > mostListed }
  })

export const readAttestation = async (
  database: Database,
  caller: Caller,
  id: string,
  { show }: { readonly show?: AttestationShow | undefined },
): Promise<AttestationPage> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [attestation, asked, owners] = await Promise.all([
      attestationRow(q, caller, id),
      askedItems(q, caller, id, { show }, attestationCaps.rows + 1),
      askedOwners(q, caller, id),
    ])
    const rows = await itemsAt(
      q,
      asked.map(({ itemId }) => itemId),
      timesOf({}, caller.now),
      force,
    )
    const isOpen = attestation.state === 'open'
    return {
      ...listed(attestation),
      rows: asked.slice(0, attestationCaps.rows).flatMap((one) => {
        const row = rows.get(one.itemId)
        return row === undefined
          ? []
          : [
              {
                item: refOf(row, force, caller.language),
                owner: personOf(one.ownerId, one.ownerName),
                answer: one.answer,
                note: one.note,
                answeredBy: personOf(one.answeredBy, one.answeredByName),
                answeredAt: one.answeredAt,
                mayAnswer: isOpen && (one.act || one.ownerId === caller.personId),
              },
            ]
      }),
      more: asked.length > attestationCaps.rows,
      owners: owners.map(({ ownerId, ownerName, items, answered, toldAt }) => ({
        owner: personOf(ownerId, ownerName),
        items,
        answered,
        toldAt,
      })),
    }
  })
}
