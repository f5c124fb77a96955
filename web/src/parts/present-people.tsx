import { Tooltip } from '@mantine/core'
import PenLine from 'lucide-react/icons/pen-line'
import { type Ref, useImperativeHandle, useState } from 'react'
import { say } from '../language/say.ts'
import { Initials } from './person.tsx'
import { usePresence } from './presence.ts'
import classes from './present-people.module.css'

const mostShown = 4

export type PresenceHandle = {
  /** Tells the others whether something is being written here; nothing else on the page is drawn anew for it. */
  readonly write: (writing: boolean) => void
}

/** Who else is here, quietly: initials, a name on hover, and a word about who writes. */
export const PresentPeople = ({
  recordId,
  me,
  handle,
}: {
  readonly recordId: string
  readonly me: string
  readonly handle: Ref<PresenceHandle>
}) => {
  const [writing, setWriting] = useState(false)
  const people = usePresence(recordId, writing, me)
  useImperativeHandle(handle, () => ({ write: setWriting }), [])
  if (people.length === 0) return null
  const writers = people.filter(({ writing }) => writing)
  const [first] = writers
  return (
    <ul className={classes['people']} aria-label={say('presence.title')}>
      {people.slice(0, mostShown).map((person) => {
        const words = say('presence.person', {
          name: person.name,
          doing: person.writing ? 'writing' : 'reading',
        })
        return (
          <li key={person.id} data-writing={person.writing || undefined} className={classes['person']}>
            <Tooltip label={words}>
              <span>
                <Initials name={person.name} size={24} />
              </span>
            </Tooltip>
            <span className="visually-hidden">{words}</span>
          </li>
        )
      })}
      {people.length > mostShown && <li className={classes['more']}>+{people.length - mostShown}</li>}
      {first !== undefined && (
        <li className={classes['writing']} aria-hidden>
          <PenLine size={12} />
          <span className={classes['writer']}>
            {say('presence.writing', { name: first.name, count: writers.length })}
          </span>
        </li>
      )}
    </ul>
  )
}
