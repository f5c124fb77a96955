import { Alert, Anchor, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import Lock from 'lucide-react/icons/lock'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { Fault } from '../../ui/fault.tsx'
import { Section, SettingsPage } from '../../ui/settings-page.tsx'
import classes from './organization.module.css'

const archive = '/api/v1/organization/export'

/** A download that the browser writes to disk itself: an archive may be larger than its memory. */
const download = (): void => {
  const link = document.createElement('a')
  link.href = archive
  link.download = ''
  link.click()
}

const importing = 'npx evenkeel organization import --file …'

const inside = ['records', 'history', 'people'] as const
const outside = ['credentials', 'seals', 'instance'] as const

/** Everything the organization has, to be taken along: what is inside, what is not, and the download. */
export const OrganizationPage = () => {
  // Who asks proves to be there first; the download itself could only show the refusal.
  const taking = useMutation({
    mutationFn: () => withProof(() => client.readOrganizationContents()),
    onSuccess: download,
  })
  const { data } = taking
  return (
    <SettingsPage
      title={say('organization.title')}
      lead={say('organization.about')}
      actions={
        <Button
          leftSection={<Download size={16} aria-hidden />}
          loading={taking.isPending}
          onClick={() => taking.mutate()}
        >
          {say('organization.get')}
        </Button>
      }
    >
      {taking.error !== null && <Fault error={taking.error} onRetry={() => taking.mutate()} />}
      <div role="status" className={classes['status']}>
        {data !== undefined && (
          <p className={classes['begun']}>
            {say('organization.begun', {
              rows: data.tables.reduce((sum, { rows }) => sum + rows, 0),
              files: data.files.count,
              size: fileSize(data.files.bytes, readerZone().language),
            })}{' '}
            {say('organization.preparing')}{' '}
            <Anchor href={archive} download underline="always">
              {say('organization.again')}
            </Anchor>
          </p>
        )}
      </div>
      <Section title={say('organization.inside')}>
        <ul className={classes['list']}>
          {inside.map((name) => (
            <li key={name}>{say(`organization.inside.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={say('organization.outside')}>
        <ul className={classes['list']}>
          {outside.map((name) => (
            <li key={name}>{say(`organization.outside.${name}`)}</li>
          ))}
        </ul>
      </Section>
      <Alert icon={<Lock size={18} aria-hidden />} title={say('organization.care')}>
        {say('organization.careText')}
      </Alert>
      <p className={classes['quiet']}>{say('organization.format')}</p>
      <pre className={classes['command']}>{importing}</pre>
    </SettingsPage>
  )
}
