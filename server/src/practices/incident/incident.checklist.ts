import { asWritten } from '../../kernel/language/saying.ts'
import type { ChecklistItem } from '@evenkeel/contract/checklist'
import { longestChecklist } from '@evenkeel/contract/choices'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { hold, mustFit, type Sheet } from './incident.command.ts'
import { says } from './incident.reasons.ts'
import { templateToUse } from './incident.templates.ts'

type Row = {
  readonly id: string
  readonly text: string
  readonly position: number
  readonly done_by: string | null
  readonly done_by_name: string | null
  readonly done_at: string | null
  readonly version: number
}

const select = `select c.id, c.text, c.position, c.done_by, p.name as done_by_name, c.done_at, c.version
  from checklist_item c left join person p on p.tenant_id = c.tenant_id and p.id = c.done_by`

const viewOf = (row: Row): ChecklistItem => ({
  id: row.id,
  text: row.text,
  done:
    row.done_by === null || row.done_at === null
      ? null
      : { by: { id: row.done_by, name: row.done_by_name ?? '' }, at: row.done_at },
  version: row.version,
})

/** The checklist of a record, in its order; whether this reader may see it is for who asks to decide. */
export const checklistOf = async (q: Reader, recordId: string): Promise<ChecklistItem[]> => {
  const rows = await q.rows<Row>({
    name: 'checklist_of',
    text: `${select} where c.tenant_id = $1 and c.record_id = $2 order by c.position, c.id limit ${longestChecklist}`,
    values: [q.tenantId, recordId],
  })
  return rows.map(viewOf)
}

/** Rows and words of new items, from a position on; told with one entry. */
export const insertChecklist = (
  tx: Tx,
  recordId: string,
  addedBy: string,
  texts: readonly string[],
  from: number,
): ChecklistItem[] =>
  texts.map((text, index) => {
    const id = uuidv7()
    tx.insert('checklist_item', {
      tenant_id: tx.tenantId,
      id,
      record_id: recordId,
      text,
      position: from + index,
      added_by: addedBy,
      created_at: tx.author.now,
    })
    return { id, text, done: null, version: 1 }
  })

const placesOn = (tx: Tx, recordId: string) =>
  tx.one<{ count: number; last: number }>({
    name: 'checklist_count',
    text: `select count(*)::int as count, coalesce(max(position), -1) as last from checklist_item where tenant_id = $1 and record_id = $2`,
    values: [tx.tenantId, recordId],
  })

export const addToChecklist = (
  database: Database,
  caller: Caller,
  id: string,
  texts: readonly string[],
  once: OnceStore | null,
): Promise<{ items: ChecklistItem[] }> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.edit')
    mustFit(sheet, 'edit')
    const { count, last } = await placesOn(tx, id)
    if (count + texts.length > longestChecklist)
      throw invalid('items', says('checklist.most', { most: longestChecklist, count }))
    const items = insertChecklist(tx, id, caller.personId, texts, last + 1)
    sheet.enter({
      type: 'incident.checklist_added',
      data: { items: [...texts], itemIds: items.map((item) => item.id) },
      personal: ['/items'],
    })
    sheet.finish()
    const answer = { items }
    once?.remember(tx, 201, answer)
    return answer
  })

/**
 * What a template sets out to do goes on the checklist as it stands now; the entry says which version that was. The rows are there at
 * once: a later step of the same macro may tick them.
 */
export const addFromTemplate = async (sheet: Sheet, caller: Caller, templateId: string): Promise<void> => {
  mustFit(sheet, 'edit')
  const { tx, id } = sheet
  const [{ name, version, document }, { count, last }] = await Promise.all([
    incidentTemplate(tx, caller, templateId),
    placesOn(tx, id),
  ])
  const texts = document.checklist ?? []
  if (texts.length === 0) throw invalid('templateId', says('checklist.noneIn', { name }))
  if (count + texts.length > longestChecklist)
    throw invalid('templateId', says('checklist.most', { most: longestChecklist, count }))
  const itemIds = texts.map(() => uuidv7())
  tx.send({
    name: 'checklist_from_template',
    text: `insert into checklist_item (tenant_id, id, record_id, text, position, added_by, created_at)
           select $1, item.id, $2, item.text, $3 + item.place, $4, $5
           from unnest($6::uuid[], $7::text[]) with ordinality as item (id, text, place)`,
    values: [tx.tenantId, id, last, caller.personId, tx.author.now, itemIds, texts],
  })
  sheet.enter({
    type: 'incident.checklist_added',
    data: { items: [...texts], itemIds, templateId, templateVersion: version },
    personal: ['/items'],
  })
}

const incidentTemplate = async (tx: Tx, caller: Caller, templateId: string) => {
  try {
    return await templateToUse(tx, caller, templateId, 'incident')
  } catch (error) {
    // To the macro it is a value that does not hold, not a thing that was asked for.
    if (error instanceof Refusal && error.code === 'not_found')
      throw invalid('templateId', says('checklist.noTemplate'))
    throw error
  }
}

/** Ticks what says this, or takes the tick back; what is so already stays with whoever was first. */
export const tickNamed = async (
  sheet: Sheet,
  caller: Caller,
  { text, done }: { readonly text: string; readonly done: boolean },
): Promise<void> => {
  mustFit(sheet, 'edit')
  const { tx, id } = sheet
  const rows = await tx.rows<Pick<Row, 'id' | 'text' | 'done_by'>>({
    name: 'checklist_named',
    text: `select id, text, done_by from checklist_item
           where tenant_id = $1 and record_id = $2 and lower(text) = lower($3) order by position, id`,
    values: [tx.tenantId, id, text],
  })
  if (rows.length === 0)
    throw new Refusal('not_ready', [
      { code: 'checklist_item', field: 'text', message: says('checklist.noItem', { text }) },
    ])
  for (const row of rows) if ((row.done_by !== null) !== done) tickRow(sheet, caller, row, done)
}

const tickRow = (
  sheet: Sheet,
  caller: Caller,
  { id: itemId, text }: { readonly id: string; readonly text: string },
  done: boolean,
): void => {
  const { tx, id } = sheet
  tx.send({
    name: 'checklist_tick',
    text: 'update checklist_item set done_by = $4, done_at = $5 where tenant_id = $1 and record_id = $2 and id = $3',
    values: [tx.tenantId, id, itemId, done ? caller.personId : null, done ? tx.author.now : null],
  })
  sheet.enter({
    type: done ? 'incident.checklist_ticked' : 'incident.checklist_unticked',
    data: { itemId, text },
    personal: ['/text'],
  })
}

/** Locks the incident, and with it its checklist; an item of another record is one that does not exist. */
const holdItem = async (tx: Tx, caller: Caller, id: string, itemId: string) => {
  const sheet = await hold(tx, caller, id, 'incident.edit')
  mustFit(sheet, 'edit')
  const row = await tx.maybe<Row>({
    name: 'checklist_item',
    text: `${select} where c.tenant_id = $1 and c.record_id = $2 and c.id = $3`,
    values: [tx.tenantId, id, itemId],
  })
  return { sheet, row }
}

export const editChecklistItem = (
  database: Database,
  caller: Caller,
  { id, itemId }: { readonly id: string; readonly itemId: string },
  seen: number,
  text: string,
): Promise<{ id: string; version: number }> =>
  write(database, caller, async (tx) => {
    const { sheet, row } = await holdItem(tx, caller, id, itemId)
    if (row === undefined) throw new Refusal('not_found')
    if (seen > row.version) throw new Refusal('malformed', says('version.none', { version: seen }))
    if (row.text === text) return { id: itemId, version: row.version }
    if (seen < row.version)
      throw new Refusal('changed_meanwhile', [
        {
          code: 'changed_meanwhile',
          field: 'text',
          message: says('checklist.changed'),
          theirs: asWritten(row.text),
          yours: asWritten(text),
        },
      ])
    const version = row.version + 1
    tx.send({
      name: 'checklist_edit',
      text: 'update checklist_item set text = $4, version = $5 where tenant_id = $1 and record_id = $2 and id = $3',
      values: [tx.tenantId, id, itemId, text, version],
    })
    sheet.enter({
      type: 'incident.checklist_edited',
      data: { itemId, before: row.text, text },
      personal: ['/before', '/text'],
    })
    sheet.finish()
    return { id: itemId, version }
  })

/** Ticks an item, or takes the tick back. Who was first keeps the tick: two people who tick at once agree. */
export const tickChecklistItem = (
  database: Database,
  caller: Caller,
  { id, itemId }: { readonly id: string; readonly itemId: string },
  done: boolean,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const { sheet, row } = await holdItem(tx, caller, id, itemId)
    if (row === undefined) throw new Refusal('not_found')
    if ((row.done_by !== null) === done) return
    tickRow(sheet, caller, row, done)
    sheet.finish()
  })

/** Takes an item off. What it said stays in the journal. */
export const removeChecklistItem = (
  database: Database,
  caller: Caller,
  { id, itemId }: { readonly id: string; readonly itemId: string },
): Promise<void> =>
  write(database, caller, async (tx) => {
    const { sheet, row } = await holdItem(tx, caller, id, itemId)
    if (row === undefined) throw new Refusal('not_found')
    tx.send({
      name: 'checklist_remove',
      text: 'delete from checklist_item where tenant_id = $1 and record_id = $2 and id = $3',
      values: [tx.tenantId, id, itemId],
    })
    sheet.enter({
      type: 'incident.checklist_removed',
      data: { itemId, text: row.text },
      personal: ['/text'],
    })
    sheet.finish()
  })
