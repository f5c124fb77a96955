import { useVirtualizer } from '@tanstack/react-virtual'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import { say } from '../language/say.ts'
import classes from './record-list.module.css'
import { useWidth } from './width.ts'

export type Column<Row> = {
  readonly id: string
  readonly title: string
  /** Least width in px; `grow` shares what is left. */
  readonly width: number
  readonly grow?: number
  readonly cell: (row: Row) => ReactNode
  /** What the server sorts by; a column without it cannot be sorted. */
  readonly sort?: string
  /** Where there is no room for all, the highest rank goes first; without one a column stays. */
  readonly rank?: number
}

/** One field and its direction, as the address holds it: `priority` or `-updated`. */
export type Sort = string | undefined

type Props<Row extends { readonly id: string }> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** How a row is called aloud. */
  readonly titleOf: (row: Row) => string
  /** A row in two lines, for narrow screens. */
  readonly renderCompact: (row: Row) => ReactNode
  readonly rowHeight: number
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  /** The row that keys act on. */
  readonly activeId: string | undefined
  readonly selected: ReadonlySet<string>
  readonly onSelect: (id: string) => void
  /** A plain click on a row; links inside keep their own meaning for other clicks. */
  readonly onPick: (row: Row) => void
  readonly onHover?: (row: Row) => void
  readonly more: boolean
  readonly onMore: () => void
  /** Whether somebody looks at the very beginning and does not point at a row: then new rows may come in above. */
  readonly onIdleAtTop?: (idle: boolean) => void
}

const headerHeight = 32
const checkWidth = 32
const rowPadding = 24
const compactHeight = 64
/** Below this width a row is two lines. */
const compactBelow = 520

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

/** Rows of any record: only what is on screen is drawn, more is asked for before the end is seen. */
export const RecordList = <Row extends { readonly id: string }>(props: Props<Row>) => {
  const { rows, activeId, selected, sort, onSort, more, onMore } = props
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const narrow = width < compactBelow
  const rowHeight = narrow ? compactHeight : props.rowHeight
  const columns = fitting(props.columns, width)
  const pointing = useRef(false)
  // Its functions change without the object: fine as long as no compiler remembers them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
    scrollPaddingStart: narrow ? 0 : headerHeight,
  })
  useEffect(() => virtual.measure(), [virtual, rowHeight])

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 40) onMore()
  }, [last, more, onMore, rows.length])

  const activeIndex = rows.findIndex(({ id }) => id === activeId)
  useEffect(() => {
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' })
  }, [activeIndex, virtual])

  const reportIdle = (): void =>
    props.onIdleAtTop?.(!pointing.current && (scroller.current?.scrollTop ?? 0) < rowHeight)

  const tracks = columns.map(({ width, grow }) =>
    grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`,
  )
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
        aria-rowcount={more ? -1 : rows.length + 1}
        aria-multiselectable
        className={classes['grid']}
        style={{
          '--tracks': narrow ? '1fr' : `${checkWidth}px ${tracks.join(' ')}`,
          '--row': `${rowHeight}px`,
        }}
      >
        {!narrow && (
          <div role="row" aria-rowindex={1} className={classes['header']}>
            <div role="columnheader" className={classes['cell']}>
              <span className="visually-hidden">{say('list.select')}</span>
            </div>
            {columns.map((column) => (
              <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </div>
        )}
        <div role="rowgroup" className={classes['body']} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected.has(row.id)}
                data-active={row.id === activeId || undefined}
                className={classes['row']}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={(event) => pick(event, () => props.onPick(row))}
                onPointerEnter={() => props.onHover?.(row)}
              >
                {narrow ? (
                  <div role="gridcell" className={classes['compact']}>
                    {props.renderCompact(row)}
                  </div>
                ) : (
                  <>
                    <div role="gridcell" className={classes['check']}>
                      <input
                        type="checkbox"
                        tabIndex={-1}
                        checked={selected.has(row.id)}
                        aria-label={say('list.selectRow', { title: props.titleOf(row) })}
                        onChange={() => props.onSelect(row.id)}
                        onClick={(event) => event.stopPropagation()}
                      />
                    </div>
                    {columns.map((column) => (
                      <div key={column.id} role="gridcell" className={classes['cell']}>
                        {column.cell(row)}
                      </div>
                    ))}
                  </>
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** A click with a modifier, or on a control inside, keeps its own meaning: open in a new tab, tick the box. */
const pick = (event: MouseEvent<HTMLElement>, run: () => void): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  if (event.target instanceof HTMLElement && event.target.closest('button, input, label') !== null) return
  // Somebody who marks text in a row wants the text.
  if ((window.getSelection()?.toString() ?? '') !== '') return
  event.preventDefault()
  run()
}

const Heading = <Row,>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
}) => {
  const field = column.sort
  const direction = field === undefined || sort === undefined ? undefined : directionOf(sort, field)
  return (
    <div role="columnheader" aria-sort={direction ?? 'none'} className={classes['cell']}>
      {field === undefined ? (
        column.title
      ) : (
        <button type="button" className={classes['sort']} onClick={() => onSort(nextSort(direction, field))}>
          {column.title}
          {direction === 'ascending' && <ArrowUp size={12} aria-hidden />}
          {direction === 'descending' && <ArrowDown size={12} aria-hidden />}
        </button>
      )}
    </div>
  )
}

const directionOf = (sort: string, field: string): 'ascending' | 'descending' | undefined => {
  if (sort === field) return 'ascending'
  return sort === `-${field}` ? 'descending' : undefined
}

/** Ascending, descending, back to the list's own order. */
const nextSort = (direction: 'ascending' | 'descending' | undefined, field: string): Sort => {
  if (direction === undefined) return field
  return direction === 'ascending' ? `-${field}` : undefined
}
