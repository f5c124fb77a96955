import type { CalendarForm } from '@evenkeel/contract/policy'
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { type Hours, hoursIn, hoursText, partOfDay } from './policy.hours.ts'
import classes from './policy.module.css'

type Props = {
  readonly calendar: CalendarForm
  readonly editable: boolean
  readonly onChange: (calendar: CalendarForm) => void
}

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const office: Hours = [{ from: '08:00', to: '17:00' }]
const always: Hours = [{ from: '00:00', to: '24:00' }]

/** A week as it is worked, and the days that are different: each line a day, each field its hours. */
export const CalendarEditor = ({ calendar, editable, onChange }: Props) => {
  const zones = Intl.supportedValuesOf('timeZone')
  const setWeek = (hours: (day: (typeof days)[number]) => Hours): void =>
    onChange({
      ...calendar,
      week: {
        monday: hours('monday'),
        tuesday: hours('tuesday'),
        wednesday: hours('wednesday'),
        thursday: hours('thursday'),
        friday: hours('friday'),
        saturday: hours('saturday'),
        sunday: hours('sunday'),
      },
    })
  return (
    <>
      <NativeSelect
        label={say('policy.calendar.zone')}
        value={calendar.zone}
        disabled={!editable}
        maw={320}
        data={zones.includes(calendar.zone) ? zones : [calendar.zone, ...zones]}
        onChange={(event) => onChange({ ...calendar, zone: event.currentTarget.value })}
      />
      <div className={classes['week']} role="group" aria-label={say('policy.calendar.week')}>
        {days.map((day) => (
          <div key={day} className={classes['day']}>
            <span className={classes['dayName']}>{say(`policy.day.${day}`)}</span>
            <HoursField
              label={say('policy.calendar.hoursOf', { day: say(`policy.day.${day}`) })}
              hours={calendar.week[day]}
              editable={editable}
              onChange={(hours) => setWeek((other) => (other === day ? hours : calendar.week[other]))}
            />
            <Strip hours={calendar.week[day]} />
          </div>
        ))}
      </div>
      <p className={classes['quiet']}>{say('policy.calendar.hint')}</p>
      {editable && (
        <div className={classes['line']}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setWeek((day) => (day === 'saturday' || day === 'sunday' ? [] : office))}
          >
            {say('policy.calendar.office')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setWeek(() => always)}>
            {say('policy.calendar.always')}
          </Button>
        </div>
      )}
      <h2 className={classes['section']}>{say('policy.calendar.holidays')}</h2>
      <p className={classes['quiet']}>{say('policy.calendar.holidaysText')}</p>
      <DayList
        kind="date"
        label={say('policy.calendar.holidays')}
        days={calendar.holidays}
        editable={editable}
        onChange={(holidays) => onChange({ ...calendar, holidays: [...holidays] })}
      />
      <h2 className={classes['section']}>{say('policy.calendar.yearly')}</h2>
      <DayList
        kind="yearly"
        label={say('policy.calendar.yearly')}
        days={calendar.yearlyHolidays}
        editable={editable}
        onChange={(yearlyHolidays) => onChange({ ...calendar, yearlyHolidays: [...yearlyHolidays] })}
      />
    </>
  )
}

/** The open hours of a day as they lie in it. */
const Strip = ({ hours }: { readonly hours: Hours }) => (
  <span className={classes['strip']} aria-hidden>
    {hours.map(({ from, to }) => {
      const [start, end] = [partOfDay(from), partOfDay(to)]
      return start === null || end === null ? null : (
        <span
          key={from}
          className={classes['open']}
          style={{ left: `${start * 100}%`, width: `${(end - start) * 100}%` }}
        />
      )
    })}
  </span>
)

/** Hours are one text: `08:00-12:00, 13:00-17:00`. What is not hours stays as it was typed, and says so. */
const HoursField = ({
  label,
  hours,
  editable,
  onChange,
}: {
  readonly label: string
  readonly hours: Hours
  readonly editable: boolean
  readonly onChange: (hours: Hours) => void
}) => {
  const [typed, setTyped] = useState<string>()
  return (
    <TextInput
      aria-label={label}
      placeholder={say('policy.calendar.closed')}
      value={typed ?? hoursText(hours)}
      disabled={!editable}
      classNames={{ input: 'figures' }}
      error={typed !== undefined && hoursIn(typed) === null ? say('policy.calendar.noHours') : undefined}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyped(text)
        const read = hoursIn(text)
        if (read !== null) onChange(read)
      }}
      onBlur={() => {
        if (typed !== undefined && hoursIn(typed) !== null) setTyped(undefined)
      }}
    />
  )
}

type Day = { readonly date: string; readonly name: string; readonly hours: Hours }

const DayList = <D extends Day>({
  kind,
  label,
  days: all,
  editable,
  onChange,
}: {
  readonly kind: 'date' | 'yearly'
  readonly label: string
  readonly days: readonly D[]
  readonly editable: boolean
  readonly onChange: (days: readonly (D | Day)[]) => void
}) => (
  <div role="group" aria-label={label} className={classes['dayList']}>
    {all.map((day, at) => (
      // The date is what is being edited: the place is what stays.
      // oxlint-disable-next-line react/no-array-index-key
      <div key={at} className={classes['holiday']}>
        <TextInput
          {...(kind === 'date' ? { type: 'date' } : { placeholder: 'MM-DD', maxLength: 5 })}
          aria-label={say('policy.calendar.dateOf', { name: day.name })}
          value={day.date}
          disabled={!editable}
          classNames={{ input: 'figures' }}
          onChange={(event) => onChange(all.with(at, { ...day, date: event.currentTarget.value }))}
        />
        <TextInput
          aria-label={say('policy.calendar.nameOf', { date: day.date })}
          placeholder={say('policy.calendar.name')}
          className={classes['grow'] ?? ''}
          value={day.name}
          maxLength={80}
          disabled={!editable}
          onChange={(event) => onChange(all.with(at, { ...day, name: event.currentTarget.value }))}
        />
        <HoursField
          label={say('policy.calendar.hoursOf', { day: day.name })}
          hours={day.hours}
          editable={editable}
          onChange={(hours) => onChange(all.with(at, { ...day, hours }))}
        />
        {editable && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={say('policy.calendar.remove', { name: day.name })}
            onClick={() => onChange(all.toSpliced(at, 1))}
          >
            <X size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
    ))}
    {editable && (
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes['begin'] ?? ''}
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() =>
          onChange([
            ...all,
            { date: kind === 'date' ? `${new Date().getFullYear()}-12-24` : '12-25', name: '', hours: [] },
          ])
        }
      >
        {kind === 'date' ? say('policy.calendar.add') : say('policy.calendar.addYearly')}
      </Button>
    )}
  </div>
)
