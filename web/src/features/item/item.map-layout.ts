/** Where the nodes of a map stand. Trouble goes up, so what stands below is drawn below. */
export type Place = { readonly x: number; readonly y: number }
export type Places = ReadonlyMap<string, Place>
export type Link = { readonly belowId: string; readonly aboveId: string }

export const nodeSize = { width: 184, height: 48 } as const
export const gap = { across: 24, down: 72 } as const
const sweeps = 6

/**
 * Layers by the longest way from the top, the order within them by where the neighbors are; at once, also for thousands of nodes. Rings are
 * opened where they are met, and nodes without relations stand together at the end.
 * @param shape of the screen: its width for its height
 */
export const layeredPlaces = (ids: readonly string[], links: readonly Link[], shape: number): Places => {
  const below = new Map<string, string[]>(ids.map((id) => [id, []]))
  const above = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { belowId, aboveId } of links) {
    if (belowId === aboveId || !below.has(belowId) || !below.has(aboveId)) continue
    below.get(aboveId)?.push(belowId)
    above.get(belowId)?.push(aboveId)
  }
  const isAlone = (id: string): boolean => below.get(id)?.length === 0 && above.get(id)?.length === 0
  const layers = layersOf(
    ids.filter((id) => !isAlone(id)),
    below,
    above,
  )
  for (let sweep = 0; sweep < sweeps; sweep++) order(layers, sweep % 2 === 0 ? above : below, sweep % 2 === 0)
  const alone = ids.filter(isAlone)
  // A layer that is much wider than the others is broken into rows: the whole stays near the shape of a screen.
  const across =
    shape < 1
      ? Math.max(2, Math.round(Math.sqrt((ids.length * shape) / 2)))
      : Math.max(6, Math.ceil(Math.sqrt(ids.length * shape)))
  const rows = [...layers, alone].flatMap((layer) => inRows(layer, across))
  const widest = Math.max(1, ...rows.map((row) => row.length))
  const step = { x: nodeSize.width + gap.across, y: nodeSize.height + gap.down }
  const places = new Map<string, Place>()
  for (const [at, row] of rows.entries()) {
    const left = ((widest - row.length) * step.x) / 2
    for (const [column, id] of row.entries()) places.set(id, { x: left + column * step.x, y: at * step.y })
  }
  return places
}

/** Each node one below the lowest that is above it. Where only rings are left, the one with the fewest above goes first. */
const layersOf = (
  ids: readonly string[],
  below: ReadonlyMap<string, readonly string[]>,
  above: ReadonlyMap<string, readonly string[]>,
): string[][] => {
  const left = new Map(ids.map((id) => [id, above.get(id)?.length ?? 0]))
  const depth = new Map<string, number>()
  const ready = ids.filter((id) => left.get(id) === 0)
  const layers: string[][] = []
  const place = (id: string): void => {
    left.delete(id)
    const at = depth.get(id) ?? 0
    ;(layers[at] ??= []).push(id)
    for (const next of below.get(id) ?? []) {
      const open = left.get(next)
      if (open === undefined) continue
      depth.set(next, Math.max(depth.get(next) ?? 0, at + 1))
      left.set(next, open - 1)
      if (open === 1) ready.push(next)
    }
  }
  while (left.size > 0) {
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) if (left.has(next)) place(next)
    let fewest: readonly [string, number] | undefined
    for (const one of left) if (fewest === undefined || one[1] < fewest[1]) fewest = one
    if (fewest !== undefined) place(fewest[0])
  }
  return layers.map((layer) => layer ?? [])
}

/** Sorts each layer by the middle of the neighbors in the layers before it. */
const order = (
  layers: string[][],
  neighbors: ReadonlyMap<string, readonly string[]>,
  downwards: boolean,
): void => {
  const at = new Map<string, number>()
  for (const layer of layers)
    for (const [index, id] of layer.entries()) at.set(id, (index + 0.5) / layer.length)
  const turns = downwards ? layers : layers.toReversed()
  for (const layer of turns) {
    const middle = new Map(
      layer.map((id) => {
        const around = neighbors.get(id) ?? []
        const sum = around.reduce((total, one) => total + (at.get(one) ?? 0), 0)
        return [id, around.length === 0 ? (at.get(id) ?? 0) : sum / around.length]
      }),
    )
    layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0))
    for (const [index, id] of layer.entries()) at.set(id, (index + 0.5) / layer.length)
  }
}

const inRows = (layer: readonly string[], across: number): readonly (readonly string[])[] => {
  const rows = Math.ceil(layer.length / across)
  const each = Math.ceil(layer.length / Math.max(1, rows))
  return Array.from({ length: rows }, (_, row) => layer.slice(row * each, (row + 1) * each))
}

/** What fits a screen is read at once; what is sorted out better and much flatter is not. */
export const shapely = (sorted: Places, quick: Places, shape: number): boolean => {
  const near = (places: Places): number => {
    const { left, top, right, bottom } = boundsOf(places)
    return Math.min(shape / (right - left), 1 / (bottom - top))
  }
  return near(sorted) >= near(quick) * 0.6
}

export type Bounds = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What surrounds these nodes; all of them when none is named. */
export const boundsOf = (places: Places, ids: Iterable<string> = places.keys()): Bounds => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const id of ids) {
    const place = places.get(id)
    if (place === undefined) continue
    left = Math.min(left, place.x)
    top = Math.min(top, place.y)
    right = Math.max(right, place.x + nodeSize.width)
    bottom = Math.max(bottom, place.y + nodeSize.height)
  }
  return left === Infinity
    ? { left: 0, top: 0, right: nodeSize.width, bottom: nodeSize.height }
    : { left, top, right, bottom }
}
