import type { CustomFieldView } from '@evenkeel/contract/field'
import type { IncidentRow, ListedIncident } from '@evenkeel/contract/incident'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { isOwnWrite } from '../../parts/own-writes.ts'
import { Person } from '../../parts/person.tsx'
import { PriorityTag } from '../../parts/priority.tsx'
import { Fresh } from '../../ui/fresh.tsx'
import type { Column } from '../../ui/record-list.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { RunsOut } from './incident.clock-cell.tsx'
import classes from './incident.columns.module.css'
import { shownValue } from './incident.custom-values.ts'
import { StateTag } from './incident.state.tsx'

const Title = ({ row }: { readonly row: IncidentRow }) => (
  <Link
    to="/incidents/$id"
    params={{ id: row.id }}
    tabIndex={-1}
    className={classes['title'] ?? ''}
    title={row.title}
  >
    {row.title}
  </Link>
)

const quiet = (row: IncidentRow): boolean => isOwnWrite(row.id, row.version)

/** When the caller last heard from us; until then, since when they wait. */
const Heard = ({ row }: { readonly row: IncidentRow }) =>
  row.lastPublicAt === null ? (
    <span className={classes['unheard']}>{say('incident.notYetHeard')}</span>
  ) : (
    <RelativeTime at={row.lastPublicAt} />
  )

/** Free text is in no order. */
const isOrdered = ({ type }: CustomFieldView): boolean => type !== 'text'

const customColumn = (field: CustomFieldView): Column<ListedIncident> => ({
  id: `${customPrefix}${field.key}`,
  title: field.label,
  width: field.type === 'text' ? 160 : 120,
  ...(field.type === 'text' ? { grow: 1 } : {}),
  sortable: isOrdered(field),
  cell: ({ custom }) => {
    const value = custom[field.key]
    return value === undefined ? (
      <span className={classes['none']}>–</span>
    ) : (
      <bdi title={field.type === 'text' ? String(value) : undefined}>{shownValue(field, value)}</bdi>
    )
  },
})

const customPrefix = 'custom.'

/** Keys of the custom fields among columns, as the server is asked for their values. */
export const customIn = (columns: readonly { readonly id: string }[]): string =>
  columns.flatMap(({ id }) => (id.startsWith(customPrefix) ? [id.slice(customPrefix.length)] : [])).join(',')

/** Every column, by the name that the filter and the export know it by; those of this organization behind those that everybody has. */
export const incidentColumns = (
  custom: readonly CustomFieldView[],
  withClocks: boolean,
): readonly Column<ListedIncident>[] => [
  ...ownColumns(),
  ...(withClocks ? [deadlineColumn()] : []),
  ...custom.map(customColumn),
]

const deadlineColumn = (): Column<ListedIncident> => ({
  id: 'deadline',
  title: say('field.deadline'),
  width: 132,
  sortable: true,
  cell: ({ clock }) =>
    clock === null ? <span className={classes['none']}>–</span> : <RunsOut clock={clock} />,
})

const ownColumns = (): readonly Column<IncidentRow>[] => [
  {
    id: 'number',
    title: say('field.number'),
    width: 112,
    sortable: true,
    rank: 2,
    cell: (row) => <span className={classes['number']}>{row.number}</span>,
  },
  {
    id: 'title',
    title: say('field.title'),
    width: 320,
    grow: 4,
    sortable: true,
    cell: (row) => <Title row={row} />,
  },
  {
    id: 'priority',
    title: say('field.priority'),
    width: 116,
    sortable: true,
    cell: (row) => (
      <Fresh watch={row.priority} quiet={quiet(row)}>
        <PriorityTag priority={row.priority} />
      </Fresh>
    ),
  },
  {
    id: 'state',
    title: say('field.state'),
    width: 136,
    sortable: true,
    cell: (row) => (
      <Fresh watch={row.state} quiet={quiet(row)}>
        <StateTag state={row.state} />
      </Fresh>
    ),
  },
  {
    id: 'service',
    title: say('field.service'),
    width: 140,
    grow: 1,
    sortable: true,
    rank: 4,
    cell: (row) =>
      row.service?.name ?? <span className={classes['none']}>{say('incident.serviceUnknown')}</span>,
  },
  {
    id: 'assignee',
    title: say('field.assignee'),
    width: 148,
    grow: 1,
    sortable: true,
    rank: 1,
    cell: (row) => (
      <Fresh watch={row.assignee?.id ?? row.team.id} quiet={quiet(row)}>
        {row.assignee === null ? (
          <span className={classes['none']}>{row.team.name}</span>
        ) : (
          <Person name={row.assignee.name} />
        )}
      </Fresh>
    ),
  },
  {
    id: 'team',
    title: say('field.team'),
    width: 140,
    grow: 1,
    sortable: true,
    rank: 7,
    cell: (row) => row.team.name,
  },
  {
    id: 'requester',
    title: say('field.requester'),
    width: 132,
    grow: 1,
    sortable: true,
    rank: 5,
    cell: (row) => row.requester.name,
  },
  {
    id: 'last_public',
    title: say('field.lastPublicAt'),
    width: 124,
    sortable: true,
    rank: 3,
    cell: (row) => <Heard row={row} />,
  },
  {
    id: 'created',
    title: say('field.createdAt'),
    width: 104,
    sortable: true,
    cell: (row) => <RelativeTime at={row.createdAt} />,
  },
  {
    id: 'updated',
    title: say('field.updatedAt'),
    width: 104,
    sortable: true,
    rank: 6,
    cell: (row) => <RelativeTime at={row.updatedAt} />,
  },
  {
    id: 'resolved',
    title: say('list.resolvedAt'),
    width: 104,
    sortable: true,
    cell: (row) =>
      row.resolvedAt === null ? (
        <span className={classes['none']}>{say('list.notYet')}</span>
      ) : (
        <RelativeTime at={row.resolvedAt} />
      ),
  },
]

/** What decides, in the order in which one looks. */
export const usualColumns: readonly string[] = [
  'number',
  'title',
  'priority',
  'state',
  'service',
  'assignee',
  'requester',
  'last_public',
  'updated',
]

/** The same in two lines, for a phone. */
export const CompactRow = ({ row }: { readonly row: ListedIncident }) => (
  <div className={classes['compact']}>
    <span className={classes['first']}>
      <Title row={row} />
      <span className={classes['when']}>
        {row.clock?.deadline == null ? <RelativeTime at={row.updatedAt} /> : <RunsOut clock={row.clock} />}
      </span>
    </span>
    <span className={classes['second']}>
      <PriorityTag priority={row.priority} />
      <StateTag state={row.state} />
      <span className={classes['who']}>{row.assignee?.name ?? row.team.name}</span>
    </span>
  </div>
)
