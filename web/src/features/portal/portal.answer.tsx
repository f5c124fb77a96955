import type { Answer, AnswerView } from '@evenkeel/contract/answer'
import { Refused } from '@evenkeel/contract/client'
import { Button, Skeleton, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import CircleCheck from 'lucide-react/icons/circle-check'
import Unlink from 'lucide-react/icons/unlink'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { Frame } from '../../parts/frame.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import classes from './portal.answer.module.css'

/** The two links of the mail about a resolution. Nobody is signed in here, and nobody gets signed in: the link says one thing, once. */
export const StillBrokenPage = () => <AnswerPage meant="still_broken" />
export const ItWorksPage = () => <AnswerPage meant="works" />

const isGone = (error: unknown): boolean => error instanceof Refused && error.body.code === 'link_gone'

const AnswerPage = ({ meant }: { readonly meant: Answer }) => {
  usePageTitle(say('portal.confirmAsk'))
  // Behind the #, which browsers send to nobody.
  const [token] = useState(() => window.location.hash.slice(1))
  const look = useQuery({
    queryKey: ['answer-link', token],
    queryFn: () => client.readAnswerLink({ body: { token } }),
    enabled: token !== '',
    retry: (count, error) => !(error instanceof Refused) && count < 2,
  })
  const answer = useMutation({
    mutationFn: (said: { readonly answer: Answer; readonly text?: string }) =>
      client.answerByLink({ body: { token, ...said } }),
    // Somebody was quicker, here or elsewhere: show how it stands now.
    onError: () => void look.refetch(),
  })
  const view = answer.data ?? look.data
  if (token === '' || isGone(look.error)) return <Gone />
  return (
    <Frame title={view?.said == null ? say('portal.confirmAsk') : say('portal.link.answered')}>
      {view === undefined && look.error === null && <Skeleton height={280} radius={12} />}
      {view === undefined && look.error !== null && (
        <Fault error={look.error} onRetry={() => void look.refetch()} />
      )}
      {view !== undefined && (
        <section className={classes['card']} aria-label={view.number}>
          <header className={classes['what']}>
            <p className={classes['quiet']}>
              <span className="figures">{view.number}</span> · {view.tenant}
            </p>
            <p className={classes['name']}>{view.title}</p>
          </header>
          {view.said !== null && <Said said={view.said} isNew={answer.data !== undefined} />}
          {view.said === null && view.answers.length === 0 && <Nothing view={view} />}
          {view.answers.length > 0 && (
            <Ask
              view={view}
              meant={meant}
              running={answer.isPending ? answer.variables.answer : undefined}
              error={answer.error}
              onAnswer={answer.mutate}
            />
          )}
        </section>
      )}
    </Frame>
  )
}

/** One question; a word or two if they like. */
const Ask = ({
  view,
  meant,
  running,
  error,
  onAnswer,
}: {
  readonly view: AnswerView
  readonly meant: Answer
  readonly running: Answer | undefined
  readonly error: unknown
  readonly onAnswer: (said: { readonly answer: Answer; readonly text?: string }) => void
}) => {
  const works = view.answers.includes('works')
  const [broken, setBroken] = useState(meant === 'still_broken' || !works)
  const [words, setWords] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = useRef(broken)
  useEffect(() => {
    if (broken && !asked.current) field.current?.focus()
    asked.current = broken
  }, [broken])
  const send = (event: FormEvent): void => {
    event.preventDefault()
    const text = words.trim()
    onAnswer({ answer: 'still_broken', ...(text === '' ? {} : { text }) })
  }
  const fault = error !== null && <Fault error={error} kept={say('portal.submitKept')} />
  if (!broken)
    return (
      <div className={classes['form']}>
        {fault}
        <Button
          size="lg"
          fullWidth
          leftSection={<Check size={20} aria-hidden />}
          loading={running === 'works'}
          onClick={() => onAnswer({ answer: 'works' })}
        >
          {say('portal.confirm')}
        </Button>
        <Button size="lg" fullWidth variant="default" onClick={() => setBroken(true)}>
          {say('portal.stillBroken')}
        </Button>
        <Until at={view.until} />
      </div>
    )
  return (
    <form onSubmit={send} className={classes['form']}>
      {view.standing === 'late' && <p className={classes['text']}>{say('portal.link.late')}</p>}
      <Textarea
        ref={field}
        size="lg"
        label={say('portal.stillBrokenText')}
        description={say('portal.stillBrokenHint')}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={10_000}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {fault}
      <Button type="submit" size="lg" fullWidth loading={running === 'still_broken'}>
        {say('portal.stillBrokenSend')}
      </Button>
      {works && (
        <Button
          size="lg"
          fullWidth
          variant="default"
          loading={running === 'works'}
          onClick={() => onAnswer({ answer: 'works' })}
        >
          {say('portal.link.thanks')}
        </Button>
      )}
      <Until at={view.until} />
    </form>
  )
}

const Until = ({ at }: { readonly at: string | null }) =>
  at === null ? null : (
    <p className={classes['quiet']}>{say('portal.link.until', { when: absolute(at, readerZone()) })}</p>
  )

const Said = ({
  said,
  isNew,
}: {
  readonly said: NonNullable<AnswerView['said']>
  readonly isNew: boolean
}) => {
  const kind = said.number === null ? said.answer : 'again'
  const values = { when: absolute(said.at, readerZone()), number: said.number ?? '' }
  return (
    <div className={classes['end']} role="status">
      <CircleCheck size={28} aria-hidden className={classes['done']} />
      <p className={classes['text']}>
        {isNew ? say(`portal.link.said.${kind}`, values) : say(`portal.link.saidBefore.${kind}`, values)}
      </p>
      <SignIn />
    </div>
  )
}

const Nothing = ({ view }: { readonly view: AnswerView }) => (
  <div className={classes['end']} role="status">
    <p className={classes['text']}>
      {say(view.standing === 'open' ? 'portal.link.open' : 'portal.link.over')}
    </p>
    <SignIn />
  </div>
)

const SignIn = () => (
  <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
    {say('portal.link.look')}
  </Button>
)

const Gone = () => (
  <Frame title={say('portal.title')}>
    <div role="alert">
      <Empty icon={<Unlink size={24} aria-hidden />} title={say('link.goneTitle')} action={<SignIn />}>
        {say('portal.link.goneText')}
      </Empty>
    </div>
  </Frame>
)
