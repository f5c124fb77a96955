import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { LiveChange } from '@evenkeel/contract/live'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { follow, type LiveMessage } from './live-stream.ts'

/**
 * What others do, as it happens. One stream for all tabs of this browser: the tab that holds the lock reads it and passes on what it hears;
 * when it is closed, the next takes over from the last event that was seen.
 */
export type LiveState = 'open' | 'away'

const listeners = new Set<(message: LiveMessage) => void>()
const stateListeners = new Set<() => void>()
let state: LiveState = 'open'
let lastEventId: string | undefined

const hear = (message: LiveMessage): void => {
  if (message.kind === 'change') lastEventId = message.eventId ?? lastEventId
  if (message.kind === 'open' || message.kind === 'away') {
    state = message.kind
    for (const listener of stateListeners) listener()
  }
  for (const listener of listeners) listener(message)
}

/** Begins to listen for one person's changes; returns how to stop. */
export const startLive = (personId: string): (() => void) => {
  const stop = new AbortController()
  const name = `evenkeel-live:${personId}`
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', (event: MessageEvent<LiveMessage>) => hear(event.data))
  const settings = {
    connect: (from: string | undefined, signal: AbortSignal) =>
      fetch(addressOf(api.live), {
        headers: { accept: 'text/event-stream', ...(from === undefined ? {} : { 'last-event-id': from }) },
        signal,
        cache: 'no-store',
      }),
    tell: (message: LiveMessage) => {
      if (stop.signal.aborted) return
      hear(message)
      // A channel reaches this origin only.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel.postMessage(message)
    },
    pause,
    lastEventId: () => lastEventId,
  }
  // Locks exist on secure origins and loopback only; elsewhere every tab reads a stream of its own.
  const lead =
    'locks' in navigator
      ? navigator.locks.request(name, { signal: stop.signal }, () => follow(settings, stop.signal))
      : follow(settings, stop.signal)
  lead.catch(() => undefined)
  return () => {
    stop.abort()
    channel.close()
    lastEventId = undefined
  }
}

/** Waits, but not on: the network coming back or the page being looked at again ends the wait. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      document.removeEventListener('visibilitychange', seen)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const seen = (): void => {
      if (document.visibilityState === 'visible') done()
    }
    const timer = setTimeout(done, milliseconds)
    window.addEventListener('online', done)
    document.addEventListener('visibilitychange', seen)
    signal.addEventListener('abort', done)
  })

/** Calls back for everything that is heard while the component is there. */
export const useLiveMessages = (onMessage: (message: LiveMessage) => void): void => {
  const latest = useRef(onMessage)
  useEffect(() => {
    latest.current = onMessage
  })
  useEffect(() => {
    const listener = (message: LiveMessage): void => latest.current(message)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
}

export const useLiveChanges = (kind: string, onChange: (change: LiveChange) => void): void =>
  useLiveMessages((message) => {
    if (message.kind === 'change' && message.change.kind === kind) onChange(message.change)
  })

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, current)

const current = (): LiveState => state
const subscribe = (listener: () => void): (() => void) => {
  stateListeners.add(listener)
  return () => stateListeners.delete(listener)
}
