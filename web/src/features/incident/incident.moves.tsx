import type { IncidentAction, IncidentView, MoveIncident, OfferedMove } from '@evenkeel/contract/incident'
import { Button, Popover } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import ListTodo from 'lucide-react/icons/list-todo'
import Square from 'lucide-react/icons/square'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { faultSentence, sentence } from '../../ui/fault.tsx'
import { useActions } from '../../ui/actions.ts'
import { useKeys } from '../../ui/keys.ts'
import { press } from '../../ui/press.ts'
import { command } from './incident.api.ts'
import { MoveDialog } from './incident.move-dialog.tsx'
import { formOf, missingBeforeForm } from './incident.move-form.ts'
import classes from './incident.moves.module.css'
import { useTake } from './incident.take.ts'

/** The move that usually comes next is the filled button. */
const usual: readonly IncidentAction[] = ['start', 'resume', 'resolve', 'confirm']

/** What a move is known to do, shown before the server has said so. */
const foretold = {
  start: { state: 'in_progress' },
  resume: { state: 'in_progress', hold: null },
  confirm: { state: 'closed' },
} as const satisfies Partial<Record<IncidentAction, Partial<IncidentView>>>

const foretoldBy = (action: MoveIncident['action']): Partial<IncidentView> =>
  action === 'start' || action === 'resume' || action === 'confirm' ? foretold[action] : {}

const useMoves = (incident: IncidentView) => {
  const queries = useQueryClient()
  return (move: MoveIncident): Promise<void> =>
    command(
      queries,
      incident,
      ({ params, version }) => client.moveIncident({ params, version, body: move }),
      foretoldBy(move.action),
    )
}

/** Every move offered here: ready ones to press, the others with what is missing. */
export const Moves = ({ incident, keys }: { readonly incident: IncidentView; readonly keys: boolean }) => {
  const move = useMoves(incident)
  const [form, setForm] = useState<OfferedMove>()
  const [running, setRunning] = useState<IncidentAction>()
  const primary = usual.find((action) => incident.moves.some((offer) => offer.action === action))

  const choose = async (offer: OfferedMove): Promise<void> => {
    const { action } = offer
    if (formOf(action) !== undefined) {
      setForm(offer)
      return
    }
    if (action !== 'start' && action !== 'resume' && action !== 'confirm') return
    setRunning(action)
    try {
      await move({ action })
    } catch (error) {
      notifications.show({
        title: say('move.failed', { move: offer.label }),
        message: faultSentence(error),
        color: 'gray',
      })
    } finally {
      setRunning(undefined)
    }
  }
  useKeys(
    keys
      ? [
          {
            keys: 's',
            group: say('keys.record'),
            does: say('keys.moves'),
            run: () => document.querySelector<HTMLButtonElement>('[data-move]')?.focus(),
          },
        ]
      : [],
  )
  useActions(
    keys
      ? incident.moves.map((offer) => ({
          id: `move ${offer.action}`,
          text: offer.label,
          hint: missingBeforeForm(offer)
            .map(({ message }) => sentence(message))
            .join('. '),
          run: () => pressButton(offer.action),
        }))
      : [],
  )
  // The usual one stands last, where the eye ends and the thumb is.
  const ordered = incident.moves.toSorted(
    (a, b) => Number(a.action === primary) - Number(b.action === primary),
  )
  return (
    <>
      {ordered.map((offer) => (
        <MoveButton
          key={offer.action}
          incident={incident}
          offer={offer}
          primary={offer.action === primary}
          running={running === offer.action}
          onPress={() => void choose(offer)}
        />
      ))}
      {form !== undefined && (
        <MoveDialog incident={incident} offer={form} onMove={move} onClose={() => setForm(undefined)} />
      )}
    </>
  )
}

/** As if pressed: runs, asks, or says what is missing. */
const pressButton = (action: IncidentAction): void =>
  press(document.querySelector<HTMLButtonElement>(`[data-move="${action}"]`))

type ButtonProps = {
  readonly incident: IncidentView
  readonly offer: OfferedMove
  readonly primary: boolean
  readonly running: boolean
  readonly onPress: () => void
}

const MoveButton = ({ incident, offer, primary, running, onPress }: ButtonProps) => {
  const missing = missingBeforeForm(offer)
  const [opened, setOpened] = useState(false)
  const variant = primary ? 'filled' : 'default'
  if (missing.length === 0) {
    return (
      <Button
        size="compact-md"
        variant={variant}
        loading={running}
        onClick={onPress}
        data-move={offer.action}
      >
        {offer.label}
      </Button>
    )
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={280}
      position="bottom-end"
      withArrow
      trapFocus={false}
    >
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<ListTodo size={14} aria-hidden />}
          // Pressable: it answers with what is missing.
          className={classes['unready'] ?? ''}
          data-move={offer.action}
          aria-description={missing.map(({ message }) => sentence(message)).join('. ')}
          onClick={() => setOpened(!opened)}
        >
          {offer.label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes['lead']}>{say('move.notReady', { move: offer.label })}</p>
        <ul className={classes['missing']}>
          {missing.map((reason) => (
            <li key={reason.code}>
              <Square size={14} aria-hidden />
              {sentence(reason.message)}
            </li>
          ))}
        </ul>
        {missing.some(({ code }) => code === 'assigned') && incident.allowed.includes('incident.assign') && (
          <TakeIt incident={incident} onDone={() => setOpened(false)} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

/** The usual way to satisfy "give it to a person". */
const TakeIt = ({ incident, onDone }: { readonly incident: IncidentView; readonly onDone: () => void }) => {
  const assignToMe = useTake(incident)
  const [running, setRunning] = useState(false)
  const take = async (): Promise<void> => {
    setRunning(true)
    try {
      await assignToMe()
      onDone()
    } catch (error) {
      notifications.show({ message: faultSentence(error), color: 'gray' })
    } finally {
      setRunning(false)
    }
  }
  return (
    <Button size="compact-sm" variant="default" mt={8} loading={running} onClick={() => void take()}>
      {say('incident.assignToMe')}
    </Button>
  )
}
