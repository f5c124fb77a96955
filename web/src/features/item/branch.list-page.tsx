import type { ListedBranch } from '@evenkeel/contract/item-branch'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import GitBranch from 'lucide-react/icons/git-branch'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Listing } from '../../ui/listing.tsx'
import { rowLink } from '../../ui/plain-table.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { viewLink, ViewLinks } from '../../ui/view-links.tsx'
import { branchesKey, branchesQuery } from './branch.api.ts'
import { BranchDialog } from './branch.dialog.tsx'
import { BranchStateTag, windowOf } from './branch.words.tsx'

const route = getRouteApi('/shell/branches')
const views = ['open', 'closed'] as const

/** What is planned for items, on top of what is there. */
export const BranchListPage = () => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const { state = 'open' } = route.useSearch()
  const asked = useQuery(branchesQuery(state))
  const [adding, setAdding] = useState(false)
  useLiveChanges('item_branch', () => void queries.invalidateQueries({ queryKey: branchesKey }))
  const add = mayAtAll(me, 'item.plan') && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say('branch.begin')}
    </Button>
  )
  return (
    <SettingsPage title={say('branch.list')} lead={say('branch.about')} actions={add}>
      <ViewLinks label={say('branch.views')}>
        {views.map((one) => (
          <Link
            key={one}
            to="/branches"
            search={one === 'open' ? {} : { state: one }}
            className={viewLink}
            aria-current={one === state ? 'page' : undefined}
            activeProps={{}}
          >
            {say(`branch.view.${one}`)}
          </Link>
        ))}
      </ViewLinks>
      <Listing<ListedBranch>
        framed
        asked={asked}
        rows={asked.data?.rows}
        label={say('branch.list')}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: say('branch.name'),
            render: ({ id, name }) => (
              <Link to="/branches/$id" params={{ id }} className={rowLink}>
                {name}
              </Link>
            ),
          },
          { id: 'window', title: say('branch.window'), render: (row) => windowOf(row) },
          { id: 'owner', title: say('branch.owner'), from: 'tablet', render: ({ owner }) => owner.name },
          {
            id: 'steps',
            title: say('branch.stepsTitle'),
            from: 'tablet',
            align: 'end',
            render: ({ steps }) => <span className="figures">{steps}</span>,
          },
          {
            id: 'state',
            title: say('branch.state'),
            shown: state === 'closed',
            align: 'end',
            render: (row) => <BranchStateTag state={row.state} />,
          },
        ]}
        none={
          <Empty
            icon={<GitBranch size={24} aria-hidden />}
            title={say(`branch.none.${state}`)}
            action={state === 'open' ? add : undefined}
          >
            {say(`branch.noneText.${state}`)}
          </Empty>
        }
      />
      {adding && (
        <BranchDialog
          onClose={() => setAdding(false)}
          onDone={async (id) => {
            void queries.invalidateQueries({ queryKey: branchesKey })
            await navigate({ to: '/branches/$id', params: { id } })
          }}
        />
      )}
    </SettingsPage>
  )
}
