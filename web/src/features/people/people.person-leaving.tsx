import type { PersonView } from '@evenkeel/contract/people'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { RowsToCome, Section } from '../../ui/settings-page.tsx'
import { peopleKey, personUseQuery, rolesKey, teamsKey } from './people.api.ts'
import classes from './people.module.css'

/** Deactivating and coming back; what it will do is read before it is done. */
export const PersonLeaving = ({ person }: { readonly person: PersonView }) => {
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const turn = async (isActive: boolean): Promise<void> => {
    try {
      await client.editPerson({ params: { id: person.id }, body: { isActive }, version: person.version })
    } finally {
      await Promise.all(
        [peopleKey, rolesKey, teamsKey].map((queryKey) => queries.invalidateQueries({ queryKey })),
      )
    }
  }
  const back = useMutation({ mutationFn: () => turn(true) })
  return (
    <Section title={person.isActive ? say('people.leaving') : say('people.gone')}>
      <div className={classes['row']}>
        <p className={classes['quiet']}>
          {person.isActive ? say('people.leavingText') : say('people.goneText')}
        </p>
        {person.isActive ? (
          <Button variant="default" onClick={() => setAsking(true)}>
            {say('people.deactivate')}
          </Button>
        ) : (
          <Button variant="default" loading={back.isPending} onClick={() => back.mutate()}>
            {say('people.reactivate')}
          </Button>
        )}
      </div>
      {back.isError && <Fault error={back.error} />}
      {asking && (
        <FormDialog
          title={say('people.deactivateTitle', { name: person.name })}
          submit={say('people.deactivate')}
          onClose={() => setAsking(false)}
          onSubmit={() => turn(false)}
        >
          <Consequences person={person} />
        </FormDialog>
      )}
    </Section>
  )
}

const Consequences = ({ person }: { readonly person: PersonView }) => {
  const use = useQuery(personUseQuery(person.id))
  if (use.isError) return <Fault error={use.error} onRetry={() => void use.refetch()} />
  if (use.data === undefined) return <RowsToCome rows={3} />
  const { sessions, keys, reasons } = use.data
  return (
    <>
      <p className={classes['text']}>{say('people.willHappen')}</p>
      <ul className={classes['consequences']}>
        {sessions > 0 && <li>{say('people.sessionsEnd', { count: sessions })}</li>}
        {keys > 0 && <li>{say('people.keysEnd', { count: keys })}</li>}
        <li>{say('people.noSignIn')}</li>
      </ul>
      {reasons.length > 0 && (
        <>
          <p className={classes['text']}>{say('people.takeOver')}</p>
          <ul className={classes['consequences']}>
            {reasons.map((reason) => (
              <li key={reason}>{sentence(reason)}.</li>
            ))}
          </ul>
        </>
      )}
      <p className={classes['quiet']}>{say('people.stays')}</p>
    </>
  )
}
