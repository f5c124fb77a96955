import {
  auditCaps,
  type AuditExpected,
  type AuditInList,
  type AuditPage,
  type AuditRow as AuditReportRow,
  type AuditScan,
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
  progressOf,
  seenOf,
  tells,
  type AuditRow,
  type KeptScan,
  type Places,
  type Seen,
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
): Promise<{ rows: AuditInList[]; more: boolean }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [rows, places] = await Promise.all([
      auditRows(q, caller, { most: mostListed + 1 }),
      placesOf(q, caller, force),
    ])
    const shown = rows.slice(0, mostListed)
    const progress = await progressOf(
      q,
      caller,
      shown.map(({ id }) => id),
    )
    return {
      rows: shown.map((row) => ({
        ...listed(row, places),
        ...(progress.get(row.id) ?? { expected: 0, seen: 0 }),
      })),
      more: rows.length > mostListed,
    }
  })
}

const order: readonly AuditOutcome[] = ['missing', 'wrong_place', 'unexpected', 'found']

const scanView = (scan: KeptScan, { named }: Places): AuditScan => ({
  id: scan.id,
  text: scan.text,
  at: scan.at,
  by: scan.by,
  place: placeIn(named, scan.placeId),
})

/** Each item with what came of it and what was decided: what is missing first. */
export const auditedRows = ({ items, refs, places, decisions }: Seen): AuditReportRow[] =>
  items
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
              seen: result.seen === null ? null : scanView(result.seen, places),
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
      (a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || a.item.name.localeCompare(b.item.name),
    )

export const readAudit = async (
  database: Database,
  caller: Caller,
  id: string,
  { outcome }: { readonly outcome?: AuditOutcome | undefined },
): Promise<AuditPage> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const audit = await auditRow(q, caller, id)
    const seen = await seenOf(q, caller, force, id)
    const { items, unread, places, decisions } = seen
    const count = (one: AuditOutcome): number => items.filter((item) => item.outcome === one).length
    const wanted = auditedRows(seen).filter((row) =>
      outcome === undefined ? row.outcome !== 'found' : row.outcome === outcome,
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
      unread: unread.slice(0, auditCaps.rows).map((scan) => scanView(scan, places)),
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
      name: audit.name,
      state: audit.state,
      version: audit.version,
      places: [...places.named].map(([placeId, name]) => ({
        id: placeId,
        name,
        inId: placeIn(places.named, places.around.get(placeId) ?? null)?.id ?? null,
      })),
      items: items.flatMap(({ itemId, outcome, expectedPlaceId, seen }) => {
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
            seen:
              seen === null
                ? null
                : { placeId: placeIn(places.named, seen.placeId)?.id ?? null, at: seen.at },
          },
        ]
      }),
    }
  })
}
