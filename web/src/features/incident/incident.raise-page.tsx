import { type Level, type RaiseIncident } from '@evenkeel/contract/incident'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
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
import classes from './incident.raise-page.module.css'
import { StateTag } from './incident.state.tsx'

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
  const [tried, setTried] = useState(false)
  // The same request sent twice, by a double click or after a lost answer, raises one incident.
  const [key] = useState(() => crypto.randomUUID())
  const services = useQuery(servicesQuery)
  const forOthers = mayAtAll(me, 'incident.raise_for_others')
  const raise = useMutation({
    mutationFn: (body: typeof RaiseIncident._zod.input) =>
      client.raiseIncident({ body, idempotencyKey: key }),
    onSuccess: ({ id }) => {
      clearTitle()
      clearDescription()
      void navigate({ to: '/incidents/$id', params: { id }, replace: true })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (title.trim() === '') return
    raise.mutate({
      title: title.trim(),
      description,
      serviceId,
      impact,
      urgency,
      channel: forOthers ? 'desk' : 'portal',
      ...(requester.id === me.person.id ? {} : { requesterId: requester.id }),
    })
  }
  const levelData = levels.map((level) => ({ value: String(level), label: say(`level.${level}`) }))
  return (
    <div className={classes['page']}>
      <form onSubmit={submit} className={classes['form']} noValidate>
        <h1 className={classes['title']}>{say('incident.raise')}</h1>
        <TextInput
          label={say('raise.title')}
          description={say('raise.titleHint')}
          value={title}
          maxLength={200}
          autoFocus
          error={tried && title.trim() === '' && say('raise.titleMissing')}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Similar title={title} serviceId={serviceId} requesterId={requester.id} />
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
  requesterId,
}: {
  readonly title: string
  readonly serviceId: string | null
  readonly requesterId: string
}) => {
  const [asked] = useDebouncedValue(title.trim(), 400)
  const { data } = useQuery({
    queryKey: ['incidents', 'similar', asked, serviceId, requesterId],
    queryFn: () =>
      client.similarIncidents({
        query: { title: asked, requesterId, ...(serviceId === null ? {} : { serviceId }) },
      }),
    enabled: asked.length >= 3,
    placeholderData: keepPreviousData,
    retry: false,
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
                >
                  <span className={classes['number']}>{incident.number}</span> {incident.title}
                </Link>
                <StateTag state={incident.state} />
                <span className={classes['because']}>
                  {incident.because.map((why) => say(`raise.because.${why}`)).join(', ')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
