/** How many members of a group have to be alive: a number, or a share of them (0 to 1), rounded up. */
export type Need = { readonly count: number } | { readonly share: number }

/** Products of shares such as 0.07 × 100 come out a hair above the whole number that is meant. */
const hair = 1e-9

/** The members a group of `size` needs, never more than it has: a group does not fail by how it is written down. */
export const neededOf = (need: Need, size: number): number => {
  const wanted = 'count' in need ? need.count : Math.ceil(need.share * size - hair)
  return Math.min(Math.max(wanted, 0), size)
}

/** Where a group stands, as a sentence needs it: "2 of 3 are needed, 2 are alive, none to spare". */
export type Quorum = {
  readonly group: string
  readonly need: number
  readonly size: number
  readonly alive: number
  /** How many more may fail before the dependent goes down: negative when it has gone. */
  readonly spare: number
  /** The members that are down, in the order of their ids. */
  readonly down: readonly string[]
  /** The members that are alive, but degraded, in the order of their ids. */
  readonly degraded: readonly string[]
}

export const quorumOf = (
  group: string,
  { need, size }: { readonly need: number; readonly size: number },
  down: Iterable<string>,
  degraded: Iterable<string>,
): Quorum => {
  const [gone, strained] = [[...down].sort(), [...degraded].sort()]
  const alive = size - gone.length
  return { group, need, size, alive, spare: alive - need, down: gone, degraded: strained }
}
