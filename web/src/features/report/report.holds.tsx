import type { HoldsReport } from '@evenkeel/contract/incident-report'
import { readerZone, say } from '../../language/say.ts'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { Bar, Figure, IncidentName, ReportTable } from './report.figures.tsx'
import classes from './report.module.css'

type Held = Pick<HoldsReport, 'holds' | 'minutes' | 'silentMinutes' | 'incidents' | 'silentIncidents'>

/** What one filter takes; the server names no more. */
const mostNamed = 200
const numbersIn = (numbers: readonly string[]): string => `number:${numbers.join(',')}`

const percent = (part: number, whole: number): string =>
  new Intl.NumberFormat(readerZone().language, { style: 'percent', maximumFractionDigits: 0 }).format(
    whole === 0 ? 0 : part / whole,
  )

/** How long things waited, and for how much of it nobody wrote to the caller. */
export const HoldTables = ({ report }: { readonly report: HoldsReport }) => {
  const { reasons, teams, silent } = report
  if (report.holds === 0)
    return (
      <Section title={say('report.perReason')} flush>
        <Nothing>{say('report.holdsNone')}</Nothing>
      </Section>
    )
  return (
    <>
      <p className={classes['sum']}>
        {say('report.holdsSum', {
          holds: report.holds,
          part: percent(report.silentMinutes, report.minutes),
        })}
      </p>
      <Sums
        title={say('report.perReason')}
        first={say('report.reason')}
        rows={reasons.map((row) => ({ ...row, key: row.reason, name: say(`incident.hold.${row.reason}`) }))}
      />
      <Sums
        title={say('report.holdsPerTeam')}
        lead={say('report.holdsPerTeamText')}
        first={say('field.team')}
        rows={teams.map((row) => ({ ...row, key: row.team.id, name: row.team.name }))}
      />
      <Section title={say('report.silent')} lead={say('report.silentText')} flush>
        {silent.length === 0 ? (
          <Nothing>{say('report.silentNone')}</Nothing>
        ) : (
          <ReportTable
            label={say('report.silent')}
            headings={[
              { title: say('incident.one'), isText: true },
              { title: say('report.time') },
              { title: say('report.silentTime') },
            ]}
          >
            {silent.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <IncidentName incident={one} />
                </th>
                {([one.minutes, one.silentMinutes] as const).map((minutes, at) => (
                  <td key={at === 0 ? 'all' : 'silent'}>
                    <Figure
                      value={minutes}
                      unit="minutes"
                      q={numbersIn([one.number])}
                      what={`${one.number}, ${say(at === 0 ? 'report.time' : 'report.silentTime')}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </ReportTable>
        )}
      </Section>
    </>
  )
}

const Sums = ({
  title,
  lead,
  first,
  rows,
}: {
  readonly title: string
  readonly lead?: string
  readonly first: string
  readonly rows: readonly (Held & { readonly key: string; readonly name: string })[]
}) => {
  const most = Math.max(1, ...rows.map(({ minutes }) => minutes))
  return (
    <Section title={title} {...(lead === undefined ? {} : { lead })} flush>
      <ReportTable
        label={title}
        headings={[
          { title: first, isText: true },
          { title: say('report.times') },
          { title: say('report.time') },
          { title: say('report.silentTime') },
        ]}
      >
        {rows.map((row) => {
          const capped = row.incidents.length === mostNamed
          const all = numbersIn(row.incidents)
          return (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              <td>
                <Figure
                  value={row.holds}
                  q={all}
                  capped={capped}
                  what={`${row.name}, ${say('report.times')}`}
                />
              </td>
              <td>
                <span className={classes['measure']}>
                  <Bar value={row.minutes} part={row.silentMinutes} most={most} />
                  <Figure
                    value={row.minutes}
                    unit="minutes"
                    q={all}
                    capped={capped}
                    what={`${row.name}, ${say('report.time')}`}
                  />
                </span>
              </td>
              <td>
                <Figure
                  value={row.silentMinutes}
                  unit="minutes"
                  q={numbersIn(row.silentIncidents)}
                  capped={row.silentIncidents.length === mostNamed}
                  what={`${row.name}, ${say('report.silentTime')}`}
                />
              </td>
            </tr>
          )
        })}
      </ReportTable>
    </Section>
  )
}
