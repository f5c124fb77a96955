import { useEffect, useRef, useSyncExternalStore } from 'react'

/** What a key, or two in a row (`g i`), does on this page, in words for the list of keys. */
export type KeyBinding = {
  readonly keys: string
  readonly does: string
  readonly group: string
  readonly run: () => void
}

type Entry = { current: readonly KeyBinding[] }

const entries: Entry[] = []
const listeners = new Set<() => void>()
let snapshot: readonly KeyBinding[] = []
const sequenceMilliseconds = 1000

/** A key that was pressed and may begin a sequence. */
let begun: { readonly key: string; readonly at: number } | undefined

/**
 * Binds keys while the component is there; what was mounted last wins. Keys never fire while somebody types, chooses from a list or has a
 * dialog open, nor with Ctrl, Alt or Meta.
 */
export const useKeys = (bindings: readonly KeyBinding[]): void => {
  const entry = useRef<readonly KeyBinding[]>(bindings)
  useEffect(() => {
    entry.current = bindings
  })
  const names = bindings.map(({ keys, does }) => `${keys} ${does}`).join('\n')
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

/** Every binding that works right now, for the list of keys. */
export const useBoundKeys = (): readonly KeyBinding[] => useSyncExternalStore(subscribe, bound)

const bound = (): readonly KeyBinding[] => snapshot
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const changed = (): void => {
  const seen = new Map<string, KeyBinding>()
  for (const { current } of entries) for (const binding of current) seen.set(binding.keys, binding)
  snapshot = [...seen.values()]
  for (const listener of listeners) listener()
}

/** What a press means: the binding to run, if any. `typing` says that the press belongs to a field or a dialog. */
export const bindingFor = (
  bindings: readonly KeyBinding[],
  press: { readonly key: string; readonly plain: boolean; readonly typing: boolean; readonly at: number },
  before: typeof begun,
): { readonly binding: KeyBinding | undefined; readonly begun: typeof begun } => {
  if (press.typing || !press.plain) return { binding: undefined, begun: undefined }
  const find = (keys: string) => bindings.findLast((binding) => binding.keys === keys)
  const second =
    before !== undefined && press.at - before.at < sequenceMilliseconds
      ? find(`${before.key} ${press.key}`)
      : undefined
  if (second !== undefined) return { binding: second, begun: undefined }
  if (bindings.some(({ keys }) => keys.startsWith(`${press.key} `))) {
    return { binding: undefined, begun: { key: press.key, at: press.at } }
  }
  return { binding: find(press.key), begun: undefined }
}

const belongsToField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest(
      'input:not([type="checkbox"], [type="radio"]), textarea, select, [role="combobox"], [role="listbox"], [role="menu"], [role="dialog"]',
    ) !== null)

/** Enter and Space on a button or link are the button's own. */
const belongsToControl = (event: KeyboardEvent): boolean =>
  (event.key === 'Enter' || event.key === ' ') &&
  event.target instanceof HTMLElement &&
  event.target.closest('a, button, summary, input, [role="button"], [role="tab"]') !== null

/** What somebody opened with the button they are still on: Escape is meant for it, and for nothing behind it. */
const openedBy = (event: KeyboardEvent): HTMLElement | null =>
  event.key === 'Escape' && event.target instanceof HTMLElement
    ? event.target.closest<HTMLElement>('[aria-haspopup="dialog"][aria-expanded="true"]')
    : null

/** Listens for the whole window; returns how to stop. */
export const listenForKeys = (): (() => void) => {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const opener = openedBy(event)
    if (opener !== null) {
      event.preventDefault()
      opener.click()
      return
    }
    const typing =
      belongsToField(event.target) ||
      belongsToControl(event) ||
      document.querySelector('[role="dialog"][aria-modal="true"]') !== null
    const result = bindingFor(
      entries.flatMap(({ current }) => current),
      {
        key: event.key === ' ' ? 'Space' : event.key,
        plain: !event.ctrlKey && !event.altKey && !event.metaKey,
        typing,
        at: event.timeStamp,
      },
      begun,
    )
    begun = result.begun
    if (result.binding !== undefined || begun !== undefined) event.preventDefault()
    result.binding?.run()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
