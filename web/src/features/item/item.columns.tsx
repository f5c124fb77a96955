import type { ListedItem } from '@evenkeel/contract/item'
import type { ItemClassView } from '@evenkeel/contract/item-class'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import type { Column } from '../../ui/record-list.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import classes from './item.columns.module.css'
import { hasHealth, HealthTag, ItemStateTag } from './item.words.tsx'

const Name = ({ row }: { readonly row: ListedItem }) => (
  <Link
    to="/items/$id"
    params={{ id: row.id }}
    tabIndex={-1}
    className={classes['name'] ?? ''}
    title={row.name}
  >
    {row.name}
  </Link>
)

const none = <span className={classes['none']}>–</span>

const prefix = 'attribute.'

/** Keys of the attributes among columns, as the server is asked for their values. */
export const attributesIn = (columns: readonly { readonly id: string }[]): string =>
  columns.flatMap(({ id }) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : [])).join(',')

/** Every column: those of all items, then the attributes of all classes, each once. */
export const itemColumns = (
  known: readonly ItemClassView[],
  sortable: ReadonlySet<string>,
): readonly Column<ListedItem>[] => {
  const attributes = new Map<string, string>()
  for (const { attributes: own } of known)
    for (const { key, label, retired } of own)
      if (!retired && !asColumn.has(key) && !attributes.has(key)) attributes.set(key, label)
  return [
    ...ownColumns().map((column) => ({ ...column, sortable: sortable.has(column.id) })),
    ...[...attributes].map(([key, label]): Column<ListedItem> => ({
      id: `${prefix}${key}`,
      title: label,
      width: 140,
      grow: 1,
      cell: (row) => {
        const text = row.attributes[key]
        return text === undefined || text === '' ? none : <bdi title={text}>{text}</bdi>
      },
    })),
  ]
}

/** Attributes that have a column of their own. */
const asColumn: ReadonlySet<string> = new Set(['owner', 'support_team', 'criticality'])

const ownColumns = (): readonly Column<ListedItem>[] => [
  { id: 'name', title: say('item.name'), width: 240, grow: 4, cell: (row) => <Name row={row} /> },
  { id: 'class', title: say('item.class'), width: 150, grow: 1, rank: 1, cell: (row) => row.classLabel },
  {
    id: 'health',
    title: say('item.health'),
    width: 116,
    cell: (row) => hasHealth(row) && <HealthTag health={row.health} />,
  },
  {
    id: 'state',
    title: say('item.state'),
    width: 116,
    rank: 2,
    cell: (row) => <ItemStateTag state={row.state} />,
  },
  {
    id: 'criticality',
    title: say('item.criticality'),
    width: 130,
    rank: 5,
    cell: (row) => (row.criticality === null ? none : say(`services.criticality.${row.criticality}`)),
  },
  {
    id: 'support_team',
    title: say('item.supportTeam'),
    width: 150,
    grow: 1,
    rank: 3,
    cell: (row) => row.supportTeam?.name ?? none,
  },
  {
    id: 'owner',
    title: say('item.owner'),
    width: 150,
    grow: 1,
    rank: 6,
    cell: (row) => (row.owner === null ? none : <Person name={row.owner.name} />),
  },
  {
    id: 'missing',
    title: say('item.missing'),
    width: 104,
    rank: 7,
    cell: (row) => (row.missing === 0 ? none : say('item.missingCount', { count: row.missing })),
  },
  {
    id: 'updated',
    title: say('field.updatedAt'),
    width: 104,
    rank: 4,
    cell: (row) => <RelativeTime at={row.updatedAt} />,
  },
]

/** What decides, in the order in which one looks. */
export const usualColumns: readonly string[] = [
  'name',
  'class',
  'health',
  'state',
  'criticality',
  'support_team',
  'owner',
  'missing',
  'updated',
]

/** The same in two lines, for a phone. */
export const CompactItem = ({ row }: { readonly row: ListedItem }) => (
  <div className={classes['compact']}>
    <span className={classes['line']}>
      <Name row={row} />
    </span>
    <span className={classes['line']}>
      {hasHealth(row) && <HealthTag health={row.health} />}
      <span className={classes['quiet']}>
        {row.classLabel}
        {row.state !== 'in_use' && ` · ${say(`item.state.${row.state}`)}`}
      </span>
    </span>
  </div>
)
