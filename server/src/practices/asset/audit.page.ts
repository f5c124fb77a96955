import {
  auditCaps,
  type AuditExpected,
  type AuditPage,
  type ListedAudit,
} from '@evenkeel/contract/item-audit'
import { fold } from '../../kernel/filter/fold.ts'
import type { AuditOutcome } from '../../kernel/audit/audit.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { inForce } from '../configuration/index.ts'
import { textIn } from './asset.read.ts'
import {
  auditRow,
  auditRows,
  mostListed,
  placesOf,
  seenOf,
  tells,
  type AuditRow,
  type Places,
} from './audit.repo.ts'

const listed = (row: AuditRow, { named }: Places): ListedAudit => ({
  id: row.id,
  name: row.name,
  state: row.state,
  filter: row.filter,
  place: row.placeId === null ? null : placeIn(named, row.placeId),
  openedBy: { id: row.openedBy, name: row.openedByName },
  openedAt: row.openedAt,
  closedBy: row.closedBy === null ? null : { id: row.closedBy, name: row.closedByName ?? '' },
  closedAt: row.closedAt,
  version: row.version,
})

const placeIn = (named: Places['named'], id: string | null): { id: string; name: string } | null => {
  const name = id === null ? undefined : named.get(id)
  return id === null || name === undefined ? null : { id, name }
}

export const listAudits = async (
  database: Database,
  caller: Caller,
): Promise<{ rows: ListedAudit[]; more: boolean }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [rows, places] = await Promise.all([
      auditRows(q, caller, { most: mostListed + 1 }),
      placesOf(q, caller, force),
    ])
    return {
      rows: rows.slice(0, mostListed).map((row) => listed(row, places)),
      more: rows.length > mostListed,
    }
  })
}

const order: readonly AuditOutcome[] = ['missing', 'wrong_place', 'unexpected', 'found']

export const readAudit = async (
  database: Database,
  caller: Caller,
  id: string,
  { outcome }: { readonly outcome?: AuditOutcome | undefined },
): Promise<AuditPage> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const audit = await auditRow(q, caller, id)
    const { items, unread, refs, places, decisions } = await seenOf(q, caller, force, id)
    const count = (one: AuditOutcome): number => items.filter((item) => item.outcome === one).length
    const scanView = (scan: (typeof unread)[number]) => ({
      id: scan.id,
      text: scan.text,
      at: scan.at,
      by: scan.by,
      place: placeIn(places.named, scan.placeId),
    })
    const wanted = items
      .filter((item) => (outcome === undefined ? item.outcome !== 'found' : item.outcome === outcome))
      .flatMap((result) => {
        const item = refs(result.itemId)
        const decided = decisions.get(result.itemId)
        return item === null
          ? []
          : [
              {
                item,
                outcome: result.outcome,
                expectedPlace: placeIn(places.named, result.expectedPlaceId),
                seen: result.seen === null ? null : scanView(result.seen),
                decision:
                  decided === undefined
                    ? null
                    : {
                        decision: decided.decision,
                        by: { id: decided.decidedBy, name: decided.decidedByName },
                        at: decided.decidedAt,
                      },
              },
            ]
      })
      .toSorted(
        (a, b) =>
          order.indexOf(a.outcome) - order.indexOf(b.outcome) || a.item.name.localeCompare(b.item.name),
      )
    return {
      ...listed(audit, places),
      counts: {
        expected: items.length - count('unexpected'),
        missing: count('missing'),
        wrong_place: count('wrong_place'),
        unexpected: count('unexpected'),
        found: count('found'),
        unread: unread.length,
        undecided: items.filter((item) => item.outcome !== 'found' && !decisions.has(item.itemId)).length,
      },
      rows: wanted.slice(0, auditCaps.rows),
      more: wanted.length > auditCaps.rows,
      unread: unread.slice(0, auditCaps.rows).map(scanView),
    }
  })
}

export const readAuditExpected = async (
  database: Database,
  caller: Caller,
  id: string,
): Promise<AuditExpected> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const audit = await auditRow(q, caller, id)
    const { items, rows, places } = await seenOf(q, caller, force, id)
    return {
      id,
      version: audit.version,
      places: [...places.named].map(([placeId, name]) => ({
        id: placeId,
        name,
        inId: placeIn(places.named, places.around.get(placeId) ?? null)?.id ?? null,
      })),
      items: items.flatMap(({ itemId, outcome, expectedPlaceId }) => {
        const row = rows.get(itemId)
        if (row === undefined || outcome === 'unexpected') return []
        const codes = ['asset_tag', 'serial'].flatMap((key) => {
          const text = tells(caller, force, row, key) ? textIn(row, key) : ''
          return text === '' ? [] : [fold(text)]
        })
        return [
          {
            id: itemId,
            name: row.name,
            placeId: placeIn(places.named, expectedPlaceId)?.id ?? null,
            codes: [...new Set(codes)],
          },
        ]
      }),
    }
  })
}
