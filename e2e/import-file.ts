import { address } from './cast.ts'
import type { Actor } from './fixture.ts'

/** Brings a file to be imported, as somebody; answers its batch. */
export const bringFile = async (
  who: Actor,
  name: string,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<string> => {
  const answer = await fetch(`${address}/api/v1/imports?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: {
      cookie: `${who.cookie.name}=${who.cookie.value}`,
      origin: address,
      'content-type': 'application/octet-stream',
    },
    body: content,
  })
  const batch: unknown = await answer.json()
  if (
    !answer.ok ||
    typeof batch !== 'object' ||
    batch === null ||
    !('id' in batch) ||
    typeof batch.id !== 'string'
  )
    throw new Error(`bringing ${name} was answered with ${answer.status}`)
  return batch.id
}
