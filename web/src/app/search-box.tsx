import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import Search from 'lucide-react/icons/search'
import { say } from '../language/say.ts'
import { useKeys } from '../ui/keys.ts'
import classes from './search-box.module.css'

const load = () => import('./palette.tsx')
const Palette = lazy(async () => ({ default: (await load()).Palette }))

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const modifier = isApple ? '⌘' : 'Ctrl'

/** The one search box; it opens the palette, as `/` and Ctrl K do. */
export const SearchBox = () => {
  const [opened, setOpened] = useState(false)
  const before = useRef<Element | null>(null)
  const open = (): void => {
    before.current = document.activeElement
    setOpened(true)
  }
  const close = (): void => {
    setOpened(false)
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  const toggle = (): void => {
    if (opened) close()
    // Another dialog has the person's attention, and may hold something half done.
    else if (document.querySelector('[role="dialog"][aria-modal="true"]') === null) open()
  }
  const latest = useRef(toggle)
  useEffect(() => {
    latest.current = toggle
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isPalette = event.key.toLowerCase() === 'k' && (isApple ? event.metaKey : event.ctrlKey)
      if (!isPalette || event.altKey || event.shiftKey) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  const group = say('keys.everywhere')
  useKeys([
    { keys: '/', group, does: say('keys.search'), run: open },
    { keys: `${modifier} K`, group, does: say('palette.title'), run: open },
  ])
  return (
    <>
      <button
        type="button"
        className={classes['box']}
        aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
        onClick={open}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
      >
        <Search size={14} aria-hidden />
        <span className={classes['text']}>{say('palette.search')}</span>
        <kbd className={classes['key']} aria-hidden>
          {isApple ? '⌘ K' : `${say('key.Ctrl')} K`}
        </kbd>
      </button>
      {opened && (
        <Suspense fallback={null}>
          <Palette onClose={close} onPick={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  )
}
