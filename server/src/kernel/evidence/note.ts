import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'

/** The key that signs: lives outside the database, one for the instance. */
export type SigningKey = { readonly privateKey: KeyObject; readonly publicKey: KeyObject }

/** A key that a verifier accepts, under one name. `id` is the 4-byte key hash of the signed-note format, 8 hex digits. */
export type VerifierKey = { readonly name: string; readonly id: string; readonly publicKey: KeyObject }

/** A signed note taken apart, its signatures not yet checked. `text` includes its last newline. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }
export type NoteSignature = { readonly name: string; readonly id: string; readonly signature: Uint8Array }

export type NoteFault = {
  readonly ok: false
  readonly why: 'malformed' | 'unknown_key' | 'wrong_signature'
  readonly words: string
}
export type OpenedNote = {
  readonly ok: true
  readonly text: string
  readonly signedBy: readonly VerifierKey[]
}

const emDash = '\u2014'
const ed25519 = Buffer.from([0x01])
// The format asks for room for at least 16 signatures; Go's verifier stops at 100. Either bound keeps a hostile note cheap.
const mostSignatures = 100
const longestNote = 65_536

/** A new Ed25519 key pair in PEM (PKCS #8 and SPKI). The private half is for a file only its owner may read. */
export function newSigningKey(): { readonly privateKeyPem: string; readonly publicKeyPem: string } {
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privateKeyPem: pair.privateKey, publicKeyPem: pair.publicKey }
}

/** Reads a private key in PEM. Throws `TypeError` where it is not an Ed25519 key, without quoting it. */
export function signingKey(privateKeyPem: string): SigningKey {
  const privateKey = readKey(() => createPrivateKey(privateKeyPem), 'private')
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** A key under a name (the origin of the log it signs). Throws `TypeError` where PEM or name are not what they should be. */
export function verifierKey(name: string, publicKey: string | KeyObject): VerifierKey {
  if (!isKeyName(name))
    throw new TypeError(`"${name}" is no key name: it is empty or holds a space or a plus sign`)
  const key = typeof publicKey === 'string' ? readKey(() => createPublicKey(publicKey), 'public') : publicKey
  return { name, id: keyId(name, rawBytes(key)), publicKey: key }
}

/** One line for one key: name, key id and key, as verifiers of transparency logs exchange it (`<name>+<id>+<base64>`). */
export const verifierKeyText = (key: VerifierKey): string =>
  `${key.name}+${key.id}+${Buffer.concat([ed25519, rawBytes(key.publicKey)]).toString('base64')}`

/** Reads such a line. Throws `TypeError`. */
export function verifierKeyFromText(text: string): VerifierKey {
  const [name = '', id = '', encoded = '', ...more] = text.split('+')
  // Base64 may itself hold plus signs.
  const bytes = fromBase64([encoded, ...more].join('+'))
  if (!isKeyName(name) || bytes === null || bytes.length !== 33 || bytes[0] !== 0x01)
    throw new TypeError('the key is not of the form name+id+base64 with an Ed25519 key')
  const raw = bytes.subarray(1)
  if (keyId(name, raw) !== id)
    throw new TypeError(`the key says its id is ${id}, and it is ${keyId(name, raw)}`)
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  })
  return { name, id, publicKey }
}

/** A signed note (https://c2sp.org/signed-note) with one Ed25519 signature. Throws `TypeError` where the text cannot be one. */
export function signNote(text: string, name: string, key: SigningKey): string {
  if (!isNoteText(text)) throw new TypeError('a note is text of whole lines without control characters')
  const { id } = verifierKey(name, key.publicKey)
  const signature = sign(null, Buffer.from(text), key.privateKey)
  return `${text}\n${emDash} ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`
}

/** Takes a note apart without checking signatures; null where it is malformed. */
export function parseNote(note: string): Note | null {
  if (note.length > longestNote || !note.endsWith('\n')) return null
  // The last empty line separates the text from the signatures; the text may hold empty lines itself. Without one, there is
  // no text either.
  const split = note.lastIndexOf('\n\n')
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  if (!isNoteText(text) || lines.length > mostSignatures) return null
  const signatures = lines.map(parseSignature)
  return signatures.every((signature) => signature !== null) ? { text, signatures } : null
}

/**
 * Checks the signatures of a note. Signatures of unknown keys are passed over, so that keys can rotate and witnesses can
 * cosign; one of a known key that does not verify condemns the whole note; at least one must verify.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote | NoteFault {
  const parsed = parseNote(note)
  if (parsed === null)
    return { ok: false, why: 'malformed', words: 'the note is not of the signed-note form' }
  const message = Buffer.from(parsed.text)
  const signedBy: VerifierKey[] = []
  for (const { name, id, signature } of parsed.signatures) {
    const known = keys.filter((key) => key.name === name && key.id === id)
    if (known.length === 0) continue
    // Four bytes are no proof of identity: two keys may share them, and then either may have signed.
    const signer = known.find((key) => verify(null, message, key.publicKey, signature))
    if (signer === undefined)
      return {
        ok: false,
        why: 'wrong_signature',
        words: `the signature of key ${name}+${id} does not fit the text`,
      }
    signedBy.push(signer)
  }
  if (signedBy.length > 0) return { ok: true, text: parsed.text, signedBy }
  const named = parsed.signatures.map(({ name, id }) => `${name}+${id}`).join(', ')
  return {
    ok: false,
    why: 'unknown_key',
    words: `it is signed by ${named}, and none of the accepted keys is that`,
  }
}

/** Standard base64 (RFC 4648 section 4), strictly: null for anything a re-encoding would write differently. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

function parseSignature(line: string): NoteSignature | null {
  const [dash, name = '', encoded = '', ...more] = line.split(' ')
  const bytes = fromBase64(encoded)
  if (dash !== emDash || !isKeyName(name) || more.length > 0 || bytes === null || bytes.length < 5)
    return null
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) }
}

const isKeyName = (name: string): boolean => /^[^\s\u0085+]+$/u.test(name) && isNoteText(`${name}\n`)

// Everything from the space up, and newlines: no control characters, no lone surrogates.
const isNoteText = (text: string): boolean =>
  /^[\n -\u{10ffff}]+$/u.test(text) && text.endsWith('\n') && text.isWellFormed()

const keyId = (name: string, raw: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ed25519, raw]), 'hex').slice(0, 8)

function rawBytes(publicKey: KeyObject): Buffer {
  const { x, crv } = publicKey.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('the public key is not an Ed25519 key')
  return Buffer.from(x, 'base64url')
}

function readKey(read: () => KeyObject, half: 'private' | 'public'): KeyObject {
  let key: KeyObject | null = null
  try {
    key = read()
  } catch {
    // What cannot be read may be half of a secret; the cause is not repeated.
  }
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`the ${half} key is not an Ed25519 key in PEM`)
  return key
}
