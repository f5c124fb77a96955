import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { ImportBatch, ImportFault, ImportFindings } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { say } from '../../language/say.ts'
import { sentence } from '../../ui/fault.tsx'
import { Listing } from '../../ui/listing.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { faultsQuery } from './import.api.ts'
import classes from './import.module.css'

/** The rows that stay out: why, how many of each, and each with its line, to be mended in the file. */
export const RefusedRows = ({
  batch,
  faults,
}: {
  readonly batch: ImportBatch
  readonly faults: ImportFindings['faults']
}) => {
  const asked = useInfiniteQuery(faultsQuery(batch.id))
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
        {faults.map(({ code, column, rows: count }) => (
          <li key={`${code} ${column ?? ''}`}>
            <span>
              {say(`import.fault.${code}`)}
              {column !== null && (
                <span className={classes['quiet']}> {say('import.inColumn', { column })}</span>
              )}
            </span>
            <span className="figures">{say('import.rowCount', { count })}</span>
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
