import type { ServiceRow } from '@evenkeel/contract/service'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Layers from 'lucide-react/icons/layers'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { PlainTable, rowHint, rowTags } from '../../ui/plain-table.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { teamsQuery } from '../people/people.api.ts'
import classes from './service.module.css'

const route = getRouteApi('/shell/admin/services')

const servicesKey = ['services'] as const
const allServicesQuery = queryOptions({
  queryKey: [...servicesKey, 'all'],
  queryFn: () => client.listServices({ query: {} }),
})

const criticalities = [1, 2, 3, 4] as const satisfies readonly ServiceRow['criticality'][]
const tones = { 1: 'high', 2: 'medium', 3: 'low', 4: 'low' } as const

/** What incidents are about: each with the team that supports it and how much it matters. */
export const ServicesPage = () => {
  const me = useMe()
  const { q = '', state = 'active' } = route.useSearch()
  const navigate = route.useNavigate()
  const [editing, setEditing] = useState<ServiceRow | 'new' | null>(null)
  const services = useQuery(allServicesQuery)
  const words = q.toLocaleLowerCase()
  const rows = services.data?.rows.filter(
    ({ name, description, supportTeam, isActive }) =>
      (state === 'all' || isActive === (state === 'active')) &&
      `${name} ${description} ${supportTeam.name}`.toLocaleLowerCase().includes(words),
  )
  const mayManage = mayAtAll(me, 'service.manage')
  return (
    <SettingsPage
      title={say('services.title')}
      lead={say('services.about')}
      actions={
        mayManage && (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            {say('services.add')}
          </Button>
        )
      }
    >
      <search className={classes['filters']}>
        <TextInput
          aria-label={say('services.find')}
          placeholder={say('services.find')}
          leftSection={<Search size={14} aria-hidden />}
          value={q}
          className={classes['find'] ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value
            void navigate({
              search: (before) => ({ ...before, q: text === '' ? undefined : text }),
              replace: true,
            })
          }}
        />
        <Select
          aria-label={say('people.state')}
          data={(['active', 'retired', 'all'] as const).map((value) => ({
            value,
            label: say(`teams.state.${value}`),
          }))}
          value={state}
          allowDeselect={false}
          onChange={(value) =>
            void navigate({
              search: (before) => ({
                ...before,
                state: value === 'retired' || value === 'all' ? value : undefined,
              }),
              replace: true,
            })
          }
        />
      </search>
      {services.isError && <Fault error={services.error} onRetry={() => void services.refetch()} />}
      {(services.isPending || (rows !== undefined && rows.length > 0)) && (
        <div className={classes['panel']}>
          {rows === undefined ? (
            <RowsToCome rows={6} />
          ) : (
            <PlainTable<ServiceRow>
              label={say('services.title')}
              rows={rows}
              keyOf={({ id }) => id}
              quiet={({ isActive }) => !isActive}
              columns={[
                {
                  id: 'name',
                  title: say('services.name'),
                  render: ({ name, description, isActive }) => (
                    <>
                      <span className={rowTags}>
                        <strong className={classes['name']}>{name}</strong>
                        {!isActive && <Tag tone="low">{say('form.retired')}</Tag>}
                      </span>
                      {description !== '' && <span className={rowHint}>{description}</span>}
                    </>
                  ),
                },
                {
                  id: 'team',
                  title: say('services.team'),
                  render: ({ supportTeam: { id, name } }) => (
                    <Link to="/admin/teams/$id" params={{ id }}>
                      {name}
                    </Link>
                  ),
                },
                {
                  id: 'owner',
                  title: say('services.owner'),
                  from: 'desktop',
                  render: ({ owner }) => owner !== null && <Person name={owner.name} />,
                },
                {
                  id: 'criticality',
                  title: say('services.criticality'),
                  from: 'tablet',
                  render: ({ criticality }) => (
                    <Tag tone={tones[criticality]}>{say(`services.criticality.${criticality}`)}</Tag>
                  ),
                },
                ...(mayManage
                  ? [
                      {
                        id: 'edit',
                        title: say('form.edit'),
                        hiddenTitle: true,
                        align: 'end' as const,
                        render: (row: ServiceRow) => (
                          <Button
                            size="compact-sm"
                            variant="subtle"
                            color="gray"
                            aria-label={say('form.editNamed', { name: row.name })}
                            onClick={() => setEditing(row)}
                          >
                            {say('form.edit')}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          )}
        </div>
      )}
      {rows?.length === 0 && (
        <Empty
          icon={<Layers size={24} aria-hidden />}
          title={services.data?.rows.length === 0 ? say('services.none') : say('services.noneMatch')}
        >
          {say('services.noneText')}
        </Empty>
      )}
      {editing !== null && (
        <ServiceDialog service={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </SettingsPage>
  )
}

const ServiceDialog = ({
  service,
  onClose,
}: {
  readonly service: ServiceRow | null
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const teams = useQuery(teamsQuery)
  const [name, setName] = useState(service?.name ?? '')
  const [description, setDescription] = useState(service?.description ?? '')
  const [teamId, setTeamId] = useState(service?.supportTeam.id ?? null)
  const [owner, setOwner] = useState(service?.owner ?? null)
  const [criticality, setCriticality] = useState<ServiceRow['criticality']>(service?.criticality ?? 3)
  const [key] = useState(() => crypto.randomUUID())
  const stale = () => queries.invalidateQueries({ queryKey: servicesKey })
  const turn = useMutation({
    mutationFn: async ({ id, version, isActive }: ServiceRow) => {
      await client.editService({ params: { id }, body: { isActive: !isActive }, version })
    },
    onSuccess: async () => {
      await stale()
      onClose()
    },
  })
  return (
    <FormDialog
      title={service === null ? say('services.add') : service.name}
      submit={service === null ? say('services.add') : say('form.save')}
      ready={name.trim() !== '' && teamId !== null}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name,
          description,
          supportTeamId: teamId ?? '',
          ownerId: owner?.id ?? null,
          criticality,
        }
        try {
          if (service === null) await client.createService({ body, idempotencyKey: key })
          else await client.editService({ params: { id: service.id }, body, version: service.version })
        } finally {
          await stale()
        }
      }}
    >
      <TextInput
        label={say('services.name')}
        value={name}
        maxLength={120}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={say('form.description')}
        description={say('services.descriptionHint')}
        value={description}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Select
        label={say('services.team')}
        description={say('services.teamHint')}
        data={(teams.data?.rows ?? [])
          .filter(({ id, isActive }) => isActive || id === teamId)
          .map((team) => ({ value: team.id, label: team.name }))}
        value={teamId}
        searchable
        required
        allowDeselect={false}
        nothingFoundMessage={say('edit.nothingFound')}
        onChange={setTeamId}
      />
      <div>
        <div className={classes['label']}>{say('services.owner')}</div>
        <div className={classes['picker']}>
          <PersonPicker
            label={say('services.owner')}
            value={owner}
            editable
            nothing={say('services.noOwner')}
            onChoose={async (person) => setOwner(person)}
          >
            {owner === null ? say('services.noOwner') : <Person name={owner.name} />}
          </PersonPicker>
        </div>
      </div>
      <Select
        label={say('services.criticality')}
        description={say('services.criticalityHint')}
        data={criticalities.map((value) => ({
          value: String(value),
          label: say(`services.criticality.${value}`),
        }))}
        value={String(criticality)}
        allowDeselect={false}
        onChange={(value) => setCriticality(criticalities.find((one) => String(one) === value) ?? 3)}
      />
      {service !== null && (
        <div className={classes['retire']}>
          <p className={classes['quiet']}>
            {service.isActive ? say('services.retireText') : say('services.restoreText')}
          </p>
          <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate(service)}>
            {service.isActive ? say('form.retire') : say('form.restore')}
          </Button>
        </div>
      )}
      {turn.isError && <Fault error={turn.error} />}
    </FormDialog>
  )
}
