import type { IncidentView, Priority } from '@evenkeel/contract/incident'
import { Button, Popover, Select, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { isOwnWrite } from '../../parts/own-writes.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { Fault, sentence } from '../../ui/fault.tsx'
import { Fresh } from '../../ui/fresh.tsx'
import { useKeys } from '../../ui/keys.ts'
import { command } from './incident.api.ts'
import { Fact, Why } from './incident.fact.tsx'
import { press } from '../../ui/press.ts'
import classes from './incident.facts.module.css'

const priorities = [1, 2, 3, 4, 5] as const satisfies readonly Priority[]
const priorityName = (priority: Priority): string =>
  say('priority.tag', { number: String(priority), name: say(`priority.${priority}`) })

/** Where `p` goes when the priority itself is not this person's to set: what it is computed from. */
export const impactId = 'impact'

/** The priority with the sentence behind it; whoever has the right sets another one, and says why. */
export const PriorityFact = ({ incident }: { readonly incident: IncidentView }) => {
  const may = incident.allowed.includes('incident.override_priority')
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const shown = (
    <Fresh watch={incident.priority} quiet={isOwnWrite(incident.id, incident.version)}>
      <PriorityTag priority={incident.priority} />
    </Fresh>
  )
  useKeys(
    may || incident.allowed.includes('incident.edit')
      ? [
          {
            keys: 'p',
            group: say('keys.record'),
            does: say('keys.priority'),
            run: () => press(may ? button.current : document.getElementById(impactId)),
          },
        ]
      : [],
  )
  return (
    <Fact name={say('field.priority')}>
      {may ? (
        <Popover
          opened={opened}
          onChange={setOpened}
          width={320}
          position="bottom-start"
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <button
              ref={button}
              type="button"
              className={classes['press']}
              onClick={() => setOpened(!opened)}
            >
              <span className="visually-hidden">{say('edit.choose', { field: say('field.priority') })} </span>
              {shown}
            </button>
          </Popover.Target>
          <Popover.Dropdown aria-label={say('field.priority')}>
            <Override incident={incident} onDone={() => setOpened(false)} />
          </Popover.Dropdown>
        </Popover>
      ) : (
        shown
      )}
      <Why label={say('incident.whyPriority')}>
        <p className={classes['sentence']}>{sentence(incident.priorityReason)}</p>
        {incident.overrideReason !== null && <p className={classes['source']}>{incident.overrideReason}</p>}
      </Why>
    </Fact>
  )
}

const Override = ({ incident, onDone }: { readonly incident: IncidentView; readonly onDone: () => void }) => {
  const queries = useQueryClient()
  const [priority, setPriority] = useState<Priority>(incident.priority)
  const [reason, setReason] = useState('')
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const overridden = incident.overrideReason !== null
  const ready = reason.trim().length >= 3
  const set = async (wish: Priority | null): Promise<void> => {
    if (!ready) return
    setRunning(true)
    setError(undefined)
    try {
      await command(
        queries,
        incident,
        (seen) =>
          client.overrideIncidentPriority({ ...seen, body: { priority: wish, reason: reason.trim() } }),
        { priority: wish ?? incident.computedPriority },
      )
      onDone()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        void set(priority)
      }}
    >
      <Select
        label={say('field.priority')}
        data={priorities.map((one) => ({ value: String(one), label: priorityName(one) }))}
        value={String(priority)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data-autofocus
        onChange={(value) => setPriority(priorities.find((one) => String(one) === value) ?? priority)}
      />
      <Textarea
        label={say('incident.overrideReason')}
        description={say('incident.overrideReaders', { computed: priorityName(incident.computedPriority) })}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {error !== undefined && <Fault error={error} kept={say('edit.kept')} />}
      <div className={classes['formButtons']}>
        {overridden && (
          <Button size="compact-md" variant="default" disabled={!ready} onClick={() => void set(null)}>
            {say('incident.useComputed')}
          </Button>
        )}
        <Button
          type="submit"
          size="compact-md"
          loading={running}
          disabled={!ready || (priority === incident.priority && !overridden)}
        >
          {say('incident.override')}
        </Button>
      </div>
    </form>
  )
}
