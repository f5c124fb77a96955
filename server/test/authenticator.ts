import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

type Options = Record<string, unknown>

/** A passkey as a phone would hold it: a key pair, found without a name, with a fingerprint asked for every time. */
export const createAuthenticator = (origin: string, rpId: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let counter = 0
  const settings = { userVerified: true, origin, counts: true }

  const authenticatorData = (flags: number, rest: Buffer = Buffer.alloc(0)): Buffer => {
    if (settings.counts) counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const seen = flags | 0x01 | (settings.userVerified ? 0x04 : 0)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([seen]), count, rest])
  }
  const clientData = (type: string, options: Options): Buffer =>
    Buffer.from(
      JSON.stringify({ type, challenge: options['challenge'], origin: settings.origin, crossOrigin: false }),
    )

  return {
    settings,
    credentialId: credentialId.toString('base64url'),
    /** Sets the counter back, as a clone of the key would have it. */
    rewind: (): void => {
      counter = 0
    },
    create: (options: Options) => {
      const idLength = Buffer.alloc(2)
      idLength.writeUInt16BE(credentialId.length)
      const data = authenticatorData(
        0x40,
        Buffer.concat([Buffer.alloc(16), idLength, credentialId, coseKey(publicKey)]),
      )
      return {
        id: credentialId.toString('base64url'),
        rawId: credentialId.toString('base64url'),
        type: 'public-key' as const,
        response: {
          clientDataJSON: clientData('webauthn.create', options).toString('base64url'),
          attestationObject: cborMap([
            [cborText('fmt'), cborText('none')],
            [cborText('attStmt'), cborMap([])],
            [cborText('authData'), cborBytes(data)],
          ]).toString('base64url'),
        },
      }
    },
    get: (options: Options, userHandle?: string) => {
      const data = authenticatorData(0)
      const client = clientData('webauthn.get', options)
      const signature = createSign('sha256')
        .update(Buffer.concat([data, createHash('sha256').update(client).digest()]))
        .sign(privateKey)
      return {
        id: credentialId.toString('base64url'),
        rawId: credentialId.toString('base64url'),
        type: 'public-key' as const,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      }
    },
  }
}

// The little of CBOR (RFC 8949) that an attestation without a statement needs.
const head = (major: number, length: number): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255])
}
const cborText = (text: string): Buffer =>
  Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)])
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([head(2, bytes.length), bytes])
const cborInteger = (value: number): Buffer => (value >= 0 ? head(0, value) : head(1, -1 - value))
const cborMap = (pairs: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([head(5, pairs.length), ...pairs.flat()])

/** COSE_Key of an ES256 public key (RFC 9053 7.1). */
const coseKey = (key: KeyObject): Buffer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborInteger(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ])
}
