import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'

export type FoundItem = { readonly id: string; readonly name: string; readonly classLabel: string }

const noRows = { rows: [] }

/** An item, found by its name, serial number, asset tag, address or class. */
export const ItemFinder = ({
  label,
  description,
  except,
  autoFocus = false,
  value,
  onChoose,
}: {
  readonly label: string
  readonly description?: string
  readonly except: readonly string[]
  readonly autoFocus?: boolean
  readonly value: string | null
  readonly onChoose: (item: FoundItem | null) => void
}) => {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 200)
  const { data = noRows, isPlaceholderData } = useQuery({
    queryKey: ['items', 'find', asked],
    queryFn: () =>
      client.listItems({
        query: { limit: 20, ...(asked === '' ? {} : { q: `"${asked.replaceAll('"', ' ')}"` }) },
      }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const isCurrent = !isPlaceholderData && asked === text.trim()
  const rows = data.rows.filter(
    ({ id, name }) =>
      !except.includes(id) &&
      // Whoever types fast and presses Enter must not choose what was found for less.
      (isCurrent || value !== null || name.toLowerCase().includes(text.trim().toLowerCase())),
  )
  return (
    <Select
      label={label}
      {...(description === undefined ? {} : { description })}
      placeholder={say('incident.items.find')}
      {...(autoFocus ? { 'data-autofocus': true, autoFocus } : {})}
      searchable
      searchValue={text}
      onSearchChange={setText}
      data={rows.map(({ id, name, classLabel }) => ({ value: id, label: `${name} (${classLabel})` }))}
      filter={({ options }) => options}
      nothingFoundMessage={say(isCurrent ? 'edit.nothingFound' : 'list.loading')}
      value={value}
      onChange={(id) => onChoose(rows.find((one) => one.id === id) ?? null)}
    />
  )
}
