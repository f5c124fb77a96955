import type { MapItem } from '@evenkeel/contract/item-graph'
import { Button } from '@mantine/core'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { quorumText } from './item.map-canvas.tsx'
import { type Neighbors, topsOf } from './item.map-graph.ts'
import { type LooksStore, useLook } from './item.map-looks.ts'
import classes from './item.map-tree.module.css'
import { HealthTag } from './item.words.tsx'

type Props = {
  readonly items: ReadonlyMap<string, MapItem>
  readonly neighbors: Neighbors
  readonly looks: LooksStore
  /** Those that a search or filter found: then they are the list. */
  readonly found: ReadonlySet<string> | undefined
  readonly onPick: (id: string) => void
}

const firstLines = 100

/** The map to be read: everything with what it stands on below it, opened step by step. Rings end where a person stops opening them. */
export const MapTree = (props: Props) => {
  const { items, neighbors, found } = props
  const [all, setAll] = useState(false)
  const tops =
    found === undefined
      ? topsOf([...items.values()], neighbors)
      : [...items.values()].filter(({ id }) => found.has(id))
  const shown = all ? tops : tops.slice(0, firstLines)
  return (
    <div className={classes['tree']}>
      <p className={classes['lead']}>{say(found === undefined ? 'map.treeLead' : 'map.treeFound')}</p>
      <ul className={classes['list']} aria-label={say('map.title')}>
        {shown.map((item) => (
          <Line key={item.id} {...props} item={item} words="" />
        ))}
      </ul>
      {tops.length > firstLines && !all && (
        <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
          {say('map.treeAll', { count: tops.length })}
        </Button>
      )}
    </div>
  )
}

const Line = (props: Props & { readonly item: MapItem; readonly words: string }) => {
  const { item, items, neighbors, looks, words, onPick } = props
  const [open, setOpen] = useState(false)
  const [mark, picked, dim] = useLook(looks, item.id)
  const below = (neighbors.below.get(item.id) ?? []).flatMap((relation) => {
    const other = items.get(relation.belowId)
    return other === undefined ? [] : [{ relation, other }]
  })
  const marked = (['failed', 'down', 'degraded', 'risk', 'reduced'] as const).find((one) => one === mark)
  return (
    <li>
      <div className={classes['line']} data-picked={picked || undefined} data-dim={dim || undefined}>
        {below.length > 0 ? (
          <button
            type="button"
            className={classes['fold']}
            aria-expanded={open}
            aria-label={say('map.openLine', { name: item.name, count: below.length })}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={14} aria-hidden data-open={open || undefined} />
          </button>
        ) : (
          <span className={classes['leaf']} />
        )}
        {words !== '' && <span className={classes['quiet']}>{words}</span>}
        <button
          type="button"
          className={classes['name']}
          aria-pressed={picked}
          onClick={() => onPick(item.id)}
        >
          {item.name}
        </button>
        <span className={classes['quiet']}>{item.classLabel}</span>
        <HealthTag health={item.health} />
        {item.quorum !== null && <span>{quorumText(item.quorum)}</span>}
        {item.openRecords > 0 && (
          <span className={classes['quiet']}>{say('map.open', { count: item.openRecords })}</span>
        )}
        {marked !== undefined && <span className={classes['mark']}>{say(`map.mark.${marked}`)}</span>}
      </div>
      {open && (
        <ul className={classes['list']}>
          {below.map(({ relation, other }) => (
            <Line key={relation.id} {...props} item={other} words={say(`map.fromAbove.${relation.type}`)} />
          ))}
        </ul>
      )}
    </li>
  )
}
