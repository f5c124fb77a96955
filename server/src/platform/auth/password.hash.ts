import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createGate } from './gate.ts'

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

// Hashing runs on the four threads of libuv's pool, which files and name look-ups need too: at most half of them are taken, so that
// a storm of sign-ins queues here instead of blocking the process, and never holds a database connection while it waits.
const gate = createGate(2, 200)

export const hashPassword = (password: string): Promise<string> => gate(() => hash(normal(password), cost))

// Somebody without a password costs the same work: a hash that nothing matches.
const nobody = hash(randomBytes(32), cost)

/**
 * Whether the password is the one that was hashed. Takes the same time for an account that does not exist (null), so that the time
 * tells nothing about who has an account.
 */
export const verifyPassword = async (stored: string | null, password: string): Promise<boolean> => {
  const against = stored ?? (await nobody)
  const right = await gate(() => verify(against, normal(password)))
  return right && stored !== null
}

/** Hashed with less than today's cost: to be hashed again at the next sign-in. */
export const isOutdated = (stored: string): boolean => {
  const used = parseOptions(stored)
  return used.memoryCost < cost.memoryCost || used.timeCost < cost.timeCost
}

// The same letters typed on different keyboards are the same password (NIST SP 800-63B 3.1.1.2).
const normal = (password: string): string => password.normalize('NFKC')
