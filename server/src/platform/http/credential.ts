import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * A bearer secret that says where to look before it is believed: tenant, id of the row, 256 random bits. Only the hash of the random
 * part is stored, so a leaked table signs nobody in.
 */
export type Credential = { readonly tenantId: string; readonly id: string; readonly secret: Buffer }

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')
const uuidText = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

export const newCredential = (
  tenantId: string,
  id: string,
): { readonly text: string; readonly hash: Buffer } => {
  return credentialWith(tenantId, id, randomBytes(32))
}

/** The same, with a secret that is known already: 256 bits that nobody can guess. */
export const credentialWith = (
  tenantId: string,
  id: string,
  secret: Buffer,
): { readonly text: string; readonly hash: Buffer } => ({
  text: Buffer.concat([uuidBytes(tenantId), uuidBytes(id), secret]).toString('base64url'),
  hash: hashOf(secret),
})

/** Reads the text form; undefined for anything that is not exactly one. */
export const readCredential = (text: string): Credential | undefined => {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 64 || bytes.toString('base64url') !== text) return undefined
  return {
    tenantId: uuidText(bytes.subarray(0, 16)),
    id: uuidText(bytes.subarray(16, 32)),
    secret: bytes.subarray(32),
  }
}

export const hashOf = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest()

/** Constant time; the secret is random, so one round of SHA-256 is enough to store it by. */
export const matches = (credential: Credential, storedHash: Buffer): boolean =>
  timingSafeEqual(hashOf(credential.secret), storedHash)
