import { api } from '@evenkeel/contract/api'
import { addressOf, Refused } from '@evenkeel/contract/client'
import type { HoldsReport, TeamsReport } from '@evenkeel/contract/incident-report'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import ChartColumn from 'lucide-react/icons/chart-column'
import Download from 'lucide-react/icons/download'
import { type ReactNode, useMemo } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { faultsIn } from '../../parts/filter-faults.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { UnreadFilter } from '../../parts/unread-filter.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { useNow } from '../../ui/now.ts'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { ViewLinks, viewLink } from '../../ui/view-links.tsx'
import { filterFieldsQuery, teamsQuery } from '../incident/incident.api.ts'
import { HoldTables } from './report.holds.tsx'
import classes from './report.module.css'
import { type Days, daysOf, filterOf, periods, type ReportSearch, teamIn } from './report.period.ts'
import { TeamTables } from './report.teams.tsx'

const route = getRouteApi('/shell/reports')
const staleTime = 60_000

/** Where time went: per team, and while things waited. Each number leads to the incidents behind it. */
export const ReportsPage = () => {
  const me = useMe()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow()
  const days = daysOf(search, now, readerZone().timeZone)
  const set = (change: Partial<ReportSearch>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  if (!mayAtAll(me, 'incident.read_internal'))
    return (
      <SettingsPage title={say('report.title')}>
        <Empty icon={<ChartColumn size={24} aria-hidden />} title={say('report.mayNot')}>
          {say('report.mayNotText')}
        </Empty>
      </SettingsPage>
    )
  const asked = askedFor(days, search.q)
  return (
    <SettingsPage
      title={say('report.title')}
      lead={search.show === 'holds' ? say('report.holds.about') : say('report.teams.about')}
      actions={
        mayAtAll(me, 'export') && (
          <Button
            component="a"
            href={addressOf(
              search.show === 'holds' ? api.exportHoldsReport : api.exportTeamsReport,
              {},
              asked,
            )}
            download
            variant="default"
            leftSection={<Download size={16} aria-hidden />}
          >
            {say('list.export')}
          </Button>
        )
      }
    >
      <div className={classes['tools']}>
        <ViewLinks label={say('report.which')}>
          {([undefined, 'holds'] as const).map((show) => (
            <Link
              key={show ?? 'teams'}
              to="/reports"
              search={{ ...search, show }}
              className={viewLink}
              activeOptions={{ exact: true }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {say(show === undefined ? 'report.teams' : 'report.holds')}
            </Link>
          ))}
        </ViewLinks>
        <PeriodChooser search={search} days={days} onChange={set} />
      </div>
      {search.show === 'holds' ? (
        <Holds days={days} q={search.q} onFilter={(q) => set({ q })} />
      ) : (
        <Teams days={days} q={search.q} onFilter={(q) => set({ q })} />
      )}
    </SettingsPage>
  )
}

const askedFor = ({ from, to }: Days, q: string | undefined) => ({
  filter: JSON.stringify({ field: 'created', op: 'within', value: [from, to] }),
  ...(q === undefined ? {} : { q }),
})

/** Two days are always shown: what a period means is never a guess. */
const PeriodChooser = ({
  search,
  days,
  onChange,
}: {
  readonly search: ReportSearch
  readonly days: Days
  readonly onChange: (change: Partial<ReportSearch>) => void
}) => (
  <div className={classes['period']}>
    <NativeSelect
      size="xs"
      label={say('report.period')}
      value={search.period ?? 'month'}
      data={periods.map((value) => ({ value, label: say(`report.period.${value}`) }))}
      onChange={(event) => {
        const period = periods.find((one) => one === event.currentTarget.value)
        onChange(
          period === 'own'
            ? { period, ...days }
            : { period: period === 'month' ? undefined : period, from: undefined, to: undefined },
        )
      }}
    />
    {(['from', 'to'] as const).map((end) => (
      <TextInput
        key={end}
        size="xs"
        type="date"
        label={say(`report.${end}`)}
        value={days[end]}
        onChange={(event) => {
          if (event.currentTarget.value !== '')
            onChange({ period: 'own', ...days, [end]: event.currentTarget.value })
        }}
      />
    ))}
  </div>
)

type PartProps = {
  readonly days: Days
  readonly q: string | undefined
  readonly onFilter: (q: string | undefined) => void
}

const Teams = ({ days, q, onFilter }: PartProps) => {
  const asked = askedFor(days, q)
  const report = useQuery({
    queryKey: ['reports', 'teams', asked],
    queryFn: () => client.reportTeams({ query: asked }),
    placeholderData: keepPreviousData,
    staleTime,
  })
  const filterFor = useTeamFilter(days, q)
  return (
    <Frame report={report} q={q} onFilter={onFilter} isEmpty={({ teams }) => teams.length === 0}>
      {(data: TeamsReport) => <TeamTables report={data} filterFor={filterFor} />}
    </Frame>
  )
}

const Holds = ({ days, q, onFilter }: PartProps) => {
  const asked = askedFor(days, q)
  const report = useQuery({
    queryKey: ['reports', 'holds', asked],
    queryFn: () => client.reportHolds({ query: asked }),
    placeholderData: keepPreviousData,
    staleTime,
  })
  return (
    <Frame report={report} q={q} onFilter={onFilter} isEmpty={({ counted }) => counted === 0}>
      {(data: HoldsReport) => <HoldTables report={data} />}
    </Frame>
  )
}

/** The list's filter for one team's number: the same days, the same narrowing, and what the journal says of the team. */
const useTeamFilter = (days: Days, q: string | undefined) => {
  const { data } = useQuery(teamsQuery)
  return (field: 'was_with' | 'given_away' | 'came_back', team: TeamsReport['teams'][number]['team']) =>
    `${filterOf(days, q)} ${field}:${teamIn(team, data?.rows ?? [])}`
}

/** The filter above, and below it what is asked for, its skeleton, what went wrong, or that there is nothing. */
const Frame = <Report extends { readonly counted: number; readonly capped: boolean }>({
  report: { data, error, refetch, isPlaceholderData },
  q,
  onFilter,
  isEmpty,
  children,
}: {
  readonly report: {
    readonly data: Report | undefined
    readonly error: Error | null
    readonly refetch: () => Promise<unknown>
    readonly isPlaceholderData: boolean
  }
  readonly q: string | undefined
  readonly onFilter: (q: string | undefined) => void
  readonly isEmpty: (report: Report) => boolean
  readonly children: (report: Report) => ReactNode
}) => {
  const queries = useQueryClient()
  const { data: fields } = useQuery(filterFieldsQuery)
  const complete = useMemo(
    () => (fields === undefined ? undefined : completeWith(queries, fields.fields)),
    [queries, fields],
  )
  const refused = error instanceof Refused && error.status < 500
  const inText = refused ? faultsIn(error) : []
  return (
    <>
      <FilterBar
        value={q ?? ''}
        label={say('report.filter')}
        placeholder={say('report.filterExample')}
        onApply={(next) => onFilter(next.trim() === '' ? undefined : next)}
        {...(complete === undefined ? {} : { complete })}
        faults={inText}
      />
      {error !== null && inText.length === 0 && data === undefined && (
        <FaultPage error={error} onRetry={() => void refetch()} />
      )}
      {error !== null && inText.length === 0 && data !== undefined && (
        <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />
      )}
      {data === undefined && inText.length > 0 && <UnreadFilter onClear={() => onFilter(undefined)} />}
      {data === undefined && error === null && <RowsToCome rows={8} framed />}
      {data !== undefined &&
        (isEmpty(data) ? (
          <Empty icon={<ChartColumn size={24} aria-hidden />} title={say('report.none')}>
            {say('report.noneText')}
          </Empty>
        ) : (
          <div className={classes['report']} data-old={isPlaceholderData || refused || undefined}>
            <p className={classes['counted']} role="status">
              {data.capped
                ? say('report.countedCapped', { count: data.counted })
                : say('report.counted', { count: data.counted })}
            </p>
            {children(data)}
          </div>
        ))}
    </>
  )
}
