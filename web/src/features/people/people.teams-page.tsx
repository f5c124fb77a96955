import type { TeamRow } from '@evenkeel/contract/people'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import Users from 'lucide-react/icons/users'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Finder } from '../../ui/finder.tsx'
import { found } from '../../ui/finding.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Listing } from '../../ui/listing.tsx'
import { rowHint, rowLink } from '../../ui/plain-table.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { calendarsQuery, teamsKey, teamsQuery } from './people.api.ts'

const route = getRouteApi('/shell/admin/teams')

/** The teams that incidents are given to. */
export const TeamsPage = () => {
  const me = useMe()
  const finding = route.useSearch()
  const navigate = route.useNavigate()
  const [adding, setAdding] = useState(false)
  const teams = useQuery(teamsQuery)
  const rows =
    teams.data && found(teams.data.rows, finding, ({ name, description }) => `${name} ${description}`)
  const mayAdd = me.permissions.some(
    ({ permission, scopes }) => permission === 'team.manage' && scopes.includes('all'),
  )
  return (
    <SettingsPage
      title={say('teams.title')}
      lead={say('teams.about')}
      actions={
        mayAdd && (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {say('teams.add')}
          </Button>
        )
      }
    >
      <Finder
        label={say('teams.find')}
        finding={finding}
        onFind={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      />
      <Listing<TeamRow>
        framed
        asked={teams}
        rows={rows}
        toCome={5}
        label={say('teams.title')}
        keyOf={({ id }) => id}
        quiet={({ isActive }) => !isActive}
        columns={[
          {
            id: 'name',
            title: say('people.team'),
            render: ({ id, name, description }) => (
              <>
                <Link to="/admin/teams/$id" params={{ id }} className={rowLink}>
                  {name}
                </Link>
                {description !== '' && <span className={rowHint}>{description}</span>}
              </>
            ),
          },
          {
            id: 'calendar',
            title: say('teams.hours'),
            from: 'tablet',
            render: ({ calendar }) => (calendar === '' ? say('teams.always') : calendar),
          },
          {
            id: 'members',
            title: say('teams.members'),
            align: 'end',
            render: ({ members }) => say('teams.count', { count: members }),
          },
          {
            id: 'state',
            title: say('people.state'),
            hiddenTitle: true,
            align: 'end',
            from: 'tablet',
            render: ({ isActive }) => !isActive && <Tag tone="low">{say('form.retired')}</Tag>,
          },
        ]}
        none={
          <Empty icon={<Users size={24} aria-hidden />} title={say('teams.none')}>
            {say('teams.noneText')}
          </Empty>
        }
      />
      {adding && <NewTeam onClose={() => setAdding(false)} />}
    </SettingsPage>
  )
}

const NewTeam = ({ onClose }: { readonly onClose: () => void }) => {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [calendar, setCalendar] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  return (
    <FormDialog
      title={say('teams.add')}
      submit={say('teams.add')}
      ready={name.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { id } = await client.createTeam({ body: { name, description, calendar }, idempotencyKey: key })
        void queries.invalidateQueries({ queryKey: teamsKey })
        void navigate({ to: '/admin/teams/$id', params: { id } })
      }}
    >
      <TextInput
        label={say('teams.name')}
        value={name}
        maxLength={120}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={say('form.description')}
        description={say('teams.descriptionHint')}
        value={description}
        maxLength={500}
        autosize
        minRows={2}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <CalendarSelect value={calendar} onChange={setCalendar} />
    </FormDialog>
  )
}

const CalendarSelect = ({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (calendar: string) => void
}) => {
  const calendars = useQuery(calendarsQuery)
  return (
    <Select
      label={say('teams.hours')}
      description={say('teams.hoursHint')}
      data={[
        { value: '', label: say('teams.always') },
        ...(calendars.data ?? []).map(({ name }) => ({ value: name, label: name })),
      ]}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  )
}
