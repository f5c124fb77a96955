import type { Filter } from '@evenkeel/contract/filter'
import type { SavedView } from '@evenkeel/contract/saved-view'
import type { Me } from '@evenkeel/contract/session'
import { ActionIcon, Button, Checkbox, Menu, NativeSelect, TextInput } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, type LinkComponentProps } from '@tanstack/react-router'
import Bookmark from 'lucide-react/icons/bookmark'
import LayoutList from 'lucide-react/icons/layout-list'
import Star from 'lucide-react/icons/star'
import Trash2 from 'lucide-react/icons/trash-2'
import { type FormEvent, useState } from 'react'
import { say } from '../language/say.ts'
import { client } from './api.ts'
import { mayAtAll, useMe } from './session.ts'
import type { countOptions } from './count-query.ts'
import { Empty } from '../ui/empty.tsx'
import { Fault } from '../ui/fault.tsx'
import { viewCount, viewLink, ViewLinks } from '../ui/view-links.tsx'
import { keptOf, type ListSearch, sameList, searchOf } from './listing-address.ts'
import classes from './saved-views.module.css'
import { Dialog } from '../ui/dialog.tsx'

type Search = ListSearch & { readonly q: string }
type Kind = SavedView['recordKind']

/** Lists of one kind that have names: those everybody starts with, and how others are counted and read. */
export type Views = {
  readonly kind: Kind
  readonly usual: readonly { readonly id: string; readonly name: string; readonly q: string }[]
  readonly countQuery: (q: string) => ReturnType<typeof countOptions>
  /** The list's whole filter, as a view keeps it. */
  readonly readFilter: (search: Search) => Promise<Filter>
}

export const savedViewsQuery = (recordKind: Kind) =>
  queryOptions({
    queryKey: ['views', recordKind],
    queryFn: () => client.listViews({ query: { recordKind } }),
    staleTime: 60_000,
  })

/** The lists everybody starts with, the saved ones behind them, and where all of them are kept. */
export const ViewStrip = ({
  views,
  search,
  label,
}: {
  readonly views: Views
  readonly search: Search
  readonly label: string
}) => {
  const { data } = useQuery(savedViewsQuery(views.kind))
  const [managing, setManaging] = useState(false)
  const saved = data?.views ?? []
  const current = saved.find(({ id }) => id === search.view)
  return (
    <div className={classes['strip']}>
      <ViewLinks label={label}>
        {views.usual.map((view) => (
          <ViewLink
            key={view.id}
            views={views}
            name={view.name}
            search={{ q: view.q }}
            current={current === undefined && sameFilter(view.q, search)}
          />
        ))}
        {saved.map((view) => (
          <ViewLink
            key={view.id}
            views={views}
            name={view.name}
            search={searchOf(view)}
            current={view.id === current?.id}
          />
        ))}
      </ViewLinks>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={say('views.manage')}
        title={say('views.manage')}
        onClick={() => setManaging(true)}
      >
        <LayoutList size={16} aria-hidden />
      </ActionIcon>
      {managing && <ManageViews views={views} onClose={() => setManaging(false)} />}
    </div>
  )
}

const sameFilter = (q: string, search: Search): boolean => search.q === q && search.class === undefined

/** Counts are of this reader's reach, and say so when they stop counting. */
const ViewLink = ({
  views,
  name,
  search,
  current,
}: {
  readonly views: Views
  readonly name: string
  readonly search: Search
  readonly current: boolean
}) => (
  <ListLink
    kind={views.kind}
    search={search}
    className={viewLink}
    aria-current={current ? 'page' : undefined}
    activeProps={{}}
    activeOptions={{ exact: true, includeSearch: true }}
  >
    <span className={classes['viewName']}>{name}</span>
    <Count views={views} q={search.q} />
  </ListLink>
)

/** Leads to a list of the kind. */
const ListLink = ({
  kind,
  search,
  ...props
}: { readonly kind: Kind; readonly search: Search } & Omit<LinkComponentProps, 'to' | 'search'>) =>
  kind === 'item' ? (
    <Link to="/items" search={search} {...props} />
  ) : (
    <Link to="/incidents" search={search} {...props} />
  )

const Count = ({ views, q }: { readonly views: Views; readonly q: string }) => {
  const { data } = useQuery(views.countQuery(q))
  if (data === undefined || data === null) return null
  return (
    <span className={viewCount}>
      {data.capped
        ? say('list.countCapped', { count: data.count })
        : say('list.count', { count: data.count })}
    </span>
  )
}

/** Offered as soon as the list is another one than the view it began as. */
export const SaveView = ({ views, search }: { readonly views: Views; readonly search: Search }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { data } = useQuery(savedViewsQuery(views.kind))
  const [naming, setNaming] = useState(false)
  const [error, setError] = useState<unknown>()
  if (data === undefined || !mayAtAll(me, 'view.save')) return null
  const view = data.views.find(({ id }) => id === search.view)
  const changed =
    view === undefined
      ? !views.usual.some(({ q }) => sameList({ q }, search))
      : !sameList(searchOf(view), search)
  const save = async (): Promise<void> => {
    if (view === undefined) return
    setError(undefined)
    try {
      const filter = await views.readFilter(search)
      await client.editView({
        params: { id: view.id },
        version: view.version,
        body: { filter, ...keptOf(search, views.kind) },
      })
    } catch (failure) {
      setError(failure)
    }
    await queries.invalidateQueries({ queryKey: savedViewsQuery(views.kind).queryKey })
  }
  return (
    <>
      {changed &&
        (view?.mayChange === true ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="light" leftSection={<Bookmark size={14} aria-hidden />}>
                {say('views.saveMenu')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void save()}>{say('views.saveTo', { name: view.name })}</Menu.Item>
              <Menu.Item onClick={() => setNaming(true)}>{say('views.saveAs')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<Bookmark size={14} aria-hidden />}
            onClick={() => setNaming(true)}
          >
            {say('views.create')}
          </Button>
        ))}
      {error !== undefined && <Fault error={error} kept={say('views.kept')} />}
      {naming && <NameView views={views} search={search} onClose={() => setNaming(false)} />}
    </>
  )
}

/** Who may see a view, as one choice: `mine`, `everyone`, or the id of a team. */
const audiencesFor = (me: Me, view?: SavedView) => {
  const share = mayAtAll(me, 'view.share')
  const teams = new Map(me.teams.map(({ id, name }) => [id, name]))
  if (view?.team != null) teams.set(view.team.id, view.team.name)
  return [
    { value: 'mine', label: say('views.mine') },
    ...(share || view?.audience === 'team'
      ? [...teams].map(([value, team]) => ({ value, label: say('views.team', { team }) }))
      : []),
    ...(share || view?.audience === 'everyone' ? [{ value: 'everyone', label: say('views.everyone') }] : []),
  ]
}

const audienceOf = (value: string) =>
  value === 'mine' || value === 'everyone'
    ? ({ audience: value, teamId: null } as const)
    : ({ audience: 'team', teamId: value } as const)

const NameView = ({
  views,
  search,
  onClose,
}: {
  readonly views: Views
  readonly search: Search
  readonly onClose: () => void
}) => {
  const me = useMe()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [audience, setAudience] = useState('mine')
  const [begin, setBegin] = useState(false)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const [created, setCreated] = useState<string>()
  const audiences = audiencesFor(me)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (name.trim() === '') return
    setRunning(true)
    setError(undefined)
    try {
      const filter = await views.readFilter(search)
      const { id } = await client.createView({
        body: {
          name: name.trim(),
          ...audienceOf(audience),
          filter,
          recordKind: views.kind,
          ...keptOf(search, views.kind),
        },
        idempotencyKey: crypto.randomUUID(),
      })
      if (begin) await client.setDefaultView({ body: { recordKind: views.kind, viewId: id } })
      await queries.invalidateQueries({ queryKey: savedViewsQuery(views.kind).queryKey })
      setCreated(id)
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  const view = queries
    .getQueryData(savedViewsQuery(views.kind).queryKey)
    ?.views.find(({ id }) => id === created)
  return (
    <Dialog onClose={onClose} title={say('views.create')}>
      {view === undefined ? (
        <form className={classes['form']} onSubmit={(event) => void submit(event)}>
          <TextInput
            label={say('views.name')}
            value={name}
            maxLength={80}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={say('views.audience')}
            value={audience}
            data={audiences}
            {...(audiences.length === 1 ? { description: say('views.mayNotShare') } : {})}
            onChange={(event) => setAudience(event.currentTarget.value)}
          />
          <Checkbox
            label={say('views.begin')}
            checked={begin}
            onChange={(event) => setBegin(event.currentTarget.checked)}
          />
          {error !== undefined && <Fault error={error} kept={say('views.kept')} />}
          <Button type="submit" disabled={name.trim() === ''} loading={running}>
            {say('views.save')}
          </Button>
        </form>
      ) : (
        <Saved view={view} onClose={onClose} />
      )}
    </Dialog>
  )
}

/** The address takes the name of the view that it became. */
const Saved = ({ view, onClose }: { readonly view: SavedView; readonly onClose: () => void }) => (
  <div className={classes['form']}>
    <p className={classes['text']} role="status">
      {say('views.saved', { name: view.name })}
    </p>
    <Button
      data-autofocus
      renderRoot={(props) => (
        <ListLink kind={view.recordKind} search={searchOf(view)} {...props} onClick={onClose} />
      )}
    >
      {say('views.open')}
    </Button>
  </div>
)

type Deleted = Pick<
  SavedView,
  'recordKind' | 'name' | 'audience' | 'team' | 'filter' | 'sort' | 'columns' | 'group'
>

/** Every view this reader may use, by who sees it; one's own and those that one may change are changed here. */
const ManageViews = ({ views: listed, onClose }: { readonly views: Views; readonly onClose: () => void }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { data } = useQuery(savedViewsQuery(listed.kind))
  const [deleted, setDeleted] = useState<Deleted>()
  const [error, setError] = useState<unknown>()
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setError(undefined)
    try {
      await work()
      return true
    } catch (failure) {
      setError(failure)
      return false
    } finally {
      await queries.invalidateQueries({ queryKey: savedViewsQuery(listed.kind).queryKey })
    }
  }
  const views = data?.views ?? []
  const teams = new Map(views.flatMap(({ team }) => (team === null ? [] : [[team.id, team.name] as const])))
  const parts = [
    { title: say('views.ofMe'), views: views.filter(({ audience }) => audience === 'mine') },
    ...[...teams].map(([id, team]) => ({
      title: say('views.ofTeam', { team }),
      views: views.filter((view) => view.team?.id === id),
    })),
    { title: say('views.ofEveryone'), views: views.filter(({ audience }) => audience === 'everyone') },
  ].filter((part) => part.views.length > 0)
  const bringBack = async (): Promise<void> => {
    if (deleted === undefined) return
    const { team, ...rest } = deleted
    const done = await run(() =>
      client.createView({ body: { ...rest, teamId: team?.id ?? null }, idempotencyKey: crypto.randomUUID() }),
    )
    if (done) setDeleted(undefined)
  }
  return (
    <Dialog onClose={onClose} size="lg" title={say('views.manage')}>
      <div className={classes['form']}>
        {error !== undefined && <Fault error={error} kept={say('views.kept')} />}
        {deleted !== undefined && (
          <p className={classes['deleted']} role="status">
            {say('views.deleted', { name: deleted.name })}
            <Button size="compact-sm" variant="default" onClick={() => void bringBack()}>
              {say('views.undo')}
            </Button>
          </p>
        )}
        {parts.length === 0 && <Empty title={say('views.none')}>{say('views.noneText')}</Empty>}
        {parts.map((part) => (
          <section key={part.title} aria-label={part.title}>
            <h3 className={classes['part']}>{part.title}</h3>
            <ul className={classes['list']}>
              {part.views.map((view) => (
                <ViewLine
                  key={view.id}
                  views={listed}
                  view={view}
                  me={me}
                  begins={view.id === data?.defaultId}
                  onClose={onClose}
                  onEdit={(body) =>
                    run(() => client.editView({ params: { id: view.id }, version: view.version, body }))
                  }
                  onBegin={(begins) =>
                    run(() =>
                      client.setDefaultView({
                        body: { recordKind: listed.kind, viewId: begins ? view.id : null },
                      }),
                    )
                  }
                  onDelete={async () => {
                    const { recordKind, name, audience, team, filter, sort, columns, group } = view
                    if (await run(() => client.deleteView({ params: { id: view.id } })))
                      setDeleted({ recordKind, name, audience, team, filter, sort, columns, group })
                  }}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

const ViewLine = ({
  views,
  view,
  me,
  begins,
  onClose,
  onEdit,
  onBegin,
  onDelete,
}: {
  readonly views: Views
  readonly view: SavedView
  readonly me: Me
  readonly begins: boolean
  readonly onClose: () => void
  readonly onEdit: (body: Parameters<typeof client.editView>[0]['body']) => Promise<boolean>
  readonly onBegin: (begins: boolean) => Promise<boolean>
  readonly onDelete: () => Promise<void>
}) => {
  const [name, setName] = useState(view.name)
  const rename = async (): Promise<void> => {
    const next = name.trim()
    if (next === view.name) return
    if (next === '' || !(await onEdit({ name: next }))) setName(view.name)
  }
  const beginWords = begins ? say('views.beginning') : say('views.begin')
  return (
    <li className={classes['line']}>
      {view.mayChange ? (
        <TextInput
          className={classes['name'] ?? ''}
          size="xs"
          aria-label={say('views.rename', { name: view.name })}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => void rename()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void rename()
          }}
        />
      ) : (
        <span className={classes['name']}>
          {view.name}
          <span className={classes['owner']}>{say('views.owner', { name: view.owner.name })}</span>
        </span>
      )}
      {view.mayChange && (
        <NativeSelect
          size="xs"
          aria-label={say('views.audienceOf', { name: view.name })}
          value={view.team?.id ?? view.audience}
          data={audiencesFor(me, view)}
          onChange={(event) => void onEdit(audienceOf(event.currentTarget.value))}
        />
      )}
      <ListLink
        kind={view.recordKind}
        search={searchOf(view)}
        className={classes['open'] ?? ''}
        onClick={onClose}
      >
        {say('views.open')} <span className="visually-hidden">{view.name}</span>{' '}
        <Count views={views} q={view.text} />
      </ListLink>
      <ActionIcon
        variant="subtle"
        color={begins ? 'teal' : 'gray'}
        size="sm"
        aria-label={`${view.name}: ${beginWords}`}
        title={beginWords}
        aria-pressed={begins}
        onClick={() => void onBegin(!begins)}
      >
        <Star size={14} aria-hidden fill={begins ? 'currentColor' : 'none'} />
      </ActionIcon>
      {view.mayChange && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={say('views.delete', { name: view.name })}
          onClick={() => void onDelete()}
        >
          <Trash2 size={14} aria-hidden />
        </ActionIcon>
      )}
    </li>
  )
}
