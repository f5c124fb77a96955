import type { Edge, Group } from '../server/src/kernel/impact/relation.ts'

/** A made-up estate of computers and what stands on them, the same for the same seed. */
export type Estate = {
  readonly nodes: () => Generator<string>
  /** Told one by one: millions of them are not to be held twice. */
  readonly edges: () => Generator<Edge>
  readonly groups: readonly Group[]
  /** Nodes of one kind stand in a row: from the `first`, `count` of them. */
  readonly layers: readonly { readonly name: string; readonly first: number; readonly count: number }[]
}

type Bond = {
  readonly on: string
  readonly times: number
  /** How many of `times` are needed, where they stand in for each other. */
  readonly enough?: number
  readonly weak?: true
}

/** How much of the estate each layer is, and what one of its nodes stands on. */
const layers: readonly { readonly name: string; readonly share: number; readonly bonds: readonly Bond[] }[] =
  [
    { name: 'site', share: 0.002, bonds: [] },
    {
      name: 'switch',
      share: 0.01,
      bonds: [
        { on: 'site', times: 1 },
        { on: 'switch', times: 2, enough: 1 },
      ],
    },
    {
      name: 'storage',
      share: 0.003,
      bonds: [
        { on: 'site', times: 1 },
        { on: 'switch', times: 2, enough: 1 },
      ],
    },
    {
      name: 'host',
      share: 0.06,
      bonds: [
        { on: 'site', times: 1 },
        { on: 'switch', times: 2, enough: 1 },
        { on: 'storage', times: 1, weak: true },
      ],
    },
    {
      name: 'machine',
      share: 0.3,
      bonds: [
        { on: 'host', times: 3, enough: 1 },
        { on: 'storage', times: 1 },
        { on: 'storage', times: 1, weak: true },
      ],
    },
    {
      name: 'database',
      share: 0.05,
      bonds: [
        { on: 'machine', times: 3, enough: 2 },
        { on: 'storage', times: 1 },
      ],
    },
    {
      name: 'application',
      share: 0.08,
      bonds: [
        { on: 'machine', times: 4, enough: 2 },
        { on: 'database', times: 2 },
        // Of any age: applications stand on each other in circles.
        { on: 'application', times: 1 },
        { on: 'application', times: 2, weak: true },
      ],
    },
    {
      name: 'service',
      share: 0.01,
      bonds: [
        { on: 'application', times: 4 },
        { on: 'service', times: 2, weak: true },
      ],
    },
    {
      name: 'workplace',
      share: 0.485,
      bonds: [
        { on: 'site', times: 1 },
        { on: 'switch', times: 1 },
        { on: 'application', times: 2, weak: true },
      ],
    },
  ]

/** Few are stood on by very many, most by few: how often the nth is chosen falls as a power of n. */
const skew = 3

export const makeEstate = (items: number, relations: number, seed = 1): Estate => {
  let next = 0
  const places = layers.map((layer, at) => {
    const first = next
    next = at === layers.length - 1 ? items : first + Math.max(1, Math.round(items * layer.share))
    return { ...layer, first, count: next - first }
  })
  const placeOf = new Map(places.map((place) => [place.name, place]))
  const groups: Group[] = []
  for (const { first, count, bonds } of places)
    for (let node = first; node < first + count; node += 1)
      for (const [at, { enough }] of bonds.entries())
        if (enough !== undefined)
          groups.push({ id: `g${node}-${at}`, dependent: `n${node}`, need: { count: enough } })
  const edges = function* (): Generator<Edge> {
    const random = randomFrom(seed)
    const popular = (first: number, count: number): number => first + Math.floor(count * random() ** skew)
    let id = 0
    const edge = (
      dependent: number,
      support: number,
      bond: Pick<Bond, 'weak'>,
      group: string | null,
    ): Edge => ({
      id: `e${id}`,
      dependent: `n${dependent}`,
      support: `n${support}`,
      strength: bond.weak === true ? 'weak' : 'need',
      group,
    })
    for (const { first, count, bonds } of places)
      for (let node = first; node < first + count; node += 1)
        for (const [at, bond] of bonds.entries()) {
          const on = placeOf.get(bond.on)
          if (on === undefined) continue
          const group = bond.enough === undefined ? null : `g${node}-${at}`
          for (let time = 0; time < bond.times && id < relations; time += 1) {
            yield edge(node, popular(on.first, on.count), bond, group)
            id += 1
          }
        }
    for (; id < relations; id += 1) yield edge(popular(0, items), popular(0, items), { weak: true }, null)
  }
  return {
    groups,
    edges,
    layers: places,
    nodes: function* () {
      for (let node = 0; node < items; node += 1) yield `n${node}`
    },
  }
}

/** Mulberry32: small, quick, and the same everywhere. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
