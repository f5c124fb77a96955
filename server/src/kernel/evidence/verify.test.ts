import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from './canonical-json.ts'
import { originOf, signCheckpoint } from './checkpoint.ts'
import { restorePersonal } from './commitment.ts'
import {
  entriesOf,
  exampleEntry,
  exampleJournal,
  exampleKey,
  exampleTenant,
  type ExampleJournal,
} from './example-journal.ts'
import { faultKinds } from './fault.ts'
import { leafHash, type JournalEntry } from './leaf.ts'
import { appended, emptyFrontier, hexOf, leafHashOf, rootOf } from './merkle.ts'
import { newSigningKey, signingKey } from './note.ts'
import { inSealOrder, type JournalItem, type SealedEntry } from './sealed-journal.ts'
import { verifyJournal, type Verdict, type VerifyOptions } from './verify.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 50)

const verify = (
  journal: ExampleJournal,
  items: Iterable<JournalItem>,
  options: Partial<VerifyOptions> = {},
): Promise<Verdict> => verifyJournal(items, { tenant: journal.tenant, keys: [journal.known], ...options })

/** A sealed journal of a few batches, and one of its entries to attack. */
const attacked = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat())
  .map(([batches, a, b]) => {
    const journal = exampleJournal(batches)
    const lines = entriesOf(journal.items)
    const size = lines.length
    return { journal, lines, size, victim: a % size, other: b % size, batch: batchAround(journal, a % size) }
  })

/** The numbers between the heads around an entry: as near as the heads alone can tell. */
const batchAround = ({ heads }: ExampleJournal, seq: number): { first: number; last: number } => ({
  first: heads.findLast(({ size }) => size <= seq)?.size ?? 0,
  last: (heads.find(({ size }) => size > seq)?.size ?? 0) - 1,
})

/** Stored lines with the stored heads of a journal among them, as the database gives them back. */
async function stored(
  lines: readonly SealedEntry[],
  { items, heads }: ExampleJournal,
): Promise<JournalItem[]> {
  const notes = items.filter((item) => item.kind === 'head')
  const together: JournalItem[] = []
  const rows = heads.map(({ size }, index) => ({ size, checkpoint: notes[index]?.checkpoint ?? '' }))
  for await (const item of inSealOrder(lines, rows)) together.push(item)
  return together
}

const numbered = (line: SealedEntry, seq: number): SealedEntry => ({
  ...line,
  seq,
  entry: line.entry === null ? null : { ...line.entry, seq },
})
const rehashed = (line: SealedEntry): SealedEntry =>
  line.entry === null ? line : { ...line, leafHash: hexOf(leafHash(line.entry)) }
const renumbered = (lines: readonly SealedEntry[]): readonly SealedEntry[] => lines.map(numbered)
const changed = (line: SealedEntry, change: Partial<JournalEntry>): SealedEntry =>
  line.entry === null ? line : { ...line, entry: { ...line.entry, ...change } }
const dataOf = (line: SealedEntry | undefined): JsonObject => line?.entry?.data ?? {}
const foreign = (seq: number): SealedEntry => {
  const entry = { ...exampleEntry(seq, exampleTenant, 'forged').entry, seq }
  return { kind: 'entry', seq, leafHash: hexOf(leafHash(entry)), entry }
}
const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index]
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}

type Attacked = typeof attacked extends fc.Arbitrary<infer Given> ? Given : never

const attack = (predicate: (given: Attacked) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(attacked, predicate), { numRuns })

describe('a journal nobody touched', () => {
  test('is sound, whatever its batches', async () => {
    await attack(async ({ journal, lines, size }) => {
      const root = rootOf(
        appended(
          emptyFrontier,
          lines.map(({ leafHash }) => Buffer.from(leafHash, 'hex')),
        ),
      )
      expect(await verify(journal, journal.items, { trustedHeads: journal.heads })).toEqual({
        ok: true,
        size,
        root: hexOf(root),
        heads: journal.heads.length,
        keys: [`${journal.known.name}+${journal.known.id}`],
        unsealed: 0,
        personal: { opened: 2 * Math.ceil(size / 3), erased: 0, withheld: 0 },
        heldAgainst: size,
      })
      expect(await stored(lines, journal)).toEqual(journal.items)
    })
  })

  test('is sound when it is empty', async () => {
    expect(await verify(exampleJournal([]), [])).toMatchObject({
      ok: true,
      size: 0,
      heads: 0,
      heldAgainst: null,
    })
  })

  test('is sound while entries wait to be sealed: the backlog is reported', async () => {
    const journal = exampleJournal([2])
    expect(await verify(journal, [...journal.items, { kind: 'unsealed', count: 3 }])).toMatchObject({
      ok: true,
      size: 2,
      unsealed: 3,
    })
  })

  test('is sound across a rotation of the key', async () => {
    const before = exampleJournal([2, 3])
    const next = signingKey(newSigningKey().privateKeyPem)
    const after = exampleJournal([2, 3], { key: next })
    // The head after two entries by the old key, the one after five by the new.
    const items = [...before.items.slice(0, 3), ...after.items.slice(3)]
    expect(await verify(before, items, { keys: [before.known, after.known] })).toMatchObject({
      ok: true,
      keys: [before.known, after.known].map(({ name, id }) => `${name}+${id}`),
    })
    expect(await verify(before, items)).toMatchObject({
      ok: false,
      fault: { kind: 'unknown_key', first: 2, last: 4 },
    })
  })

  test('stays sound when a personal value is erased', async () => {
    const journal = exampleJournal([4])
    const items = journal.items.map((item): JournalItem =>
      item.kind === 'entry' && item.seq === 3 && item.personal !== undefined
        ? { ...item, personal: { ...item.personal, '/requester/name': 'erased' } }
        : item,
    )
    const verdict = await verify(journal, items, { trustedHeads: journal.heads })
    expect(verdict).toMatchObject({ ok: true, personal: { opened: 3, erased: 1, withheld: 0 } })
    const line = entriesOf(items)[3]
    expect(restorePersonal(dataOf(line), line?.personal ?? {})).toMatchObject({
      requester: { name: { $erased: true }, phone: null },
    })
  })

  test('stays sound when personal values are not handed out', async () => {
    const journal = exampleJournal([4])
    const items = journal.items.map((item): JournalItem =>
      item.kind === 'entry' ? { ...item, personal: {} } : item,
    )
    expect(await verify(journal, items)).toMatchObject({
      ok: true,
      personal: { opened: 0, erased: 0, withheld: 4 },
    })
  })
})

describe('an edited entry', () => {
  test('is named, whichever of its fields was changed', async () => {
    const changes: readonly Partial<JournalEntry>[] = [
      { at: '2026-05-03T00:00:00.001Z' },
      { actor: { kind: 'system', id: null, onBehalfOf: null, via: 'web' } },
      { type: 'incident.closed' },
      { request: 'request' },
      { data: {} },
      { id: exampleTenant },
      { tenant: '0198c2f0-0000-7000-8000-00000000000b' },
      { seq: 99_999 },
    ]
    await attack(async ({ journal, lines, victim, other }) => {
      const change = at(changes, other % changes.length)
      const tampered = lines.with(victim, changed(at(lines, victim), change))
      const verdict = await verify(journal, await stored(tampered, journal))
      const { id } = { ...at(lines, victim).entry, ...change }
      expect(verdict).toMatchObject({
        ok: false,
        fault: { kind: 'edited', first: victim, last: victim, entry: { id } },
      })
    })
  })

  test('is named after any change of one character in its data', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      const text = JSON.stringify(dataOf(lines[victim])['note'])
      const place = 1 + (other % (text.length - 2))
      const note = `${text.slice(0, place)}~${text.slice(place + 1)}`
      const tampered = lines.with(
        victim,
        changed(at(lines, victim), { data: { ...dataOf(lines[victim]), note } }),
      )
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'edited', first: victim },
      })
    })
  })

  test('is named when it is its stored hash that was changed', async () => {
    await attack(async ({ journal, lines, victim }) => {
      const tampered = lines.with(victim, { ...at(lines, victim), leafHash: '0'.repeat(64) })
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'edited', first: victim },
      })
    })
  })

  test('is named with its batch when its stored hash was recomputed', async () => {
    await attack(async ({ journal, lines, victim, batch }) => {
      const tampered = lines.with(victim, rehashed(changed(at(lines, victim), { type: 'incident.closed' })))
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'rewritten', ...batch },
      })
      expect(
        await verify(journal, await stored(tampered, journal), { trustedHeads: journal.heads }),
      ).toMatchObject({
        fault: { kind: 'rewritten', ...batch },
      })
    })
  })

  test('is named when only its number was changed', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      const seq = victim + 1 + other
      const tampered = journal.items.map((item) => (item === lines[victim] ? { ...item, seq } : item))
      expect(await verify(journal, tampered)).toMatchObject({
        fault: {
          kind: 'edited',
          first: victim,
          words: `the number of entry ${victim} was changed to ${seq}`,
        },
      })
    })
  })

  test('is named when it has no canonical form', async () => {
    const journal = exampleJournal([3])
    const tampered = entriesOf(journal.items).with(
      1,
      changed(at(entriesOf(journal.items), 1), { data: { a: '\ud800' } }),
    )
    expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
      fault: {
        kind: 'unreadable',
        first: 1,
        words: 'entry 1 has no canonical form: /data/a holds a lone surrogate, which UTF-8 cannot express',
      },
    })
  })
})

describe('a deleted entry', () => {
  test('is named by the gap it leaves', async () => {
    await attack(async ({ journal, lines, size, victim }) => {
      const kind = victim === size - 1 ? 'truncated' : 'deleted'
      expect(await verify(journal, await stored(lines.toSpliced(victim, 1), journal))).toMatchObject({
        fault: { kind, first: victim, last: victim },
      })
    })
  })

  test('is named when several went', async () => {
    await attack(async ({ journal, lines, size, victim, other }) => {
      const [first, last] = [Math.min(victim, other), Math.max(victim, other)]
      fc.pre(last < size - 1)
      // The heads in between would tell sooner; whoever deletes entries deletes those too.
      const heads = { ...journal, heads: journal.heads.slice(-1), items: journal.items.slice(-1) }
      const verdict = await verify(journal, await stored(lines.toSpliced(first, last - first + 1), heads))
      expect(verdict).toMatchObject({ fault: { kind: 'deleted', first, last } })
    })
  })

  test('is named when those after it were renumbered to close the gap', async () => {
    await attack(async ({ journal, lines, size, victim }) => {
      const kind = victim === size - 1 ? 'truncated' : 'deleted'
      const tampered = renumbered(lines.toSpliced(victim, 1))
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind, first: victim, last: victim },
      })
    })
  })

  test('is named with its batch when those after it were renumbered and their hashes recomputed', async () => {
    await attack(async ({ journal, lines, size, victim, batch }) => {
      const tampered = renumbered(lines.toSpliced(victim, 1)).map(rehashed)
      // In the last batch nothing is left to contradict the numbers; that one is missing at the end shows.
      const expected =
        batch.last === size - 1 ? { kind: 'truncated', first: size - 1 } : { kind: 'rewritten', ...batch }
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({ fault: expected })
    })
  })

  test('is named when its seal is left behind', async () => {
    await attack(async ({ journal, lines, victim }) => {
      const tampered = lines.with(victim, { ...at(lines, victim), entry: null })
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'deleted', first: victim, last: victim },
      })
    })
  })

  test('is named with the entry that stands in its place', async () => {
    const journal = exampleJournal([4])
    const verdict = await verify(journal, await stored(entriesOf(journal.items).toSpliced(1, 1), journal))
    const { id, at: time, type, subject } = at(entriesOf(journal.items), 2).entry ?? exampleEntry(0).entry
    expect(verdict).toEqual({
      ok: false,
      fault: {
        kind: 'deleted',
        first: 1,
        last: 1,
        words: 'entry 1 is missing: entry 2 stands in that place',
        entry: { id, at: time, type, subject },
      },
    })
  })

  test('is named when the last before a head is missing and more entries follow', async () => {
    const journal = exampleJournal([3, 2])
    expect(await verify(journal, journal.items.toSpliced(2, 1))).toMatchObject({
      fault: {
        kind: 'deleted',
        first: 2,
        last: 2,
        words: 'entry 2 is missing: a signed head covers 3 entries, and entry 3 follows',
      },
    })
  })
})

describe('an inserted entry', () => {
  test('is named when those after it were moved up', async () => {
    await attack(async ({ journal, lines, victim }) => {
      const tampered = renumbered(lines.toSpliced(victim, 0, foreign(victim))).with(victim, foreign(victim))
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'inserted', first: victim, last: victim },
      })
    })
  })

  test('is named when several were put in', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      const count = 1 + (other % 4)
      const forged = Array.from({ length: count }, (_, index) => foreign(victim + index))
      const tampered = renumbered(lines.toSpliced(victim, 0, ...forged)).map(
        (line, seq) => forged[seq - victim] ?? line,
      )
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'inserted', first: victim, last: victim + count - 1 },
      })
    })
  })

  test('is named when it took the number of another, before or after it', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      const place = journal.items.findIndex((item) => item === lines[victim])
      const before = journal.items.toSpliced(place, 0, foreign(victim))
      const after = journal.items.toSpliced(place + 1, 0, foreign(victim))
      const fault = {
        kind: 'inserted',
        first: victim,
        last: victim,
        words: `two different entries carry the number ${victim}`,
      }
      expect(await verify(journal, before)).toMatchObject({ fault })
      expect(await verify(journal, after)).toMatchObject({ fault })

      const later = Math.max(victim, other)
      const apart = journal.items.toSpliced(
        journal.items.findIndex((item) => item === lines[later]) + 1,
        0,
        foreign(victim),
      )
      // Once a good head has vouched for the first of the two, it is the second that is wrong.
      const first = batchAround(journal, later).first > victim ? later + 1 : victim
      expect(await verify(journal, apart)).toMatchObject({ fault: { kind: 'inserted', first } })
    })
  })

  test('is named with its batch when all hashes after it were recomputed', async () => {
    await attack(async ({ journal, lines, victim, batch }) => {
      const tampered = renumbered(lines.toSpliced(victim, 0, foreign(victim))).map(rehashed)
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'rewritten', ...batch },
      })
    })
  })

  test('is named when it was put at the end, where no head covers it', async () => {
    await attack(async ({ journal, size }) => {
      expect(await verify(journal, [...journal.items, foreign(size)])).toMatchObject({
        fault: { kind: 'unsigned', first: size, last: size, words: `no signed head covers entry ${size}` },
      })
    })
  })

  test('is named when it comes from the journal of another tenant', async () => {
    const journal = exampleJournal([3])
    const tenant = '0198c2f0-0000-7000-8000-00000000000b'
    const guest = at(entriesOf(exampleJournal([3], { tenant }).items), 1)
    expect(await verify(journal, journal.items.with(1, guest))).toMatchObject({
      fault: { kind: 'inserted', first: 1, words: `entry 1 belongs to the journal of tenant ${tenant}` },
    })
  })
})

test('an entry put in after a rewritten batch does not distract from the batch', async () => {
  const journal = exampleJournal([3, 3])
  const lines = entriesOf(journal.items)
  const forged = rehashed(changed(at(lines, 1), { type: 'incident.closed' }))
  const tampered = renumbered(lines.with(1, forged).toSpliced(3, 0, foreign(3))).with(3, foreign(3))
  expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
    fault: { kind: 'rewritten', first: 0, last: 2 },
  })
})

test('a displaced entry without canonical form is still a displaced entry', async () => {
  const journal = exampleJournal([3])
  const lines = entriesOf(journal.items)
  const broken = changed(at(lines, 2), { data: { a: '\ud800' } })
  expect(await verify(journal, journal.items.toSpliced(1, 2, broken))).toMatchObject({
    fault: { kind: 'deleted', first: 1, last: 1 },
  })
  expect(await verify(journal, journal.items.toSpliced(0, 3, at(lines, 2), broken))).toMatchObject({
    fault: { kind: 'deleted', first: 0, last: 1 },
  })
})

describe('a reordered entry', () => {
  test('is named when two lines changed places', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      fc.pre(victim !== other)
      const [first, second] = [Math.min(victim, other), Math.max(victim, other)]
      const swapped = lines.with(first, at(lines, second)).with(second, at(lines, first))
      const rest = [...swapped]
      const items = journal.items.map((item) => (item.kind === 'entry' ? at(rest.splice(0, 1), 0) : item))
      expect(await verify(journal, items)).toMatchObject({ fault: { kind: 'reordered', first } })
    })
  })

  test('is named when two entries changed numbers', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      fc.pre(victim !== other)
      const swapped = lines.with(victim, at(lines, other)).with(other, at(lines, victim))
      expect(await verify(journal, await stored(renumbered(swapped), journal))).toMatchObject({
        fault: { kind: 'reordered', first: Math.min(victim, other) },
      })
    })
  })

  test('is named when it was moved and all between were renumbered', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      fc.pre(victim !== other)
      const moved = renumbered(lines.toSpliced(victim, 1).toSpliced(other, 0, at(lines, victim)))
      expect(await verify(journal, await stored(moved, journal))).toMatchObject({
        fault: { kind: 'reordered', first: Math.min(victim, other) },
      })
    })
  })

  test('is an edited one when contents changed places and the hashes stayed', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      fc.pre(victim !== other)
      const mixed = lines.map((line, seq) =>
        seq === victim || seq === other
          ? { ...numbered(at(lines, victim + other - seq), seq), leafHash: line.leafHash }
          : line,
      )
      expect(await verify(journal, await stored(mixed, journal))).toMatchObject({
        fault: { kind: 'edited', first: Math.min(victim, other) },
      })
    })
  })
})

describe('a duplicated entry', () => {
  test('is named where it appears again', async () => {
    await attack(async ({ journal, lines, victim, other }) => {
      const later = Math.max(victim, other)
      const place = journal.items.findIndex((item) => item === lines[later])
      expect(await verify(journal, journal.items.toSpliced(place + 1, 0, at(lines, victim)))).toMatchObject({
        fault: {
          kind: 'duplicated',
          first: later + 1,
          words: `entry ${victim} appears again where entry ${later + 1} belongs`,
        },
      })
    })
  })

  test('is named when it was given the next number and those after it were moved up', async () => {
    await attack(async ({ journal, lines, size, victim, other }) => {
      const later = Math.max(victim, other)
      fc.pre(later < size - 1)
      const tampered = renumbered(lines.toSpliced(later + 1, 0, at(lines, victim)))
      expect(await verify(journal, await stored(tampered, journal))).toMatchObject({
        fault: { kind: 'duplicated', first: later + 1 },
      })
    })
  })

  test('is named when it is long past', async () => {
    const journal = exampleJournal([9000])
    const lines = entriesOf(journal.items)
    const verdict = await verify(journal, journal.items.toSpliced(8500, 0, at(lines, 3)))
    expect(verdict).toMatchObject({ fault: { kind: 'duplicated', first: 8500 } })
    // What the reading keeps is bounded: whether content that old is the same can no longer be told.
    expect(await verify(journal, journal.items.toSpliced(8500, 0, foreign(3)))).toMatchObject({
      fault: { kind: 'duplicated', first: 8500 },
    })
    expect(await verify(journal, journal.items.toSpliced(8500, 0, foreign(8000)))).toMatchObject({
      fault: { kind: 'inserted', first: 8000 },
    })
  })
})

describe('a truncated tail', () => {
  test('is named by the heads that were left', async () => {
    await attack(async ({ journal, lines, victim, batch }) => {
      expect(await verify(journal, await stored(lines.slice(0, victim), journal))).toMatchObject({
        fault: { kind: 'truncated', first: victim, last: batch.last },
      })
    })
  })

  test('that took its heads along is named by a head kept outside, and by nothing else', async () => {
    await attack(async ({ journal, size, batch }) => {
      fc.pre(batch.first > 0)
      const end = journal.items.findIndex((item) => item.kind === 'entry' && item.seq === batch.first)
      const left = journal.items.slice(0, end)
      expect(await verify(journal, left)).toMatchObject({ ok: true, size: batch.first })
      expect(await verify(journal, left, { trustedHeads: journal.heads.slice(-1) })).toMatchObject({
        fault: { kind: 'truncated', first: batch.first, last: size - 1 },
      })
    })
  })

  test('leaves what precedes it in doubt where no head vouches for that', async () => {
    const journal = exampleJournal([2, 5])
    const verdict = await verify(journal, await stored(entriesOf(journal.items).slice(0, 5), journal))
    expect(verdict).toMatchObject({
      fault: {
        words:
          'the journal ends after 5 entries, and a signed head covers 7 entries; of what is left, no head vouches for entries 2 to 4',
      },
    })
  })

  test('is said plainly where a head vouches for all that is left', async () => {
    const journal = exampleJournal([2, 1])
    expect(await verify(journal, await stored(entriesOf(journal.items).slice(0, 2), journal))).toMatchObject({
      fault: { words: 'the journal ends after 2 entries, and a signed head covers 3 entries' },
    })
  })

  test('leaves entries without a head when only the head went', async () => {
    await attack(async ({ journal, size }) => {
      const first = journal.heads.at(-2)?.size ?? 0
      expect(await verify(journal, journal.items.slice(0, -1))).toMatchObject({
        fault: { kind: 'unsigned', first, last: size - 1 },
      })
      // A head from outside vouches as well as one from inside.
      expect(
        await verify(journal, journal.items.slice(0, -1), { trustedHeads: journal.heads }),
      ).toMatchObject({ ok: true })
    })
  })
})

describe('a journal that was rebuilt', () => {
  const otherKey = signingKey(newSigningKey().privateKeyPem)

  test('with another key is found by the accepted keys', async () => {
    await attack(async ({ journal }) => {
      const rebuilt = exampleJournal(
        journal.heads.map(({ size }, index) => size - (journal.heads[index - 1]?.size ?? 0)),
        { key: otherKey, story: 'second' },
      )
      expect(await verify(journal, rebuilt.items)).toMatchObject({ fault: { kind: 'unknown_key', first: 0 } })
      // Where the forged key is accepted, the head from outside still tells.
      expect(await verify(rebuilt, rebuilt.items)).toMatchObject({ ok: true })
      expect(await verify(rebuilt, rebuilt.items, { trustedHeads: journal.heads })).toMatchObject({
        fault: { kind: 'rebuilt', first: 0 },
      })
    })
  })

  test('with the same key is found by a head kept outside, and by nothing else', async () => {
    await attack(async ({ journal, size }) => {
      const rebuilt = exampleJournal([size, 2], { story: 'second' })
      expect(await verify(journal, rebuilt.items)).toMatchObject({ ok: true })
      expect(await verify(journal, rebuilt.items, { trustedHeads: journal.heads.slice(-1) })).toMatchObject({
        fault: {
          kind: 'rebuilt',
          first: 0,
          last: size - 1,
          words: expect.stringContaining('though the signed heads stored here fit them'),
        },
      })
    })
  })

  test('from some entry on is dated by the last head from outside that still fits', async () => {
    await attack(async ({ journal, lines, batch, size }) => {
      const end = journal.items.findIndex((item) => item === lines[batch.first])
      const kept = journal.items.slice(0, end)
      const fork = continued(kept, size - batch.first, 'second')
      expect(await verify(journal, fork)).toMatchObject({ ok: true, size })
      expect(await verify(journal, fork, { trustedHeads: journal.heads.toReversed() })).toMatchObject({
        fault: { first: batch.first, last: batch.last },
      })
    })
  })
})

/** The items with more entries under one head by the same key. */
function continued(items: readonly JournalItem[], count: number, story: string): JournalItem[] {
  const first = entriesOf(items).length
  const fresh = Array.from({ length: count }, (_, index): SealedEntry => {
    const entry = { ...exampleEntry(first + index, exampleTenant, story).entry, seq: first + index }
    return { kind: 'entry', seq: entry.seq, leafHash: hexOf(leafHash(entry)), entry }
  })
  const hashes = [...entriesOf(items), ...fresh].map((line) => Buffer.from(line.leafHash, 'hex'))
  const head = {
    origin: originOf(exampleTenant),
    size: hashes.length,
    root: rootOf(appended(emptyFrontier, hashes)),
  }
  return [...items, ...fresh, { kind: 'head', checkpoint: signCheckpoint(head, exampleKey) }]
}

describe('a head', () => {
  const journal = exampleJournal([2, 3])
  const heads = journal.items.filter((item) => item.kind === 'head')
  const sealed = (size: number, root: Uint8Array, origin = journal.known.name): JournalItem => ({
    kind: 'head',
    checkpoint: signCheckpoint({ origin, size, root }, exampleKey),
  })

  test('with a wrong signature is named with the entries it leaves without a voucher', async () => {
    const forged = at(heads, 1).checkpoint.replace(/\n5\n/, '\n6\n')
    expect(await verify(journal, journal.items.with(6, { kind: 'head', checkpoint: forged }))).toMatchObject({
      fault: {
        kind: 'wrong_signature',
        first: 2,
        last: 4,
        words: expect.stringContaining('the head after 5 entries is not good: the signature of key'),
      },
    })
  })

  test('that is no note is named', async () => {
    expect(await verify(journal, journal.items.with(2, { kind: 'head', checkpoint: 'hello' }))).toMatchObject(
      {
        fault: {
          kind: 'bad_head',
          first: 0,
          last: 1,
          words: 'the head after 2 entries is not good: the note is not of the signed-note form',
        },
      },
    )
  })

  test('of another journal is named, though it is signed by an accepted key', async () => {
    const strange = sealed(5, at(journal.heads, 1).root, 'evenkeel/another')
    const keys = [journal.known, { ...exampleJournal([1], { tenant: 'another' }).known }]
    expect(await verify(journal, journal.items.with(6, strange), { keys })).toMatchObject({
      fault: {
        kind: 'bad_head',
        first: 2,
        last: 4,
        words: `the head after 5 entries is of evenkeel/another, not of ${journal.known.name}`,
      },
    })
  })

  test('kept outside is refused when it is of another journal', async () => {
    const trustedHeads = [{ ...at(journal.heads, 0), origin: 'evenkeel/another' }]
    expect(await verify(journal, journal.items, { trustedHeads })).toMatchObject({
      fault: {
        kind: 'bad_head',
        words: `the head kept outside is of evenkeel/another, not of ${journal.known.name}`,
      },
    })
  })

  test('that stands before the entries it covers is named', async () => {
    expect(await verify(journal, [at(heads, 0), ...journal.items])).toMatchObject({
      fault: {
        kind: 'bad_head',
        first: 0,
        words: 'a signed head covers 2 entries, and stands before entry 0',
      },
    })
  })

  test('that stands after more entries than it covers is named', async () => {
    expect(await verify(journal, [...journal.items, at(heads, 0)])).toMatchObject({
      fault: { kind: 'bad_head', first: 2, last: 4, words: 'the head for 2 entries stands after 5' },
    })
  })

  test('may be signed twice for the same entries, and may not say two things of them', async () => {
    expect(await verify(journal, [...journal.items, at(heads, 1)])).toMatchObject({ ok: true, heads: 3 })
    expect(await verify(journal, [...journal.items, sealed(5, leafHashOf('x'))])).toMatchObject({
      fault: {
        kind: 'rewritten',
        first: 0,
        last: 4,
        words: 'two signed heads for 5 entries contradict one another',
      },
    })
  })

  test('kept outside that contradicts an entry no other head vouches for is not called a rebuild', async () => {
    const trustedHeads = [{ ...at(journal.heads, 0), size: 1, root: leafHashOf('x') }]
    expect(await verify(journal, journal.items, { trustedHeads })).toMatchObject({
      fault: {
        kind: 'rewritten',
        first: 0,
        last: 0,
        words: 'entry 0 does not lead to the head kept outside for 1 entry',
      },
    })
  })

  test('kept outside for the empty journal holds for every journal', async () => {
    const trustedHeads = [{ origin: journal.known.name, size: 0, root: rootOf(emptyFrontier) }]
    expect(await verify(journal, journal.items, { trustedHeads })).toMatchObject({ ok: true, heldAgainst: 0 })
  })
})

describe('a personal value', () => {
  const journal = exampleJournal([4])
  const line = at(entriesOf(journal.items), 3)
  const values = line.personal ?? {}
  const name = values['/requester/name']
  const phone = values['/requester/phone']
  if (typeof name !== 'object' || typeof phone !== 'object')
    throw new TypeError('the example has personal values')
  const verifyWith = (personal: SealedEntry['personal']): Promise<Verdict> =>
    verify(journal, journal.items.with(3, { ...line, ...(personal === undefined ? {} : { personal }) }))

  test.each([
    ['was edited', { ...values, '/requester/name': { ...name, value: 'Somebody else' } }],
    ['was given another salt', { ...values, '/requester/name': { ...name, salt: phone.salt } }],
    ['was given a salt that is none', { ...values, '/requester/name': { ...name, salt: 'x' } }],
    ['changed places with another', { '/requester/name': phone, '/requester/phone': name }],
  ])('that %s does not open its commitment', async (_, personal) => {
    expect(await verifyWith(personal)).toMatchObject({
      fault: {
        kind: 'personal_changed',
        first: 3,
        last: 3,
        pointer: '/requester/name',
        words: 'the personal value of entry 3 at /requester/name does not open its commitment',
        entry: { id: line.entry?.id },
      },
    })
  })

  test('that was never sealed is named', async () => {
    expect(await verifyWith({ ...values, '/state/to': name })).toMatchObject({
      fault: {
        kind: 'personal_changed',
        first: 3,
        pointer: '/state/to',
        words: 'entry 3 comes with a personal value for /state/to, where none was sealed',
      },
    })
  })
})

describe('the reading', () => {
  const journal = exampleJournal([2, 2])

  test('stops at the first fault and closes what it reads from', async () => {
    let closed = false
    let read = 0
    async function* items(): AsyncGenerator<JournalItem> {
      try {
        for (const item of journal.items.with(0, { kind: 'head', checkpoint: 'x' })) {
          read += 1
          yield item
        }
      } finally {
        closed = true
      }
    }
    expect(await verifyJournal(items(), { tenant: journal.tenant, keys: [journal.known] })).toMatchObject({
      ok: false,
    })
    expect({ closed, read }).toEqual({ closed: true, read: 1 })
  })

  test('fails where its source fails, and does not call that a fault of the journal', async () => {
    function* broken(): Generator<JournalItem> {
      yield at(journal.items, 0)
      throw new Error('the disk is gone')
    }
    await expect(verify(journal, broken())).rejects.toThrow('the disk is gone')
  })

  test('keeps the fault it found when the rest cannot be read', async () => {
    function* broken(): Generator<JournalItem> {
      yield at(journal.items, 1)
      throw new Error('the disk is gone')
    }
    expect(await verify(journal, broken())).toMatchObject({ fault: { kind: 'deleted', first: 0 } })
  })

  test('takes heads and entries from two sources and closes both', async () => {
    let closed = 0
    async function* rows<T>(list: readonly T[]): AsyncGenerator<T> {
      try {
        yield* list
      } finally {
        closed += 1
      }
    }
    const heads = journal.heads.map(({ size }) => ({ size, checkpoint: `head ${size}` }))
    const merged = inSealOrder(rows(entriesOf(journal.items)), rows(heads))
    expect(await merged.next()).toMatchObject({ value: { kind: 'entry', seq: 0 } })
    await merged.return(undefined)
    expect(closed).toBe(2)
  })
})

test('every kind of fault has a sentence without a number or a full stop', () => {
  for (const words of Object.values(faultKinds)) expect(words).toMatch(/^[a-z][a-z ,]+[a-z]$/)
})
