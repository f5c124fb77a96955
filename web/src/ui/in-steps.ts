import { useDeferredValue } from 'react'

let firstPageStands = false

/** From now on pages take the place of one another. */
export const noteFirstPage = (): void => {
  firstPageStands = true
}

/**
 * Whether the heavy parts of a page are to be drawn yet. A page that answers a press shows its head first and the rest in steps between
 * which keys are heard; one that the browser loads has nothing to answer and is drawn at once.
 */
export const useHeavyParts = (): boolean => useDeferredValue(true, !firstPageStands)
