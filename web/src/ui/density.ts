import { useSyncExternalStore } from 'react'

/** How much room a row takes. Kept where public/start.js reads it before the first paint. */
export const densities = ['compact', 'comfortable'] as const
export type Density = (typeof densities)[number]

export const rowHeights = { compact: 36, comfortable: 44 } as const satisfies Record<Density, number>

const listeners = new Set<() => void>()

const density = (): Density =>
  document.documentElement.dataset['density'] === 'comfortable' ? 'comfortable' : 'compact'

export const setDensity = (next: Density): void => {
  document.documentElement.dataset['density'] = next
  try {
    localStorage.setItem('evenkeel-density', next)
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useDensity = (): Density => useSyncExternalStore(subscribe, density)
