import type { Permission } from '@evenkeel/contract/permission'
import type { PersonRef } from '@evenkeel/contract/record'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebouncedValue } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { Choice } from '../ui/choice.tsx'
import { client } from './api.ts'
import { Initials } from './person.tsx'

type Props = {
  readonly id?: string
  readonly label: string
  readonly value: { readonly id: string; readonly name: string } | null
  readonly editable: boolean
  /** Only people who may do this to something. */
  readonly may?: Permission
  readonly nothing?: string
  /** Offered first, before anything is typed: oneself. */
  readonly first?: { readonly id: string; readonly name: string; readonly hint: string }
  readonly onChoose: (person: PersonRef | null) => Promise<void>
  readonly children: ReactNode
}

const noPeople = { rows: [] }

/** Somebody, found while typing their name or address. */
export const PersonPicker = ({ value, may, first, onChoose, ...rest }: Props) => {
  const [text, setText] = useState('')
  const [opened, setOpened] = useState(false)
  const [asked] = useDebouncedValue(text.trim(), 120)
  const { data = noPeople, isFetching } = useQuery({
    queryKey: ['people', 'suggestions', asked, may],
    queryFn: () => client.suggestPeople({ query: { q: asked, ...(may === undefined ? {} : { may }) } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    enabled: opened,
  })
  const found = data.rows.map(({ id, name, title, teams }) => ({
    value: id,
    label: name,
    hint: [title, ...teams.map((team) => team.name)].filter((part) => part !== '').join(' · '),
    icon: <Initials name={name} />,
  }))
  const own =
    first !== undefined && text === ''
      ? [{ value: first.id, label: first.name, hint: first.hint, icon: <Initials name={first.name} /> }]
      : []
  const known = new Set(own.map((option) => option.value))
  const options = [...own, ...found.filter((option) => !known.has(option.value))]
  return (
    <Choice
      {...rest}
      value={value?.id ?? null}
      options={options}
      onChoose={(id) => {
        const chosen = options.find((option) => option.value === id)
        return onChoose(chosen === undefined ? null : { id: chosen.value, name: chosen.label })
      }}
      shown={value?.name}
      searchable
      onSearch={setText}
      onOpen={() => setOpened(true)}
      searching={isFetching}
    />
  )
}
