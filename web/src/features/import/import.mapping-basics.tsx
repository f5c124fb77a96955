import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import { importEncodings } from '@evenkeel/contract/import-mapping'
import { Autocomplete, NativeSelect, Select, TagsInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client as api } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { personQuery, teamsQuery } from '../people/people.api.ts'
import { previewQuery } from './import.api.ts'
import type { Column } from './import.field-groups.tsx'
import { PartChoice } from './import.part.tsx'
import classes from './import.mapping.module.css'
import type { MappingFault } from './import.mapping-faults.ts'

type Props = {
  readonly batchId: string
  readonly mapping: ImportMapping
  readonly columns: readonly Column[]
  /** Sheets of the workbook, or files inside the zip. */
  readonly parts: readonly string[]
  readonly faults: readonly MappingFault[]
  readonly onChange: (part: Partial<ImportMapping>) => void
}

/** What the file is: where from, how written, and what makes two rows one record. */
export const MappingBasics = (props: Props) => (
  <>
    <Source {...props} />
    <Identity {...props} />
  </>
)

const faultAt = (faults: readonly MappingFault[], place: string): string | undefined =>
  faults.find(({ at }) => at === place)?.message

const delimiters = [
  { value: ',', name: 'comma' },
  { value: ';', name: 'semicolon' },
  { value: '\t', name: 'tab' },
  { value: '|', name: 'pipe' },
] as const

const Source = ({ batchId, mapping, parts, faults, onChange }: Props) => {
  const { format } = mapping
  return (
    <Section title={say('import.group.file')}>
      <div className={classes['form']}>
        <div className={classes['pair']}>
          <TextInput
            label={say('import.source')}
            description={say(mapping.kind === 'incident' ? 'import.sourceHint' : 'import.sourceHintItems')}
            value={mapping.source}
            maxLength={80}
            error={faultAt(faults, 'source')}
            onChange={(event) => onChange({ source: event.currentTarget.value })}
          />
          <TagsInput
            label={say('import.unknownTexts')}
            description={say('import.unknownTextsHint')}
            value={[...mapping.unknown]}
            maxTags={20}
            onChange={(unknown) => onChange({ unknown })}
          />
        </div>
        {format.type === 'csv' && (
          <div className={classes['pair']}>
            <NativeSelect
              label={say('import.delimiter')}
              value={format.delimiter}
              data={delimiters.map(({ value, name }) => ({ value, label: say(`import.delimiter.${name}`) }))}
              onChange={(event) => {
                const chosen = delimiters.find(({ value }) => value === event.currentTarget.value)
                if (chosen !== undefined) onChange({ format: { ...format, delimiter: chosen.value } })
              }}
            />
            <NativeSelect
              label={say('import.encoding')}
              value={format.encoding}
              data={importEncodings.map((value) => ({ value, label: value }))}
              onChange={(event) => {
                const chosen = importEncodings.find((one) => one === event.currentTarget.value)
                if (chosen !== undefined) onChange({ format: { ...format, encoding: chosen } })
              }}
            />
          </div>
        )}
        {parts.length > 1 && (
          <PartChoice batchId={batchId} mapping={mapping} parts={parts} onChange={onChange} />
        )}
      </div>
    </Section>
  )
}

const Identity = ({ mapping, columns, faults, onChange }: Props) => {
  const names = columns.map(({ name }) => name)
  return (
    <Section title={say('import.group.identity')}>
      <div className={classes['pair']}>
        <TagsInput
          label={say('import.record')}
          description={say(mapping.kind === 'incident' ? 'import.recordHint' : 'import.recordHintItems')}
          data={names}
          value={[...mapping.record]}
          maxTags={5}
          error={faultAt(faults, 'record')}
          onChange={(record) => onChange({ record })}
        />
        {mapping.kind === 'incident' && (
          <TagsInput
            label={say('import.update')}
            description={say('import.updateHint')}
            data={names}
            value={[...(mapping.update ?? [])]}
            maxTags={5}
            placeholder={mapping.update === null ? say('import.wholeRow') : ''}
            error={faultAt(faults, 'update')}
            onChange={(update) => onChange({ update: update.length === 0 ? null : update })}
          />
        )}
      </div>
    </Section>
  )
}

const formats = [
  'iso',
  'd/M/yyyy HH:mm',
  'dd.MM.yyyy HH:mm',
  'M/d/yyyy h:mm a',
  'yyyy-MM-dd HH:mm:ss',
  'unix-seconds',
  'unix-milliseconds',
]

/** How its times read, with some of them. */
export const Times = ({ batchId, mapping, columns, faults, onChange }: Props) => {
  const { format, zone } = mapping.times
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <Section title={say('import.group.times')}>
      <div className={classes['form']}>
        <div className={classes['pair']}>
          <Autocomplete
            label={say('import.timeFormat')}
            description={say('import.timeFormatHint')}
            data={formats}
            value={format}
            maxLength={60}
            error={faultAt(faults, 'times')}
            filter={({ options }) => options}
            onChange={(next) => onChange({ times: { zone, format: next } })}
          />
          <Select
            label={say('import.zone')}
            description={say('import.zoneHint')}
            data={zones.includes(zone) ? zones : [zone, ...zones]}
            value={zone}
            searchable
            allowDeselect={false}
            nothingFoundMessage={say('edit.nothingFound')}
            onChange={(next) => {
              if (next !== null) onChange({ times: { format, zone: next } })
            }}
          />
        </div>
        {faults.length === 0 && <ReadTimes batchId={batchId} mapping={mapping} columns={columns} />}
      </div>
    </Section>
  )
}

const fewTimes = 4

/** Times of the file beside how they are read: the preview is asked for the same column as a text and as a time. */
const ReadTimes = ({ batchId, mapping, columns }: Pick<Props, 'batchId' | 'mapping' | 'columns'>) => {
  const dated = ['createdAt', 'updatedAt', 'resolvedAt', 'closedAt'].find(
    (field) => mapping.fields[field]?.from.is === 'column',
  )
  const rule = dated === undefined ? undefined : mapping.fields[dated]
  const asText = {
    ...mapping,
    fields: {
      ...mapping.fields,
      ...(rule === undefined
        ? {}
        : { description: { ...rule, translate: {}, unknown: { do: 'leave' as const } } }),
    },
  }
  const [asked] = useDebouncedValue(asText, 400)
  const { data } = useQuery({
    ...previewQuery(batchId, asked),
    placeholderData: keepPreviousData,
    enabled: rule !== undefined && columns.length > 0,
    retry: false,
  })
  if (dated === undefined || data === undefined) return null
  const shown = data.records
    .flatMap(({ updates }) => updates)
    .flatMap(({ values }) => {
      const raw = values['description']
      return typeof raw === 'string' ? [[raw, values[dated] ?? null] as const] : []
    })
  const few = [...new Map(shown)].slice(0, fewTimes)
  if (few.length === 0) return null
  return (
    <dl className={classes['times']} aria-label={say('import.timesRead')}>
      {few.map(([raw, read]) => (
        <Fragmented key={raw} raw={raw} read={read} />
      ))}
    </dl>
  )
}

const Fragmented = ({ raw, read }: { readonly raw: string; readonly read: string | null }) => (
  <>
    <dt>
      <code className={classes['code']}>{raw}</code>
    </dt>
    <dd>
      {read === null ? (
        <span className={classes['fault']}>{say('import.notRead')}</span>
      ) : (
        <time dateTime={read} className="figures">
          {absolute(read, readerZone())}
        </time>
      )}
    </dd>
  </>
)

type MissingReference = ImportMapping['people']['missing']

const doings = ['create', 'use', 'leave', 'refuse'] as const

/** What becomes of names that nobody here has. */
export const Missing = ({ mapping, onChange }: Props) => {
  const teams = useQuery(teamsQuery)
  const services = useQuery({
    queryKey: ['services', 'active'],
    queryFn: () => api.listServices({ query: { active: 'true' } }),
    staleTime: 60_000,
  })
  return (
    <Section title={say('import.group.missing')} lead={say('import.missingLead')}>
      <div className={classes['pair']}>
        <MissingOf
          kind="people"
          value={mapping.people.missing}
          onChange={(missing) => onChange({ people: { ...mapping.people, missing } })}
        />
        <MissingOf
          kind="teams"
          value={mapping.teams.missing}
          known={teams.data?.rows.filter(({ isActive }) => isActive) ?? []}
          onChange={(missing) => onChange({ teams: { missing } })}
        />
        {mapping.kind === 'incident' && (
          <MissingOf
            kind="services"
            value={mapping.services.missing}
            known={services.data?.rows ?? []}
            onChange={(missing) => onChange({ services: { missing } })}
          />
        )}
        <NativeSelect
          label={say('import.peopleBy')}
          value={mapping.people.by}
          data={(['address', 'name'] as const).map((by) => ({ value: by, label: say(`import.by.${by}`) }))}
          onChange={(event) =>
            onChange({
              people: { ...mapping.people, by: event.currentTarget.value === 'address' ? 'address' : 'name' },
            })
          }
        />
      </div>
    </Section>
  )
}

const MissingOf = ({
  kind,
  value,
  known,

  onChange,
}: {
  readonly kind: 'people' | 'teams' | 'services'
  readonly value: MissingReference
  /** Of people there are too many: they are found by typing. */
  readonly known?: readonly { readonly id: string; readonly name: string }[]
  readonly onChange: (next: MissingReference) => void
}) => {
  // Chosen to stand in, but nobody named yet: the mapping keeps what it had.
  const [using, setUsing] = useState(value.do === 'use')
  const person = useQuery({
    ...personQuery(value.do === 'use' ? value.id : ''),
    enabled: kind === 'people' && value.do === 'use',
  })
  const label = say(`import.missing.${kind}`)
  return (
    <div className={classes['form']}>
      <NativeSelect
        label={label}
        value={using ? 'use' : value.do}
        data={doings.map((one) => ({ value: one, label: say(`import.missingDo.${one}`) }))}
        onChange={(event) => {
          const chosen = doings.find((one) => one === event.currentTarget.value) ?? 'leave'
          setUsing(chosen === 'use')
          if (chosen !== 'use') onChange({ do: chosen })
        }}
      />
      {using && kind === 'people' && (
        <PersonPicker
          label={label}
          value={value.do === 'use' ? { id: value.id, name: person.data?.name ?? '' } : null}
          editable
          onChoose={async (chosen) => {
            if (chosen !== null) onChange({ do: 'use', id: chosen.id })
          }}
        >
          {value.do === 'use' && person.data !== undefined ? (
            <Person name={person.data.name} />
          ) : (
            say('import.choosePerson')
          )}
        </PersonPicker>
      )}
      {using && kind !== 'people' && (
        <NativeSelect
          aria-label={say('import.standInFor', { what: label })}
          value={value.do === 'use' ? value.id : ''}
          data={[
            ...(value.do === 'use' ? [] : [{ value: '', label: say('import.chooseValue') }]),
            ...(known ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => {
            if (event.currentTarget.value !== '') onChange({ do: 'use', id: event.currentTarget.value })
          }}
        />
      )}
    </div>
  )
}
