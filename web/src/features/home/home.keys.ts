import { say } from '../../language/say.ts'
import { useKeys } from '../../ui/keys.ts'

const lines = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-line]')]

const move = (by: 1 | -1): void => {
  const all = lines()
  const here = document.activeElement?.closest('[data-line-of]')?.querySelector('[data-line]')
  const at = all.findIndex((line) => line === document.activeElement || line === here)
  const next = at === -1 ? (by === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))
  all[next]?.focus()
}

/** Presses the button for it on the line that has the focus. */
const press = (action: 'take' | 'reply') => (): void =>
  document.activeElement
    ?.closest('[data-line-of]')
    ?.querySelector<HTMLElement>(`[data-press="${action}"]`)
    ?.click()

/** The same keys as in a list; Enter on a title opens it as any link does. */
export const useLineKeys = (): void => {
  const group = say('home.lines')
  useKeys([
    { keys: 'j', group, does: say('keys.next'), run: () => move(1) },
    { keys: 'k', group, does: say('keys.previous'), run: () => move(-1) },
    { keys: 'i', group, does: say('incident.assignToMe'), run: press('take') },
    { keys: 'm', group, does: say('keys.comment'), run: press('reply') },
  ])
}
