import type { ServiceRow } from '@evenkeel/contract/service'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Layers from 'lucide-react/icons/layers'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Finder } from '../../ui/finder.tsx'
import { found } from '../../ui/finding.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Listing } from '../../ui/listing.tsx'
import { RowButton, rowHint, rowNarrow, rowTags } from '../../ui/plain-table.tsx'
import { RetireLine } from '../../ui/retire-line.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
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
  const finding = route.useSearch()
  const navigate = route.useNavigate()
  const [editing, setEditing] = useState<ServiceRow | 'new' | null>(null)
  const services = useQuery(allServicesQuery)
  const rows =
    services.data &&
    found(
      services.data.rows,
      finding,
      ({ name, description, supportTeam }) => `${name} ${description} ${supportTeam.name}`,
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
      <Finder
        label={say('services.find')}
        finding={finding}
        onFind={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      />
      <Listing<ServiceRow>
        framed
        asked={services}
        rows={rows}
        toCome={6}
        label={say('services.title')}
        keyOf={({ id }) => id}
        quiet={({ isActive }) => !isActive}
        columns={[
          {
            id: 'name',
            title: say('services.name'),
            render: ({ name, description, isActive, supportTeam }) => (
              <>
                <span className={rowTags}>
                  <strong className={classes['name']}>{name}</strong>
                  {!isActive && <Tag tone="low">{say('form.retired')}</Tag>}
                </span>
                {description !== '' && <span className={rowHint}>{description}</span>}
                <span className={`${rowHint} ${rowNarrow}`}>{supportTeam.name}</span>
              </>
            ),
          },
          {
            id: 'team',
            title: say('services.team'),
            from: 'tablet',
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
          {
            id: 'edit',
            title: say('form.edit'),
            shown: mayManage,
            hiddenTitle: true,
            align: 'end',
            render: (row) => (
              <RowButton label={say('form.editNamed', { name: row.name })} onPress={() => setEditing(row)}>
                {say('form.edit')}
              </RowButton>
            ),
          },
        ]}
        none={
          <Empty
            icon={<Layers size={24} aria-hidden />}
            title={services.data?.rows.length === 0 ? say('services.none') : say('services.noneMatch')}
          >
            {say('services.noneText')}
          </Empty>
        }
      />
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
        <RetireLine
          isActive={service.isActive}
          onTurn={async () => {
            const { id, version, isActive } = service
            await client.editService({ params: { id }, body: { isActive: !isActive }, version })
            await stale()
            onClose()
          }}
        >
          {service.isActive ? say('services.retireText') : say('services.restoreText')}
        </RetireLine>
      )}
    </FormDialog>
  )
}
