import type { Level } from '@evenkeel/contract/incident'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { lasting } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { servicesQuery } from '../incident/incident.api.ts'
import { portalQuery } from './portal.api.ts'
import { ChosenFiles, FileButtons, useFiles } from './portal.files.tsx'
import classes from './portal.module.css'

const levels = [1, 2, 3] as const satisfies readonly Level[]
const sinces = ['now', 'today', 'yesterday', 'longer'] as const
const route = getRouteApi('/shell/portal/new')

/**
 * Something is broken, in plain words. How badly it stops work is the urgency and who has it the impact; the desk may know better and
 * changes them. What is typed survives a closed tab.
 */
export const PortalRaise = () => {
  const me = useMe()
  const navigate = useNavigate()
  const given = route.useSearch()
  usePageTitle(say('portal.report'))
  const draftKey = `${me.person.id}:portal`
  const [draft, setTitle, clearTitle] = useDraft(`${draftKey}:title:text`)
  const [description, setDescription, clearDescription] = useDraft(`${draftKey}:description:text`)
  const [begun, setBegun] = useState(false)
  // What one came with counts until one types something else.
  const title = begun || given.title === undefined ? draft : given.title
  const [since, setSince] = useState<(typeof sinces)[number]>()
  const [badly, setBadly] = useState<Level>(2)
  const [people, setPeople] = useState<Level>(3)
  const [serviceId, setServiceId] = useState<string | null>(given.service ?? null)
  const [tried, setTried] = useState(false)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const [raisedId, setRaisedId] = useState<string>()
  const { files, add, remove, send } = useFiles()
  // The same request sent twice, by a double tap or after a lost answer, is one.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const services = useQuery(servicesQuery)
  const devices = useQuery({
    queryKey: ['items', 'mine'],
    queryFn: () => client.listMyDevices({}),
    staleTime: 300_000,
    retry: false,
  })
  const [deviceId, setDeviceId] = useState<string>()
  const known = services.data?.rows.some(({ id }) => id === serviceId) === true
  const titleId = useId()

  const open = (id: string): void => void navigate({ to: '/portal/$id', params: { id }, replace: true })
  const sendFiles = async (id: string): Promise<void> => {
    setRunning(true)
    const all = await send(id, files)
    setRunning(false)
    if (all) open(id)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (title.trim() === '') {
      document.getElementById(titleId)?.focus()
      return
    }
    if (running) return
    setRunning(true)
    setError(undefined)
    try {
      const sinceLine =
        since === undefined ? '' : say('portal.sinceLine', { since: say(`portal.since.${since}`) })
      const { id } = await client.raiseIncident({
        body: {
          title: title.trim(),
          description: [description.trim(), sinceLine].filter((part) => part !== '').join('\n\n'),
          serviceId: known ? serviceId : null,
          impact: people,
          urgency: badly,
          channel: 'portal',
          ...(deviceId === undefined ? {} : { items: [{ id: deviceId, effect: 'involved' as const }] }),
          ...(given.follows === undefined ? {} : { followsId: given.follows }),
        },
        idempotencyKey: key,
      })
      clearTitle()
      clearDescription()
      setRaisedId(id)
      await sendFiles(id)
    } catch (failure) {
      setError(failure)
      setRunning(false)
      // What is sent next may have other words in it, and is then another request.
      setKey(crypto.randomUUID())
    }
  }

  if (raisedId !== undefined) {
    return (
      <div className={classes['page']}>
        <h1 className={classes['heading']}>{say('portal.filesSending')}</h1>
        <div role="status">
          {!running && <p className={classes['notice']}>{say('portal.filesFailed')}</p>}
        </div>
        <ChosenFiles files={files} onRemove={remove} />
        {!running && (
          <div className={classes['answers']}>
            <Button size="lg" onClick={() => void sendFiles(raisedId)} disabled={files.length === 0}>
              {say('fault.retry')}
            </Button>
            <Button size="lg" variant="default" onClick={() => open(raisedId)}>
              {say('portal.goOn')}
            </Button>
          </div>
        )}
      </div>
    )
  }
  return (
    <form className={classes['page']} onSubmit={(event) => void submit(event)} noValidate>
      <Link to="/" className={classes['back'] ?? ''}>
        <ArrowLeft size={18} aria-hidden /> {say('portal.back')}
      </Link>
      <h1 className={classes['heading']}>{say('portal.broken')}</h1>
      {given.follows !== undefined && <p className={classes['quiet']}>{say('portal.continues')}</p>}
      <TextInput
        id={titleId}
        size="lg"
        label={say('portal.titleField')}
        description={say('portal.titleHint')}
        value={title}
        maxLength={200}
        autoFocus={title === ''}
        enterKeyHint="next"
        error={tried && title.trim() === '' && say('portal.titleMissing')}
        onChange={(event) => {
          setBegun(true)
          setTitle(event.currentTarget.value)
        }}
      />
      <Known title={title} serviceId={serviceId} />
      <Textarea
        size="lg"
        label={say('portal.what')}
        description={say('portal.whatHint')}
        autosize
        minRows={3}
        maxRows={16}
        maxLength={65_000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <div className={classes['stack']}>
        <FileButtons onFiles={add} />
        <ChosenFiles files={files} onRemove={remove} />
      </div>
      {(devices.data?.rows.length ?? 0) > 0 && (
        <Pick legend={say('portal.devices')}>
          {devices.data?.rows.map(({ id, name, classLabel, label }) => (
            <Answer
              key={id}
              name="device"
              checked={deviceId === id}
              label={name}
              hint={label === null ? classLabel : `${classLabel}, ${label}`}
              onPick={() => setDeviceId(id)}
            />
          ))}
          <Answer
            name="device"
            checked={deviceId === undefined}
            label={say('portal.devicesNone')}
            onPick={() => setDeviceId(undefined)}
          />
        </Pick>
      )}
      <Pick legend={say('portal.badly')}>
        {levels.map((level) => (
          <Answer
            key={level}
            name="badly"
            checked={badly === level}
            label={say(`portal.badly.${level}`)}
            onPick={() => setBadly(level)}
          />
        ))}
      </Pick>
      <Pick legend={say('portal.people')}>
        {levels.toReversed().map((level) => (
          <Answer
            key={level}
            name="people"
            checked={people === level}
            label={say(`portal.people.${level}`)}
            hint={level === 1 ? say('portal.people.1Hint') : undefined}
            onPick={() => setPeople(level)}
          />
        ))}
      </Pick>
      <Pick legend={say('portal.since')} inline>
        {sinces.map((one) => (
          <Answer
            key={one}
            name="since"
            checked={since === one}
            label={say(`portal.since.${one}`)}
            onPick={() => setSince(one)}
          />
        ))}
      </Pick>
      <Select
        size="lg"
        label={say('portal.service')}
        placeholder={say('portal.serviceNone')}
        data={services.data?.rows.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={known ? serviceId : null}
        onChange={setServiceId}
        searchable
        clearable
        nothingFoundMessage={say('edit.nothingFound')}
      />
      {error !== undefined && <Fault error={error} kept={say('portal.submitKept')} />}
      <div className={classes['submit']}>
        <Button type="submit" size="lg" fullWidth loading={running}>
          {say('portal.submit')}
        </Button>
      </div>
    </form>
  )
}

const Pick = ({
  legend,
  inline = false,
  children,
}: {
  readonly legend: string
  readonly inline?: boolean
  readonly children: ReactNode
}) => (
  <fieldset className={classes['pick']}>
    <legend className={classes['legend']}>{legend}</legend>
    <div className={classes['options']} data-inline={inline || undefined}>
      {children}
    </div>
  </fieldset>
)

const Answer = ({
  name,
  checked,
  label,
  hint,
  onPick,
}: {
  readonly name: string
  readonly checked: boolean
  readonly label: string
  readonly hint?: string | undefined
  readonly onPick: () => void
}) => (
  <label className={classes['option']}>
    <input type="radio" name={name} checked={checked} onChange={onPick} className={classes['radio']} />
    <span>
      {label}
      {hint !== undefined && <span className={classes['optionHint']}>{hint}</span>}
    </span>
  </label>
)

/** While one writes: what is known to be down, and one's own things about the same. Never anything of others. */
const Known = ({ title, serviceId }: { readonly title: string; readonly serviceId: string | null }) => {
  const now = useNow()
  const navigate = useNavigate()
  const [asked] = useDebouncedValue(title.trim(), 400)
  const portal = useQuery(portalQuery)
  const similar = useQuery({
    queryKey: ['incidents', 'similar', asked, serviceId, null],
    queryFn: () =>
      client.similarIncidents({ query: { title: asked, ...(serviceId === null ? {} : { serviceId }) } }),
    enabled: asked.length >= 3,
    placeholderData: keepPreviousData,
    retry: false,
  })
  // Offered of what was shared with one: only what one may see already can be joined.
  const join = useMutation({
    mutationFn: (id: string) => client.addAffected({ params: { id }, body: {} }),
    onSuccess: (_, id) => void navigate({ to: '/portal/$id', params: { id } }),
  })
  const words = asked.toLocaleLowerCase()
  const down = (portal.data?.down ?? []).filter(
    ({ service }) =>
      service.id === serviceId || (words !== '' && words.includes(service.name.toLocaleLowerCase())),
  )
  const found = asked.length >= 3 ? (similar.data?.incidents ?? []).slice(0, 3) : []
  return (
    <div role="status" className={classes['known']}>
      {down.map(({ service, since }) => (
        <p key={service.id} className={classes['knownDown']}>
          <TriangleAlert size={18} aria-hidden />
          {say('portal.downThis', {
            service: service.name,
            duration: lasting(now - Date.parse(since), readerZone().language, 'long'),
          })}
        </p>
      ))}
      {join.isError && <Fault error={join.error} />}
      {found.length > 0 && (
        <div className={classes['found']}>
          <p className={classes['foundTitle']}>
            {say(
              found.every(({ because }) => because.includes('requester'))
                ? 'portal.known'
                : 'portal.knownShared',
            )}
          </p>
          {found.map((one) => (
            <div key={one.id} className={classes['knownRow']}>
              <Link to="/portal/$id" params={{ id: one.id }} className={classes['row'] ?? ''}>
                <span className={classes['rowTitle']}>{one.title}</span>
                <span className={classes['quiet']}>{say('portal.knownOpen')}</span>
                <ChevronRight size={18} aria-hidden className={classes['chevron']} />
              </Link>
              {!one.because.includes('requester') && (
                <Button
                  variant="default"
                  size="md"
                  className={classes['touch'] ?? ''}
                  loading={join.isPending}
                  onClick={() => join.mutate(one.id)}
                >
                  {say('portal.downSame')}
                </Button>
              )}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
