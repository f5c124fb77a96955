import type { MapItem } from '@evenkeel/contract/item-graph'
import { ActionIcon, Tooltip } from '@mantine/core'
import Maximize from 'lucide-react/icons/maximize'
import ZoomIn from 'lucide-react/icons/zoom-in'
import ZoomOut from 'lucide-react/icons/zoom-out'
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { say } from '../../language/say.ts'
import { announce } from '../../ui/announce.tsx'
import classes from './item.map-canvas.module.css'
import { mostPressing, type Neighbors } from './item.map-graph.ts'
import { type Bounds, boundsOf, nodeSize, type Places } from './item.map-layout.ts'
import { type LooksStore, useLook } from './item.map-looks.ts'
import { signsIn } from './item.map-signs.ts'
import type { Known } from './item.map-worker.ts'
import { type Colors, colorsNow, type Scene } from './item.map-paint.ts'
import { type Sheet, sheetOn } from './item.map-sheet.ts'
import { fitted, inSight, openedAt, readable, seen, type Size, type View, zoomed } from './item.map-view.ts'

export type MapHandle = {
  /** Brings a node into sight, and near enough to be read. */
  readonly show: (id: string) => void
}

type Props = {
  readonly scene: Scene
  readonly neighbors: Neighbors
  readonly looks: LooksStore
  readonly handle: RefObject<MapHandle | null>
  /** So much of its lower end lies behind something else. */
  readonly foot: number
  readonly onPick: (id: string | undefined) => void
  readonly onOpen: (id: string) => void
  /** Somebody has moved the map: it stays where it is from then on. */
  readonly onTouched: () => void
}

/** Hundreds come into sight at once when one comes near: some with each frame, and the movement goes on meanwhile. */
const nodesAtOnce = 32
const moveMilliseconds = 140
/** So long after the last movement nodes are drawn as sharp as they can be. */
const restMilliseconds = 160
/** Moving a finger less than this is a press. */
const slack = 5

/** A map to move around in. Lines, and nodes that are too small to be read, are painted; nodes that can be read are elements, as far as in sight. */
export const MapCanvas = ({ scene, neighbors, looks, handle, foot, onPick, onOpen, onTouched }: Props) => {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const sheet = useRef<Sheet>(undefined)
  const reach = useRef<Bounds>(undefined)
  const layer = useRef<HTMLDivElement>(null)
  const view = useRef<View>({ x: 0, y: 0, k: 1 })
  const size = useRef<Size>({ width: 0, height: 0 })
  const asked = useRef(0)
  const moving = useRef(0)
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const touched = useRef(false)
  const [visible, setVisible] = useState<readonly MapItem[]>([])
  const wanted = useRef<readonly MapItem[]>([])
  const hintId = useId()
  const { places } = scene

  const room = (): Size => ({ width: size.current.width, height: size.current.height - foot })
  const opening = useEffectEvent((): View => {
    const { picked } = looks.now()
    const id = picked !== undefined && places.has(picked) ? picked : mostPressing(scene.items)?.id
    return openedAt(boundsOf(places), boundsOf(places, id === undefined ? [] : [id]), room())
  })
  /** Which nodes are elements. While one moves they stay as long as they reach, so that a frame costs none of them. */
  const fill = useEffectEvent((anew: boolean): void => {
    const { k } = view.current
    // Nodes that are not painted yet would be nowhere.
    if (k < readable && (sheet.current?.painted() ?? k) >= readable) return
    const inside = seen(view.current, size.current, 0)
    if (k < readable) reach.current = undefined
    else if (!anew && reach.current !== undefined && holds(reach.current, inside)) return
    else reach.current = seen(view.current, size.current, nodeSize.width * 1.5)
    wanted.current = reach.current === undefined ? [] : itemsWithin(scene, reach.current)
    bring(anew ? wanted.current.length : nodesAtOnce)
  })
  const bring = (most: number): void =>
    setVisible((before) => {
      const next = someOf(wanted.current, before, most)
      return sameItems(before, next) ? before : next
    })
  const draw = useEffectEvent((): void => {
    asked.current = 0
    const { x, y, k } = view.current
    if (layer.current !== null) {
      layer.current.style.transform = `translate(${x}px, ${y}px) scale(${k})`
      layer.current.dataset['moving'] = ''
      clearTimeout(resting.current)
      resting.current = setTimeout(() => delete layer.current?.dataset['moving'], restMilliseconds)
    }
    sheet.current?.move(view.current)
    fill(false)
  })
  const soon = useEffectEvent((): void => {
    if (asked.current === 0) asked.current = requestAnimationFrame(() => draw())
  })
  /** Something on the map is otherwise than it was. */
  const redraw = useEffectEvent((news: Partial<Known>): void => {
    soon()
    fill(true)
    sheet.current?.renew(news)
  })
  const paintIn = useEffectEvent((colors: Colors): void => {
    for (const [name, value] of signsIn(colors)) layer.current?.style.setProperty(name, value)
    sheet.current?.renew({ colors })
  })
  const see = useEffectEvent((next: View): void => {
    view.current = next
    soon()
  })
  const go = useEffectEvent((to: View): void => {
    cancelAnimationFrame(moving.current)
    const from = view.current
    const began = performance.now()
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const step = (now: number): void => {
      const share = still ? 1 : Math.min(1, (now - began) / moveMilliseconds)
      const eased = 1 - (1 - share) ** 3
      const between = (a: number, b: number): number => a + (b - a) * eased
      see({ x: between(from.x, to.x), y: between(from.y, to.y), k: between(from.k, to.k) })
      if (share < 1) moving.current = requestAnimationFrame(step)
    }
    moving.current = requestAnimationFrame(step)
  })
  const fit = (): void => go(fitted(boundsOf(places), room()))
  /** What is picked stays in sight, also when what is said of it takes a part of the room. */
  const follow = useEffectEvent((): void => {
    const { picked } = looks.now()
    if (picked === undefined || !places.has(picked) || size.current.width === 0) return
    const to = inSight(view.current, boundsOf(places, [picked]), room())
    if (to !== view.current) go(to)
  })
  const touch = useEffectEvent((): void => {
    touched.current = true
    cancelAnimationFrame(moving.current)
    onTouched()
  })
  const zoomBy = (by: number): void => {
    touch()
    go(zoomed(view.current, by, { x: size.current.width / 2, y: size.current.height / 2 }))
  }

  useLayoutEffect(() => {
    const { current } = frame
    if (current === null || canvas.current === null) return undefined
    const painted = sheetOn(canvas.current, () => fill(false))
    sheet.current = painted
    paintIn(colorsNow())
    painted.renew({ looks: looks.now() })
    const observer = new ResizeObserver(() => {
      const before = size.current
      size.current = { width: current.clientWidth, height: current.clientHeight }
      if (!touched.current || before.width === 0) view.current = opening()
      painted.move(view.current)
      painted.resize(size.current)
      soon()
      fill(true)
      follow()
    })
    observer.observe(current)
    return () => {
      observer.disconnect()
      painted.end()
    }
    // The size is watched once; what is drawn follows below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  useLayoutEffect(() => {
    if (!touched.current && size.current.width > 0) view.current = opening()
    redraw({ scene })
  }, [scene, places])
  useEffect(() => {
    let last = looks.now().picked
    return looks.subscribe(() => {
      redraw({ looks: looks.now() })
      if (looks.now().picked === last) return
      last = looks.now().picked
      // The map stays where somebody has found something.
      if (last !== undefined) touched.current = true
      follow()
    })
  }, [looks])
  useEffect(() => {
    const watcher = new MutationObserver(() => paintIn(colorsNow()))
    watcher.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] })
    return () => watcher.disconnect()
  }, [])
  useEffect(() => {
    if (visible.length >= wanted.current.length) return undefined
    const next = requestAnimationFrame(() => bring(nodesAtOnce))
    return () => cancelAnimationFrame(next)
  }, [visible])
  useEffect(
    () => () => {
      cancelAnimationFrame(asked.current)
      cancelAnimationFrame(moving.current)
      clearTimeout(resting.current)
      asked.current = 0
    },
    [],
  )
  // React listens passively, and the page would scroll along.
  useEffect(() => {
    const { current } = frame
    if (current === null) return undefined
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      touch()
      const box = current.getBoundingClientRect()
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      see(
        zoomed(view.current, Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), {
          x: event.clientX - box.left,
          y: event.clientY - box.top,
        }),
      )
    }
    current.addEventListener('wheel', onWheel, { passive: false })
    return () => current.removeEventListener('wheel', onWheel)
  }, [])
  const nodeBounds = (id: string): Bounds => boundsOf(places, [id])
  useImperativeHandle(handle, () => ({
    show: (id) => {
      if (!places.has(id)) return
      const { left, top, right, bottom } = nodeBounds(id)
      if (view.current.k >= readable) {
        go(inSight(view.current, nodeBounds(id), room()))
        return
      }
      touch()
      const k = 0.85
      go({
        k,
        x: size.current.width / 2 - ((left + right) / 2) * k,
        y: size.current.height / 2 - ((top + bottom) / 2) * k,
      })
    },
  }))

  const pointers = useRef(new Map<number, { readonly x: number; readonly y: number }>())
  const pressed = useRef<{ readonly x: number; readonly y: number; moved: boolean }>(undefined)
  const at = (event: PointerEvent): { readonly x: number; readonly y: number } => {
    const box = frame.current?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }
  const onPointerDown = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return
    if (event.target instanceof Element && event.target.closest('[data-controls]') !== null) return
    pointers.current.set(event.pointerId, at(event))
    if (pointers.current.size === 1) pressed.current = { ...at(event), moved: false }
  }
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId)
    const { current: press } = pressed
    if (before === undefined || press === undefined) return
    const now = at(event)
    if (!press.moved && Math.hypot(now.x - press.x, now.y - press.y) < slack) return
    if (!press.moved) {
      press.moved = true
      touch()
      for (const id of pointers.current.keys()) frame.current?.setPointerCapture(id)
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    pointers.current.set(event.pointerId, now)
    const moved = {
      ...view.current,
      x: view.current.x + now.x - before.x,
      y: view.current.y + now.y - before.y,
    }
    if (other === undefined) see(moved)
    else {
      const apart = Math.hypot(before.x - other.x, before.y - other.y)
      see(zoomed(view.current, Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, apart), other))
    }
  }
  const onPointerEnd = (event: PointerEvent): void => {
    const wasThere = pointers.current.delete(event.pointerId)
    const { current: press } = pressed
    if (!wasThere || press === undefined || pointers.current.size > 0) return
    pressed.current = undefined
    if (press.moved || event.type === 'pointercancel') return
    // An element that is pressed says so itself; here are those that are painted.
    if (event.target instanceof Element && event.target.closest('[data-node]') !== null) return
    onPick(itemAt(scene, view.current, at(event)))
  }

  const pickByKey = (id: string | undefined): void => {
    const item = scene.items.find((one) => one.id === id)
    if (item === undefined) return
    onPick(item.id)
    announce(spokenItem(item, neighbors))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('[data-controls]') !== null) return
    const { picked } = looks.now()
    const run = keysOf(event.key, {
      move: (direction) =>
        pickByKey(
          picked === undefined || !places.has(picked)
            ? scene.items[0]?.id
            : nextNode(direction, picked, places, neighbors),
        ),
      open: () => {
        if (picked !== undefined) onOpen(picked)
      },
      leave: picked === undefined ? undefined : () => onPick(undefined),
      zoom: zoomBy,
      fit,
    })
    if (run === undefined) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }
  return (
    <div className={classes['around']}>
      <div
        ref={frame}
        className={classes['frame']}
        role="application"
        aria-label={say('map.title')}
        aria-describedby={hintId}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
      >
        <p id={hintId} className="visually-hidden">
          {say('map.keys')}
        </p>
        <canvas ref={canvas} className={classes['canvas']} aria-hidden />
        <div ref={layer} className={classes['layer']}>
          {visible.map((item) => {
            const place = places.get(item.id)
            return place === undefined ? null : (
              <Node
                key={item.id}
                item={item}
                x={place.x}
                y={place.y}
                notShown={scene.notShown.get(item.id) ?? 0}
                looks={looks}
                onPick={onPick}
              />
            )
          })}
        </div>
      </div>
      <div className={classes['controls']} data-controls>
        {(
          [
            ['in', () => zoomBy(1.4), ZoomIn],
            ['out', () => zoomBy(1 / 1.4), ZoomOut],
            ['fit', fit, Maximize],
          ] as const
        ).map(([name, run, Icon]) => (
          <Tooltip key={name} label={say(`map.zoom.${name}`)} position="left">
            <ActionIcon variant="default" size="lg" aria-label={say(`map.zoom.${name}`)} onClick={run}>
              <Icon size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
    </div>
  )
}

type Direction = 'up' | 'down' | 'left' | 'right'
type Acts = {
  readonly move: (direction: Direction) => void
  readonly open: () => void
  readonly leave: (() => void) | undefined
  readonly zoom: (by: number) => void
  readonly fit: () => void
}

const keysOf = (key: string, acts: Acts): (() => void) | undefined => {
  switch (key) {
    case 'ArrowUp':
      return () => acts.move('up')
    case 'ArrowDown':
      return () => acts.move('down')
    case 'ArrowLeft':
      return () => acts.move('left')
    case 'ArrowRight':
      return () => acts.move('right')
    case 'Enter':
      return acts.open
    case 'Escape':
      return acts.leave
    case '+':
    case '=':
      return () => acts.zoom(1.4)
    case '-':
      return () => acts.zoom(1 / 1.4)
    case '0':
      return acts.fit
    default:
      return undefined
  }
}

/** Up and down follow relations, to the nearest; left and right go through the row. */
const nextNode = (
  direction: Direction,
  from: string,
  places: Places,
  { above, below }: Neighbors,
): string | undefined => {
  const here = places.get(from)
  if (here === undefined) return undefined
  const candidates =
    direction === 'up'
      ? (above.get(from) ?? []).map(({ aboveId }) => aboveId)
      : direction === 'down'
        ? (below.get(from) ?? []).map(({ belowId }) => belowId)
        : [...places].flatMap(([id, { x, y }]) =>
            Math.abs(y - here.y) < nodeSize.height && (direction === 'left' ? x < here.x : x > here.x)
              ? [id]
              : [],
          )
  let nearest: { readonly id: string; readonly far: number } | undefined
  for (const id of candidates) {
    const place = places.get(id)
    if (place === undefined || id === from) continue
    const far = Math.abs(place.x - here.x)
    if (nearest === undefined || far < nearest.far) nearest = { id, far }
  }
  return nearest?.id
}

const spokenItem = (item: MapItem, { above, below }: Neighbors): string =>
  [
    item.name,
    item.classLabel,
    say(`item.health.${item.health.now}`),
    ...(item.quorum === null ? [] : [quorumText(item.quorum)]),
    say('map.spoken', { above: above.get(item.id)?.length ?? 0, below: below.get(item.id)?.length ?? 0 }),
  ].join(', ')

export const quorumText = ({ need, size, alive }: NonNullable<MapItem['quorum']>, notShown = 0): string =>
  notShown === 0
    ? say('map.quorum', { need, size, alive })
    : `${say('map.quorum', { need, size, alive })}, ${say('map.notShown', { count: notShown })}`

const itemsWithin = ({ items, places }: Scene, { left, top, right, bottom }: Bounds): readonly MapItem[] =>
  items.filter(({ id }) => {
    const place = places.get(id)
    return (
      place !== undefined &&
      place.x + nodeSize.width > left &&
      place.x < right &&
      place.y + nodeSize.height > top &&
      place.y < bottom
    )
  })

/** Whether one part of the map is within another. */
const holds = (whole: Bounds, part: Bounds): boolean =>
  whole.left <= part.left && whole.top <= part.top && whole.right >= part.right && whole.bottom >= part.bottom

/** Those that were there already, and at most so many more. */
const someOf = (wanted: readonly MapItem[], there: readonly MapItem[], most: number): readonly MapItem[] => {
  const ids = new Set(there.map(({ id }) => id))
  let more = 0
  return wanted.filter(({ id }) => ids.has(id) || more++ < most)
}

const sameItems = (one: readonly MapItem[], other: readonly MapItem[]): boolean =>
  one.length === other.length && one.every((item, at) => item === other[at])

/** What is painted at a point of the screen; a little beside it counts too. */
const itemAt = (
  { items, places }: Scene,
  { x, y, k }: View,
  at: { readonly x: number; readonly y: number },
) => {
  const [atX, atY] = [(at.x - x) / k, (at.y - y) / k]
  const beside = 6 / k
  return items.find(({ id }) => {
    const place = places.get(id)
    return (
      place !== undefined &&
      atX >= place.x - beside &&
      atX <= place.x + nodeSize.width + beside &&
      atY >= place.y - beside &&
      atY <= place.y + nodeSize.height + beside
    )
  })?.id
}

const letters = {
  name: "500 13px 'Inter Variable', system-ui, sans-serif",
  second: "12px 'Inter Variable', system-ui, sans-serif",
} as const
/** Of a node, beside its sign and the number of what is open on it. */
const roomForWords = 104
let ruler: OffscreenCanvasRenderingContext2D | null | undefined

/** Only what may not fit is cut: a line that can be cut is a piece of the page of its own, and moving hundreds of them takes long. */
const isLong = (text: string, look: keyof typeof letters): boolean => {
  ruler ??= new OffscreenCanvas(1, 1).getContext('2d')
  if (ruler === null) return true
  ruler.font = letters[look]
  return ruler.measureText(text).width > roomForWords
}

type NodeProps = {
  readonly item: MapItem
  readonly notShown: number
  readonly x: number
  readonly y: number
  readonly looks: LooksStore
  readonly onPick: (id: string) => void
}

const DrawnNode = ({ item, notShown, x, y, looks, onPick }: NodeProps) => {
  const [mark, picked, dim] = useLook(looks, item.id)
  const second = item.quorum === null ? item.classLabel : quorumText(item.quorum, notShown)
  return (
    <button
      type="button"
      // By keyboard the arrow keys go from node to node; the map itself has the focus.
      tabIndex={-1}
      data-node={item.id}
      data-health={item.health.now}
      data-service={item.isService || undefined}
      data-mark={mark === '' ? undefined : mark}
      data-dim={dim || undefined}
      data-planned={item.planned ?? undefined}
      aria-pressed={picked}
      className={classes['node']}
      style={{ left: x, top: y }}
      title={
        item.health.sentence === '' && notShown === 0
          ? item.name
          : notShown > 0 && item.quorum !== null
            ? `${item.name}. ${quorumText(item.quorum, notShown)}`
            : `${item.name}. ${item.health.sentence}`
      }
      onClick={() => onPick(item.id)}
    >
      <span className={classes['health']} role="img" aria-label={say(`item.health.${item.health.now}`)} />
      <span className={classes['words']}>
        <span className={classes['name']} data-long={isLong(item.name, 'name') || undefined}>
          {item.name}
        </span>
        <span
          className={classes['second']}
          data-long={isLong(second, 'second') || undefined}
          data-group={item.quorum !== null || undefined}
        >
          {second}
        </span>
      </span>
      {item.openRecords > 0 && (
        <span className={classes['open']} title={say('map.open', { count: item.openRecords })}>
          {item.openRecords}
        </span>
      )}
      {mark !== '' && <span className={classes['mark']}>{say(`map.mark.${markOf(mark)}`)}</span>}
      {mark === '' && item.planned !== null && (
        <span className={classes['mark']}>{say(`branch.mark.${item.planned}`)}</span>
      )}
      {item.more && <span className={classes['more']} aria-hidden />}
    </button>
  )
}

const marks = ['failed', 'down', 'degraded', 'risk', 'reduced'] as const
const markOf = (text: string): (typeof marks)[number] => marks.find((one) => one === text) ?? 'reduced'

const Node = memo(DrawnNode)
