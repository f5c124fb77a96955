import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { incidentShape } from '@evenkeel/contract/import-mapping'
import { describe, expect, test } from 'vitest'
import { compileMapping } from './compile.ts'
import { proposeMapping } from './propose.ts'

// No cell of the sample has a quote or a delimiter in it.
const lines = readFileSync(join(import.meta.dirname, '../../../test/samples/incident-log.csv'), 'utf8')
  .trim()
  .split('\n')
const [header = [], ...rows] = lines.map((line) => line.split(','))
const format = { type: 'csv', delimiter: ',', encoding: 'utf-8' } as const
const proposal = proposeMapping({ format, inside: null, header, rows }, 'en')

const proposed = (columns: Readonly<Record<string, readonly string[]>>, language = 'en') => {
  const names = Object.keys(columns)
  const count = Math.max(...Object.values(columns).map(({ length }) => length))
  const cells = Array.from({ length: count }, (_, at) => names.map((name) => columns[name]?.[at] ?? ''))
  return proposeMapping({ format, inside: null, header: names, rows: cells }, language)
}

describe('for a real incident log', () => {
  test('every field that it has gets its column', () => {
    const { fields } = proposal.mapping
    const columns = Object.entries(fields).map(([field, { from }]) => [
      field,
      from.is === 'column' ? from.column : from,
    ])
    expect(Object.fromEntries(columns)).toEqual({
      number: 'number',
      title: { is: 'text', text: '{category} · {subcategory} · {u_symptom}' },
      state: 'incident_state',
      holdReason: 'incident_state',
      impact: 'impact',
      urgency: 'urgency',
      priority: 'priority',
      category: 'category',
      channel: 'contact_type',
      requester: 'caller_id',
      team: 'assignment_group',
      assignee: 'assigned_to',
      raisedBy: 'opened_by',
      updatedBy: 'sys_updated_by',
      createdAt: 'opened_at',
      updatedAt: 'sys_updated_at',
      resolvedAt: 'resolved_at',
      closedAt: 'closed_at',
      resolvedBy: 'resolved_by',
      recordedMissed: 'made_sla',
      recordedReassignments: 'reassignment_count',
      recordedReopens: 'reopen_count',
    })
    expect(fields['state']?.translate).toMatchObject({
      New: 'new',
      Active: 'in_progress',
      'Awaiting User Info': 'on_hold',
      'Awaiting Vendor': 'on_hold',
      'Awaiting Problem': 'on_hold',
      'Awaiting Evidence': 'on_hold',
      Resolved: 'resolved',
      Closed: 'closed',
    })
    expect(fields['holdReason']?.translate).toMatchObject({
      'Awaiting User Info': 'caller',
      'Awaiting Vendor': 'vendor',
      'Awaiting Problem': 'problem',
      Active: null,
    })
    expect(fields['recordedMissed']?.translate).toEqual({ true: 'false', false: 'true' })
  })

  test('times, the unknown and what identifies are found', () => {
    expect(proposal.mapping).toMatchObject({
      source: 'ServiceNow',
      unknown: ['?'],
      times: { format: 'd/M/yyyy HH:mm', zone: 'UTC' },
      record: ['number'],
      update: ['sys_mod_count', 'sys_updated_at'],
      people: { by: 'name' },
    })
    const sentences = proposal.reasons.map(({ field, sentence }) => `${field}: ${sentence}`)
    expect(sentences).toContain('state: nobody can tell what these mean: -100')
    expect(sentences).toContain('times.zone: the file names no time zone; UTC is a guess')
  })

  test('no row is refused, and only the five that say -100 are reported', () => {
    const compiled = compileMapping(proposal.mapping, incidentShape, [], header)
    const translated = rows.map((cells, at) =>
      compiled.ok ? compiled.translate({ line: at + 2, cells }) : undefined,
    )
    expect(translated.flatMap((row) => row?.faults ?? [])).toEqual([])
    expect(
      translated.flatMap((row) => row?.untranslated ?? []).map(({ field, value }) => `${field} ${value}`),
    ).toEqual(Array.from({ length: 5 }, () => 'state -100'))
    expect(new Set(translated.map((row) => row?.recordKey)).size).toBe(65)
    expect(translated.every((row) => row?.at != null)).toBe(true)
  })
})

describe('exports of other desks', () => {
  test.each([
    [
      'Jira',
      {
        'Issue key': ['IT-1', 'IT-2'],
        Summary: ['Mail', 'Print'],
        Status: ['Waiting for customer', 'Done'],
        Priority: ['Highest', 'Low'],
        Created: ['5/Mar/16 1:05 PM', '28/Mar/16 9:00 AM'],
        Reporter: ['rita@example.org', 'jo@example.org'],
        Comment: ['a', ''],
        'Comment (2)': ['b', ''],
      },
      {
        number: 'Issue key',
        title: 'Summary',
        state: 'Status',
        priority: 'Priority',
        createdAt: 'Created',
        requester: 'Reporter',
        comment: 'Comment',
        holdReason: 'Status',
      },
      'd/MMM/yy h:mm a',
    ],
    [
      'Zammad',
      {
        '#': ['31001', '31002'],
        Title: ['Mail', 'Print'],
        State: ['pending reminder', 'open'],
        Priority: ['2 normal', '3 high'],
        Group: ['Users', 'Users'],
        Owner: ['A', 'B'],
        Customer: ['C', 'D'],
        'Created at': ['2016-02-29T01:16:00Z', '2016-03-01T01:16:00Z'],
      },
      {
        number: '#',
        title: 'Title',
        state: 'State',
        priority: 'Priority',
        team: 'Group',
        assignee: 'Owner',
        requester: 'Customer',
        createdAt: 'Created at',
        holdReason: 'State',
      },
      'iso',
    ],
    [
      'Freshservice',
      {
        'Ticket Id': ['1', '2'],
        Subject: ['Mail', 'Print'],
        Status: ['Open', 'Closed'],
        Priority: ['Urgent', 'Low'],
        Source: ['Phone', 'Portal'],
        'Requester Email': ['rita@example.org', 'jo@example.org'],
        'Created Time': ['2016-02-29 01:16:00', '2016-03-01 01:16:00'],
        'Resolution Status': ['SLA Violated', 'Within SLA'],
      },
      {
        number: 'Ticket Id',
        title: 'Subject',
        state: 'Status',
        priority: 'Priority',
        channel: 'Source',
        requester: 'Requester Email',
        createdAt: 'Created Time',
        recordedMissed: 'Resolution Status',
      },
      'iso',
    ],
    [
      undefined,
      {
        Ticketnummer: ['1', '2'],
        Kurzbeschreibung: ['Mail', 'Drucker'],
        Status: ['In Bearbeitung', 'Wartet auf Lieferant'],
        Priorität: ['hoch', 'niedrig'],
        'Zuständige Gruppe': ['Netz', 'Druck'],
        Anrufer: ['Rita Ruf', 'Jo Jung'],
        'Erstellt am': ['29.02.2016 01:16', '01.03.2016 10:00'],
      },
      {
        number: 'Ticketnummer',
        title: 'Kurzbeschreibung',
        state: 'Status',
        priority: 'Priorität',
        team: 'Zuständige Gruppe',
        requester: 'Anrufer',
        createdAt: 'Erstellt am',
        holdReason: 'Status',
      },
      'd.M.yyyy HH:mm',
    ],
  ])('%s', (system, columns, fields, times) => {
    const { mapping } = proposed(columns)
    expect(mapping.source).toBe(system ?? 'import')
    expect(mapping.times.format).toBe(times)
    expect(
      Object.fromEntries(
        Object.entries(mapping.fields).map(([field, { from }]) => [
          field,
          from.is === 'column' && from.column,
        ]),
      ),
    ).toEqual(fields)
    expect(compileMapping(mapping, incidentShape, [], Object.keys(columns)).ok).toBe(true)
  })
})

describe('times', () => {
  const ambiguous = { id: ['1', '2'], title: ['a', 'b'], created: ['03/04/2016 10:00', '05/06/2016 10:00'] }

  test('that can be read in two orders say so', () => {
    expect(proposed(ambiguous).reasons.map(({ sentence }) => sentence)).toContain(
      'every time among the first rows can be read as d/M/yyyy HH:mm and as M/d/yyyy HH:mm; look which one is meant',
    )
  })

  test('are decided by a single row, in whatever column it stands', () => {
    const { mapping, reasons } = proposed({ ...ambiguous, closed: ['', '05/31/2016 10:00'] })
    expect(mapping.times.format).toBe('M/d/yyyy HH:mm')
    expect(reasons.map(({ sentence }) => sentence).join(' ')).not.toContain('look which one')
  })

  test('in another format than the others are left out and named', () => {
    const { mapping, reasons } = proposed({ ...ambiguous, closed: ['2016-02-29', '2016-03-01'] }, 'de')
    expect(mapping.fields['closedAt']).toBeUndefined()
    expect(mapping.times.zone).toBe('Europe/Berlin')
    expect(reasons.find(({ field }) => field === 'times.format')?.sentence).toBe(
      'Zeiten in created sind als d/M/yyyy HH:mm geschrieben; Spalten in anderer Form bleiben weg: closed',
    )
  })
})

test('texts without a title or a time get a title of their beginning, and say what is missing', () => {
  const { mapping, reasons } = proposed({
    Document: ['my mail is gone '.repeat(20), 'short'],
    Topic_group: ['Mail', 'Mail'],
  })
  expect(mapping.fields['title']?.from).toEqual({ is: 'text', text: '{Document|120}' })
  expect(reasons).toContainEqual({
    field: 'createdAt',
    sentence: 'no column looks like it, and every record needs it',
  })
})

test('a file of anything gets a proposal that fits the contract', () => {
  expect(proposed({ x: [] }).mapping.record).toEqual(['x'])
  expect(proposed({ 'a}b': ['\0', '{'], '{': ['1', '2'] }).mapping.record).toEqual(['a}b'])
})

test('a day that never was among many times leaves the column a column of times, in the order that the others have', () => {
  const opened = Array.from({ length: 20 }, (_, day) => `${day + 5}/3/2024 08:00`)
  const { mapping } = proposed({
    number: opened.map((_, at) => `INC${at}`),
    short_description: opened.map((_, at) => `Printer ${at}`),
    opened_at: opened.with(3, '31/2/2024 08:00'),
  })
  expect(mapping.fields['createdAt']?.from).toEqual({ is: 'column', column: 'opened_at' })
  expect(mapping.times.format).toBe('d/M/yyyy HH:mm')
})
