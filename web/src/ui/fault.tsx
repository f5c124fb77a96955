import { Refused } from '@evenkeel/contract/client'
import { refusals, type RefusalBody, type RefusalCode } from '@evenkeel/contract/refusal'
import { Button } from '@mantine/core'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { say } from '../language/say.ts'
import { Empty } from './empty.tsx'
import classes from './fault.module.css'

export type FaultWords = {
  readonly what: string
  readonly reasons: readonly string[]
  readonly reference: string | undefined
}

/** The closed list of refusals is known here, in the reader's language; what a newer server says is shown as it says it. */
const whatWasRefused = ({ code, title }: RefusalBody): string =>
  isKnown(code) ? say(`refusal.${code}`) : title
const isKnown = (code: string): code is RefusalCode => Object.hasOwn(refusals, code)

/** A failure in words for people: the server's own reasons where it gave some, else what we know about the connection. */
const faultWords = (error: unknown): FaultWords => {
  if (error instanceof Refused) {
    const { reasons = [], code, request } = error.body
    if (code === 'failed' && error.status >= 502)
      return { what: say('fault.away'), reasons: [], reference: undefined }
    return {
      what: whatWasRefused(error.body),
      reasons: reasons.map(({ message }) => message),
      reference: code === 'failed' ? request : undefined,
    }
  }
  return {
    what: navigator.onLine ? say('fault.away') : say('fault.offline'),
    reasons: [],
    reference: undefined,
  }
}

/** One sentence of a failure, for places with little room. */
export const faultSentence = (error: unknown): string => {
  const { what, reasons } = faultWords(error)
  return reasons[0] === undefined ? what : sentence(reasons[0])
}

/** Reasons of guards are phrases; alone on a line they begin with a capital. */
export const sentence = (reason: string): string => reason.charAt(0).toUpperCase() + reason.slice(1)

/** Inline: what happened, and what was kept. */
export const Fault = ({
  error,
  kept,
  onRetry,
}: {
  readonly error: unknown
  readonly kept?: string
  readonly onRetry?: () => void
}) => {
  const { what, reasons, reference } = faultWords(error)
  return (
    <div className={classes['fault']} role="alert">
      <TriangleAlert size={16} aria-hidden className={classes['icon']} />
      <div className={classes['words']}>
        <span className={classes['what']}>{what}</span>
        {reasons.length === 1 && <span> {sentence(reasons[0] ?? '')}.</span>}
        {reasons.length > 1 && (
          <ul className={classes['reasons']}>
            {reasons.map((reason) => (
              <li key={reason}>{sentence(reason)}</li>
            ))}
          </ul>
        )}
        {kept !== undefined && <span> {kept}</span>}
        {reference !== undefined && (
          <span className={classes['reference']}> {say('fault.reference', { reference })}</span>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          {say('fault.retry')}
        </Button>
      )}
    </div>
  )
}

/** A whole page that could not be shown. */
export const FaultPage = ({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) => {
  const { what, reasons, reference } = faultWords(error)
  // What is not there is not there the next time either.
  const isGone = error instanceof Refused && error.body.code === 'not_found'
  return (
    <div role="alert">
      <Empty
        icon={<TriangleAlert size={24} aria-hidden />}
        title={what}
        isPage
        action={
          isGone ? (
            <Button variant="default" component="a" href="/">
              {say('fault.home')}
            </Button>
          ) : (
            onRetry !== undefined && (
              <Button variant="default" onClick={onRetry}>
                {say('fault.retry')}
              </Button>
            )
          )
        }
      >
        {reasons.map(sentence).join('. ')}
        {reference !== undefined && say('fault.reference', { reference })}
      </Empty>
    </div>
  )
}
