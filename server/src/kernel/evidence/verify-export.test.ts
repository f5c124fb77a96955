import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { canonicalJson, isJsonObject, parseJson, type Json, type JsonObject } from './canonical-json.ts'
import { entriesOf, exampleJournal, exampleTenant } from './example-journal.ts'
import { ExportUnreadableError, readExport, writeExport } from './export-format.ts'
import { newSigningKey, verifierKey, verifierKeyText } from './note.ts'
import type { JournalItem } from './sealed-journal.ts'
import { verifyExport } from './verify-export.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)

const journal = exampleJournal([3, 1, 4])
const header = { tenant: journal.tenant, publicKeys: [journal.known] }
const at = <T>(list: readonly T[], index: number): T => {
  const item = list.at(index)
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}

async function exported(items: readonly JournalItem[] = journal.items): Promise<Buffer> {
  const lines: string[] = []
  for await (const line of writeExport(header, items)) lines.push(line)
  return Buffer.from(lines.join(''))
}

async function readBack(file: Uint8Array, chunk = file.length, longestLine?: number): Promise<JournalItem[]> {
  const chunks = Array.from({ length: Math.ceil(file.length / chunk) }, (_, index) =>
    file.subarray(index * chunk, (index + 1) * chunk),
  )
  const { items } = await readExport(chunks, longestLine)
  return Array.fromAsync(items)
}

/** The lines of an export, changed one by one. */
async function edited(change: (line: string, number: number) => string): Promise<Buffer> {
  const lines = (await exported()).toString().trimEnd().split('\n')
  return Buffer.from(`${lines.map((line, index) => change(line, index + 1)).join('\n')}\n`)
}
const onLine =
  (wanted: number, change: (content: JsonObject) => Json) =>
  (line: string, number: number): string => {
    const content = parseJson(line)
    return number === wanted && isJsonObject(content) ? canonicalJson(change(content)) : line
  }
const without =
  (name: string) =>
  (content: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(content).filter(([key]) => key !== name))
const trailerLine = journal.items.length + 2

describe('an export', () => {
  test('is read as it was written, in chunks of any size', async () => {
    const file = await exported([...journal.items, { kind: 'unsealed', count: 2 }])
    const expected = [...journal.items, { kind: 'unsealed', count: 2 }]
    for (const chunk of [1, 7, 64, 1000, file.length])
      expect(await readBack(file, chunk)).toMatchObject(expected)
    expect((await readExport([file])).header).toMatchObject({
      tenant: journal.tenant,
      publicKeys: [{ name: journal.known.name, id: journal.known.id }],
    })
  })

  test('has one line for each thing it says', async () => {
    const lines = (await exported(exampleJournal([1]).items)).toString().split('\n')
    expect(lines.map((line) => line.slice(0, 12))).toEqual([
      '{"format":"e',
      '{"entry":{"a',
      '{"checkpoint',
      '{"entries":1',
      '',
    ])
    expect(lines[0]).toBe(
      `{"format":"evenkeel-journal","publicKeys":["${verifierKeyText(journal.known)}"],"tenant":"${exampleTenant}","version":1}`,
    )
    expect(lines[3]).toBe('{"entries":1,"heads":1,"unsealed":0}')
  })

  test('gives every entry with the text that its hash is of', async () => {
    const read = entriesOf(await readBack(await exported()))
    expect(read.map(({ text }) => text)).toEqual(
      entriesOf(journal.items).map(({ entry }) => canonicalJson(entry)),
    )
  })

  test('is verified with the keys it carries, and says that it was', async () => {
    expect(await verifyExport([await exported()])).toMatchObject({
      ok: true,
      tenant: journal.tenant,
      size: 8,
      heads: 3,
      keysFrom: 'export',
    })
  })

  test('is verified with keys and heads from outside', async () => {
    const outside = { keys: [journal.known], trustedHeads: journal.heads }
    expect(await verifyExport([await exported()], outside)).toMatchObject({
      ok: true,
      keysFrom: 'outside',
      heldAgainst: 8,
    })
    const stranger = verifierKey(journal.known.name, newSigningKey().publicKeyPem)
    expect(await verifyExport([await exported()], { keys: [stranger] })).toMatchObject({
      ok: false,
      fault: { kind: 'unknown_key', first: 0 },
    })
  })

  test('can be of an empty journal', async () => {
    expect(await verifyExport([await exported([])])).toMatchObject({ ok: true, size: 0, heads: 0 })
  })

  test('shows an erased value as erased, and a seal without its entry as deleted', async () => {
    const items = journal.items.map((item): JournalItem =>
      item.kind === 'entry' && item.seq === 3
        ? { ...item, personal: { '/requester/name': 'erased', '/requester/phone': 'erased' } }
        : item,
    )
    expect(await verifyExport([await exported(items)])).toMatchObject({
      ok: true,
      personal: { opened: 4, erased: 2 },
    })
    const gone = journal.items.map((item): JournalItem =>
      item.kind === 'entry' && item.seq === 3 ? { ...item, entry: null } : item,
    )
    expect(await verifyExport([await exported(gone)])).toMatchObject({ fault: { kind: 'deleted', first: 3 } })
  })
})

describe('no change of the file goes unnoticed', () => {
  test('not one of any single byte', async () => {
    const file = await exported()
    // The one figure that nothing seals: how many entries were still waiting.
    const unsealed = file.length - '0}\n'.length
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (place, flip) => {
          fc.pre(place !== unsealed)
          const changed = Buffer.from(file)
          changed[place] = (file[place] ?? 0) ^ flip
          expect(await verifyExport([changed])).toMatchObject({ ok: false })
        },
      ),
      { numRuns },
    )
  })

  test('not one that removes bytes or lines', async () => {
    const file = await exported()
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: file.length - 1 }),
        fc.integer({ min: 1, max: 3000 }),
        async (start, length) => {
          const changed = Buffer.concat([file.subarray(0, start), file.subarray(start + length)])
          expect(await verifyExport([changed])).toMatchObject({ ok: false })
        },
      ),
      { numRuns },
    )
  })

  test('an edit of an entry in the file names the entry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 7 }), async (victim) => {
        const line = journal.items.findIndex((item) => item.kind === 'entry' && item.seq === victim) + 2
        const changed = await edited((text, number) =>
          number === line ? text.replace('again', 'Again') : text,
        )
        expect(await verifyExport([changed])).toMatchObject({ fault: { kind: 'edited', first: victim } })
      }),
      { numRuns: 8 },
    )
  })
})

describe('a file that is no export is refused with its line', () => {
  test.each<[string, (line: string, number: number) => string, number, string]>([
    ['a line that is not JSON', (line, n) => (n === 3 ? line.slice(0, -1) : line), 3, 'is not JSON'],
    ['an empty line', (line, n) => (n === 3 ? '' : line), 3, 'is not JSON'],
    ['a line that is a list', (line, n) => (n === 3 ? '[]' : line), 3, 'is not a JSON object'],
    [
      'a space',
      (line, n) => (n === 3 ? line.replace('":', '": ') : line),
      3,
      'is not in canonical form (RFC 8785)',
    ],
    [
      'a member given twice',
      (line, n) => (n === 3 ? line.replace('{"entry":', '{"entry":1,"entry":') : line),
      3,
      'is not in canonical form',
    ],
    [
      'another spelling of a character',
      (line, n) => (n === 3 ? line.replace('printer', String.raw`\u0070rinter`) : line),
      3,
      'is not in canonical form',
    ],
    [
      'a lone surrogate',
      (line, n) => (n === 3 ? line.replace('printer', String.raw`\ud800rinter`) : line),
      3,
      'holds a lone surrogate',
    ],
    ['a carriage return', (line) => `${line}\r`, 1, 'is not in canonical form'],
    ['another format', onLine(1, (c) => ({ ...c, format: 'csv' })), 1, '/format is not "evenkeel-journal"'],
    [
      'another version',
      onLine(1, (c) => ({ ...c, version: 2 })),
      1,
      '/version is not 1, the only version known',
    ],
    ['a header with more', onLine(1, (c) => ({ ...c, more: 1 })), 1, '/more is not a field of this line'],
    ['a header without keys', onLine(1, without('publicKeys')), 1, '/publicKeys is missing'],
    [
      'a header whose keys are a text',
      onLine(1, (c) => ({ ...c, publicKeys: 'k' })),
      1,
      '/publicKeys is not a list',
    ],
    [
      'a key that is none',
      onLine(1, (c) => ({ ...c, publicKeys: ['k'] })),
      1,
      'the key is not of the form name+id+base64',
    ],
    [
      'a key that is a number',
      onLine(1, (c) => ({ ...c, publicKeys: [1] })),
      1,
      '/publicKeys/0 is not a text',
    ],
    ['a tenant that is a number', onLine(1, (c) => ({ ...c, tenant: 1 })), 1, '/tenant is not a text'],
    ['an entry without its hash', onLine(2, without('leafHash')), 2, '/leafHash is missing'],
    [
      'a hash in capitals',
      onLine(2, (c) => ({ ...c, leafHash: 'A'.repeat(64) })),
      2,
      '/leafHash is not 64 hex digits in lower case',
    ],
    ['an entry without its number', onLine(2, without('seq')), 2, '/seq is missing'],
    ['a number below zero', onLine(2, (c) => ({ ...c, seq: -1 })), 2, '/seq is not a whole number from 0'],
    [
      'a number with a fraction',
      onLine(2, (c) => ({ ...c, seq: 1.5 })),
      2,
      '/seq is not a whole number from 0',
    ],
    ['a number as a text', onLine(2, (c) => ({ ...c, seq: '1' })), 2, '/seq is not a whole number from 0'],
    [
      'an entry line with more',
      onLine(2, (c) => ({ ...c, more: 1 })),
      2,
      '/more is not a field of this line',
    ],
    ['an entry that is none', onLine(2, (c) => ({ ...c, entry: { v: 1 } })), 2, '/entry/tenant is missing'],
    [
      'personal values that are a list',
      onLine(2, (c) => ({ ...c, personal: [] })),
      2,
      '/personal is not an object',
    ],
    [
      'a personal value without salt',
      onLine(2, (c) => ({ ...c, personal: { '/a': { value: 1 } } })),
      2,
      '/personal/~1a/salt is missing',
    ],
    [
      'a salt that is a number',
      onLine(2, (c) => ({ ...c, personal: { '/a': { value: 1, salt: 1 } } })),
      2,
      '/personal/~1a/salt is not a text',
    ],
    [
      'a personal value of another word',
      onLine(2, (c) => ({ ...c, personal: { '/a': 'gone' } })),
      2,
      '/personal/~1a is not an object',
    ],
    ['a head with more', onLine(5, (c) => ({ ...c, more: 1 })), 5, '/more is not a field of this line'],
    ['a head that is a number', onLine(5, () => ({ checkpoint: 1 })), 5, '/checkpoint is not a text'],
    [
      'a wrong count of entries',
      onLine(trailerLine, (c) => ({ ...c, entries: 7 })),
      trailerLine,
      '/entries says 7, and the file holds 8',
    ],
    [
      'a wrong count of heads',
      onLine(trailerLine, (c) => ({ ...c, heads: 4 })),
      trailerLine,
      '/heads says 4, and the file holds 3',
    ],
    [
      'a trailer without the backlog',
      onLine(trailerLine, without('unsealed')),
      trailerLine,
      '/unsealed is missing',
    ],
    ['an object that is no line of an export', onLine(3, () => ({})), 3, '/entries is missing'],
    [
      'lines after the trailer',
      (line, n) => (n === trailerLine ? `${line}\n${line}` : line),
      trailerLine + 1,
      'follows the trailer',
    ],
  ])('%s', async (_, change, line, words) => {
    const verdict = await verifyExport([await edited(change)])
    expect(verdict).toMatchObject({ ok: false, fault: { kind: 'unreadable', line } })
    expect(!verdict.ok && verdict.fault.words).toContain(`line ${line} `)
    expect(!verdict.ok && verdict.fault.words).toContain(words)
  })

  test.each<[string, (file: Buffer) => Uint8Array, number, string]>([
    ['an empty file', () => Buffer.alloc(0), 1, 'is missing: the file is empty'],
    [
      'a file without its trailer',
      (file) => file.subarray(0, file.lastIndexOf('\n{"entries"') + 1),
      trailerLine,
      'is missing: the file ends without its trailer',
    ],
    [
      'a file cut off in a line',
      (file) => file.subarray(0, -1),
      trailerLine,
      'is cut off: it has no newline',
    ],
    [
      'bytes that are not UTF-8',
      (file) => Buffer.concat([file.subarray(0, 3), Buffer.from([0xff]), file.subarray(3)]),
      1,
      'is not UTF-8',
    ],
    ['a byte order mark', (file) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), file]), 1, 'is not JSON'],
  ])('%s', async (_, change, line, words) => {
    expect(await verifyExport([change(await exported())])).toMatchObject({
      fault: { kind: 'unreadable', line, words: expect.stringContaining(words) },
    })
  })

  test('a line beyond the limit, before it is read whole', async () => {
    const file = await exported()
    const longest = Math.max(
      ...file
        .toString()
        .split('\n')
        .map((line) => Buffer.byteLength(line)),
    )
    await expect(readBack(file, 100, longest)).resolves.toHaveLength(journal.items.length + 1)
    await expect(readBack(file, 100, longest - 1)).rejects.toThrow(`is longer than ${longest - 1} bytes`)
    await expect(readBack(file, file.length, longest - 1)).rejects.toThrow(ExportUnreadableError)
    let read = 0
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        read += 1
        yield Buffer.alloc(1000, 'a')
      }
    }
    await expect(readExport(endless(), 10_000)).rejects.toThrow('line 1 is longer than 10000 bytes')
    expect(read).toBe(11)
  })

  test('the entries before it are counted, so that a person knows how far the file was good', async () => {
    const changed = await edited((line, n) => (n === 4 ? 'x' : line))
    expect(await verifyExport([changed])).toMatchObject({
      fault: { kind: 'unreadable', first: 2, last: 2, line: 4 },
    })
  })

  test('what fails for another reason is not called a fault of the file', async () => {
    function* broken(): Generator<Uint8Array> {
      yield Buffer.from('{')
      throw new Error('the disk is gone')
    }
    await expect(verifyExport(broken())).rejects.toThrow('the disk is gone')
  })

  test('a reader may fill the same chunk again', async () => {
    const file = await exported()
    const reused = Buffer.alloc(100)
    function* chunks(): Generator<Uint8Array> {
      for (let start = 0; start < file.length; start += reused.length) {
        const length = file.copy(reused, 0, start, start + reused.length)
        yield reused.subarray(0, length)
      }
    }
    expect(await verifyExport(chunks())).toMatchObject({ ok: true, size: 8 })
  })
})

test('what has no canonical form is not written', async () => {
  const item = at(entriesOf(journal.items), 0)
  const broken = { ...item, entry: item.entry === null ? null : { ...item.entry, data: { a: '\ud800' } } }
  await expect(exported([broken])).rejects.toThrow('/entry/data/a holds a lone surrogate')
})
