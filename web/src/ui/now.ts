import { useSyncExternalStore } from 'react'

const everyMilliseconds = 20_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

const tick = (): void => {
  now = Date.now()
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(tick, everyMilliseconds)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

const current = (): number => now

/** The browser's clock, moving on every 20 s; one timer for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, current)
