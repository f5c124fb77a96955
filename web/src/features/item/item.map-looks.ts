import { useSyncExternalStore } from 'react'
import { isDim, type Looks } from './item.map-graph.ts'

/** How nodes look is kept beside the page: a pick draws the nodes it concerns and no others. */
export type LooksStore = {
  readonly now: () => Looks
  readonly set: (looks: Looks) => void
  readonly subscribe: (listener: () => void) => () => void
}

export const createLooks = (): LooksStore => {
  const listeners = new Set<() => void>()
  let looks: Looks = { picked: undefined, blast: undefined, found: undefined }
  return {
    now: () => looks,
    set: (next) => {
      looks = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A node is drawn again when its own look is another one. */
export const useLook = (
  store: LooksStore,
  id: string,
): readonly [mark: string, picked: boolean, dim: boolean] => {
  const look = useSyncExternalStore(store.subscribe, () => {
    const now = store.now()
    return `${now.blast?.marks.get(id) ?? ''} ${now.picked === id} ${isDim(now, id)}`
  })
  const [mark = '', picked, dim] = look.split(' ')
  return [mark, picked === 'true', dim === 'true']
}
