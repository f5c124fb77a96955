import type { TeamsReport } from '@evenkeel/contract/incident-report'
import { say } from '../../language/say.ts'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { Bar, Figure, IncidentName, ReportTable } from './report.figures.tsx'
import classes from './report.module.css'

type Row = TeamsReport['teams'][number]

/** How long incidents were with each team, and what was handed around. */
export const TeamTables = ({
  report: { teams, bounced },
  filterFor,
}: {
  readonly report: TeamsReport
  readonly filterFor: (field: 'was_with' | 'given_away' | 'came_back', team: Row['team']) => string
}) => {
  const most = Math.max(1, ...teams.map(({ minutes }) => minutes))
  return (
    <>
      <Section title={say('report.perTeam')} lead={say('report.perTeamText')} flush>
        <ReportTable
          label={say('report.perTeam')}
          headings={[
            { title: say('field.team'), isText: true },
            { title: say('report.incidents') },
            { title: say('report.time') },
            { title: say('report.givenAway') },
            { title: say('report.cameBack') },
          ]}
        >
          {teams.map((row) => {
            const name = row.team.name
            const had = filterFor('was_with', row.team)
            return (
              <tr key={row.team.id}>
                <th scope="row">{name}</th>
                <td>
                  <Figure value={row.incidents} q={had} what={`${name}, ${say('report.incidents')}`} />
                </td>
                <td>
                  <span className={classes['measure']}>
                    <Bar value={row.minutes} most={most} />
                    <Figure
                      value={row.minutes}
                      unit="minutes"
                      q={had}
                      what={`${name}, ${say('report.time')}`}
                    />
                  </span>
                </td>
                <td>
                  <Figure
                    value={row.givenAway}
                    q={filterFor('given_away', row.team)}
                    what={`${name}, ${say('report.givenAway')}`}
                  />
                </td>
                <td>
                  <Figure
                    value={row.cameBack}
                    q={filterFor('came_back', row.team)}
                    what={`${name}, ${say('report.cameBack')}`}
                  />
                </td>
              </tr>
            )
          })}
        </ReportTable>
      </Section>
      <Section title={say('report.bounced')} lead={say('report.bouncedText')} flush>
        {bounced.length === 0 ? (
          <Nothing>{say('report.bouncedNone')}</Nothing>
        ) : (
          <ReportTable
            label={say('report.bounced')}
            headings={[
              { title: say('incident.one'), isText: true },
              { title: say('report.backAndForth') },
              { title: say('report.away') },
            ]}
          >
            {bounced.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <IncidentName incident={one} />
                </th>
                <td>{one.bounces}</td>
                <td>
                  <Figure
                    value={one.minutesAway}
                    unit="minutes"
                    q={`number:${one.number}`}
                    what={`${one.number}, ${say('report.away')}`}
                  />
                </td>
              </tr>
            ))}
          </ReportTable>
        )}
      </Section>
    </>
  )
}
