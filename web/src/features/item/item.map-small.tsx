import type { MapItem } from '@evenkeel/contract/item-graph'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { itemMapQuery } from './item.api.ts'
import { neighborsIn } from './item.map-graph.ts'
import classes from './item.map-small.module.css'
import { type TimesSearch, timesOf } from './item.search.ts'
import { healthLook } from './item.words.tsx'

const mostInTier = 6

/** What stands on an item and what it stands on, one step each way; trouble goes up. */
export const SmallMap = ({ id, search }: { readonly id: string; readonly search: TimesSearch }) => {
  const { data, error, refetch } = useQuery(
    itemMapQuery({ items: [id], hops: 1, maxItems: 100, times: timesOf(search) }),
  )
  if (data === undefined)
    return error === null ? <Skeleton height={180} /> : <Fault error={error} onRetry={() => void refetch()} />
  const { above, below } = neighborsIn(data.relations)
  const items = new Map(data.items.map((item) => [item.id, item]))
  const tier = (ids: readonly string[]): readonly MapItem[] =>
    [...new Set(ids)].flatMap((one) => (one === id ? [] : (items.get(one) ?? [])))
  const self = items.get(id)
  const over = tier((above.get(id) ?? []).map(({ aboveId }) => aboveId))
  const under = tier((below.get(id) ?? []).map(({ belowId }) => belowId))
  return (
    <div className={classes['map']}>
      {over.length === 0 && under.length === 0 ? (
        <p className={classes['none']}>{say('item.alone')}</p>
      ) : (
        <>
          <Tier label={say('map.standsOnThis')} items={over} search={search} />
          {self !== undefined && (
            <div className={classes['self']}>
              <Sign item={self} />
              <span className={classes['name']}>{self.name}</span>
            </div>
          )}
          <Tier label={say('map.standsOn')} items={under} search={search} />
        </>
      )}
      <Link to="/map" search={{ items: id, node: id, ...search }} className={classes['whole'] ?? ''}>
        {say('item.onMap')}
      </Link>
    </div>
  )
}

const Tier = ({
  label,
  items,
  search,
}: {
  readonly label: string
  readonly items: readonly MapItem[]
  readonly search: TimesSearch
}) =>
  items.length === 0 ? null : (
    <div className={classes['tier']}>
      <p className={classes['label']}>{label}</p>
      <ul className={classes['items']}>
        {items.slice(0, mostInTier).map((item) => (
          <li key={item.id}>
            <Link to="/items/$id" params={{ id: item.id }} search={search} className={classes['item'] ?? ''}>
              <Sign item={item} />
              <span className={classes['name']}>{item.name}</span>
            </Link>
          </li>
        ))}
        {items.length > mostInTier && (
          <li className={classes['none']}>{say('item.moreOnMap', { count: items.length - mostInTier })}</li>
        )}
      </ul>
    </div>
  )

const Sign = ({ item: { health } }: { readonly item: MapItem }) => {
  const { Icon } = healthLook[health.now]
  return (
    <span className={classes['sign']} data-health={health.now}>
      <Icon size={14} aria-label={say(`item.health.${health.now}`)} />
    </span>
  )
}
