import type { Me } from '@evenkeel/contract/session'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import Bell from 'lucide-react/icons/bell'
import Boxes from 'lucide-react/icons/boxes'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CornerDownRight from 'lucide-react/icons/corner-down-right'
import History from 'lucide-react/icons/history'
import Plus from 'lucide-react/icons/plus'
import ScanLine from 'lucide-react/icons/scan-line'
import Search from 'lucide-react/icons/search'
import Server from 'lucide-react/icons/server'
import UserRound from 'lucide-react/icons/user-round'
import UsersRound from 'lucide-react/icons/users-round'
import Waypoints from 'lucide-react/icons/waypoints'
import { servicesQuery, teamsQuery } from '../features/incident/incident.api.ts'
import { say } from '../language/say.ts'
import { client } from '../parts/api.ts'
import { recentOf } from '../parts/recent.ts'
import { mayAtAll, useMe } from '../parts/session.ts'
import { usePageActions } from '../ui/actions.ts'
import { fuzzyFit } from '../ui/fuzzy.ts'
import { useBoundKeys } from '../ui/keys.ts'
import { adminPlaces } from './admin-places.ts'
import { filterFor, looksScanned, numberIn, quoted } from './palette.search.ts'
import { placesFor } from './places.tsx'
import { settingsPlaces } from './settings-places.ts'

/** In the order they are shown; results that arrive later never change it. */
const groups = [
  'recent',
  'actions',
  'create',
  'records',
  'places',
  'services',
  'items',
  'teams',
  'people',
] as const
export type PaletteGroup = (typeof groups)[number]

export type PaletteItem = {
  readonly id: string
  readonly group: PaletteGroup
  readonly text: string
  readonly hint?: string | undefined
  /** The key that does the same without the palette. */
  readonly keys?: string | undefined
  readonly icon: LucideIcon
  readonly run: () => void
}

const most = { local: 6, remote: 8 } as const

/** Groups that the server fills. */
const asked: readonly PaletteGroup[] = ['records', 'services', 'items', 'teams', 'people']
export const isFound = ({ group }: PaletteItem): boolean => asked.includes(group)

/**
 * Everything that fits what was typed, group by group: at once what is known here, for `search` what the server finds, which lags behind
 * while somebody types.
 */
export const usePaletteItems = (
  typed: string,
  search: string,
): { readonly items: readonly PaletteItem[]; readonly searching: boolean } => {
  const local = useLocal(typed)
  const found = useFound(search)
  const all = [...local, ...found.items]
  const numbered = numberIn(typed) !== undefined
  const order = numbered ? (['records', ...groups.filter((group) => group !== 'records')] as const) : groups
  return {
    items: order.flatMap((group) => all.filter((item) => item.group === group)),
    searching: found.searching || search !== typed,
  }
}

const ranked = (typed: string, items: readonly PaletteItem[], limit: number): readonly PaletteItem[] =>
  items
    .map((item) => ({ item, fit: fuzzyFit(typed, item.text) }))
    .filter(({ fit }) => fit !== undefined)
    .toSorted((a, b) => (b.fit ?? 0) - (a.fit ?? 0))
    .slice(0, limit)
    .map(({ item }) => item)

/** What is known without asking: moves and keys of the open record, places, settings, what was opened last. */
const useLocal = (typed: string): readonly PaletteItem[] => {
  const me = useMe()
  const navigate = useNavigate()
  const actions: PaletteItem[] = usePageActions().map(({ id, text, hint, run }) => ({
    id: `action ${id}`,
    group: 'actions',
    text,
    hint,
    icon: CornerDownRight,
    run,
  }))
  const record = say('keys.record')
  const keyed: PaletteItem[] = useBoundKeys()
    // One letter that does something to the record; Escape and the like only move about.
    .filter(({ keys, group }) => group === record && keys.length === 1 && keys !== 's')
    .map(({ keys, does, run }) => ({
      id: `key ${keys}`,
      group: 'actions',
      text: does,
      keys,
      icon: CornerDownRight,
      run,
    }))
  const create: PaletteItem[] = mayAtAll(me, 'incident.raise')
    ? [
        {
          id: 'create incident',
          group: 'create',
          text: say('palette.create'),
          keys: 'c',
          icon: Plus,
          run: () => void navigate({ to: '/incidents/new' }),
        },
      ]
    : []
  const here = useLocation({ select: ({ pathname }) => pathname })
  // What is open already is not where one wants to go.
  const elsewhere = recentOf(me.person.id).filter(({ id }) => here !== `/incidents/${id}`)
  const recent: PaletteItem[] = elsewhere.map(({ id, number, title }) => ({
    id: `recent ${id}`,
    group: 'recent',
    text: title,
    hint: number,
    icon: History,
    run: () => void navigate({ to: '/incidents/$id', params: { id } }),
  }))
  const places = usePlaces(me)
  const offered = [...actions, ...keyed]
  if (typed.trim() === '')
    return [...recent.slice(0, 5), ...offered, ...create, ...places.filter(({ keys }) => keys !== undefined)]
  return [
    ...ranked(typed, offered, most.local),
    ...ranked(typed, create, 1),
    ...ranked(typed, places, most.local),
  ]
}

const usePlaces = (me: Me): readonly PaletteItem[] => {
  const navigate = useNavigate()
  return [
    ...placesFor(me).map(({ to, text, icon, key }) => ({
      to,
      text: text(me),
      icon,
      keys: key === undefined ? undefined : `g ${key}`,
    })),
    { to: '/notifications', text: say('bell.title'), icon: Bell, keys: undefined } as const,
    ...settingsPlaces.map(({ to, text, icon }) => ({
      to,
      text: say('palette.settings', { page: text() }),
      icon,
      keys: undefined,
    })),
    ...adminPlaces
      .filter((place) => place.may(me))
      .map(({ to, text, icon }) => ({
        to,
        text: say('palette.admin', { page: text() }),
        icon,
        keys: undefined,
      })),
  ].map(({ to, text, icon, keys }) => ({
    id: `place ${to}`,
    group: 'places',
    text,
    keys,
    icon,
    run: () => void navigate({ to }),
  }))
}

/** What the server finds; the last results stay until the next are there. */
const useFound = (typed: string): { readonly items: readonly PaletteItem[]; readonly searching: boolean } => {
  const me = useMe()
  const navigate = useNavigate()
  const q = mayAtAll(me, 'incident.read') ? filterFor(typed) : undefined
  const wants = typed.trim() !== ''
  const directory = wants && mayAtAll(me, 'person.read')
  const records = useQuery({
    queryKey: ['palette', 'records', q],
    queryFn: () => client.listIncidents({ query: { q: q ?? '', limit: most.remote } }),
    enabled: q !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const people = useQuery({
    queryKey: ['palette', 'people', typed.trim()],
    queryFn: () => client.suggestPeople({ query: { q: typed.trim().slice(0, 100), limit: 5 } }),
    enabled: directory && typed.trim().length > 1,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const mayItems = wants && typed.trim().length > 1 && mayAtAll(me, 'item.read')
  // Words of an item are its name and what it is known by: serial number, asset tag, host name, address.
  const things = useQuery({
    queryKey: ['palette', 'items', typed.trim()],
    queryFn: () =>
      client.listItems({
        query: { q: `"${typed.trim().slice(0, 100).replaceAll('"', ' ')}"`, limit: most.remote },
      }),
    enabled: mayItems,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const scanned = useQuery({
    queryKey: ['palette', 'scanned', typed],
    queryFn: () => client.readBarcode({ body: { text: typed } }),
    enabled: mayAtAll(me, 'item.read') && looksScanned(typed),
    retry: false,
  })
  const services = useQuery({ ...servicesQuery, enabled: wants && mayAtAll(me, 'service.read') })
  const teams = useQuery({ ...teamsQuery, enabled: directory })
  if (!wants) return { items: [], searching: false }

  const toList = (filter: string) => (): void => void navigate({ to: '/incidents', search: { q: filter } })
  const number = numberIn(typed)
  const found: PaletteItem[] = (q === undefined ? [] : (records.data?.rows ?? []))
    .toSorted((a, b) => Number(b.number === number) - Number(a.number === number))
    .map((row) => ({
      id: `record ${row.id}`,
      group: 'records',
      text: row.title,
      hint: row.number,
      icon: CircleAlert,
      run: () => void navigate({ to: '/incidents/$id', params: { id: row.id } }),
    }))
  const all: PaletteItem[] =
    q === undefined
      ? []
      : [
          {
            id: 'all records',
            group: 'records',
            text: say('palette.allWith', { text: typed.trim() }),
            icon: Search,
            run: toList(q),
          },
        ]
  const ofService: PaletteItem[] = (services.data?.rows ?? []).map(({ id, name }) => ({
    id: `service ${id}`,
    group: 'services',
    text: name,
    hint: say('palette.openOf'),
    icon: Boxes,
    run: toList(`open:true service:${quoted(name)}`),
  }))
  const ofItems = (mayItems ? (things.data?.rows ?? []) : []).flatMap(
    ({ id, name, classLabel }): PaletteItem[] => [
      {
        id: `item ${id}`,
        group: 'items',
        text: name,
        hint: classLabel,
        icon: Server,
        run: () => void navigate({ to: '/items/$id', params: { id } }),
      },
      {
        id: `map ${id}`,
        group: 'items',
        text: say('palette.mapOf', { name }),
        icon: Waypoints,
        run: () => void navigate({ to: '/map', search: { items: id, node: id } }),
      },
    ],
  )
  const ofTeam: PaletteItem[] = (directory ? (teams.data?.rows ?? []) : [])
    .filter(({ isActive }) => isActive)
    .map(({ id, name }) => ({
      id: `team ${id}`,
      group: 'teams',
      text: name,
      hint: say('palette.openOf'),
      icon: UsersRound,
      run: toList(`open:true team:${quoted(name)}`),
    }))
  const ofPeople: PaletteItem[] = (directory ? (people.data?.rows ?? []) : []).map(({ id, name, title }) => ({
    id: `person ${id}`,
    group: 'people',
    text: name,
    hint: title === '' ? say('palette.of', { name }) : title,
    icon: UserRound,
    run: mayAtAll(me, 'person.manage')
      ? () => void navigate({ to: '/admin/people/$id', params: { id } })
      : toList(`requester:${quoted(name)}`),
  }))
  return {
    items: [
      ...(looksScanned(typed) ? (scanned.data?.items ?? []) : []).map(({ id, name, classLabel }) => ({
        id: `scanned ${id}`,
        group: 'records' as const,
        text: name,
        hint: say('palette.scannedOf', { class: classLabel }),
        icon: ScanLine,
        run: () => void navigate({ to: '/items/$id', params: { id } }),
      })),
      ...found,
      ...all,
      ...ranked(typed, ofService, most.local),
      ...ofItems,
      ...ranked(typed, ofTeam, most.local),
      ...ofPeople,
    ],
    searching: records.isFetching || people.isFetching || things.isFetching,
  }
}
