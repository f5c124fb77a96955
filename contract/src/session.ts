import { z } from 'zod'
import {
  TriedPassword,
  NewPassword,
  PasskeyOptions,
  PasskeyUsed,
  RecoveryCode,
  TotpCode,
} from './credential.ts'
import { permissions, type Permission, scopes } from './permission.ts'
import { Id, Instant, Named, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'
import { Owed, SecondFactorKind } from './security.ts'

export const TenantSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/)
export const Email = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'this is not an e-mail address')
/** A language tag such as `en` or `de-AT`. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/)
/** An IANA time zone, such as `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, 'this is not a time zone of the IANA database')
// Object.keys forgets which keys a constant has.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]]
export const PermissionName = z.enum(permissionNames)
export const ScopeName = z.enum(scopes)

/** What a person set for themselves in the application: small values by name. Null forgets one. */
export const Preferences = z.record(
  z.string().regex(/^[a-zA-Z][a-zA-Z0-9._-]{0,59}$/),
  z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]),
)
export type Preferences = z.infer<typeof Preferences>

const TenantRef = z.object({ slug: z.string(), name: z.string(), language: z.string() })
export const signInWays = ['password', 'passkey', 'demo'] as const

/** What the sign-in page shows. */
export const SignInOptions = z.object({
  /** Whose people sign in here; null when the instance serves several tenants and the address names none. */
  tenant: TenantRef.nullable(),
  ways: z.array(z.enum(signInWays)),
  /** People to sign in as with one click; empty unless the tenant was seeded as a demo and the instance runs as one. */
  demo: z.array(
    z.object({
      tenant: TenantRef,
      people: z.array(z.object({ id: Id, name: z.string(), title: z.string(), roles: z.array(z.string()) })),
    }),
  ),
})
export type SignInOptions = z.infer<typeof SignInOptions>

/**
 * The second factor travels with the first: without one that is needed the answer is the refusal `second_factor_needed` (only after
 * the right password), and the same request is sent again with `totp` or `recoveryCode`.
 */
export const SignIn = z.strictObject({
  /** May be left out where the host name tells the tenant, or where there is only one. */
  tenant: TenantSlug.optional(),
  email: z.string().trim().min(1).max(254),
  password: TriedPassword,
  totp: TotpCode.optional(),
  recoveryCode: RecoveryCode.optional(),
})
export type SignIn = z.infer<typeof SignIn>

export const SignedIn = z.object({
  person: PersonRef,
  tenant: TenantRef,
  /** Unused recovery codes left, when the person has a second factor; null otherwise. Few is worth a hint. */
  recoveryCodesLeft: z.int().nullable(),
})
export type SignedIn = z.infer<typeof SignedIn>

export const Me = z.object({
  person: PersonRef.extend({
    email: z.string(),
    title: z.string(),
    phone: z.string(),
    language: z.string(),
    timeZone: z.string(),
  }),
  tenant: TenantRef.extend({ id: Id, timeZone: z.string(), isDemo: z.boolean() }),
  roles: z.array(z.object({ id: Id, key: z.string(), name: z.string() })),
  teams: z.array(Named.extend({ isLead: z.boolean() })),
  /** What may be done at all, and to which rows. */
  permissions: z.array(z.object({ permission: PermissionName, scopes: z.array(ScopeName) })),
  preferences: Preferences,
  /** Null for API keys. */
  session: z
    .object({
      id: Id,
      signedInBy: z.string(),
      expiresAt: Instant,
      /** The session ends after so many minutes without a request by the person. */
      idleMinutes: z.int(),
      /** When that is, as things stand; asking in the background does not move it. */
      idleUntil: Instant,
      /** The same from the answer on, for clocks that go differently. */
      idleSeconds: z.int(),
      /** What the session owes before it may do anything else. */
      owes: Owed.nullable(),
      /** The person really at the keyboard, when somebody acts as this one. */
      actor: PersonRef.nullable(),
    })
    .nullable(),
  credentials: z.object({
    hasPassword: z.boolean(),
    hasTotp: z.boolean(),
    passkeys: z.int(),
    recoveryCodesLeft: z.int(),
  }),
  /** What the tenant's security policy asks of this person. */
  rules: z.object({
    secondFactorRequired: z.boolean(),
    secondFactors: z.array(SecondFactorKind),
    shortestPassword: z.int(),
    keyDays: z.int(),
  }),
})
export type Me = z.infer<typeof Me>

export const EditMe = z
  .strictObject({
    language: Language,
    timeZone: TimeZone,
    phone: z.string().trim().max(60),
    preferences: Preferences,
  })
  .partial()
export type EditMe = z.infer<typeof EditMe>

export const SessionRow = z.object({
  id: Id,
  isThis: z.boolean(),
  signedInBy: z.string(),
  address: z.string(),
  userAgent: z.string(),
  createdAt: Instant,
  lastSeenAt: Instant,
  expiresAt: Instant,
  /** Who acts as this person in it, when somebody does. */
  actor: PersonRef.nullable(),
})
export type SessionRow = z.infer<typeof SessionRow>

/** "It is me": needed again before credentials or rights are changed, when the last proof is older than 15 minutes. */
export const ConfirmMe = z.strictObject({
  password: TriedPassword,
  totp: TotpCode.optional(),
  recoveryCode: RecoveryCode.optional(),
})
const Confirmed = z.object({ until: Instant })

export const ApiKeyRow = z.object({
  id: Id,
  name: z.string(),
  permissions: z.array(z.string()),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Instant.nullable(),
})
export type ApiKeyRow = z.infer<typeof ApiKeyRow>

export const NewApiKey = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** A subset of one's own; the rows it reaches are those the person reaches. */
  permissions: z.array(PermissionName).min(1).max(permissionNames.length),
  /** At most a year from now. */
  expiresAt: Instant,
})
export type NewApiKey = z.infer<typeof NewApiKey>

/** The token travels in the fragment of the mailed address, so that no server or proxy ever logs it. */
const Token = z.string().max(2000)
export const AcceptLink = z.strictObject({ token: Token, password: NewPassword })
export const LinkUsed = z.object({ tenant: TenantRef, email: z.string() })

const ById = z.object({ id: Id })

export const sessionRoutes = defineRoutes({
  signInOptions: {
    method: 'GET',
    path: '/session/options',
    summary: 'Who signs in here, and how',
    access: 'anyone',
    query: z.strictObject({ tenant: TenantSlug.optional() }),
    answer: SignInOptions,
  },
  signIn: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in with a password, and a second factor where one is set up',
    access: 'anyone',
    body: SignIn,
    answer: SignedIn,
  },
  demoSignIn: {
    method: 'POST',
    path: '/session/demo',
    summary: 'Sign in as a person of the demo with one click',
    access: 'anyone',
    body: z.strictObject({ personId: Id, tenant: TenantSlug }),
    answer: SignedIn,
  },
  passkeySignInOptions: {
    method: 'POST',
    path: '/session/passkey/options',
    summary: 'Begin to sign in with a passkey',
    access: 'anyone',
    body: z.strictObject({ tenant: TenantSlug.optional() }),
    answer: PasskeyOptions,
  },
  passkeySignIn: {
    method: 'POST',
    path: '/session/passkey',
    summary: 'Sign in with a passkey',
    access: 'anyone',
    body: z.strictObject({ tenant: TenantSlug.optional(), ceremony: Id, credential: PasskeyUsed }),
    answer: SignedIn,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    sessionOnly: true,
  },
  requestReset: {
    method: 'POST',
    path: '/session/reset-requests',
    summary: 'Ask for a link to set a new password; the answer never says whether there is such an account',
    access: 'anyone',
    body: z.strictObject({ tenant: TenantSlug.optional(), email: z.string().trim().min(1).max(254) }),
  },
  acceptReset: {
    method: 'POST',
    path: '/session/resets',
    summary: 'Set a new password with the link from the mail',
    access: 'anyone',
    body: AcceptLink,
    answer: LinkUsed,
  },
  acceptInvitation: {
    method: 'POST',
    path: '/session/invitations',
    summary: 'Set a first password with the link from the invitation',
    access: 'anyone',
    body: AcceptLink,
    answer: LinkUsed,
  },
  me: {
    method: 'GET',
    path: '/me',
    summary: 'Who I am and what I may do',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    answer: Me,
  },
  editMe: {
    method: 'PATCH',
    path: '/me',
    summary: 'Change my language, time zone, phone and preferences',
    access: 'signed in',
    body: EditMe,
  },
  confirmMe: {
    method: 'POST',
    path: '/me/confirmation',
    summary: 'Prove again that it is me, with the password',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    sessionOnly: true,
    body: ConfirmMe,
    answer: Confirmed,
  },
  confirmMePasskeyOptions: {
    method: 'POST',
    path: '/me/confirmation/passkey/options',
    summary: 'Begin to prove again that it is me, with a passkey',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    sessionOnly: true,
    answer: PasskeyOptions,
  },
  confirmMeWithPasskey: {
    method: 'POST',
    path: '/me/confirmation/passkey',
    summary: 'Prove again that it is me, with a passkey',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    sessionOnly: true,
    body: z.strictObject({ ceremony: Id, credential: PasskeyUsed }),
    answer: Confirmed,
  },
  listSessions: {
    method: 'GET',
    path: '/me/sessions',
    summary: 'Where I am signed in',
    access: 'signed in',
    sessionOnly: true,
    answer: z.object({ rows: z.array(SessionRow) }),
  },
  endSession: {
    method: 'DELETE',
    path: '/me/sessions/{id}',
    summary: 'Sign out elsewhere',
    access: 'signed in',
    sessionOnly: true,
    params: ById,
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/me/sessions',
    summary: 'Sign out everywhere but here',
    access: 'signed in',
    sessionOnly: true,
    answer: z.object({ ended: z.int() }),
  },
  listApiKeys: {
    method: 'GET',
    path: '/me/keys',
    summary: 'My API keys that still work',
    access: 'signed in',
    sessionOnly: true,
    answer: z.object({ rows: z.array(ApiKeyRow) }),
  },
  createApiKey: {
    method: 'POST',
    path: '/me/keys',
    summary: 'Make an API key; its secret is shown this once',
    access: 'signed in',
    recentSignIn: true,
    body: NewApiKey,
    answer: z.object({ id: Id, secret: z.string() }),
    status: 201,
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/me/keys/{id}',
    summary: 'Revoke an API key of mine',
    access: 'signed in',
    sessionOnly: true,
    params: ById,
  },
  stopActing: {
    method: 'DELETE',
    path: '/session/acting',
    summary: 'Stop acting as somebody else and be oneself again',
    access: 'signed in',
    whileOwing: ['set_up', 'prove'],
    sessionOnly: true,
    answer: SignedIn,
  },
})

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
