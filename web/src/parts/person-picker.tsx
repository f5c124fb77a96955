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
  readonly first?: {
    readonly id: string
    readonly name: string
    readonly hint: string
    readonly teams?: readonly Team[]
  }
  /** Somebody of several teams is offered once for each: who chooses says which. */
  readonly perTeam?: boolean
  readonly onChoose: (person: PersonRef | null, team: Team | null) => Promise<void>
  readonly children: ReactNode
}

type Team = { readonly id: string; readonly name: string }

const noPeople = { rows: [] }

/** Somebody, found while typing their name or address. */
export const PersonPicker = ({ value, may, first, perTeam = false, onChoose, ...rest }: Props) => {
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
  const offered = [
    ...(first !== undefined && text === '' ? [{ ...first, teams: first.teams ?? [] }] : []),
    ...data.rows
      .filter(({ id }) => text !== '' || id !== first?.id)
      .map(({ title, ...person }) => ({ ...person, hint: title })),
  ].flatMap(({ id, name, hint, teams }) => {
    const each = perTeam && teams.length > 1 ? teams.map((team) => [team] as const) : [teams]
    return each.map((named) => ({
      person: { id, name },
      team: named.length === 1 ? (named[0] ?? null) : null,
      option: {
        value: each.length === 1 ? id : `${id} ${named[0]?.id ?? ''}`,
        label: name,
        hint: [hint, ...named.map((team) => team.name)].filter((part) => part !== '').join(' · '),
        icon: <Initials name={name} />,
      },
    }))
  })
  return (
    <Choice
      {...rest}
      value={value?.id ?? null}
      options={offered.map(({ option }) => option)}
      onChoose={(chosen) => {
        const found = offered.find(({ option }) => option.value === chosen)
        return found === undefined ? onChoose(null, null) : onChoose(found.person, found.team)
      }}
      searchable
      onSearch={setText}
      onOpen={() => setOpened(true)}
      searching={isFetching}
    />
  )
}
