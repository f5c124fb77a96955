import type { Page } from '@playwright/test'
import { z } from 'zod'

const flingMilliseconds = 30_000
/** A strong flick of a wheel or a finger: 12,000 px in a second. */
const pixelsPerMillisecond = 12

const Fling = z.object({
  frames: z.number(),
  /** Milliseconds in which no row stood where one belongs, at the longest. */
  longestBlank: z.number(),
  longestFrame: z.number(),
  rows: z.number(),
  /** Milliseconds at the end of what was loaded. */
  waited: z.number(),
})
export type Fling = z.infer<typeof Fling>

/** Runs in the page: moves on with every frame and looks whether rows stand at five heights of the list. */
const fling = `new Promise((resolve) => {
  const scroller = document.querySelector('[role="grid"]').parentElement
  const box = scroller.getBoundingClientRect()
  const places = [0.1, 0.3, 0.5, 0.7, 0.95].map((part) => box.top + 32 + (box.height - 40) * part)
  const began = performance.now()
  let [before, blankSince, longestBlank, longestFrame, frames, waited] = [began, -1, 0, 0, 0, 0]
  const look = (now) => {
    frames += 1
    const passed = Math.max(0, now - before)
    longestFrame = Math.max(longestFrame, passed)
    before = now
    const hasRow = (y) => document.elementFromPoint(box.left + 300, y)?.closest('[role="row"]') != null
    if (places.every(hasRow)) blankSince = -1
    else {
      if (blankSince < 0) blankSince = now - passed
      longestBlank = Math.max(longestBlank, now - blankSince)
    }
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) waited += passed
    scroller.scrollTop += passed * ${pixelsPerMillisecond}
    if (now - began < ${flingMilliseconds}) return requestAnimationFrame(look)
    const last = [...document.querySelectorAll('[role="row"][aria-rowindex]')].at(-1)
    const rows = Number(last?.getAttribute('aria-rowindex') ?? 0)
    resolve({ frames, longestBlank, longestFrame, rows, waited })
  }
  requestAnimationFrame(look)
})`

/** Flings through the list of all incidents for half a minute. */
export const flingThroughList = async (page: Page): Promise<Fling> => {
  await page.goto('/incidents?q=')
  await page.getByRole('row').nth(20).waitFor({ timeout: 60_000 })
  return Fling.parse(await page.evaluate(fling))
}
