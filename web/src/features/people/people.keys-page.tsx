import type { HeldApiKey } from '@evenkeel/contract/people'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import KeyRound from 'lucide-react/icons/key-round'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Person } from '../../parts/person.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useNow } from '../../ui/now.ts'
import { PlainTable } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { KeyScopes } from './people.key-scopes.tsx'
import { allKeysQuery, peopleKey } from './people.api.ts'
import classes from './people.module.css'

const soon = 14 * 86_400_000

/** Every key that works in this tenant: whose, for what, how long, and when it was last used. */
export const KeysPage = () => {
  const queries = useQueryClient()
  const keys = useQuery(allKeysQuery)
  const now = useNow()
  const [revoking, setRevoking] = useState<HeldApiKey | null>(null)
  const rows = keys.data?.rows
  return (
    <SettingsPage title={say('apiKeys.title')} lead={say('apiKeys.about')}>
      {keys.isError && <Fault error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && (
        <div className={classes['panel']}>
          <RowsToCome rows={5} />
        </div>
      )}
      {rows?.length === 0 && (
        <Empty icon={<KeyRound size={24} aria-hidden />} title={say('apiKeys.none')}>
          {say('apiKeys.noneText')}
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && (
        <div className={classes['panel']}>
          <PlainTable<HeldApiKey>
            label={say('apiKeys.title')}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'name',
                title: say('apiKeys.name'),
                render: ({ name, permissions }) => (
                  <>
                    {name}
                    <KeyScopes permissions={permissions} />
                  </>
                ),
              },
              {
                id: 'person',
                title: say('apiKeys.person'),
                render: ({ person }) => (
                  <Link to="/admin/people/$id" params={{ id: person.id }}>
                    <Person name={person.name} />
                  </Link>
                ),
              },
              {
                id: 'created',
                title: say('apiKeys.created'),
                from: 'desktop',
                render: ({ createdAt }) => <RelativeTime at={createdAt} />,
              },
              {
                id: 'used',
                title: say('apiKeys.used'),
                from: 'tablet',
                render: ({ lastUsedAt }) =>
                  lastUsedAt === null ? (
                    <Tag tone="low">{say('apiKeys.never')}</Tag>
                  ) : (
                    <RelativeTime at={lastUsedAt} />
                  ),
              },
              {
                id: 'expires',
                title: say('apiKeys.expires'),
                from: 'tablet',
                render: ({ expiresAt }) =>
                  Date.parse(expiresAt) - now < soon ? (
                    <Tag tone="medium">
                      <RelativeTime at={expiresAt} />
                    </Tag>
                  ) : (
                    <RelativeTime at={expiresAt} />
                  ),
              },
              {
                id: 'revoke',
                title: say('apiKeys.revoke'),
                hiddenTitle: true,
                align: 'end',
                render: (key) => (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="gray"
                    aria-label={say('apiKeys.revokeNamed', { name: key.name })}
                    onClick={() => setRevoking(key)}
                  >
                    {say('apiKeys.revoke')}
                  </Button>
                ),
              },
            ]}
          />
        </div>
      )}
      {revoking !== null && (
        <FormDialog
          title={say('apiKeys.revokeTitle', { name: revoking.name })}
          submit={say('apiKeys.revoke')}
          onClose={() => setRevoking(null)}
          onSubmit={async () => {
            await client.revokeApiKeyOf({ params: { id: revoking.person.id, keyId: revoking.id } })
            await queries.invalidateQueries({ queryKey: peopleKey })
          }}
        >
          <p className={classes['text']}>{say('apiKeys.revokeText')}</p>
        </FormDialog>
      )}
    </SettingsPage>
  )
}
