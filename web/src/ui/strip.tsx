import type { ReactNode } from 'react'
import classes from './strip.module.css'

/**
 * A row of choices that scrolls sideways where there is no room for all of them: it fades towards those out of sight, and the chosen one is
 * in sight.
 */
export const Strip = ({
  as: Element = 'div',
  label,
  className = '',
  children,
}: {
  /** Links between pages are a landmark, buttons are a group. */
  readonly as?: 'nav' | 'div'
  readonly label: string
  readonly className?: string | undefined
  readonly children: ReactNode
}) => (
  <Element
    ref={watch}
    className={`${classes['strip'] ?? ''} ${className}`}
    aria-label={label}
    {...(Element === 'div' ? { role: 'group' } : {})}
  >
    {children}
  </Element>
)

const watch = (strip: HTMLElement | null): (() => void) | undefined => {
  if (strip === null) return undefined
  const mark = (): void => {
    const before = strip.scrollLeft > 1
    const after = strip.scrollLeft < strip.scrollWidth - strip.clientWidth - 1
    strip.toggleAttribute('data-before', before)
    strip.toggleAttribute('data-after', after)
  }
  let shown: Element | null = null
  // Who has moved it keeps it there; until then it grows as what it says comes in.
  let moved = false
  const onMove = (): void => {
    moved = true
  }
  const showChosen = (): void => {
    const chosen = strip.querySelector('[aria-current], [aria-pressed="true"]')
    if (chosen !== shown) moved = false
    if (chosen !== null && !moved) {
      const [around, inside] = [strip.getBoundingClientRect(), chosen.getBoundingClientRect()]
      if (inside.left < around.left || inside.right > around.right)
        strip.scrollLeft += inside.left - around.left - (around.width - inside.width) / 2
    }
    shown = chosen
    mark()
  }
  showChosen()
  const changes = new MutationObserver(showChosen)
  changes.observe(strip, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ['aria-current', 'aria-pressed'],
  })
  const sizes = new ResizeObserver(showChosen)
  sizes.observe(strip)
  strip.addEventListener('scroll', mark, { passive: true })
  const moves = ['pointerdown', 'wheel', 'focusin'] as const
  for (const move of moves) strip.addEventListener(move, onMove, { passive: true })
  return () => {
    changes.disconnect()
    sizes.disconnect()
    strip.removeEventListener('scroll', mark)
    for (const move of moves) strip.removeEventListener(move, onMove)
  }
}
