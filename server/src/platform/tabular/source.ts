import type { TabularSource } from './table.ts'

/** The bytes of a file as they come, and how many of them have come. */
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
