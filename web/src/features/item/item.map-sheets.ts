import type { Size, View } from './item.map-view.ts'

/** A piece of a painting, short enough for many in a frame. */
export type Stroke = () => void

/** Begins a painting of a part of the map on a surface that it may clear; its pieces are painted one after the other. */
export type Begin = (
  context: CanvasRenderingContext2D,
  view: View,
  size: Size,
  pixels: number,
) => readonly Stroke[]

export type Sheets = {
  /** Shows the map from here: what is painted moves along at once, and is painted anew when it no longer fits. */
  readonly move: (view: View) => void
  /** Something of what is painted is otherwise now. */
  readonly renew: () => void
  readonly resize: (size: Size) => void
  /** How near the sheet that is shown was painted. */
  readonly painted: () => number
  readonly end: () => void
}

type Sheet = { readonly canvas: HTMLCanvasElement; view: View; isPainted: boolean }

/** Of the screen, on each side: so far one may drag before anything is missing. */
const beyond = 0.3
/** As much larger or smaller than it was painted, a sheet still looks right while it moves. */
const stretch = { least: 0.4, most: 2.5 } as const
/** Of a frame of 16 milliseconds, the rest is the browser's. */
const paintMilliseconds = 4
/** Their pixels are filled after the frame's script: that counts too. */
const mostStrokes = 4
const settleMilliseconds = 90
/** Screens finer than this show nothing more of lines, and cost as much memory again. */
const mostPixels = 2

/**
 * Two sheets, larger than the screen. One is seen and moves as a picture moves, which costs the page nothing; the other is painted behind it,
 * some strokes a frame, and then takes its place. So a map of thousands moves as smoothly as one of ten.
 */
export const sheetsOn = (
  first: HTMLCanvasElement,
  second: HTMLCanvasElement,
  begin: Begin,
  onShown: () => void,
): Sheets => {
  let front: Sheet = { canvas: first, view: { x: 0, y: 0, k: 1 }, isPainted: false }
  let back: Sheet = { canvas: second, view: front.view, isPainted: false }
  let view = front.view
  let size: Size = { width: 0, height: 0 }
  let strokes: readonly Stroke[] | undefined
  let done = 0
  let frame = 0
  let settling: ReturnType<typeof setTimeout> | undefined

  const margin = (): Size => ({ width: size.width * beyond, height: size.height * beyond })
  const place = (sheet: Sheet): void => {
    const { width, height } = margin()
    const by = view.k / sheet.view.k
    const x = view.x + width - by * (sheet.view.x + width)
    const y = view.y + height - by * (sheet.view.y + height)
    sheet.canvas.style.transform = `translate(${x}px, ${y}px) scale(${by})`
  }
  const fits = (painted: View): boolean => {
    const { width, height } = margin()
    const by = view.k / painted.k
    const [left, top] = [view.x - by * (painted.x + width), view.y - by * (painted.y + height)]
    return (
      by >= stretch.least &&
      by <= stretch.most &&
      left <= 0 &&
      top <= 0 &&
      left + by * (size.width + 2 * width) >= size.width &&
      top + by * (size.height + 2 * height) >= size.height
    )
  }
  const show = (): void => {
    ;[front, back] = [back, front]
    front.isPainted = true
    place(front)
    front.canvas.style.visibility = 'visible'
    back.canvas.style.visibility = 'hidden'
    onShown()
    // What was painted may have been overtaken meanwhile.
    if (!fits(front.view)) start()
    else if (front.view !== view) settle()
  }
  const paintOn = (): void => {
    frame = 0
    if (strokes === undefined) return
    const until = performance.now() + (front.isPainted ? paintMilliseconds : Number.POSITIVE_INFINITY)
    for (let count = 0; done < strokes.length; count += 1) {
      if (front.isPainted && (count === mostStrokes || performance.now() > until)) break
      strokes[done]?.()
      done += 1
    }
    if (done < strokes.length) frame = requestAnimationFrame(paintOn)
    else {
      strokes = undefined
      show()
    }
  }
  const start = (): void => {
    clearTimeout(settling)
    const context = back.canvas.getContext('2d')
    if (context === null || size.width === 0) return
    const { width, height } = margin()
    const whole = { width: size.width + 2 * width, height: size.height + 2 * height }
    const pixels = Math.min(mostPixels, window.devicePixelRatio)
    const [wide, high] = [Math.round(whole.width * pixels), Math.round(whole.height * pixels)]
    const { canvas } = back
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high })
    Object.assign(canvas.style, {
      left: `${-width}px`,
      top: `${-height}px`,
      width: `${whole.width}px`,
      height: `${whole.height}px`,
    })
    back.view = view
    strokes = begin(context, { x: view.x + width, y: view.y + height, k: view.k }, whole, pixels)
    done = 0
    if (front.isPainted) frame ||= requestAnimationFrame(paintOn)
    else paintOn()
  }
  const settle = (): void => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      if (front.view !== view) start()
    }, settleMilliseconds)
  }
  return {
    move: (next) => {
      view = next
      if (!front.isPainted) {
        start()
        return
      }
      place(front)
      if (strokes === undefined && !fits(front.view)) start()
      else settle()
    },
    renew: start,
    resize: (next) => {
      size = next
      // What was painted is of another size: nothing is shown stretched.
      front.isPainted = false
      start()
    },
    painted: () => (front.isPainted ? front.view.k : view.k),
    end: () => {
      clearTimeout(settling)
      cancelAnimationFrame(frame)
      strokes = undefined
    },
  }
}
