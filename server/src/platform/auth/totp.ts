import { randomBytes } from 'node:crypto'
import { generateURI, verify } from 'otplib'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 160 random bits, as RFC 4226 section 4 recommends. */
export const newTotpSecret = (): Buffer => randomBytes(20)

/** Base32 without padding (RFC 4648), the form people type. */
export const base32 = (bytes: Buffer): string => {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >>> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + alphabet.charAt((held << (5 - bits)) & 31)
}

/** What the QR code holds. */
export const totpAddress = (secret: Buffer, issuer: string, account: string): string =>
  generateURI({ secret: base32(secret), issuer, label: account })

/**
 * The time step that the code belongs to (now, one before or one after: clocks differ), or null. A step at or before `lastStep` is
 * refused: each code works once (RFC 6238 section 5.2).
 */
export const totpStep = async (
  secret: Buffer,
  code: string,
  now: string,
  lastStep: number,
): Promise<number | null> => {
  const epoch = Math.floor(Date.parse(now) / 1000)
  const result = await verify({ secret: base32(secret), token: code, epoch, epochTolerance: 30 })
  if (!result.valid || !('timeStep' in result) || result.timeStep <= lastStep) return null
  return result.timeStep
}
