import { Refused } from '@evenkeel/contract/client'
import type { Filter } from '@evenkeel/contract/filter'
import type { FilterField, IncidentFilter } from '@evenkeel/contract/incident-list'
import { operatorsOf } from '@evenkeel/server/kernel/filter/fields'
import { Skeleton } from '@mantine/core'
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { say } from '../language/say.ts'
import { fieldOf, findNamed } from './filter-language.ts'
import { Fault } from '../ui/fault.tsx'
import { FilterBuilder } from '../ui/filter-builder.tsx'
import type { BuilderField } from '../ui/filter-tree.ts'

/** Asks the server for a filter in all its forms. */
export type ReadFilter = (query: { q?: string; filter?: string }) => Promise<IncidentFilter>

const filterQuery = (kind: string, readFilter: ReadFilter, q: string) =>
  queryOptions({
    queryKey: ['filter of', kind, q],
    queryFn: () => readFilter(q === '' ? {} : { q }),
    staleTime: 60_000,
    retry: false,
  })

const builderType = {
  text: 'text',
  words: 'text',
  keyword: 'text',
  number: 'number',
  choice: 'choice',
  'ordered choice': 'choice',
  reference: 'reference',
  'list of references': 'reference',
  instant: 'time',
  date: 'time',
  boolean: 'boolean',
} as const satisfies Record<FilterField['type'], BuilderField['type']>

const relativeWords = { me: 'builder.me', my_teams: 'builder.myTeams' } as const

/** The list's filter as a builder. The server turns text into boxes and boxes into text, so both say the same. */
export const ListingBuilder = ({
  kind,
  q,
  fields,
  titleOf,
  readFilter,
  onApply,
}: {
  /** Of records that are listed. */
  readonly kind: string
  readonly q: string
  readonly fields: readonly FilterField[] | undefined
  readonly titleOf: (field: FilterField) => string
  readonly readFilter: ReadFilter
  readonly onApply: (q: string) => void
}) => {
  const queries = useQueryClient()
  const { data, error } = useQuery({ ...filterQuery(kind, readFilter, q), placeholderData: keepPreviousData })
  const [refused, setRefused] = useState<unknown>()
  const offered = useMemo(
    () =>
      fields?.map((field): BuilderField => {
        const bound = fieldOf(field)
        return {
          name: field.name,
          title: titleOf(field),
          type: builderType[field.type],
          operators: operatorsOf(bound),
          choices: [
            ...field.relative.map((value) => ({ value, label: say(relativeWords[value]) })),
            ...field.choices,
          ],
        }
      }) ?? [],
    [fields, titleOf],
  )
  const names = useMemo(() => new Map(data?.names.map(({ id, name }) => [id, name]) ?? []), [data])
  if (error !== null) return <Fault error={error} kept={say('builder.textFirst')} />
  if (data === undefined || fields === undefined) return <Skeleton height={96} />

  const apply = async (filter: Filter): Promise<void> => {
    setRefused(undefined)
    try {
      const read = await readFilter({ filter: JSON.stringify(filter) })
      queries.setQueryData(filterQuery(kind, readFilter, read.text).queryKey, { ...read, filter })
      onApply(read.text)
    } catch (failure) {
      setRefused(failure)
    }
  }
  const faults = refused instanceof Refused ? (refused.body.reasons ?? []) : []
  return (
    <>
      <FilterBuilder
        filter={data.filter}
        fields={offered}
        names={names}
        faults={faults.map(({ field = '', message }) => ({ path: field, message }))}
        onFind={async (name, text) => {
          const kind = fields.find((field) => field.name === name)?.names ?? null
          if (kind === null) return []
          const found = await findNamed(queries, kind, text)
          return found.map(({ id, name: label }) => ({ value: id, label }))
        }}
        onChange={(filter) => void apply(filter)}
      />
      {refused !== undefined && faults.length === 0 && <Fault error={refused} kept={say('list.keptRows')} />}
    </>
  )
}
