import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core'
import History from 'lucide-react/icons/history'
import { useId, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute, instantOf, wallOf } from '../../language/time.ts'
import type { TimesSearch } from './item.search.ts'
import classes from './item.times.module.css'

type Belief = 'then' | 'today' | 'other'
const beliefs = ['then', 'today', 'other'] as const

/** What the two times say, in a sentence; empty for now. */
export const timesSentence = ({ at, known }: TimesSearch): string => {
  const zone = readerZone()
  if (at === undefined)
    return known === undefined ? '' : say('times.knownOnly', { known: absolute(known, zone) })
  if (known === undefined) return say('times.asKnownToday', { at: absolute(at, zone) })
  return known === at
    ? say('times.asKnownThen', { at: absolute(at, zone) })
    : say('times.asKnownAt', { at: absolute(at, zone), known: absolute(known, zone) })
}

/** Chooses the two times of a question: when it was so, and when we knew it. */
export const TimesControl = ({
  times,
  onChange,
}: {
  readonly times: TimesSearch
  readonly onChange: (times: TimesSearch) => void
}) => {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<History size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {times.at === undefined && times.known === undefined ? say('times.now') : say('times.other')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={say('times.title')}>
        {opened && (
          <TimesForm
            times={times}
            onChange={(next) => {
              onChange(next)
              setOpened(false)
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

const TimesForm = ({
  times: { at, known },
  onChange,
}: {
  readonly times: TimesSearch
  readonly onChange: (times: TimesSearch) => void
}) => {
  const { timeZone } = readerZone()
  const questionId = useId()
  const [begun] = useState(() => Date.now())
  const [wall, setWall] = useState(() => wallOf(at ?? begun, timeZone))
  const [belief, setBelief] = useState<Belief>(
    known === undefined ? (at === undefined ? 'then' : 'today') : known === at ? 'then' : 'other',
  )
  const [knownWall, setKnownWall] = useState(() => wallOf(known ?? at ?? begun, timeZone))
  const isTime = (text: string): boolean => text !== '' && !Number.isNaN(Date.parse(`${text}Z`))
  const ready = isTime(wall) && (belief !== 'other' || isTime(knownWall))
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        const instant = instantOf(wall, timeZone)
        const then =
          belief === 'then' ? instant : belief === 'other' ? instantOf(knownWall, timeZone) : undefined
        onChange({ at: instant, ...(then === undefined ? {} : { known: then }) })
      }}
    >
      <TextInput
        type="datetime-local"
        label={say('times.trueAt')}
        value={wall}
        data-autofocus
        onChange={(event) => setWall(event.currentTarget.value)}
      />
      <div>
        <div id={questionId} className={classes['label']}>
          {say('times.question')}
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={questionId}
          data={beliefs.map((value) => ({ value, label: say(`times.belief.${value}`) }))}
          value={belief}
          onChange={(value) => setBelief(beliefs.find((one) => one === value) ?? 'then')}
        />
        <p className={classes['hint']}>{say(`times.hint.${belief}`)}</p>
      </div>
      {belief === 'other' && (
        <TextInput
          type="datetime-local"
          label={say('times.knownAt')}
          value={knownWall}
          onChange={(event) => setKnownWall(event.currentTarget.value)}
        />
      )}
      <div className={classes['buttons']}>
        {(at !== undefined || known !== undefined) && (
          <Button variant="default" onClick={() => onChange({})}>
            {say('times.backToNow')}
          </Button>
        )}
        <Button type="submit" disabled={!ready}>
          {say('times.show')}
        </Button>
      </div>
    </form>
  )
}

/** Above a page that shows another time: said plainly, with the way back. */
export const TimesBanner = ({
  times,
  onNow,
}: {
  readonly times: TimesSearch
  readonly onNow: () => void
}) => {
  const sentence = timesSentence(times)
  if (sentence === '') return null
  return (
    <div className={classes['banner']} role="status">
      <History size={16} aria-hidden />
      <span className={classes['sentence']}>
        <strong>{sentence}</strong> {say('times.readOnly')}
      </span>
      <Button size="compact-sm" variant="default" onClick={onNow}>
        {say('times.backToNow')}
      </Button>
    </div>
  )
}
