import type { Places } from './item.map-layout.ts'
import type { Known, Order } from './item.map-worker.ts'
import type { Size, View } from './item.map-view.ts'

export type Sheet = {
  /** Shows the map from here: what is painted moves along at once, and is painted anew when it no longer fits. */
  readonly move: (view: View) => void
  /** Something of what is painted is otherwise now. */
  readonly renew: (news: Partial<Known>) => void
  readonly resize: (size: Size) => void
  /** How near what is shown was painted. */
  readonly painted: () => number
  readonly end: () => void
}

/** Of the screen, on each side: so far one may drag before anything is missing. */
const beyond = 0.35
/** As much larger or smaller than it was painted, a sheet still looks right while it moves. */
const stretch = { least: 0.7, most: 1.4 } as const
const settleMilliseconds = 90
/** Screens finer than this show nothing more of lines, and cost as much memory again. */
const mostPixels = 2

type Painted = { readonly view: View; readonly size: Size }

const marginOf = ({ width, height }: Size): Size => ({ width: width * beyond, height: height * beyond })

/**
 * A sheet larger than the screen, which moves as a picture moves and costs the page nothing. What comes on it is painted by a worker and put
 * there whole, one at a time: so a map of thousands moves as smoothly as one of ten.
 */
export const sheetOn = (canvas: HTMLCanvasElement, onShown: () => void): Sheet => {
  const worker = new Worker(new URL('./item.map-worker.ts', import.meta.url), { type: 'module' })
  const context = canvas.getContext('bitmaprenderer')
  let view: View = { x: 0, y: 0, k: 1 }
  let size: Size = { width: 0, height: 0 }
  let news: Partial<Known> = {}
  let places: Places | undefined
  let shown: Painted | undefined
  let asked: (Painted & { isWrong: boolean }) | undefined
  let isOvertaken = false
  let settling: ReturnType<typeof setTimeout> | undefined

  const place = (): void => {
    if (shown === undefined) return
    const { width, height } = marginOf(shown.size)
    const by = view.k / shown.view.k
    const x = view.x - by * (shown.view.x + width)
    const y = view.y - by * (shown.view.y + height)
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${by})`
  }
  const fits = (): boolean => {
    if (shown === undefined) return false
    const { width, height } = marginOf(shown.size)
    const by = view.k / shown.view.k
    const [left, top] = [view.x - by * (shown.view.x + width), view.y - by * (shown.view.y + height)]
    return (
      by >= stretch.least &&
      by <= stretch.most &&
      left <= 0 &&
      top <= 0 &&
      left + by * (shown.size.width + 2 * width) >= size.width &&
      top + by * (shown.size.height + 2 * height) >= size.height
    )
  }
  const order = (): void => {
    clearTimeout(settling)
    if (asked !== undefined) {
      isOvertaken = true
      return
    }
    if (size.width === 0 || places === undefined) return
    asked = { view, size, isWrong: false }
    isOvertaken = false
    const { width, height } = marginOf(size)
    const next: Order = {
      news,
      view: { x: view.x + width, y: view.y + height, k: view.k },
      size: { width: size.width + 2 * width, height: size.height + 2 * height },
      pixels: Math.min(mostPixels, window.devicePixelRatio),
    }
    // A worker has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(next)
    news = {}
  }
  const settle = (): void => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      if (shown?.view !== view) order()
    }, settleMilliseconds)
  }
  worker.addEventListener('message', ({ data }: MessageEvent<ImageBitmap>) => {
    const painted = asked
    asked = undefined
    if (painted === undefined || painted.isWrong) data.close()
    else {
      const { width, height } = marginOf(painted.size)
      Object.assign(canvas.style, {
        width: `${painted.size.width + 2 * width}px`,
        height: `${painted.size.height + 2 * height}px`,
        visibility: 'visible',
      })
      context?.transferFromImageBitmap(data)
      shown = painted
      place()
      onShown()
    }
    // What was painted may have been overtaken meanwhile.
    if (isOvertaken || !fits()) order()
    else if (shown?.view !== view) settle()
  })
  return {
    move: (next) => {
      view = next
      place()
      if (asked === undefined && !fits()) order()
      else settle()
    },
    renew: (next) => {
      news = { ...news, ...next }
      if (next.scene !== undefined && next.scene.places !== places) {
        // Lines that lead to where nothing stands any more are worse than none.
        canvas.style.visibility = 'hidden'
        if (asked !== undefined) asked.isWrong = true
        ;({ places } = next.scene)
      }
      order()
    },
    resize: (next) => {
      size = next
      order()
    },
    painted: () => shown?.view.k ?? view.k,
    end: () => {
      clearTimeout(settling)
      worker.terminate()
    },
  }
}
