import { expect, test } from 'vitest'
import { backoff, follow, type LiveMessage } from './live-stream.ts'

const id = '018f0000-0000-7000-8000-000000000001'
const change = { kind: 'incident', id, type: 'incident.started', version: 2 }
const event = (eventId: string) => `id: ${eventId}\ndata: ${JSON.stringify(change)}\n\n`

/** Answers one after the other; when they are used up, the stream is told to stop. */
const run = async (...answers: (string | number | Error)[]) => {
  const stop = new AbortController()
  const asked: (string | undefined)[] = []
  const told: LiveMessage[] = []
  const waits: number[] = []
  let last: string | undefined
  await follow(
    {
      connect: async (from) => {
        asked.push(from)
        const answer = answers.shift()
        if (answers.length === 0) queueMicrotask(() => setTimeout(() => stop.abort(), 0))
        if (answer instanceof Error || answer === undefined) throw answer ?? new Error('over')
        return typeof answer === 'number' ? new Response(null, { status: answer }) : new Response(answer)
      },
      tell: (message) => {
        told.push(message)
        if (message.kind === 'change') last = message.eventId ?? last
      },
      pause: async (milliseconds) => {
        waits.push(milliseconds)
        if (answers.length === 0) stop.abort()
      },
      lastEventId: () => last,
      random: () => 1,
    },
    stop.signal,
  )
  return { asked, told, waits }
}

test('a stream that breaks is taken up where it was, and says when it was away', async () => {
  const { asked, told } = await run(event('5') + event('6'), '')
  expect(asked).toEqual([undefined, '6'])
  expect(told).toEqual([
    { kind: 'open', missed: true },
    { kind: 'change', eventId: '5', change },
    { kind: 'change', eventId: '6', change },
    { kind: 'away' },
    { kind: 'open', missed: false },
    { kind: 'away' },
  ])
})

test('when the server no longer remembers what was missed, the pages are told to load anew', async () => {
  const { told } = await run(event('5'), 'event: reset\ndata: {}\n\n')
  expect(told.slice(-3)).toEqual([
    { kind: 'open', missed: false },
    { kind: 'open', missed: true },
    { kind: 'away' },
  ])
})

test('a session that is over ends the stream for good', async () => {
  const { told, waits } = await run(401, event('1'))
  expect(told).toEqual([{ kind: 'ended' }])
  expect(waits).toEqual([])
})

test('a server that is away is asked less and less often, and at once again after it was there', async () => {
  const { waits } = await run(new Error('refused'), 503, 503, '', new Error('refused'))
  expect(waits).toEqual([500, 1000, 2000, 500, 1000])
})

test('waiting never exceeds half a minute and is never the same for all', () => {
  expect(backoff(20, 1)).toBe(30_000)
  expect(backoff(20, 0)).toBe(15_000)
})

test('who reads the journal hears that it has grown', async () => {
  const { told } = await run(`event: journal\ndata: {}\n\n${event('9')}`, '')
  expect(told.filter(({ kind }) => kind === 'journal')).toEqual([{ kind: 'journal' }])
})

test('data that is no change is passed over', async () => {
  const { told } = await run(`data: nonsense\n\ndata: {"kind":1}\n\n${event('9')}`, '')
  expect(told.filter(({ kind }) => kind === 'change')).toHaveLength(1)
})
