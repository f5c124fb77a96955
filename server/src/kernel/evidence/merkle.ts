import { hash } from 'node:crypto'

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array

/**
 * Everything a tree needs to grow: its size and the roots of its perfect subtrees, largest first (a "compact range").
 * A tree of a million leaves has a frontier of at most twenty hashes.
 */
export type Frontier = { readonly size: number; readonly nodes: readonly Hash[] }

/** Leaves `start` (included) to `end` (excluded): one subtree whose root is part of a proof. */
export type LeafRange = { readonly start: number; readonly end: number }

const leafPrefix = Buffer.from([0x00])

export const emptyFrontier: Frontier = { size: 0, nodes: [] }

/** RFC 6962 section 2.1: the hash of a leaf. The prefix keeps a leaf from ever passing for a node. */
export const leafHashOf = (leaf: Uint8Array | string): Hash =>
  sha256(typeof leaf === 'string' ? `\0${leaf}` : Buffer.concat([leafPrefix, leaf]))

/** RFC 6962 section 2.1: the hash of a node over its two children. */
export function nodeHashOf(left: Hash, right: Hash): Hash {
  const pair = Buffer.allocUnsafe(65)
  pair[0] = 0x01
  pair.set(left, 1)
  pair.set(right, 33)
  return sha256(pair)
}

/** The tree after these leaf hashes: as many hashings as leaves, whatever the size already is. */
export function appended(frontier: Frontier, leafHashes: Iterable<Hash>): Frontier {
  const nodes = [...frontier.nodes]
  let size = frontier.size
  for (const leafHash of leafHashes) {
    let node = leafHash
    // Each trailing one-bit of the size is a perfect subtree waiting for its right half.
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = nodes.pop()
      if (left === undefined)
        throw new RangeError(`a frontier of size ${frontier.size} needs more nodes than it has`)
      node = nodeHashOf(left, node)
    }
    nodes.push(node)
    size += 1
  }
  return { size, nodes }
}

/** The Merkle tree hash; SHA-256 of nothing for the empty tree. */
export function rootOf(frontier: Frontier): Hash {
  return (
    frontier.nodes.reduceRight<Hash | null>(
      (root, node) => (root === null ? node : nodeHashOf(node, root)),
      null,
    ) ?? sha256('')
  )
}

/** A frontier as stored, checked: the number of nodes is the number of one-bits of the size. */
export function frontierFrom(size: number, nodes: readonly Hash[]): Frontier {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not the size of a tree`)
  let expected = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) expected += rest % 2
  if (nodes.length !== expected || nodes.some((node) => node.length !== 32))
    throw new RangeError(`a frontier of size ${size} has ${expected} nodes of 32 bytes`)
  return { size, nodes }
}

export const hexOf = (hash: Hash): string =>
  Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')

export const sameHash = (left: Hash, right: Hash): boolean => Buffer.compare(left, right) === 0

/** The subtrees whose roots prove that leaf `index` is in the tree of `size` leaves, in the order of the proof (RFC 6962 section 2.1.1). */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError(`leaf ${index} is not in a tree of ${size}`)
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + leftLeaves(end - start)
    if (index < middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
    }
  }
  return path.toReversed()
}

/** The subtrees whose roots prove that the tree of `size` continues the tree of `earlier` leaves (RFC 6962 section 2.1.2). */
export function consistencyRanges(earlier: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(earlier) || !Number.isSafeInteger(size) || earlier < 0 || earlier > size)
    throw new RangeError(`a tree of ${size} cannot continue a tree of ${earlier}`)
  if (earlier === 0 || earlier === size) return []
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (end > earlier) {
    const middle = start + leftLeaves(end - start)
    if (earlier <= middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
    }
  }
  // Where the earlier tree is itself a perfect subtree, the verifier has its root already.
  if (start > 0) path.push({ start, end })
  return path.toReversed()
}

/** A proof from the hashes of all leaves; with stored subtree roots, fill the ranges from those instead. */
export const proofOf = (ranges: readonly LeafRange[], leafHashes: readonly Hash[]): readonly Hash[] =>
  ranges.map(({ start, end }) => rootOf(appended(emptyFrontier, leafHashes.slice(start, end))))

export type InclusionClaim = {
  readonly leafHash: Hash
  readonly index: number
  readonly size: number
  readonly root: Hash
  readonly proof: readonly Hash[]
}

/** Whether the leaf is in the tree (RFC 9162 section 2.1.3.2). False for any malformed claim; never throws. */
export function includes({ leafHash, index, size, root, proof }: InclusionClaim): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  if (![leafHash, root, ...proof].every(isHash)) return false
  let [node, last, hashed] = [index, size - 1, leafHash]
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hashed = nodeHashOf(sibling, hashed)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hashed = nodeHashOf(hashed, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameHash(hashed, root)
}

export type ConsistencyClaim = {
  readonly earlier: { readonly size: number; readonly root: Hash }
  readonly later: { readonly size: number; readonly root: Hash }
  readonly proof: readonly Hash[]
}

/** Whether the later tree continues the earlier one (RFC 9162 section 2.1.4.2). False for any malformed claim; never throws. */
export function continues({ earlier, later, proof }: ConsistencyClaim): boolean {
  if (![earlier.size, later.size].every((size) => Number.isSafeInteger(size) && size >= 0)) return false
  if (earlier.size > later.size || ![earlier.root, later.root, ...proof].every(isHash)) return false
  if (earlier.size === later.size) return proof.length === 0 && sameHash(earlier.root, later.root)
  // Every tree continues the empty one; nothing is left to prove.
  if (earlier.size === 0) return proof.length === 0 && sameHash(earlier.root, rootOf(emptyFrontier))

  let [node, last] = [earlier.size - 1, later.size - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  // The last leaf of a tree of 2^k leaves leads to node 0: the earlier tree is one perfect subtree and starts the path itself.
  const [seed, ...path] = node === 0 ? [earlier.root, ...proof] : proof
  if (seed === undefined) return false
  let [earlierRoot, laterRoot] = [seed, seed]
  for (const sibling of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      earlierRoot = nodeHashOf(sibling, earlierRoot)
      laterRoot = nodeHashOf(sibling, laterRoot)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      laterRoot = nodeHashOf(laterRoot, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && sameHash(earlierRoot, earlier.root) && sameHash(laterRoot, later.root)
}

/** The largest power of two smaller than `leaves`: how many go to the left (RFC 6962 section 2.1). */
function leftLeaves(leaves: number): number {
  let left = 1
  while (left * 2 < leaves) left *= 2
  return left
}

// By way of hex: small buffers then come from Node's pool, where a digest asked for as a buffer gets memory of its own.
const sha256 = (data: Uint8Array | string): Hash => Buffer.from(hash('sha256', data, 'hex'), 'hex')

// Arithmetic instead of >>, which cuts numbers to 32 bits.
const half = (n: number): number => Math.floor(n / 2)
const isHash = (value: Uint8Array): boolean => value.length === 32
