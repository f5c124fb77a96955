import type { IncidentView } from '@evenkeel/contract/incident'
import type { PersonRef } from '@evenkeel/contract/record'
import { useQueryClient } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Person } from '../../parts/person.tsx'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { command } from './incident.api.ts'
import { Fact, WordButton } from './incident.fact.tsx'
import classes from './incident.facts.module.css'

type Props = {
  readonly label: string
  readonly people: readonly PersonRef[]
  /** All of them, also those that are not listed here. */
  readonly count: number
  readonly editable: boolean
  readonly joined: boolean
  readonly mayJoin: boolean
  readonly mayLeave: boolean
  readonly join: string
  readonly leave: string
  readonly addLabel: string
  readonly removeLabel: (name: string) => string
  readonly onAdd: (person: PersonRef) => Promise<void>
  readonly onRemove: (person: PersonRef) => Promise<void>
}

const few = 5

/** People who follow an incident: listed, added, removed; and oneself with one press. */
const People = (props: Props) => {
  const me = useMe()
  const [all, setAll] = useState(false)
  const [error, setError] = useState<unknown>()
  const others = props.people.filter(({ id }) => id !== me.person.id)
  const shown = all ? others : others.slice(0, few)
  const hidden = props.count - shown.length - (props.joined ? 1 : 0)
  const doing = (work: Promise<void>): void => {
    setError(undefined)
    work.catch(setError)
  }
  const self = { id: me.person.id, name: me.person.name }
  const mayAdd = props.editable && mayAtAll(me, 'person.read')
  const mayTurn = props.joined ? props.mayLeave : props.mayJoin
  return (
    <div className={classes['people']}>
      {(props.joined || shown.length > 0) && (
        <ul className={classes['personRows']} aria-label={props.label}>
          {props.joined && (
            <li className={classes['personRow']}>
              <Person name={say('incident.me')} />
            </li>
          )}
          {shown.map((person) => (
            <li key={person.id} className={classes['personRow']}>
              <Person name={person.name} />
              {props.editable && (
                <SmallButton
                  label={props.removeLabel(person.name)}
                  onClick={() => doing(props.onRemove(person))}
                >
                  <X size={12} aria-hidden />
                </SmallButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {!props.joined && shown.length === 0 && !mayTurn && !mayAdd && (
        <span className={classes['none']}>{say('edit.empty')}</span>
      )}
      <div className={classes['peopleActions']}>
        {hidden > 0 && (
          <WordButton onClick={() => setAll(true)}>
            {say('incident.morePeople', { count: hidden })}
          </WordButton>
        )}
        {mayTurn && (
          <WordButton
            pressed={props.joined}
            onClick={() => doing(props.joined ? props.onRemove(self) : props.onAdd(self))}
          >
            {props.joined ? props.leave : props.join}
          </WordButton>
        )}
        {mayAdd && (
          <PersonPicker
            label={props.addLabel}
            value={null}
            editable
            onChoose={(person) => (person === null ? Promise.resolve() : props.onAdd(person))}
          >
            <span className={classes['add']}>
              <Plus size={12} aria-hidden /> {say('incident.addPerson')}
            </span>
          </PersonPicker>
        )}
      </div>
      {error !== undefined && <Fault error={error} />}
    </div>
  )
}

export const Watchers = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const change = (person: PersonRef, watches: boolean): Promise<void> => {
    const mine = person.id === me.person.id
    return command(
      queries,
      incident,
      async ({ params }) => {
        if (watches) await client.watchIncident({ params, body: mine ? {} : { personId: person.id } })
        else await client.unwatchIncident({ params: { ...params, personId: person.id } })
        return undefined
      },
      {
        ...(mine ? { watching: watches } : {}),
        watchers: [...incident.watchers.filter(({ id }) => id !== person.id), ...(watches ? [person] : [])],
      },
    )
  }
  const mayWatch = incident.allowed.includes('incident.watch')
  if (!mayWatch && incident.watchers.length === 0) return null
  return (
    <Fact name={say('field.watchers')}>
      <People
        label={say('field.watchers')}
        people={incident.watchers}
        count={incident.watchers.length}
        editable={mayWatch && incident.allowed.includes('incident.edit')}
        joined={incident.watching}
        mayJoin={mayWatch}
        mayLeave={mayWatch}
        join={say('incident.watch')}
        leave={say('incident.unwatch')}
        addLabel={say('incident.addWatcher')}
        removeLabel={(name) => say('incident.removeWatcher', { name })}
        onAdd={(person) => change(person, true)}
        onRemove={(person) => change(person, false)}
      />
    </Fact>
  )
}

export const Affected = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { affected } = incident
  const change = (person: PersonRef, joins: boolean): Promise<void> => {
    const mine = person.id === me.person.id
    return command(
      queries,
      incident,
      async ({ params }) => {
        if (joins) await client.addAffected({ params, body: mine ? {} : { personId: person.id } })
        else await client.removeAffected({ params: { ...params, personId: person.id } })
        return undefined
      },
      {
        affected: {
          includesMe: mine ? joins : affected.includesMe,
          count: affected.count + (joins ? 1 : -1),
          people: [...affected.people.filter(({ id }) => id !== person.id), ...(joins ? [person] : [])],
        },
      },
    )
  }
  const mayJoin = incident.allowed.includes('incident.affected') && incident.requester.id !== me.person.id
  if (affected.count === 0 && !mayJoin && !incident.allowed.includes('incident.edit')) return null
  return (
    <Fact name={say('field.affected')}>
      <People
        label={say('field.affected')}
        people={affected.people}
        count={affected.count}
        editable={
          incident.allowed.includes('incident.edit') && incident.allowed.includes('incident.affected')
        }
        joined={affected.includesMe}
        mayJoin={mayJoin}
        // Leaving gives up rights and takes none: whatever state the record is in.
        mayLeave={mayAtAll(me, 'incident.affected')}
        join={say('incident.affectsMe')}
        leave={say('incident.affectsMeNot')}
        addLabel={say('incident.addAffected')}
        removeLabel={(name) => say('incident.removeAffected', { name })}
        onAdd={(person) => change(person, true)}
        onRemove={(person) => change(person, false)}
      />
    </Fact>
  )
}
