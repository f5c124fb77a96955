import type { Permission } from '@evenkeel/contract/permission'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { say } from '../language/say.ts'
import { client } from './api.ts'
import classes from './composer.module.css'
import { handleOf, isMeant, mentionAt, type Mention } from './mention.ts'
import { Initials } from './person.tsx'

type Offered = { readonly id: string; readonly name: string; readonly handle: string; readonly hint: string }

const noPeople = { rows: [] }

export type Mentions = {
  readonly offered: readonly Offered[]
  readonly active: number
  /** Looks at what is typed where the caret stands. */
  readonly look: (text: string, caret: number) => void
  readonly close: () => void
  /** Whether the key belonged to the list. */
  readonly onKey: (event: KeyboardEvent) => boolean
  readonly choose: (person: Offered) => void
}

/** People offered while an `@` is being typed. For a note only those who may read it: nobody else would be told. */
export const useMentions = (
  enabled: boolean,
  mayRead: Permission | undefined,
  onChoose: (mention: Mention, handle: string) => void,
): Mentions => {
  const [mention, setMention] = useState<Mention>()
  const [active, setActive] = useState(0)
  const [asked] = useDebouncedValue(mention?.words ?? '', 120)
  const { data = noPeople } = useQuery({
    queryKey: ['people', 'suggestions', asked, mayRead],
    queryFn: () =>
      client.suggestPeople({ query: { q: asked, ...(mayRead === undefined ? {} : { may: mayRead }) } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    enabled: enabled && mention !== undefined,
  })
  const offered =
    mention === undefined
      ? []
      : data.rows
          .flatMap(({ id, name, email, title, teams }) => {
            const handle = handleOf(email)
            const hint = [title, ...teams.map((team) => team.name)].filter((part) => part !== '').join(' · ')
            return handle === undefined ? [] : [{ id, name, handle, hint }]
          })
          // What is shown may still answer fewer letters: Enter must never name somebody else.
          .filter(({ name, handle }) => isMeant(mention.words, name, handle))
          .slice(0, 6)
  const close = (): void => setMention(undefined)
  const choose = (person: Offered): void => {
    if (mention !== undefined) onChoose(mention, person.handle)
    close()
  }
  return {
    offered,
    active: Math.min(active, Math.max(0, offered.length - 1)),
    look: (text, caret) => {
      const found = enabled ? mentionAt(text, caret) : undefined
      if (found?.words !== mention?.words) setActive(0)
      setMention(found)
    },
    close,
    onKey: (event) => {
      const person = offered[Math.min(active, offered.length - 1)]
      if (person === undefined) return false
      if (event.key === 'ArrowDown') setActive((active + 1) % offered.length)
      else if (event.key === 'ArrowUp') setActive((active + offered.length - 1) % offered.length)
      else if (event.key === 'Escape') close()
      else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab')
        choose(person)
      else return false
      event.preventDefault()
      return true
    },
    choose,
  }
}

export const mentionOption = (listId: string, at: number): string => `${listId}-${at}`

export const MentionList = ({ id, mentions }: { readonly id: string; readonly mentions: Mentions }) =>
  mentions.offered.length === 0 ? null : (
    <div id={id} role="listbox" aria-label={say('composer.mention')} className={classes['mentions']}>
      {mentions.offered.map((person, at) => (
        <div
          key={person.id}
          id={mentionOption(id, at)}
          role="option"
          // The field keeps the focus; its arrow keys move through the list.
          tabIndex={-1}
          aria-selected={at === mentions.active}
          className={classes['mention']}
          onMouseDown={(event) => {
            event.preventDefault()
            mentions.choose(person)
          }}
        >
          <Initials name={person.name} />
          <span className={classes['mentionName']}>{person.name}</span>
          <span className={classes['mentionHint']}>
            @{person.handle}
            {person.hint !== '' && ` · ${person.hint}`}
          </span>
        </div>
      ))}
    </div>
  )
