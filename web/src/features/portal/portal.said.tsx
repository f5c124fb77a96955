import type { IncidentView, TimelineItem } from '@evenkeel/contract/incident'
import { Button, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { timelineQuery } from '../incident/incident.api.ts'
import { usePublicComment } from '../incident/incident.public-comment.ts'
import classes from './portal.module.css'

const told = {
  'incident.raised': 'portal.told.raised',
  'incident.imported': 'portal.told.raised',
  'incident.started': 'portal.told.started',
  'incident.held': 'portal.told.held',
  'incident.resumed': 'portal.told.resumed',
  'incident.resolved': 'portal.told.resolved',
  'incident.reopened': 'portal.told.reopened',
  'incident.closed': 'portal.told.closed',
  'incident.canceled': 'portal.told.withdrawn',
} as const
const isTold = (type: string): type is keyof typeof told => Object.hasOwn(told, type)

/** It is in another state, by a move that has no words of its own here: the server's sentence says which. */
const isMoved = (type: string): boolean => type === 'incident.imported_update'

/** What was said, as a conversation; what happened stands between in plain words. The server sends no more than this reader may know. */
export const Said = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(timelineQuery(incident.id, [], queries))
  const items = (data?.items ?? []).filter(({ type, body }) => body !== null || isTold(type) || isMoved(type))
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

/** A sentence that goes on with when it was. */
const unended = (sentence: string): string => sentence.replace(/\.$/, '')

const SaidItem = ({ item, mine }: { readonly item: TimelineItem; readonly mine: boolean }) => (
  <li className={classes['saidItem']}>
    {isTold(item.type) && (
      <p className={classes['told']}>
        {unended(say(told[item.type]))} · <RelativeTime at={item.at} />
      </p>
    )}
    {isMoved(item.type) && item.sentence !== null && (
      <p className={classes['told']}>
        {unended(item.sentence)} · <RelativeTime at={item.at} />
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

/** An answer, where one is waited for; else whatever there is to say. */
export const Write = ({
  incident,
  wanted,
}: {
  readonly incident: IncidentView
  readonly wanted: boolean
}) => {
  const { text, setText, send, sending, error } = usePublicComment(incident.id, 'text')
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
