import type { BlastRadius, MapItem, MapRelation } from '@evenkeel/contract/item-graph'
import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import X from 'lucide-react/icons/x'
import { type ReactNode, useId } from 'react'
import { say } from '../../language/say.ts'
import { Fault, sentence as asSentence } from '../../ui/fault.tsx'
import { itemQuery } from './item.api.ts'
import { quorumText } from './item.map-canvas.tsx'
import type { Neighbors } from './item.map-graph.ts'
import classes from './item.map-panel.module.css'
import { type TimesSearch, timesOf } from './item.search.ts'
import { HealthTag } from './item.words.tsx'

type Props = {
  readonly item: MapItem
  readonly items: ReadonlyMap<string, MapItem>
  readonly neighbors: Neighbors
  readonly search: TimesSearch
  readonly blast: ReactNode
  readonly onPick: (id: string) => void
  readonly onOpenAround: (() => void) | undefined
  readonly onClose: () => void
}

/** What is known of the picked node: how it is, what would follow, what it stands on, what is open on it. */
export const MapPanel = ({ item, items, neighbors, search, blast, onPick, onOpenAround, onClose }: Props) => {
  // What is only planned has no page and no records yet.
  const isThere = item.planned !== 'made'
  const { data: page, error } = useQuery({ ...itemQuery(item.id, timesOf(search)), enabled: isThere })
  return (
    <aside className={classes['panel']} aria-label={item.name}>
      <div className={classes['head']}>
        <div className={classes['title']}>
          <h2 className={classes['name']}>{item.name}</h2>
          <p className={classes['quiet']}>
            {item.classLabel}
            {item.criticality !== null && ` · ${say(`services.criticality.${item.criticality}`)}`}
          </p>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label={say('map.closePanel')} onClick={onClose}>
          <X size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes['health']}>
        <HealthTag health={{ now: item.health.now }} />
        {item.health.sentence !== '' && <span>{item.health.sentence}</span>}
        {item.quorum !== null && <span>{item.quorum.sentence || quorumText(item.quorum)}</span>}
      </div>
      <div className={classes['acts']}>
        {isThere && (
          <Button
            size="compact-sm"
            variant="default"
            renderRoot={(props) => (
              <Link to="/items/$id" params={{ id: item.id }} search={{ ...search }} {...props} />
            )}
          >
            {say('map.openItem')}
          </Button>
        )}
        {onOpenAround !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onOpenAround}>
            {say('map.around')}
          </Button>
        )}
      </div>
      {blast}
      <Part title={say('map.standsOn')}>
        <NeighborList
          relations={neighbors.below.get(item.id) ?? []}
          other={({ belowId }) => items.get(belowId)}
          none={say('map.standsOnNothing')}
          onPick={onPick}
        />
      </Part>
      <Part title={say('map.standsOnThis')}>
        <NeighborList
          relations={neighbors.above.get(item.id) ?? []}
          other={({ aboveId }) => items.get(aboveId)}
          none={say('map.nothingStandsOnThis')}
          onPick={onPick}
        />
      </Part>
      <Part title={say('item.openRecords')}>
        {error !== null && <Fault error={error} />}
        {page === undefined && error === null && isThere && <Skeleton height={20} />}
        {(page?.openRecords.length === 0 || !isThere) && (
          <p className={classes['quiet']}>{say('item.noOpenRecords')}</p>
        )}
        <ul className={classes['list']}>
          {page?.openRecords.map(({ id, number, title }) => (
            <li key={id}>
              <Link to="/incidents/$id" params={{ id }} className={classes['link'] ?? ''}>
                <span className={classes['quiet']}>{number}</span> {title}
              </Link>
            </li>
          ))}
        </ul>
      </Part>
    </aside>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={classes['part']}>
        {title}
      </h3>
      {children}
    </section>
  )
}

const NeighborList = ({
  relations,
  other,
  none,
  onPick,
}: {
  readonly relations: readonly MapRelation[]
  readonly other: (relation: MapRelation) => MapItem | undefined
  readonly none: string
  readonly onPick: (id: string) => void
}) => {
  const shown = relations.flatMap((relation) => {
    const item = other(relation)
    return item === undefined ? [] : [{ relation, item }]
  })
  if (shown.length === 0) return <p className={classes['quiet']}>{none}</p>
  return (
    <ul className={classes['list']}>
      {shown.map(({ relation, item }) => (
        <li key={relation.id} className={classes['neighbor']}>
          <button type="button" className={classes['link']} onClick={() => onPick(item.id)}>
            {item.name}
          </button>
          <span className={classes['quiet']}>{say(`map.fromAbove.${relation.type}`)}</span>
          {item.health.now !== 'up' && <HealthTag health={item.health} />}
        </li>
      ))}
    </ul>
  )
}

const firstLines = 6

/** What follows when these fail: services first, each with the way that leads there. */
export const BlastPart = ({
  blast,
  error,
  title,
  onPick,
}: {
  readonly blast: BlastRadius | undefined
  readonly error: Error | null
  readonly title: string
  readonly onPick: (id: string) => void
}) => {
  if (blast === undefined)
    return <Part title={title}>{error === null ? <Skeleton height={60} /> : <Fault error={error} />}</Part>
  const { services, items, atRisk, reduced, usersServed, sentence, cut } = blast
  return (
    <Part title={title}>
      <p className={classes['sentence']}>{asSentence(sentence)}.</p>
      {usersServed > 0 && <p className={classes['quiet']}>{say('map.users', { count: usersServed })}</p>}
      {services.length > 0 && (
        <ul className={classes['affected']}>
          {services.slice(0, firstLines).map(({ item, health, jointly, sentence: way }) => (
            <li key={item.id}>
              <span className={classes['affectedHead']}>
                <HealthTag health={{ now: health }} />
                <button type="button" className={classes['link']} onClick={() => onPick(item.id)}>
                  {item.name}
                </button>
              </span>
              <span className={classes['quiet']}>
                {way}
                {jointly && ` (${say('branch.jointly')})`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {services.length > firstLines && (
        <details className={classes['more']}>
          <summary>{say('map.moreServices', { count: services.length - firstLines })}</summary>
          <ul className={classes['list']}>
            {services.slice(firstLines).map(({ item, sentence: way }) => (
              <li key={item.id} title={way}>
                <button type="button" className={classes['link']} onClick={() => onPick(item.id)}>
                  {item.name}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {items.length > 0 && (
        <details className={classes['more']}>
          <summary>{say('map.items', { count: items.length })}</summary>
          <ul className={classes['list']}>
            {items.slice(0, 100).map(({ item, sentence: way }) => (
              <li key={item.id} title={way}>
                <button type="button" className={classes['link']} onClick={() => onPick(item.id)}>
                  {item.name}
                </button>{' '}
                <span className={classes['quiet']}>{item.classLabel}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Held title={say('map.atRisk', { count: atRisk.length })} held={atRisk} onPick={onPick} />
      <Held title={say('map.reduced', { count: reduced.length })} held={reduced} onPick={onPick} />
      {cut !== null && <p className={classes['quiet']}>{asSentence(cut.sentence)}.</p>}
    </Part>
  )
}

/** Goes on for now, because others of the group are left. */
const Held = ({
  title,
  held,
  onPick,
}: {
  readonly title: string
  readonly held: BlastRadius['atRisk']
  readonly onPick: (id: string) => void
}) =>
  held.length === 0 ? null : (
    <details className={classes['more']} open={held.length <= 3}>
      <summary>{title}</summary>
      <ul className={classes['list']}>
        {held.map(({ item, quorum }) => (
          <li key={item.id}>
            <button type="button" className={classes['link']} onClick={() => onPick(item.id)}>
              {item.name}
            </button>{' '}
            <span className={classes['quiet']}>{quorumText(quorum)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
