import { useVirtualizer } from '@tanstack/react-virtual'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronRight from 'lucide-react/icons/chevron-right'
import {
  type CSSProperties,
  type DragEvent,
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { say } from '../language/say.ts'
import {
  entriesOf,
  type Entry,
  type Group,
  moveBy,
  type Placed,
  placeAt,
  pressSort,
  type SortKey,
} from './list-layout.ts'
import classes from './record-list.module.css'
import { areChosen, type RowMarks, useMarks } from './row-marks.ts'
import { useWidth } from './width.ts'

export type Column<Row> = {
  /** As the server calls the field, so that an export has the same columns. */
  readonly id: string
  readonly title: string
  /** Least width in px; `grow` shares what is left. */
  readonly width: number
  readonly grow?: number
  readonly cell: (row: Row) => ReactNode
  readonly sortable?: boolean
  /** Where there is no room for all of the usual columns, the highest rank goes first; without one a column stays. */
  readonly rank?: number
}

type Drawn<Row> = Column<Row> & { readonly pinned: boolean; readonly style: CSSProperties | undefined }

/** A list in parts: each with a heading that folds it. */
export type Grouping<Row> = {
  readonly groups: readonly (Group & { readonly label: ReactNode; readonly name: string })[]
  readonly keyOf: (row: Row) => string
  readonly folded: ReadonlySet<string>
  readonly onFold: (key: string) => void
}

type Props<Row extends { readonly id: string }> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly layout: readonly Placed[]
  readonly onLayout: (layout: readonly Placed[]) => void
  /** Somebody chose these columns: all of them are drawn, and the list scrolls sideways when it must. */
  readonly chosen: boolean
  /** How a row is called aloud. */
  readonly titleOf: (row: Row) => string
  /** A row in two lines, for narrow screens. */
  readonly renderCompact: (row: Row) => ReactNode
  readonly rowHeight: number
  readonly sort: readonly SortKey[]
  readonly onSort: (sort: readonly SortKey[]) => void
  readonly grouping?: Grouping<Row> | undefined
  readonly marks: RowMarks
  /** `through` takes the rows in between along. */
  readonly onSelect: (id: string, through: boolean) => void
  readonly onSelectAll: (all: boolean) => void
  /** A plain click on a row; links inside keep their own meaning for other clicks. */
  readonly onPick: (row: Row) => void
  readonly onHover?: (row: Row) => void
  /** There are rows behind the last one. */
  readonly more: boolean
  readonly onMore: () => void
  /** Whether somebody looks at the very beginning and does not point at a row: then new rows may come in above. */
  readonly onIdleAtTop?: (idle: boolean) => void
}

const headerHeight = 32
const groupHeight = 36
const checkWidth = 32
const rowPadding = 24
const compactHeight = 64
/** Below this width a row is two lines. */
const compactBelow = 520
/** Rows that are drawn beyond the screen, and how long before its end more of the list is asked for: a fling outruns neither. */
const overscan = 24
const ahead = 400

/** The columns that fit, the least important left out. */
export const fitting = <C extends { readonly width: number; readonly rank?: number }>(
  columns: readonly C[],
  width: number,
): readonly C[] => {
  const needed = columns.reduce((sum, column) => sum + column.width, checkWidth + rowPadding)
  const lowest = Math.max(0, ...columns.map(({ rank = 0 }) => rank))
  if (needed <= width || lowest === 0) return columns
  return fitting(
    columns.filter(({ rank = 0 }) => rank !== lowest),
    width,
  )
}

/** Where pinned columns stay, in px from the left; `undefined` for the others. */
const pinnedOffsets = (drawn: readonly { readonly pinned: boolean; readonly width: number }[]) => {
  let left = rowPadding / 2 + checkWidth
  return drawn.map(({ pinned, width }) => {
    if (!pinned) return undefined
    left += width
    return left - width
  })
}

/** Rows of any record: only what is on screen is drawn, more is asked for long before the end is seen. */
export const RecordList = <Row extends { readonly id: string }>(props: Props<Row>) => {
  const { rows, marks, sort, more, onMore, grouping, layout } = props
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const narrow = width < compactBelow
  const rowHeight = narrow ? compactHeight : props.rowHeight
  const { columns, chosen } = props
  const drawn = useMemo(() => {
    const placed = layout.flatMap(({ id, pinned }) => {
      const column = columns.find((one) => one.id === id)
      return column === undefined ? [] : [{ ...column, pinned }]
    })
    const shown = chosen ? placed : fitting(placed, width)
    const offsets = pinnedOffsets(shown)
    return shown.map((column, index): Drawn<Row> => {
      const left = offsets[index]
      return { ...column, style: left === undefined ? undefined : { left } }
    })
  }, [layout, columns, chosen, width])
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [acts] = useState(() => ({
    pick: (row: Row): void => latest.current.onPick(row),
    hover: (row: Row): void => latest.current.onHover?.(row),
    select: (id: string, through: boolean): void => latest.current.onSelect(id, through),
  }))
  const pointing = useRef(false)
  const entries = useMemo(
    (): readonly Entry<Row, Grouping<Row>['groups'][number]>[] =>
      grouping === undefined
        ? rows.map((row, index) => ({ kind: 'row', row, index }))
        : entriesOf(rows, grouping.groups, grouping.keyOf, grouping.folded, more),
    [rows, grouping, more],
  )
  const sizeAt = (index: number): number => (entries[index]?.kind === 'group' ? groupHeight : rowHeight)
  // Its functions change without the object: fine as long as no compiler remembers them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: sizeAt,
    overscan,
    scrollPaddingStart: narrow ? 0 : headerHeight,
  })
  // Rows that are only added at the end change no size before them.
  const shape = grouping === undefined ? rowHeight : entries
  useEffect(() => virtual.measure(), [virtual, rowHeight, shape])

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= entries.length - ahead) onMore()
  }, [last, more, onMore, entries.length])

  const scrolledTo = useRef<string>(undefined)
  useEffect(() => {
    // Only when it becomes another row: rows that come in must not pull the list back to it.
    const toActive = (): void => {
      const { active } = marks.now()
      if (active === undefined || scrolledTo.current === active) return
      const index = entries.findIndex((entry) => entry.kind === 'row' && entry.row.id === active)
      if (index < 0) return
      scrolledTo.current = active
      // Where it is in sight already, nothing is measured.
      const [offset] = virtual.getOffsetForIndex(index, 'auto') ?? []
      if (offset !== virtual.scrollOffset) virtual.scrollToIndex(index, { align: 'auto' })
    }
    toActive()
    return marks.subscribe(toActive)
  }, [entries, marks, virtual])

  const reportIdle = (): void =>
    props.onIdleAtTop?.(!pointing.current && (scroller.current?.scrollTop ?? 0) < rowHeight)

  const tracks = drawn.map(({ width: least, grow, pinned }) =>
    grow === undefined || pinned ? `${least}px` : `minmax(${least}px, ${grow}fr)`,
  )
  const leastWidth = drawn.reduce((sum, column) => sum + column.width, checkWidth + rowPadding)
  return (
    <div
      ref={scroller}
      className={classes['scroller']}
      onScroll={reportIdle}
      onPointerEnter={() => {
        pointing.current = true
        reportIdle()
      }}
      onPointerLeave={() => {
        pointing.current = false
        reportIdle()
      }}
    >
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={more ? -1 : entries.length + 1}
        aria-multiselectable
        className={classes['grid']}
        style={{
          '--tracks': narrow ? '1fr' : `${checkWidth}px ${tracks.join(' ')}`,
          '--row': `${rowHeight}px`,
          minWidth: narrow ? undefined : props.chosen ? leastWidth : undefined,
        }}
      >
        {!narrow && (
          <div role="row" aria-rowindex={1} className={classes['header']}>
            <CheckAll rows={rows} marks={marks} onSelectAll={props.onSelectAll} />
            {drawn.map((column) => (
              <Heading
                key={column.id}
                column={column}
                style={column.style}
                sort={sort}
                onSort={props.onSort}
                layout={layout}
                onLayout={props.onLayout}
              />
            ))}
          </div>
        )}
        <div role="rowgroup" className={classes['body']} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const entry = entries[item.index]
            if (entry === undefined) return null
            const style = { transform: `translateY(${item.start}px)` }
            if (entry.kind === 'group') {
              const { group } = entry
              const open = grouping?.folded.has(group.key) !== true
              return (
                <div
                  key={`group ${group.key}`}
                  role="row"
                  aria-rowindex={item.index + 2}
                  className={classes['group']}
                  style={style}
                >
                  <div role="gridcell" aria-colspan={drawn.length + 1} className={classes['groupCell']}>
                    <button
                      type="button"
                      className={classes['fold']}
                      aria-expanded={open}
                      onClick={() => grouping?.onFold(group.key)}
                    >
                      <ChevronRight size={14} aria-hidden data-open={open || undefined} />
                      {group.label}
                      <span className={classes['groupCount']}>
                        {say('list.count', { count: group.count })}
                      </span>
                    </button>
                  </div>
                </div>
              )
            }
            const { row } = entry
            return (
              <Row
                key={row.id}
                row={row}
                place={item.index}
                start={item.start}
                marks={marks}
                columns={drawn}
                titleOf={props.titleOf}
                renderCompact={narrow ? props.renderCompact : undefined}
                acts={acts}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

type RowProps<Row> = {
  readonly row: Row
  readonly place: number
  /** In px from the first row. */
  readonly start: number
  readonly marks: RowMarks
  readonly columns: readonly Drawn<Row>[]
  readonly titleOf: (row: Row) => string
  /** Where there is no room for columns. */
  readonly renderCompact: ((row: Row) => ReactNode) | undefined
  readonly acts: {
    readonly pick: (row: Row) => void
    readonly hover: (row: Row) => void
    readonly select: (id: string, through: boolean) => void
  }
}

const DrawnRow = <Row extends { readonly id: string }>({
  row,
  place,
  start,
  marks,
  columns,
  titleOf,
  renderCompact,
  acts,
}: RowProps<Row>) => {
  const active = useMarks(marks, (now) => now.active === row.id)
  const chosen = useMarks(marks, (now) => now.chosen.has(row.id))
  const opening = useMarks(marks, (now) => now.opening === row.id)
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-selected={chosen}
      aria-busy={opening || undefined}
      data-active={active || undefined}
      className={classes['row']}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => pick(event, () => acts.pick(row))}
      onPointerEnter={() => acts.hover(row)}
    >
      {renderCompact === undefined ? (
        <>
          <div role="gridcell" className={classes['check']}>
            <input
              type="checkbox"
              tabIndex={-1}
              checked={chosen}
              aria-label={say('list.selectRow', { title: titleOf(row) })}
              onChange={() => acts.select(row.id, false)}
              onClick={(event) => {
                event.stopPropagation()
                if (!event.shiftKey) return
                event.preventDefault()
                acts.select(row.id, true)
              }}
            />
          </div>
          <Cells row={row} columns={columns} />
        </>
      ) : (
        <div role="gridcell" className={classes['compact']}>
          {renderCompact(row)}
        </div>
      )}
    </div>
  )
}

const DrawnCells = <Row,>({
  row,
  columns,
}: {
  readonly row: Row
  readonly columns: readonly Drawn<Row>[]
}) => (
  <>
    {columns.map(({ id, pinned, style, cell }) => (
      <div
        key={id}
        role="gridcell"
        className={classes['cell']}
        data-pinned={pinned || undefined}
        style={style}
      >
        {cell(row)}
      </div>
    ))}
  </>
)

// Fifty rows are on the page, and a key that moves from one to the next concerns two of them; marking or moving a row leaves its cells alone.
// What is remembered takes the same properties; `memo` forgets that they are those of any kind of row.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const Row = memo(DrawnRow) as typeof DrawnRow
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const Cells = memo(DrawnCells) as typeof DrawnCells

/** A click with a modifier, or on a control inside, keeps its own meaning: open in a new tab, tick the box. */
const pick = (event: MouseEvent<HTMLElement>, run: () => void): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  if (event.target instanceof HTMLElement && event.target.closest('button, input, label') !== null) return
  // Somebody who marks text in a row wants the text.
  if ((window.getSelection()?.toString() ?? '') !== '') return
  event.preventDefault()
  run()
}

/** Takes all rows that are here, or lets go of them. */
const CheckAll = ({
  rows,
  marks,
  onSelectAll,
}: {
  readonly rows: readonly { readonly id: string }[]
  readonly marks: RowMarks
  readonly onSelectAll: (all: boolean) => void
}) => {
  const some = useMarks(marks, ({ chosen }) => chosen.size > 0)
  const every = useMarks(marks, ({ chosen }) => areChosen(rows, chosen))
  return (
    <div role="columnheader" className={classes['checkHead']} data-some={some || undefined}>
      <input
        type="checkbox"
        checked={every}
        ref={(input) => {
          if (input !== null) input.indeterminate = some && !every
        }}
        aria-label={say('list.selectAll')}
        onChange={() => onSelectAll(!every)}
      />
    </div>
  )
}

const dragType = 'application/x-evenkeel-column'

/** Pressed it sorts, with Shift among others; dragged, or with Alt and an arrow key, it moves. */
const Heading = <Row,>({
  column,
  style,
  sort,
  onSort,
  layout,
  onLayout,
}: {
  readonly column: Column<Row> & { readonly pinned: boolean }
  readonly style: CSSProperties | undefined
  readonly sort: readonly SortKey[]
  readonly onSort: (sort: readonly SortKey[]) => void
  readonly layout: readonly Placed[]
  readonly onLayout: (layout: readonly Placed[]) => void
}) => {
  const [over, setOver] = useState(false)
  const at = sort.findIndex(({ field }) => field === column.id)
  const key = sort[at]
  const direction = key === undefined ? undefined : key.descending ? 'descending' : 'ascending'
  const drop = (event: DragEvent): void => {
    setOver(false)
    const id = event.dataTransfer.getData(dragType)
    if (id === '' || id === column.id) return
    event.preventDefault()
    onLayout(
      placeAt(
        layout,
        id,
        layout.findIndex((one) => one.id === column.id),
      ),
    )
  }
  const move = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return
    event.preventDefault()
    onLayout(moveBy(layout, column.id, event.key === 'ArrowLeft' ? -1 : 1))
  }
  return (
    <div
      role="columnheader"
      aria-sort={direction ?? 'none'}
      className={classes['cell']}
      data-pinned={column.pinned || undefined}
      data-over={over || undefined}
      style={style}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, column.id)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {column.sortable === true ? (
        <button
          type="button"
          className={classes['sort']}
          aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
          title={`${column.title}. ${say('list.headingHint')}`}
          onClick={(event) => onSort(pressSort(sort, column.id, event.shiftKey))}
          onKeyDown={move}
        >
          <span className={classes['sortTitle']}>{column.title}</span>
          {direction === 'ascending' && <ArrowUp size={12} aria-hidden />}
          {direction === 'descending' && <ArrowDown size={12} aria-hidden />}
          {direction !== undefined && sort.length > 1 && (
            <span className={classes['sortPlace']} aria-hidden>
              {at + 1}
            </span>
          )}
        </button>
      ) : (
        column.title
      )}
    </div>
  )
}
