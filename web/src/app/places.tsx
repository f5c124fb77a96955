import type { Me } from '@evenkeel/contract/session'
import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import BadgeCheck from 'lucide-react/icons/badge-check'
import Boxes from 'lucide-react/icons/boxes'
import ChartColumn from 'lucide-react/icons/chart-column'
import CircleAlert from 'lucide-react/icons/circle-alert'
import GitBranch from 'lucide-react/icons/git-branch'
import House from 'lucide-react/icons/house'
import Network from 'lucide-react/icons/network'
import ReceiptText from 'lucide-react/icons/receipt-text'
import ScanBarcode from 'lucide-react/icons/scan-barcode'
import ScrollText from 'lucide-react/icons/scroll-text'
import Settings2 from 'lucide-react/icons/settings-2'
import Waypoints from 'lucide-react/icons/waypoints'
import { countQuery } from '../features/incident/incident.api.ts'
import { viewsFor } from '../features/incident/incident.views.ts'
import { say } from '../language/say.ts'
import { mayAtAll, seesOnlyOwn, usesPortal } from '../parts/session.ts'
import { adminPlaces } from './admin-places.ts'

/** Where one can go: a line of the rail, a `g` key, an entry of the palette. */
export type Place = {
  readonly to: NonNullable<LinkProps['to']>
  readonly text: (me: Me) => string
  readonly icon: LucideIcon
  readonly may: (me: Me) => boolean
  /** The key after `g`. */
  readonly key?: string
  /** A number beside it, and what it counts; it is the number of rows that the place shows first. */
  readonly count?: {
    readonly query: (me: Me) => ReturnType<typeof countQuery>
    readonly text: (count: number) => string
  }
}

/** One line a place, in the order of the rail. A place is added with its page, never before. */
export const places: readonly Place[] = [
  { to: '/', text: () => say('rail.home'), icon: House, may: () => true, key: 'h' },
  {
    to: '/incidents',
    text: (me) => (mayAtAll(me, 'incident.read_internal') ? say('rail.incidents') : say('rail.mine')),
    icon: CircleAlert,
    may: (me) => mayAtAll(me, 'incident.read') && !seesOnlyOwn(me),
    key: 'i',
    count: {
      query: (me) => countQuery(viewsFor(me).initial.q),
      text: (count) => say('rail.openIncidents', { count }),
    },
  },
  {
    to: '/map',
    text: () => say('map.title'),
    icon: Network,
    may: (me) => mayAtAll(me, 'item.read') && !usesPortal(me),
    key: 's',
  },
  {
    to: '/items',
    text: () => say('item.list'),
    icon: Boxes,
    may: (me) => mayAtAll(me, 'item.read') && !usesPortal(me),
    key: 't',
  },
  {
    to: '/branches',
    text: () => say('branch.list'),
    icon: GitBranch,
    may: (me) => mayAtAll(me, 'item.read') && !usesPortal(me),
    key: 'b',
  },
  {
    to: '/assets',
    text: () => say('asset.title'),
    icon: ReceiptText,
    may: (me) => mayAtAll(me, 'item.read') && !usesPortal(me),
    key: 'v',
  },
  {
    to: '/audits',
    text: () => say('audit.list'),
    icon: ScanBarcode,
    may: (me) => (mayAtAll(me, 'item.audit') || mayAtAll(me, 'item.manage')) && !usesPortal(me),
    key: 'k',
  },
  {
    to: '/attestations',
    text: () => say('attestation.list'),
    icon: BadgeCheck,
    may: (me) => mayAtAll(me, 'item.read') && !usesPortal(me),
    key: 'y',
  },
  {
    to: '/reports',
    text: () => say('report.title'),
    icon: ChartColumn,
    may: (me) => mayAtAll(me, 'incident.read_internal'),
    key: 'r',
  },
  {
    to: '/insight',
    text: () => say('insight.title'),
    icon: Waypoints,
    may: (me) => mayAtAll(me, 'insight.read'),
    key: 'w',
  },
  {
    to: '/journal',
    text: () => say('rail.journal'),
    icon: ScrollText,
    may: (me) => mayAtAll(me, 'journal.read'),
    key: 'j',
  },
  {
    to: '/admin',
    text: () => say('rail.admin'),
    icon: Settings2,
    may: (me) => adminPlaces.some((place) => place.may(me)),
    key: 'a',
  },
]

export const placesFor = (me: Me): readonly Place[] => places.filter((place) => place.may(me))
