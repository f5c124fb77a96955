import { z } from 'zod'
import { Id } from './record.ts'

/** What may be a second factor: six digits from an application, or a passkey (a security key, a phone, a laptop). */
export const SecondFactorKind = z.enum(['totp', 'passkey'])
export type SecondFactorKind = z.infer<typeof SecondFactorKind>

/** Between what may be set: `from` and `to` belong to the range. Stated to whoever edits the policy, and held by its schema. */
export const securityRanges = {
  idleMinutes: { from: 2, to: 1440 },
  longestHours: { from: 1, to: 168 },
  shortestPassword: { from: 12, to: 64 },
  attempts: { from: 3, to: 10 },
  lockMinutes: { from: 30, to: 1440 },
  unusedDays: { from: 30, to: 730 },
  keyDays: { from: 1, to: 366 },
} as const

const within = ({ from, to }: { readonly from: number; readonly to: number }) =>
  z.int().min(from, `at least ${from}`).max(to, `at most ${to}`)

/** How a tenant's people sign in and for how long that holds. */
export const SecurityPolicy = z.strictObject({
  sessions: z.strictObject({
    /** Without a request by a person for so long, a session ends (PCI DSS 8.2.8 and HIPAA 164.312(a)(2)(iii): 15 minutes). */
    idleMinutes: within(securityRanges.idleMinutes),
    /** However busy, so long after the sign-in it ends. */
    longestHours: within(securityRanges.longestHours),
  }),
  secondFactor: z.strictObject({
    /** Roles whose people sign in with a second factor, or set one up before they do anything else (PCI DSS 8.4.2). */
    roleIds: z
      .array(Id)
      .max(200)
      .refine((ids) => new Set(ids).size === ids.length, 'a role is named twice'),
    counts: z
      .array(SecondFactorKind)
      .min(1, 'one of them has to count')
      .max(2)
      .refine((kinds) => new Set(kinds).size === kinds.length, 'one is named twice'),
  }),
  passwords: z.strictObject({
    /** For passwords that are chosen from now on (PCI DSS 8.3.6: 12). */
    shortest: within(securityRanges.shortestPassword),
    /** So many wrong attempts lock the account (PCI DSS 8.3.4: at most 10), for so long (at least 30 minutes). */
    attempts: within(securityRanges.attempts),
    lockMinutes: within(securityRanges.lockMinutes),
  }),
  accounts: z.strictObject({
    /** Days without use after which an account is deactivated (PCI DSS 8.2.6: 90); null for never. */
    unusedDays: within(securityRanges.unusedDays).nullable(),
  }),
  keys: z.strictObject({
    /** No API key works longer after it was made. */
    longestDays: within(securityRanges.keyDays),
  }),
})
export type SecurityPolicy = z.infer<typeof SecurityPolicy>

/**
 * What a session still owes before it may do anything else: the person has none of the second factors that count and sets one up, or
 * has one and proves it.
 */
export const Owed = z.enum(['set_up', 'prove'])
export type Owed = z.infer<typeof Owed>

/** What publishing a security policy would do to whom. */
export const SecurityEffect = z.object({
  /** Set a second factor up, prove the one they have, be deactivated tonight, be warned tonight; sessions and keys that would end. */
  what: z.enum(['set_up', 'prove', 'deactivated', 'warned', 'sessions', 'keys']),
  count: z.int(),
  /** The first of them by name; how many things of theirs where it is about things. */
  people: z.array(z.object({ id: Id, name: z.string(), detail: z.string() })),
})
export type SecurityEffect = z.infer<typeof SecurityEffect>

/** The shape of the policy, for forms: while a number is being typed it may be out of its range, and the server says so. */
export const SecurityForm = z.object({
  sessions: z.object({ idleMinutes: z.number(), longestHours: z.number() }),
  secondFactor: z.object({ roleIds: z.array(Id), counts: z.array(SecondFactorKind) }),
  passwords: z.object({ shortest: z.number(), attempts: z.number(), lockMinutes: z.number() }),
  accounts: z.object({ unusedDays: z.number().nullable() }),
  keys: z.object({ longestDays: z.number() }),
})
