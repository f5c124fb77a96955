/**
 * Whether somebody is here. A page asks for much by itself (what is unread, what others changed), and that must not keep an unattended
 * screen signed in (HIPAA 164.312(a)(2)(iii), PCI DSS 8.2.8): such requests say that they run in the background, and the server does not
 * count them. What counts is a request that somebody's hands led to, or the first one after they did something that needed none.
 */
const soon = 10_000

let touchedAt = Date.now()
let countedAt = Date.now()

/** Begins to notice; once, when the application starts. */
export const noticePerson = (): void => {
  for (const type of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'click', 'input'] as const)
    window.addEventListener(type, () => (touchedAt = Date.now()), { capture: true, passive: true })
}

/** Something was done here that no request told of yet: typing, reading on. */
export const isUncounted = (): boolean => touchedAt > countedAt

/** What a request says about who asks. */
export const askedBy = (): Record<string, string> => {
  const now = Date.now()
  if (now - touchedAt >= soon && !isUncounted()) return { 'evenkeel-background': '1' }
  countedAt = now
  return {}
}

/** Somebody says that they are here. */
export const bePresentHere = (): void => {
  touchedAt = Date.now()
}
