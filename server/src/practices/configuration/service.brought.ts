import type { ItemState } from '@evenkeel/contract/item'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Named, ToMake } from '../people/index.ts'
import { addItem, changeItem, saying } from './item.commands.ts'
import { inForceAt } from './item.model.ts'
import { lockItems, noChanges, storeItems, type ItemRow } from './item.repo.ts'
import { storeService } from './service.repo.ts'

export const findServicesNamed = (q: Reader, values: readonly string[]): Promise<Named[]> =>
  q.rows({
    text: `select v.value, s.id, s.is_active as "isActive", false as several
           from unnest($2::text[]) v (value) join service s on s.tenant_id = $1 and lower(s.name) = lower(v.value)`,
    values: [q.tenantId, values],
  })

/** Services that a file names, supported by one team until somebody says otherwise; each is an item too. */
export const makeServices = async (
  tx: Tx,
  services: readonly ToMake[],
  supportTeamId: string,
  importId: string,
): Promise<void> => {
  if (services.length === 0) return
  const force = await inForceAt(tx, tx.author.now)
  const changes = noChanges()
  const rows = services.map(({ id, value }) =>
    addItem(
      tx,
      force,
      {
        id,
        class: 'business_service',
        name: value,
        values: { support_team: supportTeamId },
        state: 'in_use',
        source: 'import',
        saidBy: null,
        validFrom: tx.author.now,
        more: { importId },
      },
      changes,
    ),
  )
  storeItems(tx, changes)
  for (const row of rows) await storeService(tx, null, row, { importId })
}

/** Retires or brings back services, with the import that does it. */
export const turnServices = async (
  tx: Tx,
  ids: readonly string[],
  isActive: boolean,
  importId: string,
): Promise<void> => {
  const turned = await tx.rows<{ id: string }>({
    text: 'select id from service where tenant_id = $1 and id = any($2) and is_active <> $3',
    values: [tx.tenantId, ids, isActive],
  })
  if (turned.length === 0) return
  const force = await inForceAt(tx, tx.author.now)
  const known = await lockItems(
    tx,
    turned.map(({ id }) => id),
  )
  const state: ItemState = isActive ? 'in_use' : 'retired'
  const changes = noChanges()
  const services: [ItemRow, ItemRow][] = []
  for (const item of known.values()) {
    // Whoever said the state last is corrected: the import takes back, or brings back, what it was the one to make.
    const source = item.facts.some((fact) => fact.source === 'hand') ? 'hand' : 'import'
    const said = saying(source, null, tx.author.now, { state })
    const { row, changed } = changeItem(tx, force, item, [said], changes)
    services.push([item.row, row])
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id: row.id },
      data: {
        version: row.version,
        changes: changed,
        said: { state },
        source,
        validFrom: tx.author.now,
        importId,
      },
    })
  }
  storeItems(tx, changes)
  for (const [before, after] of services) await storeService(tx, before, after, { importId })
}
