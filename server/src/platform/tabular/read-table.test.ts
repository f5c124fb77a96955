import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { FileFormat } from '@evenkeel/contract/import-mapping'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zipOf } from '../../../test/archive.ts'
import { lookAt } from './look.ts'
import { openTable } from './read-table.ts'
import { FileFault, limits, type TabularSource } from './table.ts'

const inPieces = function* (bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const stored = (content: string | Buffer, size = 65_536): TabularSource => {
  const bytes = Buffer.from(content)
  return {
    sizeBytes: bytes.length,
    open: () => Promise.resolve(Readable.from(inPieces(bytes, size), { objectMode: false })),
  }
}
const csv = (change: Partial<FileFormat & { type: 'csv' }> = {}): FileFormat => ({
  type: 'csv',
  delimiter: ',',
  encoding: 'utf-8',
  ...change,
})
const jsonl: FileFormat = { type: 'jsonl' }
const read = async (source: TabularSource, format: FileFormat = csv(), inside: string | null = null) => {
  const { header, rows } = await openTable(source, format, inside)
  return { header, rows: (await Array.fromAsync(rows)).flat() }
}
const cellsOf = async (...asked: Parameters<typeof read>): Promise<(readonly string[])[]> => {
  const { header, rows } = await read(...asked)
  return [header, ...rows.map(({ cells }) => cells)]
}
/** Reads and keeps nothing. */
const drained = async (source: TabularSource): Promise<void> => {
  for await (const _ of (await openTable(source, csv(), null)).rows);
}
const faultOf = async (work: Promise<unknown>): Promise<string> => {
  const fault: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(fault instanceof FileFault)) throw new Error('it was not refused', { cause: fault })
  return fault.saying.in('en')
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

describe('encodings', () => {
  const text = 'id,name\n1,Žofie – 5 € 😀\n'
  test.each<[string, Buffer, FileFormat, string]>([
    ['UTF-8', Buffer.from(text), csv(), 'Žofie – 5 € 😀'],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`), csv(), 'Žofie – 5 € 😀'],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le'), csv({ encoding: 'utf-16le' }), 'Žofie – 5 € 😀'],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), csv({ encoding: 'utf-16le' }), 'Žofie – 5 € 😀'],
    ['UTF-16 the other way', utf16be(`\ufeff${text}`), csv({ encoding: 'utf-16be' }), 'Žofie – 5 € 😀'],
    [
      'Windows-1252',
      Buffer.from('id,name\n1,\x8e\x96\x80\xfc\n', 'latin1'),
      csv({ encoding: 'windows-1252' }),
      'Ž–€ü',
    ],
    [
      'ISO 8859-15',
      Buffer.from('id,name\n1,\xb4\xa4\xfc\n', 'latin1'),
      csv({ encoding: 'iso-8859-15' }),
      'Ž€ü',
    ],
  ])('%s is known and read, whatever piece a character is cut by', async (_, bytes, format, name) => {
    expect((await lookAt(stored(bytes))).format).toEqual(format)
    for (const size of [1, 2, 3, 7, 65_536])
      expect(await cellsOf(stored(bytes, size), format)).toEqual([
        ['id', 'name'],
        ['1', name],
      ])
  })

  test('what is none of the encoding is a fault that names the line, wherever the pieces end', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,name\n1,Žofie\n2,Ren'),
      Buffer.from([0xe9]),
      Buffer.from('\n3,x\n'),
    ])
    for (const size of [1, 2, 5, 13, 65_536])
      expect(await faultOf(read(stored(bytes, size)))).toBe(
        'from line 3 on this is not UTF-8; perhaps it is Windows-1252',
      )
    expect(await faultOf(read(stored('\ufeffid\n1\n'), csv({ encoding: 'windows-1252' })))).toBe(
      'the file begins with the mark of UTF-8, so it is not Windows-1252',
    )
  })

  test('any text comes through in any encoding that has its characters, cut anywhere', async () => {
    const cell = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', ''))
    const encodings = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be')
    await fc.assert(
      fc.asyncProperty(cell, encodings, fc.integer({ min: 1, max: 9 }), async (text, encoding, size) => {
        const written = `\ufeffa,b\n"${text.replaceAll('"', '""')}",x\n`
        const bytes =
          encoding === 'utf-8'
            ? Buffer.from(written)
            : encoding === 'utf-16le'
              ? Buffer.from(written, 'utf16le')
              : utf16be(written)
        expect((await cellsOf(stored(bytes, size), csv({ encoding })))[1]).toEqual([text, 'x'])
      }),
    )
  })
})

describe('a CSV', () => {
  test('keeps line breaks, quotes and formulas as text; rows keep their lines and their own number of cells', async () => {
    const { header, rows } = await read(
      stored('id,what,what\r\n1,"two\r\nlines, ""quoted""",=1+1\n\n2,short\n3,a,b,c\n'),
    )
    expect(header).toEqual(['id', 'what', 'what (2)'])
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, '1', 'two\r\nlines, "quoted"', '=1+1'],
      [5, '2', 'short'],
      [6, '3', 'a', 'b', 'c'],
    ])
  })

  test.each([
    [';', 'id;name;text\n1;a, b, c;x\n2;d, e, f;y\n'],
    ['\t', 'id\tname\n1\ta;b\n2\tc\n'],
    ['|', 'id|name\n1|a\n'],
    [',', 'id\n1\n2\n'],
  ] as const)('is looked at for its delimiter: %s', async (delimiter, text) => {
    expect((await lookAt(stored(text))).format).toEqual(csv({ delimiter }))
  })

  test('comes in chunks, tells how far it is, and stops when it is told to', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `${index},${'x'.repeat(50)}`)
    const source = stored(`id,text\n${rows.join('\n')}\n`, 8192)
    const chunks = await Array.fromAsync((await openTable(source, csv(), null)).rows)
    expect(chunks.flat()).toHaveLength(5000)
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(1300)
    expect(chunks.at(-1)?.at(-1)).toMatchObject({ line: 5001, bytesRead: source.sizeBytes })
    const stop = new AbortController()
    const stopped = (async () => {
      const { rows: left } = await openTable(source, csv(), null, stop.signal)
      for await (const _ of left) stop.abort(new Error('enough'))
    })()
    await expect(stopped).rejects.toThrow('enough')
  })

  test.each([
    [
      'cut in a quoted cell',
      'id,text\n1,"and then',
      'the file ends inside a quoted cell that began in line 2: it may have been cut off',
    ],
    [
      'with a word behind a quote',
      'id,text\n1,"a" b\n',
      'in line 2 something follows a closing quote; a quote inside a cell is written twice',
    ],
    [
      'with a NUL',
      'id,text\n1,a\n2,b\0c\n',
      'line 3 holds a NUL character: this is no text, or another encoding',
    ],
    [
      'of ten thousand columns',
      Array.from({ length: 10_000 }, (_, at) => `c${at}`).join(','),
      'the row in line 1 has more than 1,000 columns',
    ],
    ['of nothing', '', 'the file is empty'],
    ['of line ends', '\n\r\n\n', 'the file is empty'],
  ])('%s is refused', async (_, text, sentence) => {
    expect(await faultOf(read(stored(text)))).toBe(sentence)
  })

  test('of a header alone has nothing to propose from', async () => {
    expect(await faultOf(lookAt(stored('id,name\n')))).toBe('the file has a header and no rows')
    expect(await cellsOf(stored('id,name\n'))).toEqual([['id', 'name']])
  })

  test.each(['x', '"x'])(
    'with a line of a gigabyte (%s) is left after a few megabytes of it',
    async (start) => {
      let pulled = 0
      const line = function* (): Generator<Buffer> {
        const piece = Buffer.alloc(65_536, 'x')
        yield Buffer.from(`id,text\n1,${start}`)
        while (pulled < 2 ** 30) {
          pulled += piece.length
          yield piece
        }
      }
      const source: TabularSource = {
        sizeBytes: 2 ** 30,
        open: () => Promise.resolve(Readable.from(line(), { objectMode: false })),
      }
      expect(await faultOf(read(source))).toMatch(/^the row in line 2 is longer than 4,000,000 characters/)
      expect(pulled).toBeLessThan(2 * limits.row)
    },
  )
})

describe('what is no table says what it is, whatever its name', () => {
  test.each([
    [
      'a picture',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'this is a picture (PNG), not a table',
    ],
    ['a photograph', Buffer.from('ffd8ffe000104a464946', 'hex'), 'this is a picture (JPEG), not a table'],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj'), 'this is a PDF document, not a table'],
    [
      'an old workbook',
      Buffer.from('d0cf11e0a1b11ae10000', 'hex'),
      'this is a document of an old office program; saved as .xlsx or CSV it can be read, not a table',
    ],
    [
      'a page of a sign-in',
      Buffer.from('<!DOCTYPE html><title>Sign in</title>'),
      'this is a web page; often the page of a sign-in that stood before the download, not a table',
    ],
    [
      'an XML export',
      Buffer.from('\ufeff<?xml version="1.0"?><unload/>'),
      'this is an XML document; most systems can export CSV instead, not a table',
    ],
    [
      'noise',
      Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 32)),
      'this is no text: it has control characters, not a table',
    ],
    [
      'a list of JSON',
      Buffer.from('[{"id": 1}, {"id": 2}]'),
      'this is one JSON list; JSON Lines has one object per line, without brackets around them, not a table',
    ],
    [
      'a document of JSON',
      Buffer.from('{\n  "id": 1\n}\n'),
      'this is one JSON document; JSON Lines has one object per line, not a table',
    ],
  ])('%s', async (_, bytes, sentence) => {
    expect(await faultOf(lookAt(stored(bytes)))).toBe(sentence)
  })

  test('text that begins like a picture is text', async () => {
    expect((await lookAt(stored('BMI,name\n20,x\n'))).header).toEqual(['BMI', 'name'])
    expect((await lookAt(stored('MZ;Gerät\n20;x\n'))).header).toEqual(['MZ', 'Gerät'])
    expect(await faultOf(read(stored(Buffer.from('89504e470d0a1a0a', 'hex'))))).toContain('picture')
  })
})

describe('JSON Lines', () => {
  test('become rows: objects in objects are columns, lists are texts, numbers keep their digits', async () => {
    const lines = [
      { id: 'INC1', caller: { name: 'Rita', tags: ['a', 'b'] }, open: true, gone: null },
      { id: 'INC2', caller: { name: 'Jo' }, list: [{ x: 1 }] },
    ].map((one) => JSON.stringify(one))
    const source = stored(`${lines[0]}\n\n${lines[1]}\n{"id":12345678901234567890}\n`)
    expect((await lookAt(source)).format).toEqual(jsonl)
    const { header, rows } = await read(source, jsonl)
    expect(header).toEqual(['id', 'caller.name', 'caller.tags', 'open', 'gone', 'list'])
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'INC1', 'Rita', 'a, b', 'true', '', ''],
      [3, 'INC2', 'Jo', '', '', '', '[{"x":1}]'],
      [4, '12345678901234567890', '', '', '', '', ''],
    ])
  })

  test('name the keys that the first rows did not have', async () => {
    const lines = Array.from({ length: limits.lookRows }, (_, id) => JSON.stringify({ id }))
    const { rows } = await read(stored(`${lines.join('\n')}\n{"id":1,"late":2}`), jsonl)
    expect(rows.at(-1)).toMatchObject({ cells: ['1'], beyond: ['late'] })
  })

  test.each([
    ['{"id":1}\n{"id":', 'line 2 is not a JSON object'],
    ['{"id":1}\n7\n', 'line 2 is not a JSON object'],
    [
      `{"id":"${'x'.repeat(limits.row)}"}`,
      'the row in line 1 is longer than 4,000,000 characters; perhaps a quote is open or the delimiter another one',
    ],
  ])('%s', async (text, sentence) => {
    expect(await faultOf(read(stored(text), jsonl))).toBe(sentence)
  })
})

describe('a zip', () => {
  const table = 'id,name\n1,Rita\n'

  test('is read as the file in it, and of several one is chosen', async () => {
    const one = stored(
      zipOf([
        { name: 'export/log.csv', data: table },
        { name: '__MACOSX/._log.csv', data: 'x' },
      ]),
    )
    expect(await lookAt(one)).toMatchObject({
      inside: null,
      parts: ['export/log.csv'],
      header: ['id', 'name'],
    })
    expect(await cellsOf(one)).toEqual([
      ['id', 'name'],
      ['1', 'Rita'],
    ])
    const several = stored(
      zipOf([
        { name: 'readme.md', data: '# x' },
        { name: 'a.csv', data: table },
      ]),
    )
    expect(await lookAt(several)).toMatchObject({ inside: 'a.csv', parts: ['readme.md', 'a.csv'] })
    expect(await faultOf(read(several))).toBe('the zip has several files: choose one')
    expect(await faultOf(read(several, csv(), 'b.csv'))).toBe('the zip has no file “b.csv”')
    expect(await cellsOf(several, csv(), 'a.csv')).toEqual([
      ['id', 'name'],
      ['1', 'Rita'],
    ])
  })

  test('larger than what is held of it is read by its parts', async () => {
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at * 31 + at) % 251)).toString(
      'hex',
    )
    const rows = Array.from({ length: 60 }, (_, at) => `${at},${noise.slice(at)}`)
    const large = zipOf([
      { name: 'a.csv', data: table },
      ...rows.map((data, at) => ({ name: `pad${at}.txt`, data })),
    ])
    const source = stored(large)
    expect(await cellsOf(source, csv(), 'a.csv')).toEqual([
      ['id', 'name'],
      ['1', 'Rita'],
    ])
    const ranges: number[] = []
    const ranged: TabularSource = {
      ...source,
      openAt: (start, end) => {
        ranges.push(start)
        return Promise.resolve(
          Readable.from(inPieces(large.subarray(start, end), 65_536), { objectMode: false }),
        )
      },
    }
    expect(await cellsOf(ranged, csv(), 'a.csv')).toEqual([
      ['id', 'name'],
      ['1', 'Rita'],
    ])
    expect(ranges.length).toBeGreaterThan(0)
  })

  test.each([
    [
      'a path outside',
      [{ name: '../../etc/passwd', data: table }],
      'the zip names a file outside of itself: “../../etc/passwd”',
    ],
    [
      'an absolute path',
      [{ name: '/etc/passwd', data: table }],
      'the zip names a file outside of itself: “/etc/passwd”',
    ],
    ['a drive', [{ name: 'C:\\x.csv', data: table }], 'the zip names a file outside of itself: “C:\\x.csv”'],
    [
      'a link',
      [{ name: 'a.csv', data: '/etc/passwd', link: true }],
      '“a.csv” in the zip is a link, not a file',
    ],
    [
      'something encrypted',
      [{ name: 'a.csv', data: table, encrypted: true }],
      '“a.csv” in the zip is encrypted',
    ],
    [
      'an archive',
      [{ name: 'b.zip', data: 'x' }],
      '“b.zip” in the zip is an archive itself; unpack it first',
    ],
    [
      'an archive by another name',
      [{ name: 'b.csv', data: zipOf([{ name: 'a.csv', data: table }]) }],
      '“b.csv” in the zip is an archive itself; unpack it first',
    ],
    [
      'a picture',
      [{ name: 'a.csv', data: Buffer.from('89504e470d0a1a0a', 'hex') }],
      'this is a picture (PNG), not a table',
    ],
    [
      'less than it says',
      [{ name: 'a.csv', data: table, says: 999 }],
      '“a.csv” is not as large as the zip says',
    ],
    [
      'more than it says',
      [{ name: 'a.csv', data: table, says: 3 }],
      '“a.csv” is not as large as the zip says',
    ],
    ['nothing', [], 'the zip has no file in it'],
    [
      'a bomb',
      [{ name: 'a.csv', data: Buffer.alloc(limits.unpackedFreely + 1, 'x') }],
      '“a.csv” unpacks to more than 200 times its size: that is no table',
    ],
    [
      'a small file that says it is endless',
      [{ name: 'a.csv', data: table, says: 4_000_000_000 }],
      '“a.csv” unpacks to more than 200 times its size: that is no table',
    ],
  ])('with %s is refused', async (_, contents, sentence) => {
    expect(await faultOf(read(stored(zipOf(contents))))).toBe(sentence)
  })

  test('that was cut off or damaged is refused', async () => {
    const zip = zipOf([{ name: 'a.csv', data: `id,name\n${'1,Rita\n'.repeat(500)}` }])
    expect(await faultOf(read(stored(zip.subarray(0, zip.length - 30))))).toBe(
      'the file ends too early: it may have been cut off',
    )
    const damaged = Buffer.from(zip)
    damaged.writeUInt8(damaged.readUInt8(60) ^ 0x55, 60)
    expect(await faultOf(read(stored(damaged)))).toMatch(/^the file is damaged|too early|not as large/)
  })
})

describe('a gzip', () => {
  test('is read as what is in it', async () => {
    const source = stored(gzipSync('id,name\n1,Rita\n'))
    expect(await lookAt(source)).toMatchObject({ format: csv(), header: ['id', 'name'] })
    expect(await cellsOf(source)).toEqual([
      ['id', 'name'],
      ['1', 'Rita'],
    ])
  })

  test('that was cut off, damaged, or made to grow is refused', async () => {
    const noise = Array.from({ length: 20_000 }, (_, at) => `${at},${(at * at * 7919) % 100_003}`).join('\n')
    const packed = gzipSync(`id,name\n${noise}\n`)
    expect(await faultOf(read(stored(packed.subarray(0, packed.length - 100))))).toBe(
      'the file ends too early: it may have been cut off',
    )
    const damaged = Buffer.from(packed)
    damaged.fill(0xaa, 5000, 5040)
    expect(await faultOf(read(stored(damaged)))).toMatch(/^the file is damaged/)
    const bomb = gzipSync(`1,${'x'.repeat(1021)}\n`.repeat(limits.unpackedFreely / 1024 + 1000))
    expect(await faultOf(drained(stored(bomb)))).toBe(
      '“.gz” unpacks to more than 200 times its size: that is no table',
    )
  })
})

test('whatever is broken in a file, it is a table or a fault that can be read', async () => {
  const table = `id,name\n${'1,"Rita, Ruf"\n'.repeat(60)}`
  const whole = [
    zipOf([{ name: 'a.csv', data: table }]),
    gzipSync(table),
    Buffer.from(table),
    Buffer.from('{"id":1}\n'),
  ]
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...whole),
      fc.array(change, { maxLength: 4 }),
      fc.nat(),
      async (file, changes, end) => {
        const bytes = Buffer.from(file.subarray(0, file.length - (end % 3 === 0 ? end % file.length : 0)))
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        const look = await lookAt(stored(bytes)).catch((error: unknown) => error)
        if (look instanceof FileFault) expect(look.saying.in('de')).not.toBe('')
        else expect(look).toHaveProperty('header')
      },
    ),
    { numRuns: 400 },
  )
})

describe('a file that was opened is closed', () => {
  const table = `id,name\n${'1,Rita\n'.repeat(30_000)}`
  const counted = (bytes: Buffer) => {
    const open = new Set<Readable>()
    const source: TabularSource = {
      sizeBytes: bytes.length,
      open: () => {
        const stream = Readable.from(inPieces(bytes, 4096), { objectMode: false })
        open.add(stream)
        stream.once('close', () => open.delete(stream))
        return Promise.resolve(stream)
      },
    }
    return { open, source }
  }
  const all = [
    ['a text', Buffer.from(table), csv()],
    ['JSON Lines', Buffer.from('{"id":1}\n'.repeat(30_000)), jsonl],
    ['a zip', zipOf([{ name: 'a.csv', data: table }]), csv()],
    ['a gzip', gzipSync(table), csv()],
    ['a picture', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50_000)]), csv()],
    ['a damaged text', Buffer.from(`${table}"${'x'.repeat(9)}" y\n${table}`), csv()],
    ['noise', Buffer.alloc(50_000, 1), csv()],
  ] as const

  test.each(all)('%s: looked at, opened and left, read to its end', async (_, bytes, format) => {
    const { open, source } = counted(bytes)
    const quietly = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: unknown) => expect(error).toBeInstanceOf(FileFault))
      await expect.poll(() => open.size).toBe(0)
    }
    await quietly(() => lookAt(source))
    await quietly(async () => {
      const { rows } = await openTable(source, format, null)
      await rows[Symbol.asyncIterator]().return?.()
    })
    await quietly(async () => {
      for await (const chunk of (await openTable(source, format, null)).rows) if (chunk.length > 0) break
    })
    await quietly(() => read(source, format))
  })
})

test('the sample is read whole', async () => {
  const { header, rows } = await read(
    stored(await readFile(join(import.meta.dirname, '../../../test/samples/incident-log.csv'))),
  )
  expect(header).toHaveLength(36)
  expect(rows).toHaveLength(332)
  expect(new Set(rows.map(({ cells }) => cells.length))).toEqual(new Set([36]))
})
