import { useEffect, useRef, useSyncExternalStore } from 'react'

/** Something to do with what is open on this page: a line of the palette. */
export type PageAction = {
  readonly id: string
  readonly text: string
  /** Why it is not ready, or what it does. */
  readonly hint?: string | undefined
  readonly run: () => void
}

type Entry = { current: readonly PageAction[] }

const entries: Entry[] = []
const listeners = new Set<() => void>()
let snapshot: readonly PageAction[] = []

const changed = (): void => {
  snapshot = entries.flatMap(({ current }) => current)
  for (const listener of listeners) listener()
}

/** Offers actions in the palette while the component is there. */
export const useActions = (actions: readonly PageAction[]): void => {
  const entry = useRef<readonly PageAction[]>(actions)
  useEffect(() => {
    entry.current = actions
  })
  const names = actions.map(({ id, text, hint }) => `${id} ${text} ${hint ?? ''}`).join('\n')
  useEffect(() => {
    entries.push(entry)
    changed()
    return () => {
      entries.splice(entries.indexOf(entry), 1)
      changed()
    }
  }, [])
  useEffect(changed, [names])
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const current = (): readonly PageAction[] => snapshot

export const usePageActions = (): readonly PageAction[] => useSyncExternalStore(subscribe, current)
