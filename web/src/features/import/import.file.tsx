import type { ImportBatch } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { absolute } from '../../language/time.ts'
import { sentence } from '../../ui/fault.tsx'
import { Fact, Facts, Section } from '../../ui/settings-page.tsx'
import classes from './import.module.css'
import { VoidDialog } from './import.void.tsx'

/** What arrived; when it cannot be read, why, and what to do. */
export const FileStep = ({ batch }: { readonly batch: ImportBatch }) => {
  const zone = readerZone()
  const [discarding, setDiscarding] = useState(false)
  return (
    <>
      {batch.state === 'failed' && (
        <div className={classes['failed']} role="alert">
          <p className={classes['failedWhat']}>
            {sentence(batch.failure ?? say('import.failedUnknown')).replace(/[.]?$/, '.')}
          </p>
          <p className={classes['flat']}>{say('import.failedKept')}</p>
          <ul className={classes['todo']}>
            <li>{say('import.failedExport')}</li>
            {batch.mapping !== null && <li>{say('import.failedFormat')}</li>}
          </ul>
          <div className={classes['acts']}>
            <Button renderRoot={(props) => <Link to="/admin/imports" {...props} />}>
              {say('import.bringAnother')}
            </Button>
            {batch.mapping !== null && (
              <Button
                variant="default"
                renderRoot={(props) => (
                  <Link
                    to="/admin/imports/$id"
                    params={{ id: batch.id }}
                    search={{ step: 'mapping' }}
                    {...props}
                  />
                )}
              >
                {say('import.toMapping')}
              </Button>
            )}
          </div>
        </div>
      )}
      <Section title={say('import.step.file')}>
        <Facts>
          <Fact name={say('import.fileName')}>{batch.fileName}</Fact>
          <Fact name={say('import.size')}>{fileSize(batch.sizeBytes, zone.language)}</Fact>
          <Fact name={say('import.broughtBy')}>{batch.createdBy.name}</Fact>
          <Fact name={say('import.when')}>{absolute(batch.createdAt, zone)}</Fact>
          {batch.mapping !== null && (
            <>
              <Fact name={say('import.source')}>{batch.mapping.source}</Fact>
              <Fact name={say('import.format')}>{say(`import.format.${batch.mapping.format.type}`)}</Fact>
            </>
          )}
          {batch.mappingName !== null && (
            <Fact name={say('import.step.mapping')}>
              {say('import.mappingVersion', {
                name: batch.mappingName,
                version: String(batch.mappingVersion ?? 1),
              })}
            </Fact>
          )}
          <Fact name={say('import.checksum')}>
            <code className={classes['code']}>{batch.sha256}</code>
          </Fact>
        </Facts>
      </Section>
      <div className={classes['acts']}>
        {batch.state !== 'failed' && (
          <Button
            renderRoot={(props) => (
              <Link
                to="/admin/imports/$id"
                params={{ id: batch.id }}
                search={{ step: 'mapping' }}
                {...props}
              />
            )}
          >
            {say('import.toMapping')}
          </Button>
        )}
        {(batch.state === 'waiting' || batch.state === 'examined' || batch.state === 'failed') && (
          <Button variant="default" onClick={() => setDiscarding(true)}>
            {say('import.discard')}
          </Button>
        )}
      </div>
      {discarding && <VoidDialog batch={batch} onClose={() => setDiscarding(false)} />}
    </>
  )
}
