import type { ImportBatch } from '@evenkeel/contract/import'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { useSpoken } from '../../ui/announce.tsx'
import { FaultPage } from '../../ui/fault.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { batchKey, batchQuery, isStep, stepNow, useImportProgress } from './import.api.ts'
import { DryRunStep } from './import.dry-run.tsx'
import { FileStep } from './import.file.tsx'
import { MappingStep } from './import.mapping.tsx'
import { ReportStep } from './import.report.tsx'
import { RunStep } from './import.run.tsx'
import { BatchState } from './import.state.tsx'
import { nextText, Steps } from './import.steps.tsx'

const route = getRouteApi('/shell/admin/imports/$id')

/** One batch: the way from a file to its report, step by step; the address says which step is open. */
export const ImportPage = () => {
  const { id } = route.useParams()
  const queries = useQueryClient()
  const { data: batch, error, refetch } = useQuery(batchQuery(id))
  useImportProgress()
  useLiveChanges('import', (change) => {
    if (change.id === id) void queries.invalidateQueries({ queryKey: batchKey(id) })
  })
  if (batch === undefined)
    return error === null ? (
      <SettingsPage title={say('import.one')} back={<Back />}>
        <RowsToCome rows={8} />
      </SettingsPage>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  return <Batch key={id} batch={batch} />
}

const Back = () => <Link to="/admin/imports">{say('import.title')}</Link>

const Batch = ({ batch }: { readonly batch: ImportBatch }) => {
  const { step: asked } = route.useSearch()
  const step = isStep(asked) ? asked : stepNow[batch.state]
  useSpoken(batch.id, nextText(batch))
  return (
    <SettingsPage
      title={batch.fileName}
      lead={
        batch.mapping === null
          ? fileSize(batch.sizeBytes, readerZone().language)
          : say('import.sizeFrom', {
              size: fileSize(batch.sizeBytes, readerZone().language),
              source: batch.mapping.source,
            })
      }
      back={<Back />}
      tags={<BatchState batch={batch} />}
    >
      <Steps batch={batch} shown={step} />
      {step === 'file' && <FileStep batch={batch} />}
      {step === 'mapping' && <MappingStep batch={batch} />}
      {step === 'dry-run' && <DryRunStep batch={batch} />}
      {step === 'run' && <RunStep batch={batch} />}
      {step === 'report' && <ReportStep batch={batch} />}
    </SettingsPage>
  )
}
