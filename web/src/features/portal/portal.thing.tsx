import type { IncidentView, MoveIncident, TimelineItem } from '@evenkeel/contract/incident'
import { Button, Modal, Skeleton, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import Check from 'lucide-react/icons/check'
import Paperclip from 'lucide-react/icons/paperclip'
import { type ReactNode, useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { client } from '../../parts/api.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { command, incidentQuery, recordKey, timelineQuery } from '../incident/incident.api.ts'
import { ChosenFiles, FileButtons, useFiles } from './portal.files.tsx'
import classes from './portal.module.css'
import { nextSentence, type Standing, ThingState } from './portal.words.tsx'

const route = getRouteApi('/shell/portal/$id')

/** One thing that somebody asked for help with: where it stands, what happens next, what was said, and what they can do. */
export const PortalThingPage = () => {
  const { id } = route.useParams()
  const { data: incident, error, refetch } = useQuery(incidentQuery(id))
  usePageTitle(incident?.title ?? say('portal.title'))
  if (incident === undefined) {
    return error === null ? (
      <div className={classes['page']} role="status" aria-label={say('list.loading')}>
        <Skeleton height={24} width="70%" />
        <Skeleton height={120} />
        <Skeleton height={72} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <article className={classes['page']} key={id} aria-label={incident.title}>
      <Link to="/" className={classes['back'] ?? ''}>
        <ArrowLeft size={18} aria-hidden /> {say('portal.back')}
      </Link>
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Thing incident={incident} />
    </article>
  )
}

const standingOf = (incident: IncidentView, mine: boolean): Standing => ({
  state: incident.state,
  holdReason: incident.hold?.reason ?? null,
  taken: incident.assignee !== null,
  mine,
  waitsForMe:
    mine && incident.state === 'on_hold' && incident.hold?.reason === 'caller'
      ? 'answer'
      : mine && incident.state === 'resolved'
        ? 'confirm'
        : null,
})

const Thing = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const mine = incident.requester.id === me.person.id
  const thing = standingOf(incident, mine)
  const over = incident.state === 'closed' || incident.state === 'canceled'
  const move = (body: MoveIncident, foretold: Partial<IncidentView> = {}): Promise<void> =>
    command(
      queries,
      incident,
      ({ params, version }) => client.moveIncident({ params, version, body }),
      foretold,
    )
  return (
    <>
      <header className={classes['stack']}>
        <h1 className={classes['thingHead']}>{incident.title}</h1>
        <p className={classes['quiet']}>
          <span className="figures">{incident.number}</span>
          {incident.service !== null && ` · ${incident.service.name}`} ·{' '}
          <RelativeTime at={incident.createdAt} />
        </p>
      </header>
      <section className={classes['standing']} aria-live="polite" data-mine={thing.waitsForMe ?? undefined}>
        <ThingState thing={thing} />
        <p className={classes['next']}>{nextSentence(thing)}</p>
        {!mine && incident.affected.includesMe && (
          <p className={classes['quiet']}>{say('portal.affectsMe')}</p>
        )}
        <Steps state={incident.state} />
        {incident.state === 'resolved' && <Works incident={incident} mine={mine} move={move} />}
        {over && (
          <div className={classes['answers']}>
            {incident.state === 'closed' && mine && <p className={classes['next']}>{say('portal.thanks')}</p>}
            <Again incident={incident} />
          </div>
        )}
      </section>
      {incident.description !== '' && (
        <div className={classes['bubble']} data-mine={mine || undefined}>
          <p className={classes['by']}>
            {mine ? say('portal.you') : incident.requester.name} · <RelativeTime at={incident.createdAt} />
          </p>
          <Markdown source={incident.description} />
        </div>
      )}
      <Said incident={incident} />
      {incident.allowed.includes('incident.comment') && (
        <Write incident={incident} wanted={thing.waitsForMe === 'answer'} />
      )}
      <Files incident={incident} />
      {mine && !over && incident.state !== 'resolved' && incident.allowed.includes('incident.answer') && (
        <Withdraw onWithdraw={() => move({ action: 'withdraw' })} />
      )}
    </>
  )
}

const steps = ['received', 'work', 'try', 'done'] as const
const reached = { new: 0, in_progress: 1, on_hold: 1, resolved: 2, closed: 3, canceled: 3 } as const

const Steps = ({ state }: { readonly state: IncidentView['state'] }) =>
  state === 'canceled' ? null : (
    <ol className={classes['steps']} aria-label={say('portal.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={classes['step']}
          data-reached={index <= reached[state] || undefined}
          aria-current={index === reached[state] ? 'step' : undefined}
        >
          {say(`portal.step.${step}`)}
        </li>
      ))}
    </ol>
  )

const Again = ({ incident }: { readonly incident: IncidentView }) => (
  <Button
    size="lg"
    variant="default"
    renderRoot={(props) => (
      <Link
        to="/portal/new"
        search={{
          title: incident.title,
          follows: incident.id,
          ...(incident.service === null ? {} : { service: incident.service.id }),
        }}
        {...props}
      />
    )}
  >
    {say('portal.tellAgain')}
  </Button>
)

/** Does it work? Yes ends it; no opens it again, with words or without. */
const Works = ({
  incident,
  mine,
  move,
}: {
  readonly incident: IncidentView
  readonly mine: boolean
  readonly move: (body: MoveIncident, foretold?: Partial<IncidentView>) => Promise<void>
}) => {
  const me = useMe()
  const [broken, setBroken] = useState(false)
  const [reason, setReason, clear] = useDraft(`${me.person.id}:${incident.id}:broken:text`)
  const [running, setRunning] = useState<'confirm' | 'broken'>()
  const [error, setError] = useState<unknown>()
  const ready = (action: 'confirm' | 'still_broken'): boolean =>
    incident.moves.some((offer) => offer.action === action && offer.ready)
  const run = async (what: 'confirm' | 'broken', work: () => Promise<void>): Promise<void> => {
    setRunning(what)
    setError(undefined)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    } finally {
      setRunning(undefined)
    }
  }
  const text = reason.trim()
  return (
    <div className={classes['works']} role="group" aria-label={say('portal.confirmAsk')}>
      {mine && <p className={classes['ask']}>{say('portal.confirmAsk')}</p>}
      {!broken && (
        <div className={classes['answers']}>
          {ready('confirm') && (
            <Button
              size="lg"
              leftSection={<Check size={20} aria-hidden />}
              loading={running === 'confirm'}
              onClick={() => void run('confirm', () => move({ action: 'confirm' }, { state: 'closed' }))}
            >
              {say('portal.confirm')}
            </Button>
          )}
          {ready('still_broken') ? (
            <Button size="lg" variant="default" onClick={() => setBroken(true)}>
              {say('portal.stillBroken')}
            </Button>
          ) : (
            <Again incident={incident} />
          )}
        </div>
      )}
      {broken && (
        <div className={classes['stack']}>
          <Textarea
            size="lg"
            label={say('portal.stillBrokenText')}
            description={say('portal.stillBrokenHint')}
            autosize
            minRows={2}
            maxRows={12}
            maxLength={65_000}
            autoFocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className={classes['answers']}>
            <Button
              size="lg"
              loading={running === 'broken'}
              onClick={() =>
                void run('broken', async () => {
                  await move({ action: 'still_broken', ...(text === '' ? {} : { reason: text }) })
                  clear()
                  setBroken(false)
                })
              }
            >
              {say('portal.stillBrokenSend')}
            </Button>
            <Button size="lg" variant="default" onClick={() => setBroken(false)}>
              {say('dialog.back')}
            </Button>
          </div>
        </div>
      )}
      {error !== undefined && <Fault error={error} />}
    </div>
  )
}

const told = {
  'incident.raised': 'portal.told.raised',
  'incident.started': 'portal.told.started',
  'incident.held': 'portal.told.held',
  'incident.resumed': 'portal.told.resumed',
  'incident.resolved': 'portal.told.resolved',
  'incident.reopened': 'portal.told.reopened',
  'incident.closed': 'portal.told.closed',
  'incident.canceled': 'portal.told.withdrawn',
} as const
const isTold = (type: string): type is keyof typeof told => Object.hasOwn(told, type)

/** What was said, as a conversation; what happened stands between in plain words. The server sends no more than this reader may know. */
const Said = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(timelineQuery(incident.id, [], queries))
  const items = (data?.items ?? []).filter(({ type, body }) => body !== null || isTold(type))
  return (
    <section aria-label={say('portal.said')} className={classes['stack']}>
      <h2 className={classes['heading']}>{say('portal.said')}</h2>
      {error !== null && data === undefined && <Fault error={error} onRetry={() => void refetch()} />}
      {data !== undefined && !items.some(({ body }) => body !== null) && (
        <p className={classes['quiet']}>{say('portal.saidNone')}</p>
      )}
      <ol className={classes['said']}>
        {items.map((item) => (
          <SaidItem key={item.id} item={item} mine={item.actor?.id === me.person.id} />
        ))}
      </ol>
    </section>
  )
}

const SaidItem = ({ item, mine }: { readonly item: TimelineItem; readonly mine: boolean }) => (
  <li className={classes['saidItem']}>
    {isTold(item.type) && (
      <p className={classes['told']}>
        {say(told[item.type])} <RelativeTime at={item.at} />
      </p>
    )}
    {item.body !== null && item.body !== '' && (
      <div className={classes['bubble']} data-mine={mine || undefined}>
        <p className={classes['by']}>
          {mine ? say('portal.you') : (item.actor?.name ?? say('portal.us'))} · <RelativeTime at={item.at} />
        </p>
        <Markdown source={item.body} />
      </div>
    )}
  </li>
)

const Write = ({ incident, wanted }: { readonly incident: IncidentView; readonly wanted: boolean }) => {
  const me = useMe()
  const queries = useQueryClient()
  const [text, setText, clear] = useDraft(`${me.person.id}:${incident.id}:text`)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>()
  const sent = useRef({ body: '', key: '' })
  const send = async (): Promise<void> => {
    const body = text.trim()
    if (body === '' || sending) return
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() }
    setSending(true)
    setError(undefined)
    try {
      await client.commentIncident({
        params: { id: incident.id },
        body: { audience: 'public', body },
        idempotencyKey: sent.current.key,
      })
      sent.current = { body: '', key: '' }
      clear()
      await queries.invalidateQueries({ queryKey: recordKey(incident.id) })
    } catch (failure) {
      setError(failure)
    } finally {
      setSending(false)
    }
  }
  return (
    <form
      className={classes['write']}
      data-wanted={wanted || undefined}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {wanted && <p className={classes['ask']}>{say('portal.answerWanted')}</p>}
      <Textarea
        size="lg"
        label={wanted ? say('portal.answer') : say('portal.write')}
        description={say('portal.writeReaders')}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={65_536}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error !== undefined && <Fault error={error} kept={say('composer.kept')} />}
      <Button type="submit" size="lg" loading={sending} disabled={text.trim() === ''}>
        {say('portal.send')}
      </Button>
    </form>
  )
}

const Files = ({ incident }: { readonly incident: IncidentView }) => {
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: [...recordKey(incident.id), 'attachments'],
    queryFn: () => client.listAttachments({ params: { id: incident.id } }),
  })
  const { files, add, remove, send } = useFiles()
  const may = incident.allowed.includes('incident.comment')
  const arrived = data?.attachments ?? []
  if (!may && arrived.length === 0) return null
  const sendNow = async (chosen: readonly File[]): Promise<void> => {
    await send(incident.id, add(chosen))
    await queries.invalidateQueries({ queryKey: recordKey(incident.id) })
  }
  return (
    <section aria-label={say('portal.added')} className={classes['stack']}>
      <h2 className={classes['heading']}>{say('portal.added')}</h2>
      {arrived.length > 0 && (
        <ul className={classes['chosen']}>
          {arrived.map((file) => (
            <li key={file.id}>
              <a href={`/api/v1${file.path}`} download={file.name} className={classes['chosenFile']}>
                <span className={classes['thumb']}>
                  <Paperclip size={18} aria-hidden />
                </span>
                <span className={classes['fileWords']}>
                  <span className={classes['fileName']}>{file.name}</span>
                  <span className={classes['quiet']}>
                    {fileSize(file.sizeBytes, readerZone().language)} · {file.addedBy.name}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <ChosenFiles files={files} onRemove={remove} />
      {may && <FileButtons onFiles={(chosen) => void sendNow(chosen)} />}
    </section>
  )
}

const Withdraw = ({ onWithdraw }: { readonly onWithdraw: () => Promise<void> }) => {
  const [asked, setAsked] = useState(false)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const withdraw = async (): Promise<void> => {
    setRunning(true)
    setError(undefined)
    try {
      await onWithdraw()
      setAsked(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setRunning(false)
    }
  }
  return (
    <Aside>
      <Button
        variant="subtle"
        color="gray"
        size="md"
        className={classes['touch'] ?? ''}
        onClick={() => setAsked(true)}
      >
        {say('portal.withdraw')}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={say('portal.withdrawAsk')}
        closeButtonProps={{ 'aria-label': say('dialog.close') }}
      >
        <div className={classes['stack']}>
          <p className={classes['next']}>{say('portal.withdrawText')}</p>
          {error !== undefined && <Fault error={error} />}
          <div className={classes['answers']}>
            <Button size="lg" loading={running} onClick={() => void withdraw()}>
              {say('portal.withdrawYes')}
            </Button>
            <Button size="lg" variant="default" onClick={() => setAsked(false)}>
              {say('portal.withdrawKeep')}
            </Button>
          </div>
        </div>
      </Modal>
    </Aside>
  )
}

const Aside = ({ children }: { readonly children: ReactNode }) => (
  <div className={classes['aside']}>{children}</div>
)
