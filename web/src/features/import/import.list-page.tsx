import type { ImportBatch } from '@evenkeel/contract/import'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { Listing } from '../../ui/listing.tsx'
import { rowHint, rowLink, rowNarrow } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Section, SettingsPage } from '../../ui/settings-page.tsx'
import { importsKey, importsQuery, useImportProgress } from './import.api.ts'
import { BringFile } from './import.bring.tsx'
import { BatchState } from './import.state.tsx'

/** Everything that was brought from other systems, and the way to bring more. */
export const ImportsPage = () => {
  const queries = useQueryClient()
  const asked = useQuery(importsQuery)
  useImportProgress()
  useLiveChanges('import', () => void queries.invalidateQueries({ queryKey: importsQuery.queryKey }))
  const rows = asked.data?.imports
  return (
    <SettingsPage title={say('import.title')} lead={say('import.lead')}>
      <BringFile onBrought={() => queries.invalidateQueries({ queryKey: importsKey })} />
      {rows?.length === 0 && asked.error === null ? null : (
        <Section title={say('import.batches')} flush>
          <Listing<ImportBatch>
            asked={asked}
            rows={rows}
            toCome={4}
            label={say('import.batches')}
            keyOf={({ id }) => id}
            quiet={({ state }) => state === 'voided'}
            columns={[
              {
                id: 'file',
                title: say('import.file'),
                render: (batch) => (
                  <>
                    <Link to="/admin/imports/$id" params={{ id: batch.id }} className={rowLink}>
                      {batch.fileName}
                    </Link>
                    <span className={rowHint}>
                      {batch.mapping === null
                        ? fileSize(batch.sizeBytes, readerZone().language)
                        : say('import.sizeFrom', {
                            size: fileSize(batch.sizeBytes, readerZone().language),
                            source: batch.mapping.source,
                          })}
                    </span>
                    <span className={rowNarrow}>{countsOf(batch)}</span>
                  </>
                ),
              },
              { id: 'state', title: say('import.state'), render: (batch) => <BatchState batch={batch} /> },
              { id: 'counts', title: say('import.counts'), from: 'tablet', render: countsOf },
              {
                id: 'who',
                title: say('import.broughtBy'),
                from: 'desktop',
                render: ({ createdBy }) => createdBy.name,
              },
              {
                id: 'when',
                title: say('import.when'),
                align: 'end',
                from: 'tablet',
                render: ({ createdAt }) => <RelativeTime at={createdAt} />,
              },
            ]}
            none={null}
          />
        </Section>
      )}
    </SettingsPage>
  )
}

/** What it brought; before that, what the dry run found. */
const countsOf = ({ state, records, updates, findings, mapping, outcomes }: ImportBatch): string =>
  mapping !== null && mapping.kind !== 'incident'
    ? (outcomes ?? findings?.outcomes ?? null) === null
      ? say(`import.kind.${mapping.kind}`)
      : say('import.countsItems', {
          kind: say(`import.kind.${mapping.kind}`),
          created: (outcomes ?? findings?.outcomes)?.created ?? 0,
          changed: (outcomes ?? findings?.outcomes)?.changed ?? 0,
        })
    : state === 'imported' || state === 'voided' || state === 'importing' || state === 'paused'
      ? say('import.countsHere', { records, updates })
      : findings === null || state === 'examining'
        ? say('import.countsNone')
        : say('import.countsFound', { records: findings.records, updates: findings.updates })
