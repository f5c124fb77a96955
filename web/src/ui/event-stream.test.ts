import { expect, test } from 'vitest'
import { eventsOf } from './event-stream.ts'

const streamOf = (...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      controller.close()
    },
  })
const read = async (...chunks: (string | Uint8Array)[]) => {
  let bytes = 0
  const events = await Array.fromAsync(eventsOf(streamOf(...chunks), () => (bytes += 1)))
  return { events, bytes }
}

test('an event is its lines up to the empty one; the id stays for the next', async () => {
  const { events } = await read('id: 7\ndata: {"a":\ndata: 1}\n\nevent: reset\ndata: {}\n\n')
  expect(events).toEqual([
    { event: 'message', data: '{"a":\n1}', id: '7' },
    { event: 'reset', data: '{}', id: '7' },
  ])
})

test('an event may come in pieces, cut inside a line and inside a letter', async () => {
  const bytes = new TextEncoder().encode('data: Grüße\n\n')
  const { events } = await read(bytes.slice(0, 9), bytes.slice(9))
  expect(events).toEqual([{ event: 'message', data: 'Grüße', id: undefined }])
})

test('comments and what is not finished are no events, but signs of life', async () => {
  expect(await read(': here\n\n', 'retry: 2000\n\n', 'data: half')).toEqual({ events: [], bytes: 3 })
})
