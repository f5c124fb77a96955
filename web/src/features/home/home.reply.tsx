import type { IncidentRow } from '@evenkeel/contract/incident'
import { Button, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import MessageSquare from 'lucide-react/icons/message-square'
import type { KeyboardEvent } from 'react'
import { say } from '../../language/say.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { timelineQuery } from '../incident/incident.api.ts'
import { usePublicComment } from '../incident/incident.public-comment.ts'
import { refreshHome } from './home.api.ts'
import classes from './home.module.css'

const shownBefore = 2

/** An answer to the caller without leaving the page, below what was said last. Only a comment: work notes are written on the record. */
export const QuickReply = ({
  incident,
  onSent,
  onClose,
}: {
  readonly incident: IncidentRow
  readonly onSent: () => void
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const timeline = useQuery(timelineQuery(incident.id, [], queries))
  const { text, setText, send: sendText, sending, error } = usePublicComment(incident.id, 'home:text')
  const said = (timeline.data?.items ?? [])
    .filter(({ audience, body }) => audience === 'public' && body !== null)
    .slice(-shownBefore)
  const send = async (): Promise<void> => {
    if (!(await sendText())) return
    await refreshHome(queries)
    onSent()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape') onClose()
  }
  return (
    <form
      className={classes['reply']}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {timeline.isSuccess && said.length === 0 && <p className={classes['none']}>{say('home.replyNone')}</p>}
      {said.length > 0 && (
        <ul className={classes['said']} aria-label={say('home.replyLast')}>
          {said.map((item) => (
            <li key={item.id}>
              <p className={classes['saidBy']}>
                {item.actor?.name ?? say('timeline.system')} · <RelativeTime at={item.at} />
              </p>
              <Markdown source={item.body ?? ''} />
            </li>
          ))}
        </ul>
      )}
      <Textarea
        label={
          <span className={classes['replyLabel']}>
            <MessageSquare size={14} aria-hidden /> {say('home.replyTo', { name: incident.requester.name })}
          </span>
        }
        autosize
        minRows={2}
        maxRows={10}
        maxLength={65_536}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {error !== undefined && <Fault error={error} kept={say('home.replyKept')} />}
      <div className={classes['replyButtons']}>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onClose}>
          {say('dialog.close')}
        </Button>
        <Button type="submit" size="compact-sm" loading={sending} disabled={text.trim() === ''}>
          {say('home.replySend')}
        </Button>
      </div>
    </form>
  )
}
