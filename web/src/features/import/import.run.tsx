import type { ImportBatch } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { batchKey } from './import.api.ts'
import { Counts } from './import.counts.tsx'
import { Begin } from './import.dry-run.tsx'
import classes from './import.module.css'
import { Outcomes } from './import.outcomes.tsx'
import { HowFar } from './import.progress.tsx'
import { VoidDialog } from './import.void.tsx'

/** The run: how far, to be stopped and to go on; nobody has to stay for it. */
export const RunStep = ({ batch }: { readonly batch: ImportBatch }) => {
  const queries = useQueryClient()
  const [voiding, setVoiding] = useState(false)
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: batchKey(batch.id) }) }
  const pause = useMutation({
    mutationFn: () => client.pauseImport({ params: { id: batch.id } }),
    ...settled,
  })
  const goOn = useMutation({ mutationFn: () => client.runImport({ params: { id: batch.id } }), ...settled })
  const { state, findings, records, updates, refused } = batch
  if (findings === null || state === 'examining' || state === 'waiting')
    return (
      <Section title={say('import.step.run')}>
        <p className={classes['flat']}>{say('import.notExamined')}</p>
      </Section>
    )
  if (state === 'examined') return <Begin batch={batch} findings={findings} />
  const isOver = state === 'imported' || state === 'voided'
  return (
    <>
      <Section
        title={say('import.step.run')}
        lead={isOver ? undefined : say(state === 'paused' ? 'import.pausedLead' : 'import.importingLead')}
        actions={
          <>
            {state === 'importing' && (
              <Button
                variant="default"
                loading={pause.isPending || pause.isSuccess}
                onClick={() => pause.mutate()}
              >
                {say('import.pause')}
              </Button>
            )}
            {state === 'paused' && (
              <>
                <Button variant="default" onClick={() => setVoiding(true)}>
                  {say('import.void')}
                </Button>
                <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
                  {say('import.goOn')}
                </Button>
              </>
            )}
            {isOver && (
              <Button
                renderRoot={(props) => (
                  <Link
                    to="/admin/imports/$id"
                    params={{ id: batch.id }}
                    search={{ step: 'report' }}
                    {...props}
                  />
                )}
              >
                {say('import.toReport')}
              </Button>
            )}
          </>
        }
      >
        {!isOver && <HowFar batch={batch} label={say(`import.state.${state}`)} />}
        {batch.outcomes !== null && batch.mapping !== null ? (
          <Outcomes rows={null} outcomes={batch.outcomes} kind={batch.mapping.kind} isDone />
        ) : (
          <Counts
            counts={[
              { name: say('import.recordsHere'), count: records },
              { name: say('import.updatesHere'), count: updates },
              { name: say('import.refused'), count: refused, isNotable: refused > 0 },
            ]}
          />
        )}
        {state === 'importing' && <p className={classes['quiet']}>{say('import.mayLeave')}</p>}
      </Section>
      {pause.isError && <Fault error={pause.error} />}
      {goOn.isError && <Fault error={goOn.error} />}
      {voiding && <VoidDialog batch={batch} onClose={() => setVoiding(false)} />}
    </>
  )
}
