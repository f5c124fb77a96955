import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'

/** Where public/start.js reads it before the first paint. */
const name = 'evenkeel-scheme'

const isScheme = (value: unknown): value is MantineColorScheme =>
  value === 'light' || value === 'dark' || value === 'auto'

const get = (fallback: MantineColorScheme): MantineColorScheme => {
  try {
    const stored = localStorage.getItem(name)
    return isScheme(stored) ? stored : fallback
  } catch {
    return fallback
  }
}

/** Light, dark or the system's; all tabs change together. */
export const schemeManager = (): MantineColorSchemeManager => {
  let listener: ((event: StorageEvent) => void) | undefined
  const unsubscribe = (): void => {
    if (listener !== undefined) window.removeEventListener('storage', listener)
    listener = undefined
  }
  return {
    get,
    set: (value) => {
      try {
        localStorage.setItem(name, value)
      } catch {
        // Storage is off: the choice lasts as long as the page.
      }
    },
    subscribe: (onUpdate) => {
      unsubscribe()
      listener = (event) => {
        if (event.key === name) onUpdate(isScheme(event.newValue) ? event.newValue : 'auto')
      }
      window.addEventListener('storage', listener)
    },
    unsubscribe,
    clear: () => {
      try {
        localStorage.removeItem(name)
      } catch {
        // Nothing was kept.
      }
    },
  }
}
