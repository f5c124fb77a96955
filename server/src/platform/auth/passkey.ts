import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'

/** The origin that passkeys are bound to; WebAuthn binds to names, so a bare IP address has none. */
export type RelyingParty = { readonly name: string; readonly id: string; readonly origin: string }

/** undefined where the instance's address is an IP address: passkeys cannot exist there. */
export const relyingParty = (publicUrl: string): RelyingParty | undefined => {
  const { hostname, origin } = new URL(publicUrl)
  if (/^\d+(\.\d+){3}$|^\[/.test(hostname)) return undefined
  return { name: 'Evenkeel', id: hostname, origin }
}

export type StoredPasskey = {
  readonly credentialId: string
  readonly publicKey: Buffer
  readonly counter: number
}
type JsonOptions = Record<string, unknown>
export type Begun = { readonly challenge: string; readonly options: JsonOptions }

const personBytes = (personId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(personId.replaceAll('-', ''), 'hex'))

/** The user handle as it comes back: base64url of the person's id. */
export const userHandleOf = (personId: string): string =>
  Buffer.from(personBytes(personId)).toString('base64url')

/** A passkey is found without saying who one is (resident key) and always asks for a fingerprint, face or PIN (user verification). */
export const beginRegistration = async (
  party: RelyingParty,
  person: { readonly id: string; readonly name: string; readonly email: string },
  existing: readonly string[],
): Promise<Begun> => {
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: person.email,
    userDisplayName: person.name,
    userID: personBytes(person.id),
    attestationType: 'none',
    excludeCredentials: existing.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    timeout: 300_000,
  })
  return { challenge: options.challenge, options: { ...options } }
}

/** null when the response is not what was asked for. */
export const finishRegistration = async (
  party: RelyingParty,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<StoredPasskey | null> => {
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => undefined)
  if (verified === undefined || !verified.verified) return null
  const { credential } = verified.registrationInfo
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
  }
}

/** Whoever answers: no list of credentials, so that the options tell nothing about who has an account. */
export const beginAuthentication = async (
  party: RelyingParty,
  only: readonly string[] = [],
): Promise<Begun> => {
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
    timeout: 300_000,
    ...(only.length === 0 ? {} : { allowCredentials: only.map((id) => ({ id })) }),
  })
  return { challenge: options.challenge, options: { ...options } }
}

/** The authenticator's new counter, or null when the response is not a good answer. A counter that went back is a cloned key. */
export const finishAuthentication = async (
  party: RelyingParty,
  challenge: string,
  passkey: StoredPasskey,
  response: AuthenticationResponseJSON,
): Promise<number | null> => {
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
    },
    requireUserVerification: true,
  }).catch(() => undefined)
  return verified?.verified === true ? verified.authenticationInfo.newCounter : null
}
