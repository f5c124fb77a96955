import type { IncidentView } from '@evenkeel/contract/incident'
import type { Audience } from '@evenkeel/contract/record'
import { Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CornerDownRight from 'lucide-react/icons/corner-down-right'
import Lock from 'lucide-react/icons/lock'
import UserRound from 'lucide-react/icons/user-round'
import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Composer, type ComposerHandle } from '../../parts/composer.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { isOwnWrite } from '../../parts/own-writes.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { ProcessBar } from '../../parts/process-bar.tsx'
import { PresentPeople, type PresenceHandle } from '../../parts/present-people.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { useLiveChanges } from '../../parts/live.ts'
import type { TimelineFilter } from '../../parts/timeline-rows.ts'
import { Timeline, type TimelineLinks } from '../../parts/timeline.tsx'
import { useSpoken } from '../../ui/announce.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault, FaultPage, faultSentence } from '../../ui/fault.tsx'
import { Fresh } from '../../ui/fresh.tsx'
import { useHeavyParts } from '../../ui/in-steps.ts'
import { useKeys } from '../../ui/keys.ts'
import { incidentQuery, recordKey, timelineQuery } from './incident.api.ts'
import { useCustomFields } from './incident.custom-values.ts'
import { useEditIncident } from './incident.edit.ts'
import { IncidentFacts } from './incident.facts.tsx'
import { Moves } from './incident.moves.tsx'
import { Replies } from './incident.replies.tsx'
import { attach, attachmentsQuery, fileAddress, isPicture } from './incident.upload.ts'
import { fieldName, fieldValue } from './incident.words.ts'
import classes from './incident.record.module.css'
import { stepsOf } from './incident.state.tsx'
import { openAssignees, useTake } from './incident.take.ts'

type Props = {
  readonly id: string
  /** Beside a list the same record stands in one column and leaves the keys that move in the list alone. */
  readonly layout: 'page' | 'preview'
  /** Drawn in the head, before the number. */
  readonly actions?: ReactNode
  readonly filter: TimelineFilter
  readonly onFilter: (filter: TimelineFilter) => void
  /** The entry of the history that the address points at. */
  readonly entry?: string | undefined
}

/** One incident: what it is, where it stands, what happened, and what can be done. */
export const IncidentRecord = ({ id, layout, actions, ...history }: Props) => {
  const presence = useRef<PresenceHandle>(null)
  const { data: incident, error, refetch } = useQuery(incidentQuery(id))
  const heavy = useHeavyParts()
  // Whoever makes it so, here or elsewhere.
  useSpoken(id, incident && `${say('field.state')}: ${say(`incident.state.${incident.state}`)}`)
  useSpoken(id, incident && `${say('field.assignee')}: ${incident.assignee?.name ?? say('incident.nobody')}`)
  if (incident === undefined) {
    return error === null ? <RecordSkeleton /> : <FaultPage error={error} onRetry={() => void refetch()} />
  }
  return (
    <article
      className={classes['record']}
      data-layout={layout}
      aria-label={`${incident.number} ${incident.title}`}
    >
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Head incident={incident} actions={actions} presence={presence} />
      <div className={classes['body']}>
        <div className={classes['story']}>
          <Description incident={incident} />
          {layout === 'preview' && <Details incident={incident} />}
          {heavy ? (
            <History
              incident={incident}
              onWriting={(writing) => presence.current?.write(writing)}
              {...history}
            />
          ) : (
            <TimelineSkeleton />
          )}
        </div>
        {layout === 'page' && (
          <aside className={classes['facts']} aria-label={say('incident.facts')}>
            {heavy && <IncidentFacts incident={incident} />}
          </aside>
        )}
      </div>
    </article>
  )
}

const Head = ({
  incident,
  actions,
  presence,
}: {
  readonly incident: IncidentView
  readonly actions: ReactNode
  readonly presence: RefObject<PresenceHandle | null>
}) => {
  const me = useMe()
  const edit = useEditIncident(incident)
  const quiet = isOwnWrite(incident.id, incident.version)
  useAssignKeys(incident)
  return (
    <header className={classes['head']}>
      <div className={classes['line']}>
        {actions}
        <span className={classes['number']}>{incident.number}</span>
        <Fresh watch={incident.priority} quiet={quiet}>
          <PriorityTag priority={incident.priority} />
        </Fresh>
        <span className={classes['service']}>{incident.service?.name ?? say('incident.serviceUnknown')}</span>
        <span className={classes['holder']}>
          <UserRound size={12} aria-hidden />
          <span className="visually-hidden">{say('field.assignee')}: </span>
          {incident.assignee === null
            ? `${incident.team.name}: ${say('home.nobodyHas')}`
            : incident.assignee.name}
        </span>
        {incident.confidential && (
          <span className={classes['confidential']}>
            <Lock size={12} aria-hidden /> {say('field.confidential')}
          </span>
        )}
        <PresentPeople recordId={incident.id} me={me.person.id} handle={presence} />
      </div>
      <EditableText
        label={say('field.title')}
        value={incident.title}
        editable={incident.allowed.includes('incident.edit')}
        required
        maxLength={200}
        className={classes['title']}
        onSave={(title) => edit({ title }, { title })}
      >
        <Fresh watch={incident.title} quiet={quiet}>
          <h1 className={classes['titleText']} dir="auto">
            {incident.title}
          </h1>
        </Fresh>
      </EditableText>
      <ProcessBar steps={stepsOf(incident.state)}>
        <Moves incident={incident} keys />
      </ProcessBar>
    </header>
  )
}

/** `i` takes it, `a` gives it to somebody. */
const useAssignKeys = (incident: IncidentView): void => {
  const take = useTake(incident)
  const may = incident.allowed.includes('incident.assign')
  const group = say('keys.record')
  const onTake = (): void =>
    void take().catch((error: unknown) =>
      notifications.show({ message: faultSentence(error), color: 'gray' }),
    )
  useKeys(
    may
      ? [
          { keys: 'i', group, does: say('incident.assignToMe'), run: onTake },
          {
            keys: 'a',
            group,
            does: say('keys.assign'),
            run: openAssignees,
          },
        ]
      : [],
  )
}

const Description = ({ incident }: { readonly incident: IncidentView }) => {
  const edit = useEditIncident(incident)
  const { description } = incident
  const editable = incident.allowed.includes('incident.edit')
  if (description === '' && !editable) return null
  return (
    <section className={classes['description']} aria-label={say('field.description')}>
      <EditableText
        label={say('field.description')}
        value={description}
        editable={editable}
        multiline
        maxLength={65_536}
        onSave={(next) => edit({ description: next }, { description: next })}
      >
        <Fresh as="div" watch={description} quiet={isOwnWrite(incident.id, incident.version)}>
          {description === '' ? (
            <span className={classes['none']}>{say('incident.noDescription')}</span>
          ) : (
            <Markdown source={description} />
          )}
        </Fresh>
      </EditableText>
    </section>
  )
}

/** In the preview the facts are folded: the list shows the most important ones already. */
const Details = ({ incident }: { readonly incident: IncidentView }) => {
  const [open, setOpen] = useState(false)
  return (
    <details
      className={classes['details']}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{say('incident.facts')}</summary>
      {open && <IncidentFacts incident={incident} />}
    </details>
  )
}

/** Fields that the organization added are called what it called them. */
const linksFrom = (id: string, custom: ReadonlyMap<string, string>): TimelineLinks => ({
  entry: (at, children) => (
    <Link to="/incidents/$id" params={{ id }} search={{ entry: at }} resetScroll={false}>
      {children}
    </Link>
  ),
  record: (other, number) => (
    <Link to="/incidents/$id" params={{ id: other }}>
      {number}
    </Link>
  ),
  field: (field) => custom.get(field) ?? fieldName(field),
  value: fieldValue,
})

type HistoryProps = Pick<Props, 'filter' | 'onFilter' | 'entry'> & {
  readonly incident: IncidentView
  readonly onWriting: (writing: boolean) => void
}

const History = ({ incident, filter, onFilter, entry, onWriting }: HistoryProps) => {
  const me = useMe()
  const queries = useQueryClient()
  const { id } = incident
  const internal = incident.allowed.includes('incident.read_internal')
  const related = [incident.parent, ...incident.children, ...incident.links].flatMap((one) => one?.id ?? [])
  const { data, error, refetch } = useQuery({
    ...timelineQuery(id, internal ? related : [], queries),
    placeholderData: keepPreviousData,
  })
  // What becomes of a linked record stands in this one's history too.
  useLiveChanges('incident', (change) => {
    if (internal && related.includes(change.id))
      void queries.invalidateQueries({ queryKey: [...recordKey(id), 'timeline'] })
  })
  const fields = useCustomFields()
  const links = useMemo(
    () => linksFrom(id, new Map(fields.map(({ key, label }) => [`custom.${key}`, label]))),
    [id, fields],
  )
  const composer = useRef<ComposerHandle>(null)
  const [seenUntil, setSeenUntil] = useState<string>()
  const last = data?.items.at(-1)?.id
  if (seenUntil === undefined && last !== undefined) setSeenUntil(last)

  const audiences = (
    [
      ['public', 'incident.comment'],
      ['team', 'incident.note'],
    ] as const
  )
    .filter(([, permission]) => incident.allowed.includes(permission))
    .map(([audience]) => audience)
  const [first, ...others] = audiences
  const group = say('keys.record')
  useKeys([
    ...(audiences.includes('public')
      ? [{ keys: 'm', group, does: say('keys.comment'), run: () => composer.current?.write('public') }]
      : []),
    ...(audiences.includes('team')
      ? [{ keys: 'n', group, does: say('keys.note'), run: () => composer.current?.write('team') }]
      : []),
  ])

  // The same words sent again, after an answer that was lost, are written once.
  const sent = useRef({ what: '', key: '' })
  const send = async (audience: Audience, body: string): Promise<void> => {
    const what = `${audience} ${body}`
    if (sent.current.what !== what) sent.current = { what, key: crypto.randomUUID() }
    await client.commentIncident({
      params: { id },
      body: { audience, body },
      idempotencyKey: sent.current.key,
    })
    sent.current = { what: '', key: '' }
    await queries.invalidateQueries({ queryKey: recordKey(id) })
  }
  const files = useQuery({ ...attachmentsQuery(id), enabled: false })
  const warn = (text: string, audience: Audience): string | undefined => {
    const used = (files.data?.attachments ?? []).filter((file) => text.includes(fileAddress(file)))
    if (audience === 'public' && used.some((file) => file.audience === 'team'))
      return say('composer.teamFiles', { name: incident.requester.name })
    if (audience === 'team' && used.some((file) => file.audience === 'public'))
      return say('composer.publicFiles', { name: incident.requester.name })
    return undefined
  }
  return (
    <>
      {data === undefined && error === null && <TimelineSkeleton />}
      {error !== null && data === undefined && <Fault error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Timeline
          items={data.items}
          internal={internal}
          seenUntil={seenUntil}
          me={me.person.id}
          filter={filter}
          onFilter={onFilter}
          entry={entry}
          links={links}
        />
      )}
      {first !== undefined && (
        <div className={classes['composer']}>
          <Composer
            key={id}
            draftKey={`${me.person.id}:${id}`}
            audiences={[first, ...others]}
            callerName={incident.requester.name}
            writerIsCaller={incident.requester.id === me.person.id}
            onSend={send}
            onWriting={onWriting}
            onUpload={async (file, audience, onProgress, signal) => {
              const added = await attach(id, file, audience, onProgress, signal)
              await queries.invalidateQueries({ queryKey: recordKey(id) })
              return { name: added.name, address: fileAddress(added), picture: isPicture(added) }
            }}
            warn={warn}
            {...(mayAtAll(me, 'person.read')
              ? { mentions: { noteReaders: 'incident.read_internal' } as const }
              : {})}
            tools={
              mayAtAll(me, 'incident.read_internal') && (
                <Replies
                  incident={incident}
                  audiences={audiences}
                  onInsert={(text, audience) => composer.current?.insert(text, audience)}
                />
              )
            }
            handle={composer}
          />
        </div>
      )}
      {first === undefined && (
        <p className={classes['closed']}>
          <CornerDownRight size={14} aria-hidden /> {say('composer.nobody')}
        </p>
      )}
    </>
  )
}

const TimelineSkeleton = () => (
  <div className={classes['skeleton']} role="status" aria-label={say('list.loading')}>
    <Skeleton height={56} />
    <Skeleton height={56} />
  </div>
)

const RecordSkeleton = () => (
  <div className={classes['skeleton']} role="status" aria-label={say('list.loading')}>
    <Skeleton height={16} width={180} />
    <Skeleton height={24} width="60%" />
    <Skeleton height={28} width="80%" />
    <Skeleton height={120} mt={16} />
    <Skeleton height={56} />
  </div>
)
