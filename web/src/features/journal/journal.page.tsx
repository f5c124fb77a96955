import {
  type JournalQuery,
  JournalQuery as JournalQuerySchema,
  type JournalRow,
  journalSubjectKinds,
  journalTypes,
} from '@evenkeel/contract/journal'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import Download from 'lucide-react/icons/download'
import ScrollText from 'lucide-react/icons/scroll-text'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { useId, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute, dayHeading, instantOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { NewerButton } from '../../ui/newer-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RowsToCome } from '../../ui/settings-page.tsx'
import { JournalEntry } from './journal.entry.tsx'
import classes from './journal.module.css'
import { useNewEntries } from './journal.live.ts'
import { JournalSeal } from './journal.seal.tsx'
import { type JournalSearch, journalSearchOf } from './journal.search.ts'
import { actorOf, changeText, typeText } from './journal.words.ts'

const route = getRouteApi('/shell/journal')

/** What the address asks for, as far as the server can be asked for it. */
const queryOf = (search: JournalSearch): JournalQuery => {
  const zone = readerZone().timeZone
  const given = {
    actor: search.actor,
    kind: search.kind,
    subject: search.subject,
    number: search.number,
    type: search.type,
    from: search.from === undefined ? undefined : instantOf(`${search.from}T00:00`, zone),
    to: search.to === undefined ? undefined : instantOf(`${dayAfter(search.to)}T00:00`, zone),
  }
  // What is no filter is left out, and the others hold.
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => value !== undefined && JournalQuerySchema.safeParse({ [name]: value }).success,
    ),
  )
}

const dayAfter = (date: string): string => {
  const day = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(day.getTime()) ? date : new Date(day.getTime() + 86_400_000).toISOString().slice(0, 10)
}

/** Who did what when, and whether it can be trusted. */
export const JournalPage = () => {
  usePageTitle(say('journal.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = queryOf(search)
  const queries = useQueryClient()
  const queryKey = ['journal', 'list', query] as const
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } =
    useInfiniteQuery({
      queryKey,
      queryFn: ({ pageParam }) =>
        client.listJournal({ query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      placeholderData: (before) => before,
      // Nothing moves under whoever reads: what is new says so.
      refetchOnWindowFocus: false,
    })
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  const fresh = useNewEntries({
    key: JSON.stringify(queryKey),
    rows: data === undefined || isPlaceholderData ? undefined : rows,
    first: () => client.listJournal({ query }),
    show: (page) => queries.setQueryData(queryKey, { pages: [page], pageParams: [null] }),
  })
  const searchedTo = data?.pages.at(-1)?.searchedTo ?? null
  const zone = readerZone()
  const toggle = (id: string): void =>
    void navigate({
      search: (before) => ({ ...before, entry: before.entry === id ? undefined : id }),
      replace: true,
      resetScroll: false,
    })
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <div className={classes['headWords']}>
          <h1 className={classes['heading']}>{say('journal.title')}</h1>
          <p className={classes['lead']}>{say('journal.about')}</p>
        </div>
        {mayAtAll(useMe(), 'export') && (
          <Button
            component="a"
            href="/api/v1/journal/export"
            download
            variant="default"
            title={say('journal.exportText')}
            leftSection={<Download size={16} aria-hidden />}
          >
            {say('journal.export')}
          </Button>
        )}
      </header>
      <JournalSeal isAway={error !== null} />
      <Filters key={JSON.stringify(search)} search={search} />
      {search.subject !== undefined && (
        <p className={classes['about']}>
          {say('journal.historyOf', { name: search.subjectName ?? search.subject })}
        </p>
      )}
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <RowsToCome rows={10} framed />}
      {data !== undefined && rows.length === 0 && !hasNextPage && (
        <Empty icon={<ScrollText size={24} aria-hidden />} title={say('journal.none')}>
          {say('journal.noneText')}
        </Empty>
      )}
      <div role="status">
        {fresh.waiting > 0 && (
          <NewerButton onPress={fresh.refresh}>
            {fresh.more
              ? say('journal.freshMore', { count: fresh.waiting })
              : say('journal.fresh', { count: fresh.waiting })}
          </NewerButton>
        )}
      </div>
      {rows.length > 0 && (
        <ol
          className={classes['rows']}
          aria-label={say('journal.rows')}
          data-old={isPlaceholderData || undefined}
        >
          {rows.map((row, at) => {
            const day = dayHeading(row.at, zone)
            const before = rows[at - 1]
            return (
              <li key={row.id} className={classes['item']}>
                {(before === undefined || dayHeading(before.at, zone) !== day) && (
                  <h2 className={classes['dayName']}>{day}</h2>
                )}
                <Row row={row} opened={search.entry === row.id} onToggle={() => toggle(row.id)} />
              </li>
            )
          })}
        </ol>
      )}
      {searchedTo !== null && (
        <p role="status" className={classes['quiet']}>
          {say('journal.searchedTo', { at: absolute(searchedTo, zone) })}
        </p>
      )}
      {hasNextPage && (
        <Button
          variant="default"
          className={classes['more'] ?? ''}
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {searchedTo === null ? say('journal.more') : say('journal.searchOn')}
        </Button>
      )}
    </div>
  )
}

const timeOfDay = (at: string): string => {
  const { language, timeZone } = readerZone()
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
  }).format(Date.parse(at))
}

const Row = ({
  row,
  opened,
  onToggle,
}: {
  readonly row: JournalRow
  readonly opened: boolean
  readonly onToggle: () => void
}) => {
  const what = typeText(row.type)
  // Who signs in is both who did it and what it is about: once is enough.
  const subject = row.subject.name === row.actor.name ? '' : (row.subject.name ?? '')
  const panel = useId()
  return (
    <>
      <button
        type="button"
        className={classes['row']}
        aria-expanded={opened}
        aria-controls={opened ? panel : undefined}
        onClick={onToggle}
      >
        <time
          dateTime={row.at}
          title={absolute(row.at, readerZone())}
          className={`${classes['time'] ?? ''} figures`}
        >
          {timeOfDay(row.at)}
        </time>
        <span className={classes['words']}>
          <span>
            <span className={classes['actor']}>{actorOf(row)}</span> {what}
            {subject !== '' && (
              <>
                {' · '}
                <span className={classes['subject']}>{subject}</span>
              </>
            )}
          </span>
          {(row.sentence !== null || row.changes.length > 0) && (
            <span className={classes['quiet']}>
              {[...(row.sentence === null ? [] : [row.sentence]), ...row.changes.map(changeText)].join(' · ')}
            </span>
          )}
        </span>
        <span className={classes['seal']} data-sealed={row.seal !== null || undefined}>
          {row.seal === null ? (
            say('journal.unsealed')
          ) : (
            <>
              <ShieldCheck size={14} aria-hidden />
              <span className="visually-hidden">{say('journal.sealed', { number: row.seal.number })}</span>
              <span aria-hidden className="figures">
                {row.seal.number}
              </span>
            </>
          )}
        </span>
      </button>
      {opened && (
        <div id={panel}>
          <JournalEntry id={row.id} />
        </div>
      )}
    </>
  )
}

/** Each filter is in the address; nothing is asked for before it is sent. */
const Filters = ({ search }: { readonly search: JournalSearch }) => {
  const navigate = route.useNavigate()
  const types = useId()
  const [draft, setDraft] = useState(search)
  const set = (change: JournalSearch): void => setDraft((before) => ({ ...before, ...change }))
  const apply = (next: JournalSearch): void =>
    void navigate({ search: journalSearchOf({ ...next, entry: undefined }) })
  const filtered = Object.entries(search).some(([name, value]) => name !== 'entry' && value !== undefined)
  return (
    <form
      role="search"
      aria-label={say('journal.filters')}
      className={classes['filters']}
      onSubmit={(event) => {
        event.preventDefault()
        apply(draft)
      }}
    >
      <TextInput
        label={say('journal.filter.number')}
        placeholder="INC0001042"
        value={draft.number ?? ''}
        spellCheck={false}
        className={classes['short'] ?? ''}
        onChange={(event) => set({ number: event.currentTarget.value })}
      />
      <div className={classes['person']}>
        <span className={classes['label']}>{say('journal.filter.person')}</span>
        <PersonPicker
          label={say('journal.filter.person')}
          value={search.actor === undefined ? null : { id: search.actor, name: search.actorName ?? '' }}
          editable
          nothing={say('journal.anybody')}
          onChoose={async (person) => apply({ ...draft, actor: person?.id, actorName: person?.name })}
        >
          {search.actor === undefined ? say('journal.anybody') : (search.actorName ?? search.actor)}
        </PersonPicker>
      </div>
      <NativeSelect
        label={say('journal.filter.kind')}
        value={draft.kind ?? ''}
        data={[
          { value: '', label: say('journal.anything') },
          ...journalSubjectKinds.map((kind) => ({ value: kind, label: say(`journal.kind.${kind}`) })),
        ]}
        onChange={(event) => {
          const kind = event.currentTarget.value
          apply({ ...draft, kind: kind === '' ? undefined : kind })
        }}
      />
      <TextInput
        label={say('journal.filter.type')}
        placeholder={say('journal.filter.typeText')}
        value={draft.type ?? ''}
        list={types}
        spellCheck={false}
        autoComplete="off"
        className={classes['wide'] ?? ''}
        onChange={(event) => set({ type: event.currentTarget.value })}
      />
      <datalist id={types}>
        {journalTypes.map((type) => (
          <option key={type} value={type}>
            {typeText(type)}
          </option>
        ))}
      </datalist>
      <TextInput
        type="date"
        label={say('journal.filter.from')}
        value={draft.from ?? ''}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={say('journal.filter.to')}
        value={draft.to ?? ''}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      <Button type="submit" variant="default">
        {say('journal.search')}
      </Button>
      {filtered && (
        <Button variant="subtle" onClick={() => apply({})}>
          {say('journal.clear')}
        </Button>
      )}
    </form>
  )
}
