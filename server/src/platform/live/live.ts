import type { ServerResponse } from 'node:http'
import type { Caller } from '../http/caller.ts'

/** What a page hears: that something changed, not what; it asks again for what it shows. */
export type LiveEvent = {
  /** Position in the journal as text: Last-Event-ID on reconnect. */
  readonly id: string
  readonly tenantId: string
  readonly data: string
  readonly visibleTo: (caller: Caller) => boolean
}

type Stream = {
  caller: Caller
  readonly response: ServerResponse
  readonly recheck: () => Promise<Caller | null>
}

export type LiveHub = ReturnType<typeof createLiveHub>

const remembered = 5000
const heartbeatMilliseconds = 15_000
const recheckMilliseconds = 4000
// A reader that does not read: what waits for it is dropped with the connection; it resumes by Last-Event-ID.
const longestBacklogBytes = 1_048_576

/** Server-sent events for everybody connected to this process. */
export const createLiveHub = () => {
  const streams = new Map<string, Set<Stream>>()
  const recent: LiveEvent[] = []
  let count = 0

  const end = (stream: Stream): void => {
    const ofTenant = streams.get(stream.caller.tenantId)
    if (ofTenant?.delete(stream) === true) count -= 1
    if (!stream.response.writableEnded) stream.response.end()
  }
  const send = (stream: Stream, text: string): void => {
    if (stream.response.writableLength > longestBacklogBytes) end(stream)
    else stream.response.write(text)
  }
  const textOf = (event: LiveEvent): string => `id: ${event.id}\ndata: ${event.data}\n\n`

  const recheckAll = async (tenantId?: string): Promise<void> => {
    const concerned =
      tenantId === undefined ? [...streams.values()] : [streams.get(tenantId) ?? new Set<Stream>()]
    for (const ofTenant of concerned) {
      for (const stream of ofTenant) {
        const caller = await stream.recheck().catch(() => stream.caller)
        if (caller === null) end(stream)
        else stream.caller = caller
      }
    }
  }
  const heartbeat = setInterval(() => {
    for (const ofTenant of streams.values()) for (const stream of ofTenant) send(stream, ': here\n\n')
  }, heartbeatMilliseconds)
  const recheck = setInterval(() => void recheckAll(), recheckMilliseconds)
  heartbeat.unref()
  recheck.unref()

  return {
    get listeners(): number {
      return count
    },
    /** Begins a stream on a response whose headers are not sent yet. `recheck` answers who it is now; null ends it. */
    add: (
      caller: Caller,
      response: ServerResponse,
      lastEventId: string | undefined,
      recheckCaller: () => Promise<Caller | null>,
    ): void => {
      const stream: Stream = { caller, response, recheck: recheckCaller }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      response.on('close', () => end(stream))
      const ofTenant = streams.get(caller.tenantId) ?? new Set()
      streams.set(caller.tenantId, ofTenant.add(stream))
      count += 1
      send(stream, 'retry: 2000\n\n')
      if (lastEventId === undefined) return
      const from = recent.findIndex((event) => event.id === lastEventId)
      // What it missed is no longer remembered: the page loads anew what it shows.
      if (from === -1) send(stream, 'event: reset\ndata: {}\n\n')
      else
        for (const event of recent.slice(from + 1))
          if (event.tenantId === caller.tenantId && event.visibleTo(caller)) send(stream, textOf(event))
    },
    publish: (event: LiveEvent): void => {
      recent.push(event)
      if (recent.length > remembered) recent.splice(0, remembered / 10)
      const text = textOf(event)
      for (const stream of streams.get(event.tenantId) ?? [])
        if (event.visibleTo(stream.caller)) send(stream, text)
    },
    /** Something that holds only now: nobody who comes back later is told. */
    say: (tenantId: string, event: string, data: string, visibleTo: (caller: Caller) => boolean): void => {
      const text = `event: ${event}\ndata: ${data}\n\n`
      for (const stream of streams.get(tenantId) ?? []) if (visibleTo(stream.caller)) send(stream, text)
    },
    /** Somebody's rights may have changed: every stream of the tenant is asked who it is now. */
    recheck: recheckAll,
    close: (): void => {
      clearInterval(heartbeat)
      clearInterval(recheck)
      for (const ofTenant of streams.values()) for (const stream of ofTenant) end(stream)
    },
  }
}
