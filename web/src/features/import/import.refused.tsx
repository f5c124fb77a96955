import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { ImportBatch, ImportFault, ImportFindings } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import Download from 'lucide-react/icons/download'
import { say } from '../../language/say.ts'
import { sentence } from '../../ui/fault.tsx'
import { Listing } from '../../ui/listing.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { faultsQuery, type RefusedFor } from './import.api.ts'
import classes from './import.module.css'

const route = getRouteApi('/shell/admin/imports/$id')

/** The rows that stay out: why, how many of each, and each with its line, to be mended in the file. A reason shows its own rows. */
export const RefusedRows = ({
  batch,
  faults,
}: {
  readonly batch: ImportBatch
  readonly faults: ImportFindings['faults']
}) => {
  const search = route.useSearch()
  // What the address names counts where there are such rows.
  const wanted =
    faults.find(({ code, column }) => code === search.reason && (column ?? '') === (search.column ?? '')) ??
    null
  const asked = useInfiniteQuery(faultsQuery(batch.id, wanted))
  const rows = asked.data?.pages.flatMap((page) => page.rows)
  return (
    <Section
      title={say('import.refusedRows')}
      lead={say('import.refusedLead')}
      flush
      actions={
        <Button
          component="a"
          href={addressOf(api.exportImportFaults, { id: batch.id })}
          download
          variant="default"
          leftSection={<Download size={16} aria-hidden />}
        >
          {say('import.refusedFile')}
        </Button>
      }
    >
      <ul className={classes['reasons']} aria-label={say('import.byReason')}>
        {faults.map((fault) => (
          <li key={`${fault.code} ${fault.column ?? ''}`}>
            <Reason batchId={batch.id} fault={fault} isShown={fault === wanted} />
            <span className="figures">{say('import.rowCount', { count: fault.rows })}</span>
          </li>
        ))}
      </ul>
      <Listing<ImportFault>
        asked={asked}
        rows={rows}
        label={say('import.refusedRows')}
        keyOf={({ line, column, code, value }) => `${line} ${column ?? ''} ${code} ${value ?? ''}`}
        columns={[
          {
            id: 'reason',
            title: say('import.reason'),
            render: ({ message, column, value }) => (
              <>
                {sentence(message)}
                <span className={classes['narrow']}>
                  {[column, value].filter((part) => part !== null).join(': ')}
                </span>
              </>
            ),
          },
          {
            id: 'value',
            title: say('import.value'),
            from: 'tablet',
            render: ({ column, value }) => (
              <>
                {value === null ? '–' : <code className={classes['code']}>{value}</code>}
                {column !== null && <span className={classes['under']}>{column}</span>}
              </>
            ),
          },
          {
            id: 'line',
            title: say('import.line'),
            align: 'end',
            render: ({ line, record }) => (
              <>
                <span className="figures">{say('import.number', { count: line })}</span>
                {record !== null && <span className={classes['under']}>{record}</span>}
              </>
            ),
          },
        ]}
        none={null}
      />
      {asked.hasNextPage && (
        <div className={classes['more']}>
          <Button
            variant="default"
            loading={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {say('import.moreRows')}
          </Button>
        </div>
      )}
    </Section>
  )
}

/** Shows the rows of this reason alone; once more, all of them. */
const Reason = ({
  batchId,
  fault: { code, column },
  isShown,
}: {
  readonly batchId: string
  readonly fault: RefusedFor
  readonly isShown: boolean
}) => {
  const { step } = route.useSearch()
  return (
    <Link
      to="/admin/imports/$id"
      params={{ id: batchId }}
      search={{
        ...(step === undefined ? {} : { step }),
        ...(isShown ? {} : { reason: code, ...(column === null ? {} : { column }) }),
      }}
      replace
      resetScroll={false}
      className={classes['reason'] ?? ''}
      aria-current={isShown ? 'true' : undefined}
    >
      {isShown && <Check size={14} aria-hidden />}
      <span>
        {say(`import.fault.${code}`)}
        {column !== null && <span className={classes['quiet']}> {say('import.inColumn', { column })}</span>}
      </span>
      {isShown && <span className={classes['showAll']}>{say('import.allReasons')}</span>}
    </Link>
  )
}
