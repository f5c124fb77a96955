import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './plain-table.module.css'

export type PlainColumn<Row> = {
  readonly id: string
  readonly title: string
  readonly render: (row: Row) => ReactNode
  /** Goes first where there is less room. */
  readonly from?: 'tablet' | 'desktop'
  readonly align?: 'end'
  /** No wider than what is in it: a box to tick. */
  readonly narrow?: boolean
  /** Buttons of a row say themselves what they are. */
  readonly hiddenTitle?: boolean
  /** Not for every reader; there unless it says no. */
  readonly shown?: boolean
}

export type PlainTableProps<Row> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly PlainColumn<Row>[]
  readonly keyOf: (row: Row) => string
  /** Retired, deactivated: still there, but not what one looks for. */
  readonly quiet?: (row: Row) => boolean
}

/**
 * A short table of settings, as a table to screen readers too. A link in the first column with the class of `rowLink` makes the whole row its
 * target; buttons stay above it.
 */
export const PlainTable = <Row,>({ label, rows, columns: all, keyOf, quiet }: PlainTableProps<Row>) => {
  const columns = all.filter(({ shown = true }) => shown)
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ id, title, from, align, narrow, hiddenTitle }) => (
              <th key={id} scope="col" data-from={from} data-align={align} data-narrow={narrow}>
                <span className={hiddenTitle === true ? 'visually-hidden' : undefined}>{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-quiet={quiet?.(row) === true || undefined}>
              {columns.map(({ id, render, from, align }) => (
                <td key={id} data-from={from} data-align={align}>
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What can be done with one row, said in full to those who do not see the row. */
export const RowButton = ({
  label,
  onPress,
  running = false,
  children,
}: {
  readonly label: string
  readonly onPress: () => void
  readonly running?: boolean
  readonly children: ReactNode
}) => (
  <Button
    size="compact-sm"
    variant="subtle"
    color="gray"
    aria-label={label}
    loading={running}
    onClick={onPress}
  >
    {children}
  </Button>
)

export const rowLink = classes['rowLink'] ?? ''
export const rowHint = classes['rowHint'] ?? ''
/** Around what is pressed and is no button: it stays above the row's own link. */
export const rowAbove = classes['rowAbove'] ?? ''
export const rowBreaks = classes['rowBreaks'] ?? ''
export const rowTags = classes['rowTags'] ?? ''
/** What a column says that a phone has no room for. */
export const rowNarrow = classes['rowNarrow'] ?? ''

/** What there is no column for on a narrow screen, below the name of a row. */
export const BelowName = ({ children }: { readonly children: ReactNode }) => (
  <div className={classes['belowName']}>{children}</div>
)
