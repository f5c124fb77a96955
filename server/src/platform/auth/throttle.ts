/** What attackers share is the address they come from: how many failed attempts an address has left. */
export type AddressThrottle = {
  /** Counts an attempt as failed until it says otherwise. Answers seconds to wait when the address is out of attempts, else 0. */
  begin(address: string, nowMillis: number): number
  /** The attempt worked, for this person: it does not count, and an address where many work is allowed more. */
  succeeded(address: string, who: string): void
  /** The attempt was neither right nor wrong. */
  undecided(address: string): void
}

type Seen = { failed: number; readonly people: Set<string>; readonly until: number }

/**
 * `allowance` failures in `windowMillis`, and three more for everyone who signed in from there: a hospital behind one address keeps
 * working, somebody who only guesses does not. Kept in memory by each process; the lock of an account is in the database.
 */
export const createAddressThrottle = (
  allowance: number,
  windowMillis: number,
  most = 20_000,
): AddressThrottle => {
  const addresses = new Map<string, Seen>()
  const find = (address: string): Seen | undefined => addresses.get(network(address))
  return {
    begin: (address, nowMillis) => {
      const key = network(address)
      let seen = addresses.get(key)
      if (seen === undefined || seen.until <= nowMillis) {
        addresses.delete(key)
        // Insertion order is age: with too many addresses the oldest are forgotten first.
        if (addresses.size >= most) addresses.delete(addresses.keys().next().value ?? key)
        seen = { failed: 0, people: new Set(), until: nowMillis + windowMillis }
        addresses.set(key, seen)
      }
      if (seen.failed >= allowance + 3 * seen.people.size) return Math.ceil((seen.until - nowMillis) / 1000)
      seen.failed += 1
      return 0
    },
    succeeded: (address, who) => {
      const seen = find(address)
      if (seen === undefined) return
      seen.failed = Math.max(0, seen.failed - 1)
      seen.people.add(who)
    },
    undecided: (address) => {
      const seen = find(address)
      if (seen !== undefined) seen.failed = Math.max(0, seen.failed - 1)
    },
  }
}

/** One customer of an IPv6 network has at least a /64: its addresses are one. */
export const network = (address: string): string => {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [before = [], after = []] = address
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const gap = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...gap, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
