import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  appended,
  consistencyRanges,
  continues,
  emptyFrontier,
  frontierFrom,
  hexOf,
  inclusionRanges,
  includes,
  leafHashOf,
  nodeHashOf,
  proofOf,
  rootOf,
  sameHash,
  type Hash,
} from './merkle.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)
const hex = (text: string): Hash => Buffer.from(text, 'hex')

// The reference tree of the Certificate Transparency test suite.
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex)
const leafHashes = leaves.map(leafHashOf)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const root = (size: number): Hash => hex(roots[size] ?? '')

const inclusionVectors = [
  { index: 0, size: 1, proof: [] },
  {
    index: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { index: 2, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    index: 1,
    size: 5,
    proof: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
]

const consistencyVectors = [
  { earlier: 1, later: 1, proof: [] },
  {
    earlier: 1,
    later: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    earlier: 6,
    later: 8,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    earlier: 2,
    later: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
  {
    earlier: 6,
    later: 7,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
]

describe('the reference tree of Certificate Transparency', () => {
  test.each(roots.map((expected, size) => ({ size, expected })))(
    'has root $expected at size $size',
    ({ size, expected }) => {
      expect(hexOf(rootOf(appended(emptyFrontier, leafHashes.slice(0, size))))).toBe(expected)
    },
  )

  test.each(inclusionVectors)('proves leaf $index of $size', ({ index, size, proof }) => {
    expect(proofOf(inclusionRanges(index, size), leafHashes).map(hexOf)).toEqual(proof)
    expect(
      includes({
        leafHash: leafHashes[index] ?? hex(''),
        index,
        size,
        root: root(size),
        proof: proof.map(hex),
      }),
    ).toBe(true)
  })

  test.each(consistencyVectors)('proves that $later continues $earlier', ({ earlier, later, proof }) => {
    expect(proofOf(consistencyRanges(earlier, later), leafHashes).map(hexOf)).toEqual(proof)
    const claim = {
      earlier: { size: earlier, root: root(earlier) },
      later: { size: later, root: root(later) },
    }
    expect(continues({ ...claim, proof: proof.map(hex) })).toBe(true)
  })
})

test('a text is hashed as its UTF-8 bytes', () => {
  expect(leafHashOf('Ä€😀')).toEqual(leafHashOf(Buffer.from('Ä€😀')))
})

// RFC 6962 section 2.1, word for word and as slowly.
const naiveRoot = (hashes: readonly Hash[]): Hash => {
  const [only] = hashes
  if (only === undefined) return createHash('sha256').digest()
  if (hashes.length === 1) return only
  const k = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1)
  return nodeHashOf(naiveRoot(hashes.slice(0, k)), naiveRoot(hashes.slice(k)))
}

const someLeaves = (count: number): readonly Hash[] =>
  Array.from({ length: count }, (_, index) => leafHashOf(String(index)))
const treeRoot = (hashes: readonly Hash[]): Hash => rootOf(appended(emptyFrontier, hashes))

describe('for trees of any size', () => {
  test('the frontier leads to the root of the recursive definition, however the leaves are batched', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 12 }), (batches) => {
        let frontier = emptyFrontier
        let all: readonly Hash[] = []
        for (const batch of batches) {
          const fresh = Array.from({ length: batch }, (_, index) => leafHashOf(`${all.length}.${index}`))
          all = [...all, ...fresh]
          // As the sealer does: from what was stored, not from what is in memory.
          frontier = appended(frontierFrom(frontier.size, frontier.nodes), fresh)
        }
        expect(frontier.size).toBe(all.length)
        expect(sameHash(rootOf(frontier), naiveRoot(all))).toBe(true)
      }),
      { numRuns },
    )
  })

  test('every leaf of every small tree is proved, and under no other number, size, root or leaf', () => {
    for (let size = 1; size <= 20; size += 1) {
      const hashes = someLeaves(size)
      const treeHash = treeRoot(hashes)
      for (const [index, leafHash] of hashes.entries()) {
        const proof = proofOf(inclusionRanges(index, size), hashes)
        const claim = { leafHash, index, size, root: treeHash, proof }
        expect(includes(claim)).toBe(true)
        for (const other of hashes.keys()) expect(includes({ ...claim, index: other })).toBe(other === index)
        expect(includes({ ...claim, leafHash: treeHash })).toBe(size === 1)
        expect(includes({ ...claim, root: leafHashOf('x') })).toBe(false)
        expect(includes({ ...claim, proof: [...proof, treeHash] })).toBe(false)
        expect(includes({ ...claim, proof: [treeHash, ...proof] })).toBe(false)
        if (proof.length > 0) expect(includes({ ...claim, proof: proof.slice(1) })).toBe(false)
        if (proof.length > 0) expect(includes({ ...claim, proof: proof.slice(0, -1) })).toBe(false)
      }
    }
  })

  test('every growth of every small tree is proved, and no other', () => {
    for (let later = 0; later <= 20; later += 1) {
      const hashes = someLeaves(later)
      const laterRoot = treeRoot(hashes)
      for (let earlier = 0; earlier <= later; earlier += 1) {
        const proof = proofOf(consistencyRanges(earlier, later), hashes)
        const claim = {
          earlier: { size: earlier, root: treeRoot(hashes.slice(0, earlier)) },
          later: { size: later, root: laterRoot },
          proof,
        }
        expect(continues(claim)).toBe(true)
        expect(continues({ ...claim, later: { ...claim.later, root: leafHashOf('x') } })).toBe(
          earlier === 0 && later > 0,
        )
        expect(continues({ ...claim, earlier: { ...claim.earlier, root: leafHashOf('x') } })).toBe(false)
        expect(continues({ ...claim, proof: [...proof, laterRoot] })).toBe(false)
        expect(continues({ ...claim, proof: [laterRoot, ...proof] })).toBe(false)
        if (proof.length > 0) expect(continues({ ...claim, proof: proof.slice(0, -1) })).toBe(false)
        if (proof.length > 0) expect(continues({ ...claim, proof: [] })).toBe(false)
        if (earlier < later)
          expect(continues({ ...claim, earlier: claim.later, later: claim.earlier })).toBe(false)
        for (let other = 1; other <= later; other += 1)
          if (other !== earlier && earlier > 0)
            expect(continues({ ...claim, earlier: { ...claim.earlier, size: other } })).toBe(false)
      }
    }
  })

  test('proofs hold in random larger trees, and fail after any changed bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 600 }), fc.nat(), fc.nat(), fc.nat(), (size, a, b, bit) => {
        const hashes = someLeaves(size)
        const treeHash = treeRoot(hashes)
        const index = a % size
        const earlier = 1 + (b % (size - 1))
        const proof = proofOf(inclusionRanges(index, size), hashes)
        const inclusion = { leafHash: hashes[index] ?? treeHash, index, size, root: treeHash, proof }
        const growth = proofOf(consistencyRanges(earlier, size), hashes)
        const consistency = {
          earlier: { size: earlier, root: naiveRoot(hashes.slice(0, earlier)) },
          later: { size, root: treeHash },
          proof: growth,
        }
        expect(includes(inclusion)).toBe(true)
        expect(continues(consistency)).toBe(true)
        expect(includes({ ...inclusion, proof: flip(proof, bit) })).toBe(false)
        expect(continues({ ...consistency, proof: flip(growth, bit) })).toBe(false)
      }),
      { numRuns },
    )
  })

  test('ranges are right where numbers no longer fit 32 bits', () => {
    const size = 2 ** 40 + 1
    expect(inclusionRanges(2 ** 40, size)).toEqual([{ start: 0, end: 2 ** 40 }])
    expect(consistencyRanges(2 ** 40, size)).toEqual([{ start: 2 ** 40, end: size }])
    const [left, right] = [leafHashOf('left'), leafHashOf('right')]
    expect(
      includes({ leafHash: right, index: 2 ** 40, size, root: nodeHashOf(left, right), proof: [left] }),
    ).toBe(true)
    const growth = { earlier: { size: 2 ** 40, root: left }, later: { size, root: nodeHashOf(left, right) } }
    expect(continues({ ...growth, proof: [right] })).toBe(true)
  })
})

/** Changes one bit somewhere in a proof. */
const flip = (proof: readonly Hash[], bit: number): readonly Hash[] =>
  proof.map((hash, index) => {
    if (index !== Math.floor(bit / 256) % proof.length) return hash
    const changed = Buffer.from(hash)
    changed.writeUInt8(changed.readUInt8((bit % 256) >> 3) ^ (1 << (bit % 8)), (bit % 256) >> 3)
    return changed
  })

describe('what is no tree, no place and no hash is refused', () => {
  test.each([
    [-1, 8],
    [8, 8],
    [0, 0],
    [0.5, 8],
    [0, Number.MAX_SAFE_INTEGER + 1],
    [-1, 1],
    [1, 1],
    [0.5, 1],
    [0, 1.5],
  ])('leaf %d of %d', (index, size) => {
    expect(() => inclusionRanges(index, size)).toThrow(RangeError)
    expect(includes({ leafHash: root(1), index, size, root: root(1), proof: [] })).toBe(false)
  })

  test.each([
    [-1, 8],
    [9, 8],
    [1.5, 8],
    [1, Number.MAX_SAFE_INTEGER + 1],
    [-1, -1],
    [1.5, 1.5],
  ])('growth from %d to %d', (earlier, size) => {
    expect(() => consistencyRanges(earlier, size)).toThrow(RangeError)
    expect(
      continues({ earlier: { size: earlier, root: root(1) }, later: { size, root: root(1) }, proof: [] }),
    ).toBe(false)
  })

  test('a proof that goes on above the root: it would show a larger tree as a smaller one', () => {
    const [left, right] = [leafHashOf('left'), leafHashOf('right')]
    const both = nodeHashOf(left, right)
    expect(includes({ leafHash: right, index: 0, size: 1, root: both, proof: [left] })).toBe(false)
    const four = nodeHashOf(both, both)
    const eight = nodeHashOf(four, four)
    const claim = { earlier: { size: 1, root: left }, later: { size: 2, root: nodeHashOf(both, both) } }
    expect(continues({ ...claim, proof: [right, both] })).toBe(false)
    expect(includes({ leafHash: right, index: 1, size: 2, root: eight, proof: [left, both, four] })).toBe(
      false,
    )
  })

  test('hashes that are not 32 bytes', () => {
    const short = hex('00')
    expect(includes({ leafHash: short, index: 0, size: 1, root: short, proof: [] })).toBe(false)
    expect(continues({ earlier: { size: 1, root: short }, later: { size: 1, root: short }, proof: [] })).toBe(
      false,
    )
  })

  test('a frontier whose nodes do not fit its size', () => {
    expect(() => frontierFrom(3, [root(1)])).toThrow('a frontier of size 3 has 2 nodes of 32 bytes')
    expect(() => frontierFrom(1, [hex('00')])).toThrow('a frontier of size 1 has 1 nodes of 32 bytes')
    expect(() => frontierFrom(-1, [])).toThrow('-1 is not the size of a tree')
    expect(() => appended({ size: 1, nodes: [] }, [root(1)])).toThrow('needs more nodes than it has')
  })
})
