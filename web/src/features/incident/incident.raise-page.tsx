import type { Level, RaiseIncident } from '@evenkeel/contract/incident'
import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import { type FormEvent, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Person } from '../../parts/person.tsx'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { servicesQuery } from './incident.api.ts'
import { customValueOf, useCustomFields, type CustomValue } from './incident.custom-values.ts'
import { type RaisedItem, RaiseItems } from './incident.raise-items.tsx'
import classes from './incident.raise-page.module.css'
import { StateTag } from './incident.state.tsx'
import { focusFirstFault } from '../../ui/first-fault.ts'
import { incidentTemplatesQuery } from './incident.templates.ts'

const levels = [1, 2, 3] as const satisfies readonly Level[]

/** Something is broken: what, for whom, how bad. What is typed survives a closed tab. */
export const RaiseIncidentPage = () => {
  const me = useMe()
  const navigate = useNavigate()
  usePageTitle(say('incident.raise'))
  const draftKey = `${me.person.id}:raise`
  const [title, setTitle, clearTitle] = useDraft(`${draftKey}:title:text`)
  const [description, setDescription, clearDescription] = useDraft(`${draftKey}:description:text`)
  const [requester, setRequester] = useState({ id: me.person.id, name: me.person.name })
  const [serviceId, setServiceId] = useState<string | null>(null)
  const [impact, setImpact] = useState<Level>(3)
  const [urgency, setUrgency] = useState<Level>(3)
  const [category, setCategory] = useState('')
  const [checklist, setChecklist] = useState<readonly string[]>([])
  const [custom, setCustom] = useState<Readonly<Record<string, string>>>({})
  const [templateId, setTemplateId] = useState<string | null>(null)
  const [items, setItems] = useState<readonly RaisedItem[]>([])
  const [tried, setTried] = useState(false)
  // The same request sent twice, by a double click or after a lost answer, raises one incident.
  const [key] = useState(() => crypto.randomUUID())
  const services = useQuery(servicesQuery)
  const forOthers = mayAtAll(me, 'incident.raise_for_others')
  const mayTemplates = mayAtAll(me, 'incident.read_internal')
  const templates = useQuery({ ...incidentTemplatesQuery, enabled: mayTemplates })
  const fields = useCustomFields()
  const missingFields = fields.filter(
    (field) => field.isRequired && field.type !== 'boolean' && (custom[field.key] ?? '').trim() === '',
  )
  const raise = useMutation({
    mutationFn: (body: typeof RaiseIncident._zod.input) =>
      client.raiseIncident({ body, idempotencyKey: key }),
    onSuccess: ({ id }) => {
      clearTitle()
      clearDescription()
      void navigate({ to: '/incidents/$id', params: { id }, replace: true })
    },
  })
  /** A form filled in beforehand: what it says replaces what is here, what it leaves open stays. */
  const fillIn = (id: string | null): void => {
    setTemplateId(id)
    const data = templates.data?.rows.find((row) => row.id === id)?.says
    if (data === undefined) return
    if (data.title !== undefined) setTitle(data.title)
    if (data.description !== undefined) setDescription(data.description)
    if (data.serviceId !== undefined) setServiceId(data.serviceId)
    if (data.impact !== undefined) setImpact(data.impact)
    if (data.urgency !== undefined) setUrgency(data.urgency)
    setCategory(data.category ?? '')
    setChecklist(data.checklist ?? [])
  }
  const customValues = (): Record<string, CustomValue> =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const value = customValueOf(field, custom[field.key] ?? '')
        return value === null ? [] : [[field.key, value]]
      }),
    )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTried(true)
    if (title.trim() === '' || missingFields.length > 0) {
      focusFirstFault(event.currentTarget)
      return
    }
    raise.mutate({
      title: title.trim(),
      description,
      serviceId,
      impact,
      urgency,
      channel: forOthers ? 'desk' : 'portal',
      ...(category === '' ? {} : { category }),
      ...(items.length === 0 ? {} : { items: items.map(({ id, effect }) => ({ id, effect })) }),
      ...(checklist.length === 0 ? {} : { checklist: [...checklist] }),
      custom: customValues(),
      ...(requester.id === me.person.id ? {} : { requesterId: requester.id }),
    })
  }
  const levelData = levels.map((level) => ({ value: String(level), label: say(`level.${level}`) }))
  return (
    <div className={classes['page']}>
      <form onSubmit={submit} className={classes['form']} noValidate>
        <h1 className={classes['title']}>{say('incident.raise')}</h1>
        {(templates.data?.rows.length ?? 0) > 0 && (
          <Select
            label={say('raise.template')}
            description={say('raise.templateHint')}
            placeholder={say('raise.templateNone')}
            data={
              templates.data?.rows
                .filter((row) => row.isActive)
                .map(({ id, name, team }) => ({
                  value: id,
                  label: team === null ? name : `${name} · ${team.name}`,
                })) ?? []
            }
            value={templateId}
            onChange={fillIn}
            searchable
            clearable
            nothingFoundMessage={say('edit.nothingFound')}
          />
        )}
        <TextInput
          label={say('raise.title')}
          description={say('raise.titleHint')}
          value={title}
          maxLength={200}
          autoFocus
          error={tried && title.trim() === '' && say('raise.titleMissing')}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Similar title={title} serviceId={serviceId} requester={requester} />
        <Textarea
          label={say('raise.description')}
          description={say('raise.descriptionHint')}
          autosize
          minRows={5}
          maxRows={20}
          maxLength={65_536}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {forOthers && (
          <div>
            <div className={classes['label']}>{say('raise.requester')}</div>
            <div className={classes['picker']}>
              <PersonPicker
                label={say('raise.requester')}
                value={requester}
                editable
                first={{ ...me.person, hint: say('incident.me') }}
                onChoose={async (person) => {
                  if (person !== null) setRequester(person)
                }}
              >
                <Person name={requester.name} />
              </PersonPicker>
            </div>
          </div>
        )}
        <Select
          label={say('raise.service')}
          placeholder={say('incident.serviceUnknown')}
          data={services.data?.rows.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={serviceId}
          onChange={setServiceId}
          searchable
          clearable
          nothingFoundMessage={say('edit.nothingFound')}
        />
        {mayTemplates && mayAtAll(me, 'item.read') && (
          <RaiseItems
            items={items}
            requester={requester}
            mine={requester.id === me.person.id}
            weighed={{ serviceId, impact, urgency }}
            onChange={setItems}
          />
        )}
        <div className={classes['pair']}>
          <Select
            label={say('raise.impact')}
            description={say('raise.impactHint')}
            data={levelData}
            value={String(impact)}
            allowDeselect={false}
            onChange={(value) => setImpact(levels.find((level) => String(level) === value) ?? 3)}
          />
          <Select
            label={say('raise.urgency')}
            description={say('raise.urgencyHint')}
            data={levelData}
            value={String(urgency)}
            allowDeselect={false}
            onChange={(value) => setUrgency(levels.find((level) => String(level) === value) ?? 3)}
          />
        </div>
        {category !== '' && (
          <TextInput
            label={say('field.category')}
            value={category}
            maxLength={80}
            onChange={(event) => setCategory(event.currentTarget.value)}
          />
        )}
        {fields.map((field) => {
          const value = custom[field.key] ?? ''
          const set = (next: string): void => setCustom((before) => ({ ...before, [field.key]: next }))
          const error = tried && missingFields.includes(field) && say('raise.fieldMissing')
          const common = { label: field.label, withAsterisk: field.isRequired, error }
          switch (field.type) {
            case 'choice':
              return (
                <Select
                  key={field.id}
                  {...common}
                  data={field.choices}
                  value={value === '' ? null : value}
                  clearable={!field.isRequired}
                  searchable={field.choices.length > 8}
                  onChange={(chosen) => set(chosen ?? '')}
                />
              )
            case 'boolean':
              return (
                <Checkbox
                  key={field.id}
                  label={field.label}
                  checked={value === 'true'}
                  onChange={(event) => set(event.currentTarget.checked ? 'true' : '')}
                />
              )
            case 'number':
              return (
                <NumberInput
                  key={field.id}
                  {...common}
                  value={value}
                  hideControls
                  onChange={(next) => set(String(next))}
                />
              )
            case 'date':
            case 'text':
              return (
                <TextInput
                  key={field.id}
                  {...common}
                  type={field.type}
                  maxLength={4000}
                  value={value}
                  onChange={(event) => set(event.currentTarget.value)}
                />
              )
          }
        })}
        {checklist.length > 0 && (
          <section className={classes['similar']} aria-label={say('checklist.title')}>
            <p className={classes['similarTitle']}>
              {say('checklist.template', { name: say('checklist.title'), count: checklist.length })}
            </p>
            <ul className={classes['steps']}>
              {checklist.map((item) => (
                <li key={item} dir="auto">
                  {item}
                </li>
              ))}
            </ul>
          </section>
        )}
        {raise.isError && <Fault error={raise.error} kept={say('raise.kept')} />}
        <div className={classes['buttons']}>
          <Button type="submit" loading={raise.isPending}>
            {say('raise.submit')}
          </Button>
        </div>
      </form>
    </div>
  )
}

/** Open incidents that may be about the same, while the title is being written: to join one is quicker than to raise another. */
const Similar = ({
  title,
  serviceId,
  requester,
}: {
  readonly title: string
  readonly serviceId: string | null
  readonly requester: { readonly id: string; readonly name: string }
}) => {
  const me = useMe()
  const navigate = useNavigate()
  const [asked] = useDebouncedValue(title.trim(), 400)
  const { data } = useQuery({
    queryKey: ['incidents', 'similar', asked, serviceId, requester.id],
    queryFn: () =>
      client.similarIncidents({
        query: {
          title: asked,
          requesterId: requester.id,
          ...(serviceId === null ? {} : { serviceId }),
        },
      }),
    enabled: asked.length >= 3,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const mine = requester.id === me.person.id
  /** One more affected person instead of one more incident. */
  const join = useMutation({
    mutationFn: async (id: string) => {
      await client.addAffected({ params: { id }, body: mine ? {} : { personId: requester.id } })
      return id
    },
    onSuccess: (id) => void navigate({ to: '/incidents/$id', params: { id } }),
  })
  const found = asked.length >= 3 ? (data?.incidents ?? []) : []
  return (
    <div role="status">
      {found.length > 0 && (
        <section className={classes['similar']}>
          <p className={classes['similarTitle']}>{say('raise.similar', { count: found.length })}</p>
          <ul className={classes['similarRows']}>
            {found.map((incident) => (
              <li key={incident.id} className={classes['similarRow']}>
                <Link
                  to="/incidents/$id"
                  params={{ id: incident.id }}
                  className={classes['similarLink'] ?? ''}
                  title={incident.title}
                >
                  <span className={classes['number']}>{incident.number}</span> <bdi>{incident.title}</bdi>
                </Link>
                <StateTag state={incident.state} />
                <span className={classes['because']}>
                  {incident.because.map((why) => say(`raise.because.${why}`)).join(', ')}
                  {incident.affected > 0 && ` · ${say('incident.affected', { count: incident.affected })}`}
                </span>
                {mayAtAll(me, 'incident.affected') && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    className={classes['join'] ?? ''}
                    leftSection={<UserPlus size={12} aria-hidden />}
                    loading={join.isPending && join.variables === incident.id}
                    onClick={() => join.mutate(incident.id)}
                    aria-label={`${mine ? say('incident.affectsMe') : say('raise.affects', { name: requester.name })}: ${incident.number}`}
                  >
                    {mine ? say('incident.affectsMe') : say('raise.affects', { name: requester.name })}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {join.isError && <Fault error={join.error} kept={say('raise.kept')} />}
        </section>
      )}
    </div>
  )
}
