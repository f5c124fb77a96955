import { expect, type Page } from '@playwright/test'

/**
 * What a screen reader says of a page without being asked: text that comes into a region which was there before (`status`, `aria-live`),
 * and alerts, which speak when they appear (WCAG 2.2, 4.1.3).
 */
const listening = `
  window.spoken = []
  const regions = '[role="status"], [role="alert"], [role="log"], [aria-live="polite"], [aria-live="assertive"]'
  const say = (region) => {
    const text = region.textContent.replaceAll(/\\s+/g, ' ').trim()
    if (text !== '' && window.spoken.at(-1) !== text) window.spoken.push(text)
  }
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(regions)
      if (region != null) say(region)
      else for (const node of addedNodes)
        if (node instanceof Element)
          for (const alert of [node, ...node.querySelectorAll('*')].filter((one) => one.matches('[role="alert"]'))) say(alert)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
`

export const listen = (page: Page): Promise<unknown> => page.addInitScript(listening)

/** Waits until this is said; what was said before is forgotten with it. */
export const expectSpoken = async (page: Page, words: string | RegExp): Promise<void> => {
  const spoken = (): Promise<string[]> => page.evaluate<string[]>('window.spoken')
  await expect
    .poll(async () => (await spoken()).join('\n'))
    .toMatch(typeof words === 'string' ? new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')) : words)
  await page.evaluate('window.spoken.splice(0)')
}
