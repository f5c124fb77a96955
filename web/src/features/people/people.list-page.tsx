import type { PersonRow } from '@evenkeel/contract/people'
import { Button, Select } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import Users from 'lucide-react/icons/users'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { FindBox, FinderBar } from '../../ui/finder.tsx'
import { Listing } from '../../ui/listing.tsx'
import { type PlainColumn, rowTags } from '../../ui/plain-table.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { InviteDialog } from './people.invite-dialog.tsx'
import { peopleQuery, personStates, rolesQuery, teamsQuery } from './people.api.ts'
import classes from './people.module.css'
import { nameColumn } from './people.name-column.tsx'

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
      <Listing<PersonRow>
        framed
        asked={people}
        rows={rows}
        toCome={8}
        label={say('people.title')}
        columns={columnsFor(rows?.some((row) => row.roles !== null) ?? false)}
        keyOf={({ id }) => id}
        quiet={({ isActive }) => !isActive}
        none={
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
            {search.state === 'locked'
              ? say('people.noneLocked')
              : narrowed
                ? say('people.noneMatchText')
                : say('people.noneText')}
          </Empty>
        }
      />
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
  nameColumn(),
  {
    id: 'email',
    title: say('people.email'),
    from: 'tablet',
    render: ({ email }) =>
      // Brought by an import that knew a name alone.
      email.endsWith('@import.invalid') ? (
        <span className={classes['noAddress']}>{say('people.noAddress')}</span>
      ) : (
        <span className={classes['address']} title={email}>
          {email}
        </span>
      ),
  },
  {
    id: 'teams',
    title: say('people.teams'),
    from: 'desktop',
    render: ({ teams }) => teams.map(({ name }) => name).join(', '),
  },
  {
    id: 'roles',
    title: say('people.roles'),
    shown: withRoles,
    render: ({ roles }) => (roles ?? []).map(({ name }) => name).join(', '),
  },
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
    <FinderBar>
      <FindBox
        label={say('people.find')}
        value={text}
        onChange={(typed) => {
          setText(typed)
          find(typed)
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
    </FinderBar>
  )
}
