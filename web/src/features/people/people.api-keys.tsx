import type { ApiKeyRow } from '@evenkeel/contract/session'
import { useQueryClient } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { type PlainColumn, RowButton, rowHint } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Tag } from '../../ui/tag.tsx'
import { peopleKey } from './people.api.ts'
import classes from './people.api-keys.module.css'
import { meaningOf } from './people.permissions.ts'

const soon = 14 * 86_400_000

/** What administrators see of a key, wherever keys are listed. */
export const keyColumns = <Key extends ApiKeyRow>({
  now,
  onRevoke,
}: {
  readonly now: number
  readonly onRevoke: (key: Key) => void
}) =>
  ({
    name: {
      id: 'name',
      title: say('apiKeys.name'),
      render: ({ name, permissions }) => (
        <>
          {name}
          <Scopes permissions={permissions} />
        </>
      ),
    },
    used: {
      id: 'used',
      title: say('apiKeys.used'),
      from: 'tablet',
      render: ({ lastUsedAt }) =>
        lastUsedAt === null ? <Tag tone="low">{say('apiKeys.never')}</Tag> : <RelativeTime at={lastUsedAt} />,
    },
    expires: {
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
    revoke: {
      id: 'revoke',
      title: say('apiKeys.revoke'),
      hiddenTitle: true,
      align: 'end',
      render: (key) => (
        <RowButton label={say('apiKeys.revokeNamed', { name: key.name })} onPress={() => onRevoke(key)}>
          {say('apiKeys.revoke')}
        </RowButton>
      ),
    },
  }) satisfies Record<string, PlainColumn<Key>>

/** How much at first, each permission in words when it is opened. */
const Scopes = ({ permissions }: { readonly permissions: readonly string[] }) => (
  <details className={classes['scopes']}>
    <summary className={rowHint}>{say('apiKeys.scopes', { count: permissions.length })}</summary>
    <ul className={classes['list']}>
      {permissions.map((permission) => (
        <li key={permission}>
          {meaningOf(permission)} <code className={classes['name']}>{permission}</code>
        </li>
      ))}
    </ul>
  </details>
)

export const RevokeKey = ({
  of: personId,
  apiKey,
  onClose,
}: {
  readonly of: string
  readonly apiKey: ApiKeyRow
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  return (
    <FormDialog
      title={say('apiKeys.revokeTitle', { name: apiKey.name })}
      submit={say('apiKeys.revoke')}
      onClose={onClose}
      onSubmit={async () => {
        await client.revokeApiKeyOf({ params: { id: personId, keyId: apiKey.id } })
        await queries.invalidateQueries({ queryKey: peopleKey })
      }}
    >
      <p className={classes['text']}>{say('apiKeys.revokeText')}</p>
    </FormDialog>
  )
}
