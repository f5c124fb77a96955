import type { IncidentView, MoveIncident } from '@evenkeel/contract/incident'
import { Button, Modal, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault } from '../../ui/fault.tsx'
import classes from './portal.module.css'

/** Does it work? Yes ends it; no opens it again, with words or without. */
export const Works = ({
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

/** What is over is never opened again; what is like it is asked for anew. */
export const Again = ({ incident }: { readonly incident: IncidentView }) => (
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

/** Not needed any more. */
export const Withdraw = ({ onWithdraw }: { readonly onWithdraw: () => Promise<void> }) => {
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
    <div className={classes['aside']}>
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
    </div>
  )
}
