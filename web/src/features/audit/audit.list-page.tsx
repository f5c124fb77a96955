import type { AuditInList } from '@evenkeel/contract/item-audit'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import ScanBarcode from 'lucide-react/icons/scan-barcode'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Listing } from '../../ui/listing.tsx'
import { BelowName, rowLink } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { auditsKey, auditsQuery } from './audit.api.ts'
import { BeginDialog } from './audit.begin-dialog.tsx'
import { KeptSince, Offline } from './audit.offline.tsx'
import { Progress } from './audit.progress.tsx'
import { AuditStateTag, scopeOf } from './audit.words.tsx'

/** Stock-takings: those that are open first. */
export const AuditListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const asked = useQuery(auditsQuery(me.person.id))
  const [adding, setAdding] = useState(false)
  useLiveChanges('item_audit', () => void queries.invalidateQueries({ queryKey: auditsKey }))
  const isKept = asked.data?.keptAt != null
  const add = mayAtAll(me, 'item.manage') && !isKept && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say('audit.begin')}
    </Button>
  )
  return (
    <SettingsPage title={say('audit.list')} lead={say('audit.listLead')} actions={add}>
      <Offline />
      {asked.data?.keptAt != null && <KeptSince at={asked.data.keptAt} />}
      <Listing<AuditInList>
        framed
        asked={asked}
        rows={asked.data?.value.rows}
        label={say('audit.list')}
        keyOf={({ id }) => id}
        quiet={({ state }) => state === 'closed'}
        columns={[
          {
            id: 'name',
            title: say('audit.column.name'),
            render: (row) => (
              <>
                {/* Without network there is no report, and scanning goes on. */}
                <Link
                  to={isKept ? '/audits/$id/scan' : '/audits/$id'}
                  params={{ id: row.id }}
                  className={rowLink}
                >
                  {row.name}
                </Link>
                <BelowName>{scopeOf(row)}</BelowName>
              </>
            ),
          },
          {
            id: 'scope',
            title: say('audit.column.scope'),
            from: 'tablet',
            render: (row) => (row.filter === null ? scopeOf(row) : <code>{row.filter}</code>),
          },
          {
            id: 'progress',
            title: say('audit.column.progress'),
            render: ({ expected, seen }) => <Progress expected={expected} seen={seen} />,
          },
          {
            id: 'begun',
            title: say('audit.begun'),
            from: 'desktop',
            render: ({ openedBy, openedAt }) => (
              <>
                {openedBy.name}, <RelativeTime at={openedAt} />
              </>
            ),
          },
          {
            id: 'state',
            title: say('audit.column.state'),
            from: 'tablet',
            align: 'end',
            render: ({ state }) => <AuditStateTag state={state} />,
          },
        ]}
        none={
          <Empty
            icon={<ScanBarcode size={24} aria-hidden />}
            title={say('audit.none')}
            {...(add === false ? {} : { action: add })}
          >
            {say(add === false ? 'audit.noneTextRead' : 'audit.noneText')}
          </Empty>
        }
      />
      {adding && (
        <BeginDialog
          onClose={() => setAdding(false)}
          onDone={async (id) => {
            void queries.invalidateQueries({ queryKey: auditsKey })
            await navigate({ to: '/audits/$id', params: { id } })
          }}
        />
      )}
    </SettingsPage>
  )
}
