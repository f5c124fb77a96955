import type { PersonView } from '@evenkeel/contract/people'
import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { mayAtAll, sessionQuery, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable, RowButton, rowHint, rowLink } from '../../ui/plain-table.tsx'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { peopleKey, rolesKey, rolesQuery, teamsKey, teamsQuery } from './people.api.ts'
import classes from './people.module.css'

/** What they may do: roles, teams, and the way to ask why. */
export const PersonAccess = ({ person }: { readonly person: PersonView }) => {
  const me = useMe()
  const mayExplain = mayAtAll(me, 'access.explain') || person.id === me.person.id
  return (
    <>
      {person.roles !== null && (
        <Roles
          person={person}
          roles={person.roles}
          actions={
            mayExplain && (
              <Button
                size="compact-md"
                variant="default"
                renderRoot={(props) => <Link to="/admin/access" search={{ person: person.id }} {...props} />}
              >
                {say('access.explainPerson')}
              </Button>
            )
          }
        />
      )}
      <Teams person={person} />
    </>
  )
}

/** Runs one change and says what refused it; everything that shows people, roles or teams is asked again. */
const useChange = () => {
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const [running, setRunning] = useState<string | null>(null)
  const change = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    setError(undefined)
    setRunning(name)
    try {
      await run()
    } catch (failure) {
      setError(failure)
    } finally {
      await Promise.all(
        [peopleKey, rolesKey, teamsKey, sessionQuery.queryKey].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      )
      setRunning(null)
    }
  }
  return { error, running, change }
}

const Roles = ({
  person,
  roles,
  actions,
}: {
  readonly person: PersonView
  readonly roles: NonNullable<PersonView['roles']>
  readonly actions: ReactNode
}) => {
  const all = useQuery(rolesQuery)
  const { error, running, change } = useChange()
  const editable = person.allowed.includes('role.manage')
  const held = new Set(roles.map(({ id }) => id))
  const offered = (all.data?.rows ?? []).filter(({ id }) => !held.has(id))
  return (
    <Section title={say('people.roles')} lead={say('people.rolesLead')} actions={actions} flush>
      {roles.length === 0 && <Nothing>{say('people.noRoles')}</Nothing>}
      {roles.length > 0 && (
        <PlainTable
          label={say('people.roles')}
          rows={roles}
          keyOf={({ id }) => id}
          columns={[
            {
              id: 'name',
              title: say('people.role'),
              render: ({ id, name }) => (
                <>
                  <Link to="/admin/roles/$id" params={{ id }} className={rowLink}>
                    {name}
                  </Link>
                  <span className={rowHint}>{all.data?.rows.find((row) => row.id === id)?.description}</span>
                </>
              ),
            },
            {
              id: 'take',
              title: say('people.takeRole'),
              shown: editable,
              hiddenTitle: true,
              align: 'end',
              render: ({ id, name }) => (
                <RowButton
                  running={running === id}
                  label={say('people.takeRoleNamed', { role: name })}
                  onPress={() =>
                    void change(id, () =>
                      withProof(() => client.takeRole({ params: { id: person.id, roleId: id } })),
                    )
                  }
                >
                  {say('people.takeRole')}
                </RowButton>
              ),
            },
          ]}
        />
      )}
      {editable && (
        <div className={classes['add']}>
          <Select
            aria-label={say('people.giveRole')}
            placeholder={say('people.giveRole')}
            data={offered.map(({ id, name }) => ({ value: id, label: name }))}
            value={null}
            searchable
            disabled={running !== null}
            nothingFoundMessage={say('edit.nothingFound')}
            onChange={(roleId) => {
              if (roleId !== null)
                void change('give', () =>
                  withProof(() => client.giveRole({ params: { id: person.id, roleId } })),
                )
            }}
          />
        </div>
      )}
      {error !== undefined && <Fault error={error} />}
    </Section>
  )
}

const Teams = ({ person }: { readonly person: PersonView }) => {
  const me = useMe()
  const all = useQuery(teamsQuery)
  const { error, running, change } = useChange()
  const held = new Set(person.teams.map(({ id }) => id))
  const offered = (all.data?.rows ?? []).filter(({ id, isActive }) => isActive && !held.has(id))
  const editable = mayAtAll(me, 'team.manage')
  return (
    <Section title={say('people.teams')} lead={say('people.teamsLead')} flush>
      {person.teams.length === 0 && <Nothing>{say('people.noTeams')}</Nothing>}
      {person.teams.length > 0 && (
        <PlainTable
          label={say('people.teams')}
          rows={person.teams}
          keyOf={({ id }) => id}
          columns={[
            {
              id: 'name',
              title: say('people.team'),
              render: ({ id, name, isLead }) => (
                <>
                  <Link to="/admin/teams/$id" params={{ id }} className={rowLink}>
                    {name}
                  </Link>{' '}
                  {isLead && <Tag tone="accent">{say('teams.lead')}</Tag>}
                </>
              ),
            },
            {
              id: 'leave',
              title: say('teams.remove'),
              shown: editable,
              hiddenTitle: true,
              align: 'end',
              render: ({ id, name }) => (
                <RowButton
                  running={running === id}
                  label={say('teams.removeNamed', { name })}
                  onPress={() =>
                    void change(id, () => client.removeTeamMember({ params: { id, personId: person.id } }))
                  }
                >
                  {say('teams.remove')}
                </RowButton>
              ),
            },
          ]}
        />
      )}
      {editable && person.isActive && (
        <div className={classes['add']}>
          <Select
            aria-label={say('people.addToTeam')}
            placeholder={say('people.addToTeam')}
            data={offered.map(({ id, name }) => ({ value: id, label: name }))}
            value={null}
            searchable
            disabled={running !== null}
            nothingFoundMessage={say('edit.nothingFound')}
            onChange={(id) => {
              if (id !== null)
                void change('join', () =>
                  client.setTeamMember({ params: { id, personId: person.id }, body: { isLead: false } }),
                )
            }}
          />
        </div>
      )}
      {error !== undefined && <Fault error={error} />}
    </Section>
  )
}
