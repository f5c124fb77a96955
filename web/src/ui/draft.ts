import { useCallback, useEffect, useState } from 'react'

/**
 * Text that survives a closed tab: kept in this browser until it is sent or emptied. Another tab with the same draft follows along unless
 * it is being typed in.
 */
export const useDraft = (
  key: string,
): readonly [text: string, write: (text: string) => void, clear: () => void] => {
  const name = `evenkeel-draft:${key}`
  const [text, setText] = useState(() => stored(name))
  const [shown, setShown] = useState(name)
  if (shown !== name) {
    setShown(name)
    setText(stored(name))
  }
  const write = useCallback(
    (next: string) => {
      setText(next)
      store(name, next)
    },
    [name],
  )
  useEffect(() => {
    const follow = (event: StorageEvent): void => {
      if (event.key === name && !document.hasFocus()) setText(event.newValue ?? '')
    }
    window.addEventListener('storage', follow)
    return () => window.removeEventListener('storage', follow)
  }, [name])
  const clear = useCallback(() => write(''), [write])
  return [text, write, clear]
}

/** Drafts are somebody's words: they go when that person signs out. */
export const forgetDrafts = (): void => {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith('evenkeel-draft:')) localStorage.removeItem(name)
  } catch {
    // Storage is off: there is nothing to forget.
  }
}

const stored = (name: string): string => {
  try {
    return localStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}

const store = (name: string, text: string): void => {
  try {
    if (text === '') localStorage.removeItem(name)
    else localStorage.setItem(name, text)
  } catch {
    // Storage is off or full: the text stays on the page.
  }
}

/** How many texts wait to be sent in this browser. */
export const countDrafts = (): number => {
  try {
    return Object.keys(localStorage).filter(
      (name) => name.startsWith('evenkeel-draft:') && name.endsWith(':text'),
    ).length
  } catch {
    return 0
  }
}
