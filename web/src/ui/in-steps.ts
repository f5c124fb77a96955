import { useDeferredValue } from 'react'

/**
 * Whether the heavy parts of a page are to be drawn yet: its head stands first, and answers keys, and the rest follows in steps between
 * which the browser paints and listens.
 */
export const useHeavyParts = (): boolean => useDeferredValue(true, false)
