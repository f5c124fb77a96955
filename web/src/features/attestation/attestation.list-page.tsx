import type { ListedAttestation } from '@evenkeel/contract/item-attestation'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import BadgeCheck from 'lucide-react/icons/badge-check'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Listing } from '../../ui/listing.tsx'
import { BelowName, rowLink } from '../../ui/plain-table.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { attestationsKey, attestationsQuery } from './attestation.api.ts'
import { BeginDialog } from './attestation.begin-dialog.tsx'
import { Answered, AttestationStateTag } from './attestation.words.tsx'

/** Who was asked whether the model is right, and how far they are. */
export const AttestationListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const asked = useQuery(attestationsQuery)
  const [adding, setAdding] = useState(false)
  useLiveChanges('item_attestation', () => void queries.invalidateQueries({ queryKey: attestationsKey }))
  const add = mayAtAll(me, 'item.manage') && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say('attestation.begin')}
    </Button>
  )
  return (
    <SettingsPage title={say('attestation.list')} lead={say('attestation.lead')} actions={add}>
      <Listing<ListedAttestation>
        framed
        asked={asked}
        rows={asked.data?.rows}
        label={say('attestation.list')}
        keyOf={({ id }) => id}
        quiet={({ state }) => state === 'closed'}
        columns={[
          {
            id: 'name',
            title: say('attestation.column.name'),
            render: ({ id, name, counts, dueAt }) => (
              <>
                <Link to="/attestations/$id" params={{ id }} className={rowLink}>
                  {name}
                </Link>{' '}
                {counts.mine > 0 && (
                  <Tag tone="accent">{say('attestation.mine', { count: counts.mine })}</Tag>
                )}
                <BelowName>{say('attestation.dueBy', { at: absolute(dueAt, readerZone()) })}</BelowName>
              </>
            ),
          },
          {
            id: 'progress',
            title: say('attestation.column.progress'),
            render: ({ counts: { items, waiting } }) => <Answered answered={items - waiting} items={items} />,
          },
          {
            id: 'wrong',
            title: say('attestation.column.wrong'),
            from: 'tablet',
            align: 'end',
            render: ({ counts }) => <span className="figures">{counts.wrong}</span>,
          },
          {
            id: 'due',
            title: say('attestation.column.due'),
            from: 'tablet',
            render: ({ dueAt }) => absolute(dueAt, readerZone()),
          },
          {
            id: 'state',
            title: say('attestation.column.state'),
            from: 'tablet',
            align: 'end',
            render: (row) => <AttestationStateTag {...row} />,
          },
        ]}
        none={
          <Empty
            icon={<BadgeCheck size={24} aria-hidden />}
            title={say('attestation.none')}
            {...(add === false ? {} : { action: add })}
          >
            {say('attestation.noneText')}
          </Empty>
        }
      />
      {adding && (
        <BeginDialog
          onClose={() => setAdding(false)}
          onDone={async (id) => {
            void queries.invalidateQueries({ queryKey: attestationsKey })
            await navigate({ to: '/attestations/$id', params: { id } })
          }}
        />
      )}
    </SettingsPage>
  )
}
