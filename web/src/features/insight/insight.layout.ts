import type { Activity, ProcessEdge, ProcessNode } from '@evenkeel/contract/insight'

/**
 * Where each step stands: the usual way in one row, what interrupts it below. There are never more than seven, and their order is declared,
 * so every map has them in the same places: one filter is compared with another by looking. A layout engine would move them about.
 */
export type Point = { readonly x: number; readonly y: number }
export const mapSize = { width: 1080, height: 452 } as const
export const nodeSize = { width: 132, height: 60 } as const
const markSize = { width: 18, height: 18 }

type Place = Point & { readonly row: 'usual' | 'aside'; readonly column: number }
type Spot = Activity | 'begin' | 'end'

const usual = 222
const aside = 362
const places: Readonly<Record<Spot, Place>> = {
  begin: { x: 20, y: usual, row: 'usual', column: 0 },
  new: { x: 142, y: usual, row: 'usual', column: 1 },
  in_progress: { x: 404, y: usual, row: 'usual', column: 2 },
  resolved: { x: 666, y: usual, row: 'usual', column: 3 },
  closed: { x: 928, y: usual, row: 'usual', column: 4 },
  end: { x: 1060, y: usual, row: 'usual', column: 5 },
  handed_over: { x: 273, y: aside, row: 'aside', column: 1 },
  on_hold: { x: 535, y: aside, row: 'aside', column: 2 },
  canceled: { x: 797, y: aside, row: 'aside', column: 3 },
}
export const placeOf = (spot: Spot): Point => places[spot]

export type Line = {
  readonly key: string
  readonly from: Spot
  readonly to: Spot
  /** A quadratic curve, or for a step onto itself a cubic one. */
  readonly path: string
  readonly width: number
  /** The tip, and the two corners behind it. */
  readonly arrow: string
  readonly label: { readonly x: number; readonly y: number; readonly width: number; readonly text: string }
  readonly isUnfit: boolean
  /** How far up and down it reaches. */
  readonly top: number
  readonly bottom: number
}

export type Drawn = {
  readonly key: string
  readonly from: Spot
  readonly to: Spot
  readonly passes: number
  readonly text: string
  readonly isUnfit: boolean
}

/** What is drawn of a map: its edges, and where incidents begin and end. */
export const linesToDraw = (
  nodes: readonly ProcessNode[],
  edges: readonly ProcessEdge[],
  textOf: (passes: number, medianSeconds: number | null) => string,
): Drawn[] => [
  ...edges.map(({ from, to, passes, medianSeconds, unfit }) => ({
    key: `${from}>${to}`,
    from,
    to,
    passes,
    text: textOf(passes, medianSeconds),
    isUnfit: unfit > 0,
  })),
  ...nodes.flatMap(({ activity, begins, ends }): Drawn[] => [
    ...(begins === 0
      ? []
      : [
          {
            key: `begin>${activity}`,
            from: 'begin' as const,
            to: activity,
            passes: begins,
            text: textOf(begins, null),
            isUnfit: activity !== 'new',
          },
        ]),
    ...(ends === 0
      ? []
      : [
          {
            key: `${activity}>end`,
            from: activity,
            to: 'end' as const,
            passes: ends,
            text: textOf(ends, null),
            isUnfit: false,
          },
        ]),
  ]),
]

const sizeOf = (spot: Spot) => (spot === 'begin' || spot === 'end' ? markSize : nodeSize)

/** How far the middle of a curve stands off the straight line, upward in the usual row, downward aside; by how many columns it passes. */
const rise = (from: Place, to: Place, hasReverse: boolean): number => {
  if (from.row !== to.row) return hasReverse ? 12 : 0
  const columns = Math.abs(to.column - from.column)
  if (columns <= 1) return hasReverse ? 13 : 0
  const isForward = to.column > from.column
  const inUsual = [0, 0, isForward ? 92 : 62, isForward ? 150 : 126, isForward ? 182 : 172, 196]
  return from.row === 'usual' ? (inUsual[columns] ?? 196) : isForward ? 66 : 48
}

/** Where the straight line from the middle of a box to a point leaves the box. */
const borderToward = (middle: Point, size: { width: number; height: number }, toward: Point): Point => {
  const [dx, dy] = [toward.x - middle.x, toward.y - middle.y]
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : size.width / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : size.height / 2 / Math.abs(dy),
  )
  return { x: middle.x + dx * scale, y: middle.y + dy * scale }
}

const along = (from: Point, bend: Point, to: Point, part: number): Point => {
  const rest = 1 - part
  return {
    x: rest * rest * from.x + 2 * rest * part * bend.x + part * part * to.x,
    y: rest * rest * from.y + 2 * rest * part * bend.y + part * part * to.y,
  }
}

const round = (value: number): number => Math.round(value * 10) / 10
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`

const tipOf = (tip: Point, behind: Point, width: number): string => {
  const length = Math.hypot(tip.x - behind.x, tip.y - behind.y) || 1
  const [dx, dy] = [(tip.x - behind.x) / length, (tip.y - behind.y) / length]
  const [long, wide] = [7 + width, 4 + width / 2]
  const foot = { x: tip.x - dx * long, y: tip.y - dy * long }
  const corners = [
    tip,
    { x: foot.x - dy * wide, y: foot.y + dx * wide },
    { x: foot.x + dy * wide, y: foot.y - dx * wide },
  ]
  return corners.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')
}

export const labelHeight = 18
const labelWidth = (text: string, isUnfit: boolean): number => text.length * 6.1 + 12 + (isUnfit ? 15 : 0)
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
const overlap = (one: Box, other: Box): number => {
  const wide =
    Math.min(one.x + one.width / 2, other.x + other.width / 2) -
    Math.max(one.x - one.width / 2, other.x - other.width / 2)
  const high =
    Math.min(one.y + one.height / 2, other.y + other.height / 2) -
    Math.max(one.y - one.height / 2, other.y - other.height / 2)
  return wide > 0 && high > 0 ? wide * high : 0
}

/** Pure: the curves, as wide as they are frequent, and for each label a place on its curve where it covers neither a step nor another one. */
export const drawLines = (drawn: readonly Drawn[], nodes: readonly Activity[]): Line[] => {
  const most = Math.max(1, ...drawn.map(({ passes }) => passes))
  const keys = new Set(drawn.map(({ key }) => key))
  const taken: Box[] = nodes.map((activity) => ({
    ...placeOf(activity),
    width: nodeSize.width + 6,
    height: nodeSize.height + 6,
  }))
  const label = (points: readonly Point[], text: string, isUnfit: boolean) => {
    const box = { width: labelWidth(text, isUnfit), height: labelHeight }
    let best = { cost: Number.POSITIVE_INFINITY, point: points[0] ?? { x: 0, y: 0 } }
    for (const [place, point] of points.entries()) {
      const inside = { ...box, ...point }
      const out = Math.max(0, box.width / 2 - point.x) + Math.max(0, point.x + box.width / 2 - mapSize.width)
      const cost = taken.reduce((sum, other) => sum + overlap(inside, other), 0) + out * 20 + place * 0.1
      if (cost < best.cost) best = { cost, point }
    }
    taken.push({ ...best.point, width: box.width + 4, height: box.height + 4 })
    return { x: round(best.point.x), y: round(best.point.y), width: box.width, text }
  }
  return drawn
    .toSorted((one, other) => other.passes - one.passes)
    .map(({ key, from, to, passes, text, isUnfit }): Line => {
      const width = round(1.25 + 5 * Math.sqrt(passes / most))
      const [here, there] = [places[from], places[to]]
      if (from === to) {
        const side = here.row === 'usual' ? -1 : 1
        const edge = here.y + (side * nodeSize.height) / 2
        const [start, end] = [
          { x: here.x + 26, y: edge },
          { x: here.x - 26, y: edge },
        ]
        const bend = { x: here.x - 48, y: edge + side * 44 }
        return {
          key,
          from,
          to,
          path: `M ${at(start)} C ${at({ x: here.x + 48, y: edge + side * 44 })}, ${at(bend)}, ${at(end)}`,
          width,
          arrow: tipOf(end, bend, width),
          label: label(
            [0, -40, 40].map((aside) => ({ x: here.x + aside, y: edge + side * 33 })),
            text,
            isUnfit,
          ),
          isUnfit,
          top: here.row === 'usual' ? edge - 44 : here.y,
          bottom: here.row === 'usual' ? here.y : edge + 44,
        }
      }
      const off = rise(here, there, keys.has(`${to}>${from}`))
      const middle = { x: (here.x + there.x) / 2, y: (here.y + there.y) / 2 }
      const length = Math.hypot(there.x - here.x, there.y - here.y)
      const isFar = here.row === there.row && Math.abs(here.column - there.column) > 1
      // Up in the usual row and down aside when it passes over others; else to the left of where it goes, so that there and back stay apart.
      const bend = isFar
        ? { x: middle.x, y: middle.y + (here.row === 'usual' ? -2 : 2) * off }
        : {
            x: middle.x + (2 * off * (there.y - here.y)) / length,
            y: middle.y - (2 * off * (there.x - here.x)) / length,
          }
      const start = borderToward(here, sizeOf(from), bend)
      const end = borderToward(there, sizeOf(to), bend)
      const parts = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85]
      return {
        key,
        from,
        to,
        path: `M ${at(start)} Q ${at(bend)}, ${at(end)}`,
        width,
        arrow: tipOf(end, bend, width),
        label: label(
          // The way to a mark that stands close is too short for a label on it.
          (from === 'begin' || to === 'end') && length < 200
            ? [-26, 26].map((above) => ({
                x: from === 'begin' ? 44 : mapSize.width - 44,
                y: middle.y + above,
              }))
            : parts.map((part) => along(start, bend, end, part)),
          text,
          isUnfit,
        ),
        isUnfit,
        top: along(start, bend, end, 0.5).y - labelHeight / 2,
        bottom: along(start, bend, end, 0.5).y + labelHeight / 2,
      }
    })
}

/** Pure: the part of the drawing that is used; where no line goes high or low, no empty space stands in for it. */
export const usedOf = (
  lines: readonly Line[],
  nodes: readonly Activity[],
): { top: number; height: number } => {
  const rows = nodes.map((activity) => placeOf(activity).y)
  const top = Math.min(usual - nodeSize.height, ...lines.map((line) => line.top)) - 12
  const bottom =
    Math.max(usual, ...rows, ...lines.map((line) => line.bottom - nodeSize.height / 2)) +
    nodeSize.height / 2 +
    14
  return { top: Math.max(0, Math.round(top)), height: Math.round(bottom - Math.max(0, top)) }
}
