import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'

type Picked = { readonly id: string; readonly number: string } | null

/** Words and numbers are what people type here; quotes keep them from being read as a filter. */
const asWords = (text: string): string => `"${text.replaceAll('"', ' ')}"`

const noRows = { rows: [] }

/** Another incident, found by its number or by words of its title. */
export const DuplicatePicker = ({
  except,
  value,
  onChange,
}: {
  readonly except: string
  readonly value: Picked
  readonly onChange: (picked: Picked) => void
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
  const options = data.rows
    .filter(({ id }) => id !== except)
    .map(({ id, number, title }) => ({ value: id, label: `${number} ${title}` }))
  return (
    <Select
      label={say('move.duplicateOf')}
      placeholder={say('move.duplicatePlaceholder')}
      searchable
      searchValue={text}
      onSearchChange={setText}
      data={options}
      filter={({ options: found }) => found}
      nothingFoundMessage={say('edit.nothingFound')}
      value={value?.id ?? null}
      onChange={(id) => {
        const row = data.rows.find((one) => one.id === id)
        onChange(row === undefined ? null : { id: row.id, number: row.number })
      }}
    />
  )
}
