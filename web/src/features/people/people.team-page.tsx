import type { EditTeam, TeamView } from '@evenkeel/contract/people'
import { Button, Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault, FaultPage, sentence } from '../../ui/fault.tsx'
import { PlainTable, RowButton, rowAbove, rowHint, rowLink } from '../../ui/plain-table.tsx'
import { RetireLine } from '../../ui/retire-line.tsx'
import { Fact, Facts, Nothing, RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { calendarsQuery, peopleKey, teamQuery, teamsKey, teamUseQuery } from './people.api.ts'
import classes from './people.module.css'

const route = getRouteApi('/shell/admin/teams/$id')

/** One team: when it works, who is in it, and what it is needed for. */
export const TeamPage = () => {
  const { id } = route.useParams()
  const team = useQuery(teamQuery(id))
  if (team.isError && team.data === undefined)
    return <FaultPage error={team.error} onRetry={() => void team.refetch()} />
  const back = <Link to="/admin/teams">{say('teams.title')}</Link>
  if (team.data === undefined)
    return (
      <SettingsPage title={say('teams.one')} back={back}>
        <RowsToCome rows={6} />
      </SettingsPage>
    )
  const editable = team.data.allowed.includes('team.manage')
  return (
    <SettingsPage
      key={id}
      title={team.data.name}
      back={back}
      tags={!team.data.isActive && <Tag tone="low">{say('form.retired')}</Tag>}
      actions={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/incidents" search={{ q: `team:"${team.data.name}"` }} {...props} />
          )}
        >
          {say('teams.incidents')}
        </Button>
      }
    >
      <TeamFacts team={team.data} editable={editable} />
      <Members team={team.data} editable={editable} />
      {editable && <Retiring team={team.data} />}
    </SettingsPage>
  )
}

const useSave = (team: TeamView) => {
  const queries = useQueryClient()
  return async (body: EditTeam): Promise<void> => {
    try {
      await client.editTeam({ params: { id: team.id }, body, version: team.version })
    } finally {
      await Promise.all([teamsKey, peopleKey].map((queryKey) => queries.invalidateQueries({ queryKey })))
    }
  }
}

const TeamFacts = ({ team, editable }: { readonly team: TeamView; readonly editable: boolean }) => {
  const save = useSave(team)
  const calendars = useQuery(calendarsQuery)
  const hours = team.calendar === '' ? say('teams.always') : team.calendar
  return (
    <Section title={say('people.facts')}>
      <Facts>
        <Fact name={say('teams.name')}>
          <EditableText
            label={say('teams.name')}
            value={team.name}
            editable={editable}
            required
            maxLength={120}
            onSave={(name) => save({ name })}
          >
            {team.name}
          </EditableText>
        </Fact>
        <Fact name={say('form.description')}>
          <EditableText
            label={say('form.description')}
            value={team.description}
            editable={editable}
            multiline
            maxLength={500}
            onSave={(description) => save({ description })}
          >
            {team.description === '' ? say('edit.empty') : team.description}
          </EditableText>
        </Fact>
        <Fact name={say('teams.hours')}>
          <Choice
            label={say('teams.hours')}
            value={team.calendar === '' ? null : team.calendar}
            nothing={say('teams.always')}
            options={(calendars.data ?? []).map(({ name }) => ({ value: name, label: name }))}
            editable={editable}
            onChoose={(calendar) => save({ calendar: calendar ?? '' })}
          >
            {hours}
          </Choice>
        </Fact>
      </Facts>
    </Section>
  )
}

const Members = ({ team, editable }: { readonly team: TeamView; readonly editable: boolean }) => {
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const change = async (run: () => Promise<unknown>): Promise<void> => {
    setError(undefined)
    try {
      await run()
    } catch (failure) {
      setError(failure)
    } finally {
      await Promise.all([teamsKey, peopleKey].map((queryKey) => queries.invalidateQueries({ queryKey })))
    }
  }
  return (
    <Section title={say('teams.members')} lead={say('teams.membersLead')} flush>
      {team.members.length === 0 && <Nothing>{say('teams.noMembers')}</Nothing>}
      {team.members.length > 0 && (
        <PlainTable<TeamView['members'][number]>
          label={say('teams.members')}
          rows={team.members}
          keyOf={({ id }) => id}
          quiet={({ isActive }) => !isActive}
          columns={[
            {
              id: 'name',
              title: say('people.name'),
              render: ({ id, name, title, isActive }) => (
                <>
                  <Link to="/admin/people/$id" params={{ id }} className={rowLink}>
                    <Person name={name} />
                  </Link>{' '}
                  {!isActive && <Tag tone="low">{say('people.inactive')}</Tag>}
                  {title !== '' && <span className={rowHint}>{title}</span>}
                </>
              ),
            },
            {
              id: 'lead',
              title: say('teams.lead'),
              render: ({ id, name, isLead }) =>
                editable ? (
                  <span className={rowAbove}>
                    <Switch
                      size="sm"
                      aria-label={say('teams.leadNamed', { name })}
                      checked={isLead}
                      onChange={(event) => {
                        const lead = event.currentTarget.checked
                        void change(() =>
                          client.setTeamMember({
                            params: { id: team.id, personId: id },
                            body: { isLead: lead },
                          }),
                        )
                      }}
                    />
                  </span>
                ) : (
                  isLead && <Tag tone="accent">{say('teams.lead')}</Tag>
                ),
            },
            {
              id: 'remove',
              title: say('teams.remove'),
              shown: editable,
              hiddenTitle: true,
              align: 'end',
              render: ({ id, name }) => (
                <RowButton
                  label={say('teams.removeNamed', { name })}
                  onPress={() =>
                    void change(() => client.removeTeamMember({ params: { id: team.id, personId: id } }))
                  }
                >
                  {say('teams.remove')}
                </RowButton>
              ),
            },
          ]}
        />
      )}
      {editable && (
        <div className={classes['add']}>
          <PersonPicker
            label={say('teams.addMember')}
            value={null}
            editable
            onChoose={async (person) => {
              if (person !== null)
                await change(() =>
                  client.setTeamMember({
                    params: { id: team.id, personId: person.id },
                    body: { isLead: false },
                  }),
                )
            }}
          >
            <span className={classes['addButton']}>
              <UserPlus size={16} aria-hidden /> {say('teams.addMember')}
            </span>
          </PersonPicker>
        </div>
      )}
      {error !== undefined && <Fault error={error} />}
    </Section>
  )
}

const Retiring = ({ team }: { readonly team: TeamView }) => {
  const save = useSave(team)
  const use = useQuery({ ...teamUseQuery(team.id), enabled: team.isActive })
  const reasons = team.isActive ? (use.data?.reasons ?? []) : []
  return (
    <Section title={team.isActive ? say('teams.retiring') : say('form.retired')}>
      <RetireLine
        isActive={team.isActive}
        held={reasons.length > 0}
        onTurn={() => save({ isActive: !team.isActive })}
      >
        {team.isActive
          ? reasons.length > 0
            ? say('teams.inUse')
            : say('teams.retireText')
          : say('teams.retiredText')}
        {reasons.length > 0 && (
          <ul className={classes['consequences']}>
            {reasons.map((reason) => (
              <li key={reason}>{sentence(reason)}.</li>
            ))}
          </ul>
        )}
      </RetireLine>
    </Section>
  )
}
