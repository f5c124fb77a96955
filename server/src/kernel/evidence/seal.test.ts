import { expect, test } from 'vitest'

import { verifyCheckpoint } from './checkpoint.ts'
import { exampleEntry, exampleJournal, exampleKey } from './example-journal.ts'
import { leafHash } from './leaf.ts'
import { appended, emptyFrontier, rootOf } from './merkle.ts'
import { sealBatch } from './seal.ts'

const drafts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => exampleEntry(from + index).entry)
const { known } = exampleJournal([1])

test('a batch continues the numbers and the tree of the one before', () => {
  const first = sealBatch(emptyFrontier, drafts(0, 3), exampleKey)
  const second = sealBatch(first.frontier, drafts(3, 8), exampleKey)
  const all = [...first.entries, ...second.entries]
  expect(all.map(({ entry }) => entry.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(all.map((sealed) => sealed.leafHash)).toEqual(all.map(({ entry }) => leafHash(entry)))
  const root = rootOf(
    appended(
      emptyFrontier,
      all.map((sealed) => sealed.leafHash),
    ),
  )
  expect(second.root).toEqual(root)
  expect(verifyCheckpoint(second.checkpoint, [known])).toMatchObject({
    ok: true,
    checkpoint: { origin: known.name, size: 8, root },
  })
})

test('an empty batch, a mixed one and one with an entry that cannot be sealed are refused', () => {
  expect(() => sealBatch(emptyFrontier, [], exampleKey)).toThrow('a batch holds at least one entry')
  const stranger = exampleEntry(1, '0198c2f0-0000-7000-8000-00000000000b').entry
  expect(() => sealBatch(emptyFrontier, [...drafts(0, 1), stranger], exampleKey)).toThrow(
    'a batch holds entries of one tenant',
  )
  const broken = { ...exampleEntry(0).entry, data: { n: Number.NaN } }
  expect(() => sealBatch(emptyFrontier, [broken], exampleKey)).toThrow('/data/n is NaN')
})
