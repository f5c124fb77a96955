import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'

export type Picked = { readonly id: string; readonly number: string } | null

/** Words and numbers are what people type here; quotes keep them from being read as a filter. */
const asWords = (text: string): string => `"${text.replaceAll('"', ' ')}"`

const noRows = { rows: [] }

/** Another incident, found by its number or by words of its title. */
export const IncidentPicker = ({
  label,
  except,
  value,
  onChange,
  focus = false,
}: {
  readonly label: string
  readonly except: string
  readonly value: Picked
  readonly onChange: (picked: Picked) => void
  readonly focus?: boolean
}) => {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 200)
  const { data = noRows } = useQuery({
    queryKey: ['incidents', 'find', asked],
    queryFn: () =>
      client.listIncidents({ query: { limit: 20, ...(asked === '' ? {} : { q: asWords(asked) }) } }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const found = data.rows
    .filter(({ id }) => id !== except)
    .map(({ id, number, title }) => ({ value: id, label: `${number} ${title}` }))
  // What was chosen stays, also when it is not among what the words find.
  const chosen = value !== null && !found.some((one) => one.value === value.id)
  return (
    <Select
      label={label}
      placeholder={say('move.duplicatePlaceholder')}
      searchable
      data-autofocus={focus || undefined}
      searchValue={text}
      onSearchChange={setText}
      data={chosen ? [...found, { value: value.id, label: value.number }] : found}
      filter={({ options }) => options}
      nothingFoundMessage={say('edit.nothingFound')}
      value={value?.id ?? null}
      onChange={(id) => {
        const row = data.rows.find((one) => one.id === id)
        onChange(row === undefined ? null : { id: row.id, number: row.number })
      }}
    />
  )
}
