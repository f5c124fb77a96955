import lettersAt from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import type { Looks } from './item.map-graph.ts'
import { type Colors, paintMap, type Scene } from './item.map-paint.ts'
import type { Size, View } from './item.map-view.ts'

/** What a painting is made of. */
export type Known = { readonly scene: Scene; readonly looks: Looks; readonly colors: Colors }

export type Order = {
  /** What is otherwise than it was at the order before; everything in the first. */
  readonly news: Partial<Known>
  readonly view: View
  readonly size: Size
  readonly pixels: number
}

// Paints the map beside the page: thousands of lines take longer than a frame, and the page goes on moving what is there.

// A worker has letters of its own. Whoever is written in others than these has them from the system.
declare const fonts: FontFaceSet
const letters = new FontFace('Inter Variable', `url(${lettersAt})`, { weight: '100 900' })
fonts.add(letters)
const read = letters.load().catch(() => undefined)

let known: Partial<Known> = {}
const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('2d')

const paint = async ({ news, view, size, pixels }: Order): Promise<void> => {
  await read
  known = { ...known, ...news }
  const { scene, looks, colors } = known
  if (context === null || scene === undefined || looks === undefined || colors === undefined) return
  canvas.width = Math.round(size.width * pixels)
  canvas.height = Math.round(size.height * pixels)
  paintMap(context, scene, view, size, looks, colors, pixels)
  const painted = canvas.transferToImageBitmap()
  postMessage(painted, { transfer: [painted] })
}

addEventListener('message', ({ data }: MessageEvent<Order>) => void paint(data))
