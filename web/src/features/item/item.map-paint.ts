import type { ItemHealth } from '@evenkeel/contract/item'
import type { MapItem } from '@evenkeel/contract/item-graph'
import { type Bounds, nodeSize, type Places } from './item.map-layout.ts'
import { type DrawnRelation, isDim, type Looks, wayKey } from './item.map-graph.ts'
import { readable, seen, type Size, type View } from './item.map-view.ts'

export type Scene = {
  readonly items: readonly MapItem[]
  readonly relations: readonly DrawnRelation[]
  /** How many members of a group are not on the map. */
  readonly notShown: ReadonlyMap<string, number>
  readonly places: Places
}

export type Colors = Readonly<
  Record<
    | 'line-strong'
    | 'text'
    | 'text-quiet'
    | 'panel'
    | 'page'
    | 'accent'
    | 'critical'
    | 'critical-soft'
    | 'medium'
    | 'medium-soft'
    | 'low'
    | 'low-soft'
    | 'done'
    | 'done-soft'
    | 'waiting',
    string
  >
>

const names = [
  'line-strong',
  'text',
  'text-quiet',
  'panel',
  'page',
  'accent',
  'critical',
  'critical-soft',
  'medium',
  'medium-soft',
  'low',
  'low-soft',
  'done',
  'done-soft',
  'waiting',
] as const

/** The theme's colors as they are now. */
export const colorsNow = (): Colors => {
  const style = getComputedStyle(document.documentElement)
  const of = (name: (typeof names)[number]): string => style.getPropertyValue(`--ek-${name}`).trim()
  return {
    'line-strong': of('line-strong'),
    text: of('text'),
    'text-quiet': of('text-quiet'),
    panel: of('panel'),
    page: of('page'),
    accent: of('accent'),
    critical: of('critical'),
    'critical-soft': of('critical-soft'),
    medium: of('medium'),
    'medium-soft': of('medium-soft'),
    low: of('low'),
    'low-soft': of('low-soft'),
    done: of('done'),
    'done-soft': of('done-soft'),
    waiting: of('waiting'),
  }
}

const tones = {
  up: ['done', 'done-soft'],
  degraded: ['medium', 'medium-soft'],
  down: ['critical', 'critical-soft'],
  unknown: ['low', 'low-soft'],
} as const satisfies Record<ItemHealth, readonly [keyof Colors, keyof Colors]>

/** Lines, and where nodes are too small to be read, the nodes as shapes. */
export const paintMap = (
  context: OffscreenCanvasRenderingContext2D,
  { items, relations, places }: Scene,
  view: View,
  size: Size,
  looks: Looks,
  colors: Colors,
  pixels: number,
): void => {
  const sight = seen(view, size, 40)
  const { k } = view
  context.setTransform(pixels * k, 0, 0, pixels * k, pixels * view.x, pixels * view.y)
  paintLines(context, relations, places, view, sight, looks, colors)
  if (k >= readable) return
  const labels = paintNodes(context, items, places, view, sight, looks, colors)
  paintNames(context, labels, view, colors, looks)
}

const isOut = (left: number, top: number, right: number, bottom: number, sight: Bounds): boolean =>
  right < sight.left || left > sight.right || bottom < sight.top || top > sight.bottom

/** Lines of a look are drawn some together: one by one takes long, and so do thousands that cross each other at once. */
const linesTogether = 64

type Line = {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

const paintLines = (
  context: OffscreenCanvasRenderingContext2D,
  relations: readonly DrawnRelation[],
  places: Places,
  view: View,
  sight: Bounds,
  looks: Looks,
  colors: Colors,
): void => {
  const lines: Record<'plain' | 'weak' | 'dim' | 'way' | 'near' | 'through' | 'planned', Line[]> = {
    planned: [],
    through: [],
    plain: [],
    weak: [],
    dim: [],
    way: [],
    near: [],
  }
  const straight = view.k < 0.25
  for (const { belowId, aboveId, trouble, through, planned } of relations) {
    const [above, below] = [places.get(aboveId), places.get(belowId)]
    if (above === undefined || below === undefined) continue
    const from = { x: above.x + nodeSize.width / 2, y: above.y + nodeSize.height }
    const to = { x: below.x + nodeSize.width / 2, y: below.y }
    if (
      isOut(
        Math.min(from.x, to.x),
        Math.min(from.y, to.y),
        Math.max(from.x, to.x),
        Math.max(from.y, to.y),
        sight,
      )
    )
      continue
    const isWay = looks.blast?.ways.has(wayKey(belowId, aboveId)) === true
    const isNear = looks.picked === belowId || looks.picked === aboveId
    const look = isWay
      ? 'way'
      : planned
        ? 'planned'
        : isNear
          ? 'near'
          : isDim(looks, belowId) || isDim(looks, aboveId)
            ? 'dim'
            : through !== undefined
              ? 'through'
              : trouble === 'weak' || trouble === 'none'
                ? 'weak'
                : 'plain'
    lines[look].push({ from, to })
  }
  const fine = 1 / view.k
  // Thousands of lines would be a gray wall, and what is wrong would drown in it.
  const faint = straight ? Math.max(0.2, Math.min(0.8, 500 / relations.length)) : 1
  const stroke = (
    all: readonly Line[],
    color: string,
    width: number,
    alpha: number,
    dash: readonly number[] = [],
  ): void => {
    context.strokeStyle = color
    context.globalAlpha = alpha
    context.lineWidth = Math.max(width, width * fine * 0.75)
    context.setLineDash([...dash])
    for (let begin = 0; begin < all.length; begin += linesTogether) {
      const path = new Path2D()
      for (const { from, to } of all.slice(begin, begin + linesTogether)) {
        path.moveTo(from.x, from.y)
        // Where a bend is smaller than a pixel or two, nobody sees it.
        if (straight) path.lineTo(to.x, to.y)
        else {
          const bend = Math.max(28, Math.abs(to.y - from.y) / 2)
          path.bezierCurveTo(from.x, from.y + bend, to.x, to.y - bend, to.x, to.y)
        }
      }
      context.stroke(path)
    }
    context.setLineDash([])
    context.globalAlpha = 1
  }
  stroke(lines.dim, colors['line-strong'], 1, 0.35)
  stroke(lines.weak, colors['line-strong'], 1.25, faint, straight ? [] : [5, 4])
  stroke(lines.plain, colors['line-strong'], 1.25, faint)
  stroke(lines.planned, colors.accent, 1.75, 1, straight ? [] : [2, 4])
  stroke(lines.through, colors['text-quiet'], 1.25, Math.max(faint, 0.6), [2 * fine, 4 * fine])
  stroke(lines.near, colors['text-quiet'], 1.75, 1)
  stroke(lines.way, colors.text, 2.25, 1)
}

type Label = { readonly item: MapItem; readonly x: number; readonly y: number }

/** @returns the names to write beside them */
const paintNodes = (
  context: OffscreenCanvasRenderingContext2D,
  items: readonly MapItem[],
  places: Places,
  view: View,
  sight: Bounds,
  looks: Looks,
  colors: Colors,
): readonly Label[] => {
  const fine = 1 / view.k
  const labels: Label[] = []
  for (const item of items) {
    const place = places.get(item.id)
    if (place === undefined) continue
    const { x, y } = place
    if (isOut(x, y, x + nodeSize.width, y + nodeSize.height, sight)) continue
    const mark = looks.blast?.marks.get(item.id)
    const health =
      mark === 'failed' || mark === 'down' ? 'down' : mark === 'degraded' ? 'degraded' : item.health.now
    const [strong, soft] = tones[health]
    context.globalAlpha = isDim(looks, item.id) ? 0.25 : 1
    context.fillStyle = colors[health === 'up' ? 'panel' : soft]
    context.strokeStyle = colors[health === 'up' ? 'line-strong' : strong]
    context.lineWidth = fine * (item.isService ? 2 : 1)
    // Round corners are not seen where a node is a few pixels wide, and thousands of them take long.
    if (view.k < 0.25) {
      context.fillRect(x, y, nodeSize.width, nodeSize.height)
      context.strokeRect(x, y, nodeSize.width, nodeSize.height)
    } else {
      context.beginPath()
      context.roundRect(x, y, nodeSize.width, nodeSize.height, 8)
      context.fill()
      context.stroke()
    }
    if (health !== 'up')
      paintSign(context, health, x + nodeSize.width / 2, y + nodeSize.height / 2, view.k, colors[strong])
    if (mark === 'risk' || mark === 'reduced' || looks.picked === item.id) {
      context.strokeStyle = colors[looks.picked === item.id ? 'accent' : 'waiting']
      context.lineWidth = fine * 2.5
      context.setLineDash(looks.picked === item.id ? [] : [6 * fine, 4 * fine])
      const out = 4 * fine
      context.beginPath()
      context.roundRect(x - out, y - out, nodeSize.width + 2 * out, nodeSize.height + 2 * out, 8 + out)
      context.stroke()
      context.setLineDash([])
    }
    if (item.planned !== null) paintPlanned(context, item.planned, x, y, fine, colors)
    if (item.isService || looks.picked === item.id || mark === 'failed') labels.push({ item, x, y })
  }
  context.globalAlpha = 1
  return labels
}

/** What is planned, as readable nodes have it: a second, dashed line around, and a line through what goes. */
const paintPlanned = (
  context: OffscreenCanvasRenderingContext2D,
  planned: NonNullable<MapItem['planned']>,
  x: number,
  y: number,
  fine: number,
  colors: Colors,
): void => {
  const out = 7 * fine
  context.strokeStyle = colors.accent
  context.lineWidth = fine * 1.5
  context.setLineDash([3 * fine, 2 * fine])
  context.strokeRect(x - out, y - out, nodeSize.width + 2 * out, nodeSize.height + 2 * out)
  context.setLineDash([])
  if (planned !== 'gone') return
  context.beginPath()
  context.moveTo(x, y + nodeSize.height / 2)
  context.lineTo(x + nodeSize.width, y + nodeSize.height / 2)
  context.stroke()
}

/** A shape a health, so that it is told apart without its color; it stays as large on screen as it can be seen. */
const paintSign = (
  context: OffscreenCanvasRenderingContext2D,
  health: ItemHealth,
  x: number,
  y: number,
  k: number,
  color: string,
): void => {
  const r = Math.min(nodeSize.height * 0.42, Math.max(nodeSize.height * 0.3, 4.5 / k))
  context.fillStyle = color
  context.beginPath()
  if (health === 'degraded') {
    context.moveTo(x, y - r)
    context.lineTo(x + r, y + r * 0.8)
    context.lineTo(x - r, y + r * 0.8)
    context.closePath()
    context.fill()
  } else if (health === 'down') {
    context.strokeStyle = color
    context.lineWidth = r * 0.55
    context.moveTo(x - r * 0.8, y - r * 0.8)
    context.lineTo(x + r * 0.8, y + r * 0.8)
    context.moveTo(x + r * 0.8, y - r * 0.8)
    context.lineTo(x - r * 0.8, y + r * 0.8)
    context.stroke()
  } else {
    context.arc(x, y, r * 0.5, 0, Math.PI * 2)
    context.fill()
  }
}

const letter = 11
/** Names of services, as large as they can be read, as far as they do not cover each other. */
const paintNames = (
  context: OffscreenCanvasRenderingContext2D,
  labels: readonly Label[],
  view: View,
  colors: Colors,
  looks: Looks,
): void => {
  const fine = 1 / view.k
  context.font = `500 ${letter * fine}px 'Inter Variable', system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'bottom'
  const taken: Bounds[] = []
  const ordered = labels.toSorted(
    (a, b) =>
      Number(b.item.id === looks.picked) - Number(a.item.id === looks.picked) ||
      (a.item.criticality ?? 5) - (b.item.criticality ?? 5),
  )
  for (const { item, x, y } of ordered) {
    const name = item.name.length > 28 ? `${item.name.slice(0, 27)}…` : item.name
    const width = context.measureText(name).width + 8 * fine
    const middle = x + nodeSize.width / 2
    const bottom = y - 4 * fine
    const box = {
      left: middle - width / 2,
      right: middle + width / 2,
      top: bottom - letter * 1.3 * fine,
      bottom,
    }
    if (taken.some((one) => !isOut(one.left, one.top, one.right, one.bottom, box))) continue
    taken.push(box)
    context.globalAlpha = isDim(looks, item.id) ? 0.25 : 0.9
    context.fillStyle = colors.page
    context.fillRect(box.left, box.top, width, box.bottom - box.top)
    context.globalAlpha = isDim(looks, item.id) ? 0.35 : 1
    context.fillStyle = colors.text
    context.fillText(name, middle, bottom)
  }
  context.globalAlpha = 1
}
