import { Refused } from '@evenkeel/contract/client'
import { CloseButton, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Waypoints from 'lucide-react/icons/waypoints'
import { type ReactNode, useMemo, useState } from 'react'
import { say } from '../../language/say.ts'
import { faultsIn } from '../../parts/filter-faults.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { UnreadFilter } from '../../parts/unread-filter.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { ViewLinks, viewLink } from '../../ui/view-links.tsx'
import { filterFieldsQuery, teamsQuery } from '../incident/incident.api.ts'
import classes from './insight.module.css'
import { Figure } from './insight.pieces.tsx'
import { InsightRecords } from './insight.records.tsx'
import { type InsightSearch, isMonth } from './insight.search.ts'
import { whole } from './insight.words.ts'

export type SetSearch = (change: Partial<InsightSearch>) => void

type Asking = {
  readonly error: Error | null
  readonly isPlaceholderData: boolean
  readonly data: { readonly counted: { readonly incidents: number; readonly notYet: number } } | undefined
  readonly refetch: () => Promise<unknown>
}

/**
 * What both pages of insight have in common: which incidents they are about, and what stands there while nothing can be counted. `asking` is
 * the question whose answer the page cannot do without.
 */
export const InsightFrame = ({
  lead,
  search,
  onSearch,
  asking: { error, isPlaceholderData, data, refetch },
  actions,
  children,
}: {
  readonly lead: string
  readonly search: InsightSearch
  readonly onSearch: SetSearch
  readonly asking: Asking
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => {
  const me = useMe()
  const refused = error instanceof Refused && error.status < 500
  const inText = refused ? faultsIn(error) : []
  if (!mayAtAll(me, 'insight.read'))
    return (
      <SettingsPage title={say('insight.title')}>
        <Empty icon={<Waypoints size={24} aria-hidden />} title={say('insight.mayNot')}>
          {say('insight.mayNotText')}
        </Empty>
      </SettingsPage>
    )
  const { behind: _, lens: __, share: ___, ...narrowing } = search
  const isNarrowed = Object.values(narrowing).some((value) => value !== undefined)
  return (
    <SettingsPage title={say('insight.title')} lead={lead}>
      <ViewLinks label={say('insight.pages')}>
        {(['/insight', '/insight/conformance'] as const).map((to) => (
          <Link
            key={to}
            to={to}
            search={narrowing}
            className={viewLink}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {to === '/insight' ? say('insight.ways') : say('insight.conformance')}
          </Link>
        ))}
      </ViewLinks>
      <div className={classes['asked']}>
        <Chips search={search} onSearch={onSearch} />
        <Narrow search={search} onSearch={onSearch} faults={inText} />
      </div>
      {error !== null && inText.length === 0 && data === undefined && (
        <FaultPage error={error} onRetry={() => void refetch()} />
      )}
      {error !== null && inText.length === 0 && data !== undefined && (
        <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />
      )}
      {data === undefined && inText.length > 0 && <UnreadFilter onClear={() => onSearch({ q: undefined })} />}
      {data === undefined && error === null && <RowsToCome rows={8} framed />}
      {data !== undefined && data.counted.incidents === 0 && (
        <Empty icon={<Waypoints size={24} aria-hidden />} title={say('insight.none')}>
          {data.counted.notYet > 0
            ? say('insight.notYet', { count: data.counted.notYet })
            : isNarrowed
              ? say('insight.noneMatch')
              : say('insight.noneText')}
        </Empty>
      )}
      {data !== undefined && data.counted.incidents > 0 && (
        <div className={classes['answer']} data-old={isPlaceholderData || refused || undefined}>
          <div className={classes['countedLine']}>
            <p className={classes['counted']} role="status">
              <Figure
                label={say('insight.countedShow', { count: data.counted.incidents })}
                onPick={() => onSearch({ behind: 'all' })}
              >
                {whole(data.counted.incidents)}
              </Figure>{' '}
              {say('insight.counted', { count: data.counted.incidents })}
              {data.counted.notYet > 0 && <> {say('insight.notYet', { count: data.counted.notYet })}</>}
            </p>
            {actions}
          </div>
          {children}
        </div>
      )}
      <InsightRecords search={search} onClose={() => onSearch({ behind: undefined })} />
    </SettingsPage>
  )
}

const Narrow = ({
  search,
  onSearch,
  faults,
}: {
  readonly search: InsightSearch
  readonly onSearch: SetSearch
  readonly faults: ReturnType<typeof faultsIn>
}) => {
  const queries = useQueryClient()
  const { data: fields } = useQuery(filterFieldsQuery)
  const complete = useMemo(
    () => (fields === undefined ? undefined : completeWith(queries, fields.fields)),
    [queries, fields],
  )
  return (
    <FilterBar
      value={search.q ?? ''}
      label={say('insight.filter')}
      placeholder={say('insight.filterExample')}
      onApply={(next) => onSearch({ q: next.trim() === '' ? undefined : next })}
      {...(complete === undefined ? {} : { complete })}
      faults={faults}
    />
  )
}

const priorities = [1, 2, 3, 4, 5] as const

/** What one narrows by most, one press each; the filter bar does the rest. */
const Chips = ({ search, onSearch }: { readonly search: InsightSearch; readonly onSearch: SetSearch }) => {
  const { data: teams } = useQuery(teamsQuery)
  return (
    <div className={classes['chips']}>
      <NativeSelect
        size="xs"
        label={say('field.team')}
        value={search.team ?? ''}
        data-set={search.team !== undefined || undefined}
        data={[
          { value: '', label: say('insight.anyTeam') },
          ...(teams?.rows ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={({ currentTarget: { value } }) => onSearch({ team: value === '' ? undefined : value })}
      />
      <NativeSelect
        size="xs"
        label={say('field.priority')}
        value={search.priority ?? ''}
        data={[
          { value: '', label: say('insight.anyPriority') },
          ...priorities.map((one) => ({
            value: String(one),
            label: say('priority.tag', { number: String(one), name: say(`priority.${one}`) }),
          })),
        ]}
        onChange={({ currentTarget: { value } }) => onSearch({ priority: value === '' ? undefined : value })}
      />
      <Category value={search.category} onChange={(category) => onSearch({ category })} />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          size="xs"
          type="month"
          label={say(`insight.${end}`)}
          placeholder="2026-03"
          defaultValue={search[end] ?? ''}
          onChange={({ currentTarget: { value } }) => {
            if (value === '' || isMonth(value)) onSearch({ [end]: value === '' ? undefined : value })
          }}
        />
      ))}
    </div>
  )
}

const Category = ({
  value = '',
  onChange,
}: {
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}) => {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  const apply = (next: string): void => {
    if (next.trim() !== value) onChange(next.trim() === '' ? undefined : next.trim())
  }
  return (
    <TextInput
      size="xs"
      label={say('field.category')}
      placeholder={say('insight.anyCategory')}
      maxLength={200}
      value={text}
      rightSection={
        text !== '' && (
          <CloseButton
            size="xs"
            aria-label={say('insight.clearCategory')}
            onClick={() => {
              setText('')
              apply('')
            }}
          />
        )
      }
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => apply(text)}
      onKeyDown={({ key }) => {
        if (key === 'Enter') apply(text)
      }}
    />
  )
}
