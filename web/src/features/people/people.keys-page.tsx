import type { HeldApiKey } from '@evenkeel/contract/people'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import KeyRound from 'lucide-react/icons/key-round'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Listing } from '../../ui/listing.tsx'
import { useNow } from '../../ui/now.ts'
import { rowNarrow } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { keyColumns, RevokeKey } from './people.api-keys.tsx'
import { allKeysQuery } from './people.api.ts'

/** Every key that works in this tenant: whose, for what, how long, and when it was last used. */
export const KeysPage = () => {
  const keys = useQuery(allKeysQuery)
  const [revoking, setRevoking] = useState<HeldApiKey | null>(null)
  const columns = keyColumns<HeldApiKey>({ now: useNow(), onRevoke: setRevoking })
  return (
    <SettingsPage title={say('apiKeys.title')} lead={say('apiKeys.about')}>
      <Listing<HeldApiKey>
        framed
        asked={keys}
        rows={keys.data?.rows}
        toCome={5}
        label={say('apiKeys.title')}
        keyOf={({ id }) => id}
        columns={[
          {
            ...columns.name,
            render: (key) => (
              <>
                {columns.name.render(key)}
                <span className={rowNarrow}>
                  <Holder of={key} />
                </span>
              </>
            ),
          },
          {
            id: 'person',
            title: say('apiKeys.person'),
            from: 'tablet',
            render: (key) => <Holder of={key} />,
          },
          {
            id: 'created',
            title: say('apiKeys.created'),
            from: 'desktop',
            render: ({ createdAt }) => <RelativeTime at={createdAt} />,
          },
          columns.used,
          columns.expires,
          columns.revoke,
        ]}
        none={
          <Empty icon={<KeyRound size={24} aria-hidden />} title={say('apiKeys.none')}>
            {say('apiKeys.noneText')}
          </Empty>
        }
      />
      {revoking !== null && (
        <RevokeKey of={revoking.person.id} apiKey={revoking} onClose={() => setRevoking(null)} />
      )}
    </SettingsPage>
  )
}

const Holder = ({ of: { person } }: { readonly of: HeldApiKey }) => (
  <Link to="/admin/people/$id" params={{ id: person.id }}>
    <Person name={person.name} />
  </Link>
)
