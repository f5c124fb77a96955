import type { PersonRow } from '@evenkeel/contract/people'
import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Search from 'lucide-react/icons/search'
import UserPlus from 'lucide-react/icons/user-plus'
import Users from 'lucide-react/icons/users'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { type PlainColumn, PlainTable, rowBreaks, rowHint, rowLink, rowTags } from '../../ui/plain-table.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { InviteDialog } from './people.invite-dialog.tsx'
import { peopleQuery, personStates, rolesQuery, teamsQuery } from './people.api.ts'
import classes from './people.module.css'

const route = getRouteApi('/shell/admin/people')

/** Everybody of this tenant: found by name, narrowed by what they are. */
export const PeoplePage = () => {
  const me = useMe()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [inviting, setInviting] = useState(false)
  const people = useInfiniteQuery({ ...peopleQuery(search), placeholderData: keepPreviousData, retry: false })
  const rows = people.data?.pages.flatMap((page) => page.rows)
  const mayManage = mayAtAll(me, 'person.manage')
  const narrowed = Object.values(search).some((value) => value !== undefined)
  return (
    <SettingsPage
      title={say('people.title')}
      lead={say('people.lead')}
      actions={
        mayManage && (
          <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
            {say('people.add')}
          </Button>
        )
      }
    >
      <Filters />
      {people.isError && <Fault error={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending && (
        <div className={classes['panel']}>
          <RowsToCome rows={8} />
        </div>
      )}
      {rows !== undefined && rows.length > 0 && (
        <div className={classes['panel']}>
          <PlainTable
            label={say('people.title')}
            rows={rows}
            columns={columnsFor(rows.some((row) => row.roles !== null))}
            keyOf={({ id }) => id}
            quiet={({ isActive }) => !isActive}
          />
        </div>
      )}
      {rows?.length === 0 && (
        <Empty
          icon={<Users size={24} aria-hidden />}
          title={narrowed ? say('people.noneMatch') : say('people.none')}
          action={
            narrowed && (
              <Button variant="default" onClick={() => void navigate({ search: {} })}>
                {say('filter.clear')}
              </Button>
            )
          }
        >
          {search.state === 'locked' ? say('people.noneLocked') : say('people.noneText')}
        </Empty>
      )}
      {people.hasNextPage && (
        <Button
          variant="default"
          className={classes['more'] ?? ''}
          loading={people.isFetchingNextPage}
          onClick={() => void people.fetchNextPage()}
        >
          {say('people.more')}
        </Button>
      )}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </SettingsPage>
  )
}

const columnsFor = (withRoles: boolean): readonly PlainColumn<PersonRow>[] => [
  {
    id: 'name',
    title: say('people.name'),
    render: ({ id, name, title }) => (
      <>
        <Link to="/admin/people/$id" params={{ id }} className={rowLink}>
          <Person name={name} />
        </Link>
        {title !== '' && <span className={rowHint}>{title}</span>}
      </>
    ),
  },
  {
    id: 'email',
    title: say('people.email'),
    from: 'tablet',
    render: ({ email }) => <span className={rowBreaks}>{email}</span>,
  },
  {
    id: 'teams',
    title: say('people.teams'),
    from: 'desktop',
    render: ({ teams }) => teams.map(({ name }) => name).join(', '),
  },
  ...(withRoles
    ? [
        {
          id: 'roles',
          title: say('people.roles'),
          render: ({ roles }: PersonRow) => (roles ?? []).map(({ name }) => name).join(', '),
        },
      ]
    : []),
  {
    id: 'state',
    title: say('people.state'),
    from: 'tablet',
    hiddenTitle: true,
    align: 'end',
    render: ({ isActive, isVip }) => (
      <span className={`${rowTags} ${classes['end'] ?? ''}`}>
        {isVip && <Tag tone="waiting">{say('people.vip')}</Tag>}
        {!isActive && <Tag tone="low">{say('people.inactive')}</Tag>}
      </span>
    ),
  },
]

const Filters = () => {
  const me = useMe()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(search.q ?? '')
  const teams = useQuery(teamsQuery)
  const roles = useQuery(rolesQuery)
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const find = useDebouncedCallback((q: string) => change({ q: q.trim() === '' ? undefined : q.trim() }), 200)
  const seesRoles =
    mayAtAll(me, 'person.manage') || mayAtAll(me, 'role.manage') || mayAtAll(me, 'access.explain')
  const states = personStates.filter((state) => state !== 'locked' || mayAtAll(me, 'person.manage'))
  return (
    <search className={classes['filters']}>
      <TextInput
        aria-label={say('people.find')}
        placeholder={say('people.find')}
        leftSection={<Search size={14} aria-hidden />}
        value={text}
        maxLength={100}
        className={classes['find'] ?? ''}
        onChange={(event) => {
          setText(event.currentTarget.value)
          find(event.currentTarget.value)
        }}
      />
      <Select
        aria-label={say('people.state')}
        data={states.map((value) => ({ value, label: say(`people.state.${value}`) }))}
        value={search.state ?? 'active'}
        allowDeselect={false}
        onChange={(value) => {
          const state = personStates.find((one) => one === value)
          change({ state: state === 'active' ? undefined : state })
        }}
      />
      <Select
        aria-label={say('people.team')}
        placeholder={say('people.anyTeam')}
        data={(teams.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={search.team ?? null}
        searchable
        clearable
        nothingFoundMessage={say('edit.nothingFound')}
        onChange={(team) => change({ team: team ?? undefined })}
      />
      {seesRoles && (
        <Select
          aria-label={say('people.role')}
          placeholder={say('people.anyRole')}
          data={(roles.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={search.role ?? null}
          searchable
          clearable
          nothingFoundMessage={say('edit.nothingFound')}
          onChange={(role) => change({ role: role ?? undefined })}
        />
      )}
    </search>
  )
}
