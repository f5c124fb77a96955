import type { ReactNode } from 'react'
import { Fault } from './fault.tsx'
import { PlainTable, type PlainTableProps } from './plain-table.tsx'
import { Panel, RowsToCome } from './settings-page.tsx'

/** A table of what was asked for: why it could not be had, rows still to come, and what is said when there are none. */
export const Listing = <Row,>({
  asked,
  rows,
  toCome = 3,
  none,
  framed = false,
  ...table
}: Omit<PlainTableProps<Row>, 'rows'> & {
  readonly asked: { readonly error: Error | null; readonly refetch: () => Promise<unknown> }
  /** Undefined until they have come. */
  readonly rows: readonly Row[] | undefined
  readonly toCome?: number
  readonly none: ReactNode
  /** In a panel of its own; a section has one already. */
  readonly framed?: boolean
}) => {
  const shown =
    rows === undefined
      ? asked.error === null && <RowsToCome rows={toCome} />
      : rows.length > 0 && <PlainTable<Row> {...table} rows={rows} />
  return (
    <>
      {asked.error !== null && <Fault error={asked.error} onRetry={() => void asked.refetch()} />}
      {framed && shown !== false ? <Panel flush>{shown}</Panel> : shown}
      {rows?.length === 0 && none}
    </>
  )
}
