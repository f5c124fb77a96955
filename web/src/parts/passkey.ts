import type { PasskeyCreated, PasskeyUsed } from '@evenkeel/contract/credential'
import type { z } from 'zod'

/** Whether this browser can: over https and on localhost, and not before 2025. */
export const canUsePasskeys = (): boolean =>
  window.isSecureContext &&
  'PublicKeyCredential' in window &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'

/** The person closed the browser's own dialog, or its time ran out: no fault, nothing to explain. */
export const isGivenUp = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')

/** The device has a passkey of this person already. */
export const isThereAlready = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'InvalidStateError'

type Options = Readonly<Record<string, unknown>>

export const createPasskey = async (options: Options): Promise<z.input<typeof PasskeyCreated>> => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    // The server's options are in this form; the contract passes them on without repeating it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  )
  const made = await navigator.credentials.create({ publicKey })
  if (!(made instanceof PublicKeyCredential)) throw new DOMException('no credential', 'NotAllowedError')
  // The server parses it again; this form is what toJSON of a created credential is specified to give.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return made.toJSON() as z.input<typeof PasskeyCreated>
}

export const answerWithPasskey = async (options: Options): Promise<z.input<typeof PasskeyUsed>> => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    // As above.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  )
  const used = await navigator.credentials.get({ publicKey })
  if (!(used instanceof PublicKeyCredential)) throw new DOMException('no credential', 'NotAllowedError')
  // As above, for a credential that was used.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return used.toJSON() as z.input<typeof PasskeyUsed>
}
