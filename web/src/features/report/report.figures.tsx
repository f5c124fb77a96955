import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { lasting } from '../../language/time.ts'
import classes from './report.module.css'

const whole = (value: number): string => new Intl.NumberFormat(readerZone().language).format(value)

/** Minutes as people say them. */
const inWords = (minutes: number): string => lasting(minutes * 60_000, readerZone().language)

/** A number that leads to the incidents behind it; nothing leads nowhere. `what` names it where only the number is seen. */
export const Figure = ({
  value,
  q,
  what,
  unit = 'count',
  capped = false,
}: {
  readonly value: number
  readonly q: string
  readonly what: string
  readonly unit?: 'count' | 'minutes'
  /** More are behind it than a filter takes. */
  readonly capped?: boolean
}) => {
  const text = unit === 'minutes' ? inWords(value) : whole(value)
  if (value === 0) return <span className={classes['zero']}>{text}</span>
  return (
    <Link
      to="/incidents"
      search={{ q }}
      className={classes['figure'] ?? ''}
      title={capped ? say('report.longest') : undefined}
    >
      <span className="visually-hidden">{what}: </span>
      {text}
    </Link>
  )
}

/** How much of the most it is, with a darker part of it where there is one. The number beside it says the same. */
export const Bar = ({
  value,
  part,
  most,
}: {
  readonly value: number
  readonly part?: number
  readonly most: number
}) => (
  <span className={classes['bar']} aria-hidden>
    <span className={classes['fill']} style={{ width: `${(value / Math.max(1, most)) * 100}%` }} />
    {part !== undefined && (
      <span className={classes['part']} style={{ width: `${(part / Math.max(1, most)) * 100}%` }} />
    )}
  </span>
)

export type Heading = { readonly title: string; readonly isText?: boolean }

/** A table that stays one on a phone: narrower, without its bars. */
export const ReportTable = ({
  label,
  headings,
  children,
}: {
  readonly label: string
  readonly headings: readonly Heading[]
  readonly children: ReactNode
}) => (
  <table className={classes['table']} aria-label={label}>
    <thead>
      <tr>
        {headings.map(({ title, isText }) => (
          <th key={title} scope="col" data-text={isText === true || undefined}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)

export const IncidentName = ({
  incident: { id, number, title },
}: {
  readonly incident: { readonly id: string; readonly number: string; readonly title: string }
}) => (
  <Link to="/incidents/$id" params={{ id }} className={classes['incident'] ?? ''}>
    <span className={classes['number']}>{number}</span> {title}
  </Link>
)
