import type { TimelineItem } from '@evenkeel/contract/incident'
import ArrowRight from 'lucide-react/icons/arrow-right'
import Lock from 'lucide-react/icons/lock'
import { useState } from 'react'
import { readerZone, say } from '../language/say.ts'
import { dayHeading } from '../language/time.ts'
import { Fresh } from '../ui/fresh.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Markdown } from './markdown.tsx'
import { Initials } from './person.tsx'
import classes from './timeline.module.css'
import { foldFrom, passes, timelineFilters, timelineRows, type TimelineFilter } from './timeline-rows.ts'

type Props = {
  readonly items: readonly TimelineItem[]
  /** Whether this reader sees work notes at all: the filter for them is offered then. */
  readonly internal: boolean
  /** The last item that was there when the page was opened: what comes after it, from others, is marked. */
  readonly seenUntil: string | undefined
  readonly me: string
}

/** Everything that happened to a record, in order. */
export const Timeline = ({ items, internal, seenUntil, me }: Props) => {
  const [filter, setFilter] = useState<TimelineFilter>('all')
  const zone = readerZone()
  const rows = timelineRows(
    items.filter((item) => passes(item, filter)),
    (at) => dayHeading(at, zone),
  )
  const isNew = (item: TimelineItem): boolean =>
    seenUntil !== undefined && item.id > seenUntil && item.actor?.id !== me
  return (
    <section aria-label={say('timeline.title')}>
      <div className={classes['head']}>
        <h2 className={classes['title']}>{say('timeline.title')}</h2>
        <div role="group" aria-label={say('timeline.filter')} className={classes['filters']}>
          {timelineFilters
            .filter((one) => internal || one !== 'notes')
            .map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === filter}
                className={classes['filter']}
                onClick={() => setFilter(one)}
              >
                {say(`timeline.filter.${one}`)}
              </button>
            ))}
        </div>
      </div>
      {rows.length === 0 && <p className={classes['none']}>{say(`timeline.none.${filter}`)}</p>}
      <ol className={classes['rows']}>
        {rows.map((row) => {
          switch (row.kind) {
            case 'day':
              return (
                <li key={row.key} className={classes['day']}>
                  {dayHeading(row.at, zone)}
                </li>
              )
            case 'said':
              return <Said key={row.key} item={row.item} isNew={isNew(row.item)} />
            case 'changes':
              return <Changes key={row.key} items={row.items} isNew={row.items.some(isNew)} />
          }
        })}
      </ol>
    </section>
  )
}

const Said = ({ item, isNew }: { readonly item: TimelineItem; readonly isNew: boolean }) => {
  const name = item.actor?.name ?? say('timeline.system')
  return (
    <li className={classes['said']} data-audience={item.audience}>
      <Initials name={name} size={28} />
      <Fresh as="div" watch={null} arrived={isNew} className={classes['glow']}>
        <article className={classes['card']}>
          <header className={classes['cardHead']}>
            <span className={classes['name']}>{name}</span>
            <RelativeTime at={item.at} />
            {item.via === 'mail' && <span>{say('timeline.via.mail')}</span>}
            {item.audience === 'team' && (
              <span className={classes['team']}>
                <Lock size={12} aria-hidden /> {say('timeline.teamOnly')}
              </span>
            )}
          </header>
          {item.sentence !== null && <p className={classes['what']}>{item.sentence}</p>}
          <Markdown source={item.body ?? ''} />
        </article>
      </Fresh>
    </li>
  )
}

const Changes = ({
  items,
  isNew,
}: {
  readonly items: readonly [TimelineItem, ...TimelineItem[]]
  readonly isNew: boolean
}) => {
  const [open, setOpen] = useState(false)
  const folded = items.length >= foldFrom && !open
  const shown = folded ? items.slice(-1) : items
  return (
    <li className={classes['changes']}>
      {items.length >= foldFrom && (
        <button type="button" className={classes['fold']} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? say('timeline.fold') : say('timeline.unfold', { count: items.length - 1 })}
        </button>
      )}
      <ul className={classes['lines']}>
        {shown.map((item) => (
          <li key={item.id} className={classes['line']}>
            <span className={classes['bullet']} aria-hidden />
            <Fresh as="div" watch={null} arrived={isNew} className={classes['glow']}>
              <Line item={item} />
            </Fresh>
          </li>
        ))}
      </ul>
    </li>
  )
}

const Line = ({ item }: { readonly item: TimelineItem }) => (
  <span className={classes['text']}>
    {item.sentence !== null && <span className={classes['sentence']}>{item.sentence}</span>}
    {toldBeside(item).map((change) => (
      <span key={change.field} className={classes['change']}>
        <span className={classes['field']}>{fieldName(change.field)}</span>
        {change.from !== null && change.from !== '' && <s className={classes['from']}>{change.from}</s>}
        <ArrowRight size={12} aria-hidden className={classes['arrow']} />
        <span className="visually-hidden">{say('timeline.to')}</span>
        <span className={classes['to']}>
          {change.to === null || change.to === '' ? say('edit.empty') : change.to}
        </span>
      </span>
    ))}
    <span className={classes['by']}>
      {item.actor?.name ?? say('timeline.system')} · <RelativeTime at={item.at} />
    </span>
  </span>
)

/** A sentence tells of the state and the people itself; what else changed with it is shown beside it. */
const toldBeside = ({ sentence, changes }: TimelineItem): TimelineItem['changes'] =>
  changes.filter(({ field, to }) =>
    sentence === null
      ? // The computed priority is worth a word only where it is not the one that counts.
        field !== 'computedPriority' || !changes.some((one) => one.field === 'priority' && one.to === to)
      : field === 'priority',
  )

/** Names of fields as people read them; a custom field keeps the name it was given. */
const fieldName = (field: string): string => {
  switch (field) {
    case 'title':
    case 'description':
    case 'state':
    case 'priority':
    case 'impact':
    case 'urgency':
    case 'service':
    case 'team':
    case 'assignee':
    case 'category':
    case 'confidential':
    case 'computedPriority':
      return say(`field.${field}`)
    default:
      return field
  }
}
