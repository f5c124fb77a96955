import { createGunzip } from 'node:zlib'
import { FileFault, limits, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'

/** The bytes of a file as they come, and how many of those stored have come. */
export type Bytes = { readonly pieces: AsyncIterable<Uint8Array>; readonly bytesRead: () => number }

/** @throws whatever `signal` was aborted with, before the next piece */
export const bytesOf = async (source: TabularSource, signal?: AbortSignal): Promise<Bytes> => {
  let bytesRead = 0
  signal?.throwIfAborted()
  const stream = await source.open()
  return {
    bytesRead: () => bytesRead,
    pieces: (async function* () {
      try {
        for await (const piece of stream) {
          signal?.throwIfAborted()
          if (!(piece instanceof Uint8Array)) throw new TypeError('a file is read as bytes')
          bytesRead += piece.length
          yield piece
        }
      } finally {
        stream.destroy()
      }
    })(),
  }
}

/** The first bytes, at least `least` where there are so many, and all bytes again. */
export const peeked = async (
  { pieces, bytesRead }: Bytes,
  least: number,
): Promise<{ readonly start: Buffer; readonly bytes: Bytes }> => {
  const iterator = pieces[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < least) {
    const next = await iterator.next()
    if (next.done === true) break
    first.push(next.value)
    length += next.value.length
  }
  return { start: Buffer.concat(first), bytes: { bytesRead, pieces: resumed(first, iterator) } }
}

/**
 * What was taken from an iterator already, and the rest of it. Unlike a generator it lets go of what is behind it even when nobody began to
 * read: a file that was only looked at does not stay open.
 */
export const resumed = <T>(
  first: readonly T[],
  rest: AsyncIterator<T>,
  closed?: () => unknown,
): AsyncIterable<T> => {
  const waiting = [...first]
  const iterator: AsyncIterator<T> = {
    next: async () => {
      const value = waiting.shift()
      if (value !== undefined) return { done: false, value }
      const next = await rest.next()
      if (next.done === true) await closed?.()
      return next
    },
    return: async () => {
      await rest.return?.()
      await closed?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

/** Lets go of what nobody reads on. */
export const leave = async (iterable: AsyncIterable<unknown>): Promise<void> => {
  await iterable[Symbol.asyncIterator]().return?.()
}

/** @throws what the work throws, and lets go of the rest then */
export const orLeave = async <T>(iterable: AsyncIterable<unknown>, work: () => T): Promise<Awaited<T>> => {
  try {
    return await work()
  } catch (error) {
    await leave(iterable)
    throw error
  }
}

/** What a gzip holds. */
export const gunzipped = ({ pieces, bytesRead }: Bytes): Bytes => ({
  bytesRead,
  pieces: (async function* () {
    const gunzip = createGunzip()
    const fed = feed(pieces, gunzip)
    // Awaited below; until then it must not count as nobody's.
    fed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))))
    let unpacked = 0
    try {
      for await (const piece of gunzip) {
        if (!(piece instanceof Uint8Array)) continue
        unpacked += piece.length
        if (isBomb(unpacked, bytesRead()))
          throw new FileFault(says('zip.bomb', { name: '.gz', ratio: limits.unpackedRatio }))
        if (unpacked > limits.unpacked)
          throw new FileFault(says('zip.tooLarge', { name: '.gz', gigabytes: limits.unpacked / 2 ** 30 }))
        yield piece
      }
      await fed
    } catch (error) {
      throw unpackingFault(error)
    } finally {
      gunzip.destroy()
      await fed.catch(() => undefined)
    }
  })(),
})

const feed = async (
  pieces: AsyncIterable<Uint8Array>,
  gunzip: ReturnType<typeof createGunzip>,
): Promise<void> => {
  for await (const piece of pieces) {
    if (gunzip.destroyed) return
    if (!gunzip.write(piece)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          gunzip.off('drain', done).off('close', done)
          resolve()
        }
        gunzip.on('drain', done).on('close', done)
      })
    }
  }
  gunzip.end()
}

/** Texts shrink to a twentieth, a sheet's markup to a hundredth; more is made to fill somebody's memory. */
export const isBomb = (unpacked: number, packed: number): boolean =>
  unpacked > limits.unpackedFreely && unpacked > packed * limits.unpackedRatio

/** What went wrong in unpacking, as a fault of the file. */
export const unpackingFault = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof FileFault) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR' || /unexpected EOF|unexpected end/i.test(error.message))
    return new FileFault(says('file.cut'))
  return code.startsWith('Z_') ? new FileFault(says('file.damaged', { what: error.message })) : error
}
