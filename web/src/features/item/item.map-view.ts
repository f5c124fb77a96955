import type { Bounds } from './item.map-layout.ts'

/** What part of the map is on screen: a point of the map is at `x + k * its x` px. */
export type View = { readonly x: number; readonly y: number; readonly k: number }
export type Size = { readonly width: number; readonly height: number }

const least = 0.05
const most = 2
/** Below this nodes are too small to be read: they are drawn as shapes. */
export const readable = 0.5

const within = (k: number): number => Math.min(most, Math.max(least, k))

/** Larger or smaller around a point of the screen, which stays where it is. */
export const zoomed = (view: View, by: number, at: { readonly x: number; readonly y: number }): View => {
  const k = within(view.k * by)
  const share = k / view.k
  return { k, x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share }
}

/** All of it in the middle of the screen, never larger than it is. */
export const fitted = ({ left, top, right, bottom }: Bounds, { width, height }: Size, margin = 32): View => {
  const k = within(Math.min(1, (width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top)))
  return { k, x: (width - (left + right) * k) / 2, y: (height - (top + bottom) * k) / 2 }
}

/** Narrower than this, a whole map is too small to be read. */
const narrow = 600

/** Where one begins: with everything, or on a phone near enough to read, with what presses most in sight. */
export const openedAt = (whole: Bounds, pressing: Bounds, size: Size): View => {
  const isNarrow = size.width < narrow
  const edge = 12
  const all = fitted(whole, size, isNarrow ? edge : 32)
  if (!isNarrow || all.k >= 0.62) return all
  const across = (size.width - 2 * edge) / (whole.right - whole.left)
  const k = across < readable ? 0.62 : Math.min(0.9, across)
  // What presses in the middle, as far as nothing beside the map is shown instead of it.
  const placed = (middle: number, from: number, to: number, room: number): number =>
    (to - from) * k <= room - 2 * edge
      ? room / 2 - ((from + to) / 2) * k
      : Math.min(edge - from * k, Math.max(room - edge - to * k, middle))
  const x = size.width / 2 - ((pressing.left + pressing.right) / 2) * k
  const y = size.height / 4 - pressing.top * k
  return {
    k,
    x: placed(x, whole.left, whole.right, size.width),
    y: placed(y, whole.top, whole.bottom, size.height),
  }
}

/** Moved just so far that this is in sight. */
export const inSight = (view: View, { left, top, right, bottom }: Bounds, { width, height }: Size): View => {
  const margin = 24
  const shift = (from: number, to: number, room: number): number => {
    if (from < margin) return margin - from
    return to > room - margin ? Math.max(margin - from, room - margin - to) : 0
  }
  const dx = shift(view.x + left * view.k, view.x + right * view.k, width)
  const dy = shift(view.y + top * view.k, view.y + bottom * view.k, height)
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy }
}

/** The part of the map on screen, and `around` px of the map more. */
export const seen = ({ x, y, k }: View, { width, height }: Size, around: number): Bounds => ({
  left: -x / k - around,
  top: -y / k - around,
  right: (width - x) / k + around,
  bottom: (height - y) / k + around,
})
