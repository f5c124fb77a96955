import { z } from 'zod'
import { Id, Instant } from './record.ts'
import { defineRoutes } from './route.ts'

/** At least 12 characters when it is chosen; what is merely tried may be anything, up to a size that costs nothing to hash. */
export const TriedPassword = z.string().min(1).max(1024)
export const NewPassword = z.string().min(12, 'at least 12 characters').max(1024)
export const TotpCode = z.string().regex(/^\d{6}$/, 'six digits')
/** As printed: letters, digits and dashes; case and dashes do not matter. */
export const RecoveryCode = z.string().trim().min(8).max(40)

export const ChangePassword = z.strictObject({
  /** Needed when there is one. */
  current: TriedPassword.optional(),
  password: NewPassword,
})

/** Shown once. The address is what the QR code holds; the secret the same for typing. */
export const TotpEnrolment = z.object({ secret: z.string(), address: z.string() })
/** Shown once; stored hashed, each works once. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) })

/** Options for `navigator.credentials`, in the JSON form of WebAuthn Level 3; `ceremony` comes back with the response. */
export const PasskeyOptions = z.object({ ceremony: Id, options: z.record(z.string(), z.unknown()) })

const Base64Url = z
  .string()
  .min(1)
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]+$/)
const attachment = z.enum(['platform', 'cross-platform']).nullish()
// Browsers add members to these over time; what is not named here is dropped, not refused.
export const PasskeyCreated = z.object({
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  authenticatorAttachment: attachment,
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
})
export const PasskeyUsed = z.object({
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  authenticatorAttachment: attachment,
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.nullish(),
  }),
})
const PasskeyName = z.string().trim().min(1).max(80)
export const PasskeyRow = z.object({
  id: Id,
  name: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
})
export type PasskeyRow = z.infer<typeof PasskeyRow>

const ById = z.object({ id: Id })

/** What I prove with that it is me. */
export const credentialRoutes = defineRoutes({
  changePassword: {
    method: 'PUT',
    path: '/me/password',
    summary: 'Change my password; every other session ends',
    access: 'signed in',
    recentSignIn: true,
    body: ChangePassword,
  },
  enrolTotp: {
    method: 'POST',
    path: '/me/totp',
    summary: 'Begin to set up one-time codes',
    access: 'signed in',
    whileOwing: ['set_up'],
    recentSignIn: true,
    answer: TotpEnrolment,
    status: 201,
  },
  confirmTotp: {
    method: 'POST',
    path: '/me/totp/confirmation',
    summary: 'Finish setting up one-time codes; the recovery codes are shown this once',
    access: 'signed in',
    whileOwing: ['set_up'],
    recentSignIn: true,
    body: z.strictObject({ totp: TotpCode }),
    answer: RecoveryCodes,
  },
  removeTotp: {
    method: 'DELETE',
    path: '/me/totp',
    summary: 'Stop using one-time codes',
    access: 'signed in',
    recentSignIn: true,
  },
  renewRecoveryCodes: {
    method: 'POST',
    path: '/me/recovery-codes',
    summary: 'Make new recovery codes; the old ones stop working',
    access: 'signed in',
    recentSignIn: true,
    answer: RecoveryCodes,
  },
  listPasskeys: {
    method: 'GET',
    path: '/me/passkeys',
    summary: 'My passkeys',
    access: 'signed in',
    sessionOnly: true,
    answer: z.object({ rows: z.array(PasskeyRow) }),
  },
  passkeyRegistrationOptions: {
    method: 'POST',
    path: '/me/passkeys/options',
    summary: 'Begin to add a passkey',
    access: 'signed in',
    whileOwing: ['set_up'],
    recentSignIn: true,
    answer: PasskeyOptions,
  },
  registerPasskey: {
    method: 'POST',
    path: '/me/passkeys',
    summary: 'Add a passkey',
    access: 'signed in',
    whileOwing: ['set_up'],
    recentSignIn: true,
    body: z.strictObject({
      ceremony: Id,
      name: PasskeyName,
      credential: PasskeyCreated,
    }),
    answer: ById,
    status: 201,
  },
  renamePasskey: {
    method: 'PATCH',
    path: '/me/passkeys/{id}',
    summary: 'Call a passkey something else',
    access: 'signed in',
    sessionOnly: true,
    params: ById,
    body: z.strictObject({ name: PasskeyName }),
  },
  removePasskey: {
    method: 'DELETE',
    path: '/me/passkeys/{id}',
    summary: 'Remove a passkey',
    access: 'signed in',
    recentSignIn: true,
    params: ById,
  },
})
