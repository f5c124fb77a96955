import type { TimelineItem } from '@evenkeel/contract/incident'
import ArrowRight from 'lucide-react/icons/arrow-right'
import Import from 'lucide-react/icons/import'
import Link2 from 'lucide-react/icons/link-2'
import Lock from 'lucide-react/icons/lock'
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { readerZone, say } from '../language/say.ts'
import { dayHeading } from '../language/time.ts'
import { Fresh } from '../ui/fresh.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Strip } from '../ui/strip.tsx'
import { Markdown } from './markdown.tsx'
import { Initials } from './person.tsx'
import { differenceOf } from './text-difference.ts'
import classes from './timeline.module.css'
import {
  foldFrom,
  lastRows,
  passes,
  timelineFilters,
  timelineRows,
  type TimelineFilter,
} from './timeline-rows.ts'

type Props = {
  readonly items: readonly TimelineItem[]
  /** Whether this reader sees work notes at all: the filter for them is offered then. */
  readonly internal: boolean
  /** The last item that was there when the page was opened: what comes after it, from others, is marked. */
  readonly seenUntil: string | undefined
  readonly me: string
  readonly filter: TimelineFilter
  readonly onFilter: (filter: TimelineFilter) => void
  /** The entry that the page's address points at. */
  readonly entry?: string | undefined
  readonly links: TimelineLinks
}

/** What only the practice knows: where its entries and records are, and what its fields are called. */
export type TimelineLinks = {
  readonly entry: (id: string, children: ReactNode) => ReactNode
  readonly record: (id: string, number: string) => ReactNode
  readonly field: (field: string) => string
  readonly value: (field: string, value: string) => string
}

/** Rows drawn at first, and how many more each time: a long history is there when it is asked for. */
const rowsAtFirst = 80

/** Everything that happened to a record, in order. */
export const Timeline = ({ items, internal, seenUntil, me, filter, onFilter, entry, links }: Props) => {
  const [wanted, setWanted] = useState(rowsAtFirst)
  const zone = readerZone()
  const all = useMemo(
    () =>
      timelineRows(
        items.filter((item) => passes(item, filter)),
        (at) => dayHeading(at, zone),
      ),
    [items, filter, zone],
  )
  const { shown, earlier } = lastRows(all, wanted, entry)
  const isNew = (item: TimelineItem): boolean =>
    seenUntil !== undefined && item.id > seenUntil && item.actor?.id !== me
  return (
    <section aria-label={say('timeline.title')}>
      <div className={classes['head']}>
        <h2 className={classes['title']}>{say('timeline.title')}</h2>
        <Strip label={say('timeline.filter')} className={classes['filters']}>
          {timelineFilters
            .filter((one) => internal || one !== 'notes')
            .map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === filter}
                className={classes['filter']}
                onClick={() => onFilter(one)}
              >
                {say(`timeline.filter.${one}`)}
              </button>
            ))}
        </Strip>
      </div>
      {all.length === 0 && <p className={classes['none']}>{say(`timeline.none.${filter}`)}</p>}
      {earlier > 0 && (
        <button
          type="button"
          className={classes['earlier']}
          onClick={() => setWanted(shown.length + rowsAtFirst)}
        >
          {say('timeline.earlier', { count: earlier })}
        </button>
      )}
      <ol className={classes['rows']}>
        {shown.map((row) => {
          switch (row.kind) {
            case 'day':
              return (
                <li key={row.key} className={classes['day']}>
                  {dayHeading(row.at, zone)}
                </li>
              )
            case 'said':
              return (
                <Said
                  key={row.key}
                  item={row.item}
                  isNew={isNew(row.item)}
                  isTarget={row.item.id === entry}
                  links={links}
                />
              )
            case 'changes':
              return (
                <Changes
                  key={row.key}
                  items={row.items}
                  isNew={row.items.some(isNew)}
                  entry={entry}
                  links={links}
                />
              )
          }
        })}
      </ol>
    </section>
  )
}

/** Brings what the address points at before the reader's eyes, once. */
const useTarget = <T extends HTMLElement>(isTarget: boolean) => {
  const element = useRef<T>(null)
  useEffect(() => {
    if (!isTarget) return
    element.current?.scrollIntoView({ block: 'center' })
    element.current?.focus({ preventScroll: true })
  }, [isTarget])
  return element
}

type SaidProps = {
  readonly item: TimelineItem
  readonly isNew: boolean
  readonly isTarget: boolean
  readonly links: TimelineLinks
}

/** Drawn anew only when it has changed itself: a history is long, and something always happens around it. */
const Said = memo(({ item, isNew, isTarget, links }: SaidProps) => {
  const name = item.actor?.name ?? say('timeline.system')
  const element = useTarget<HTMLLIElement>(isTarget)
  return (
    <li
      ref={element}
      className={classes['said']}
      data-audience={item.audience}
      data-target={isTarget || undefined}
      tabIndex={isTarget ? -1 : undefined}
    >
      <Initials name={name} size={28} />
      <Fresh as="div" watch={null} arrived={isNew} className={classes['glow']}>
        <article className={classes['card']}>
          <header className={classes['cardHead']}>
            <span className={classes['name']} dir="auto">
              {name}
            </span>
            {links.entry(item.id, <RelativeTime at={item.at} />)}
            {item.via === 'mail' && <span>{say('timeline.via.mail')}</span>}
            {item.via === 'import' && <span>{say('timeline.via.import')}</span>}
            {item.via === 'mail_link' && <span>{say('timeline.via.mail_link')}</span>}
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
})

type ChangesProps = {
  readonly items: readonly [TimelineItem, ...TimelineItem[]]
  readonly isNew: boolean
  readonly entry: string | undefined
  readonly links: TimelineLinks
}

const Changes = memo(({ items, isNew, entry, links }: ChangesProps) => {
  const targeted = entry !== undefined && items.some(({ id }) => id === entry)
  const [open, setOpen] = useState(targeted)
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
          <Line key={item.id} item={item} isNew={isNew} isTarget={item.id === entry} links={links} />
        ))}
      </ul>
    </li>
  )
})

/** Longer than this, a change of a text is folded and shows its words. */
const longText = 60

const Line = ({ item, isNew, isTarget, links }: SaidProps) => {
  const element = useTarget<HTMLLIElement>(isTarget)
  return (
    <li
      ref={element}
      className={classes['line']}
      data-target={isTarget || undefined}
      data-linked={item.record === null ? undefined : true}
      tabIndex={isTarget ? -1 : undefined}
    >
      {item.record === null && item.via === 'import' ? (
        <span className={classes['linkMark']} title={say('timeline.via.import')}>
          <Import size={12} aria-hidden />
        </span>
      ) : item.record === null ? (
        <span className={classes['bullet']} aria-hidden />
      ) : (
        <Link2 size={12} className={classes['linkMark']} aria-hidden />
      )}
      <Fresh as="div" watch={null} arrived={isNew} className={classes['glow']}>
        <span className={classes['text']}>
          {item.record !== null && (
            <span className={classes['record']}>{links.record(item.record.id, item.record.number)}</span>
          )}
          {item.sentence !== null && (
            <span className={classes['sentence']} dir="auto">
              {item.sentence}
            </span>
          )}
          {toldBeside(item).map((change) => (
            <FieldChange key={change.field} change={change} links={links} />
          ))}
          <span className={classes['by']}>
            <bdi>{item.actor?.name ?? say('timeline.system')}</bdi> ·{' '}
            {links.entry(item.id, <RelativeTime at={item.at} />)}
          </span>
        </span>
      </Fresh>
    </li>
  )
}

/** From what to what; of a long text the words that changed. */
const FieldChange = ({
  change: { field, from, to },
  links,
}: {
  readonly change: TimelineItem['changes'][number]
  readonly links: TimelineLinks
}) => {
  const [before, after] = [from ?? '', to ?? '']
  const name = links.field(field)
  if (before.length > longText || after.length > longText) {
    return (
      <details className={classes['difference']}>
        <summary>{say('timeline.textChanged', { field: name })}</summary>
        <p className={classes['words']} dir="auto">
          {differenceOf(before, after).map(({ kind, text }, at) => {
            // Pieces have no name but their place.
            const key = `${at} ${kind}`
            if (kind === 'gone') return <del key={key}>{text}</del>
            return kind === 'new' ? <ins key={key}>{text}</ins> : <span key={key}>{text}</span>
          })}
        </p>
      </details>
    )
  }
  return (
    <span className={classes['change']}>
      <span className={classes['field']}>{name}</span>
      {before !== '' && (
        <del className={classes['from']} dir="auto">
          {links.value(field, before)}
        </del>
      )}
      <ArrowRight size={12} aria-hidden className={classes['arrow']} />
      <span className="visually-hidden">{say('timeline.to')}</span>
      <span className={classes['to']} dir="auto">
        {after === '' ? say('edit.empty') : links.value(field, after)}
      </span>
    </span>
  )
}

/** A sentence tells of the state and the people itself; what else changed with it is shown beside it. */
const toldBeside = ({ sentence, via, changes }: TimelineItem): TimelineItem['changes'] =>
  changes.filter(({ field, to }) => {
    if (sentence === null)
      // The computed priority is worth a word only where it is not the one that counts.
      return field !== 'computedPriority' || !changes.some((one) => one.field === 'priority' && one.to === to)
    // One line of a file may change anything: whatever its sentence does not say stands beside it.
    return via === 'import' ? !saidByImport.has(field) : field === 'priority'
  })
const saidByImport = new Set(['state', 'team', 'assignee', 'computedPriority', 'overrideReason'])
