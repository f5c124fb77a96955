import { Tooltip } from '@mantine/core'
import PenLine from 'lucide-react/icons/pen-line'
import type { Presence } from '@evenkeel/contract/live'
import { say } from '../language/say.ts'
import { Initials } from './person.tsx'
import classes from './present-people.module.css'

const mostShown = 4

/** Who else is here, quietly: initials, a name on hover, and a word about who writes. */
export const PresentPeople = ({ people }: { readonly people: Presence['people'] }) => {
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
