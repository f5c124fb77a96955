import type { AuditState, ListedAudit } from '@evenkeel/contract/item-audit'
import Archive from 'lucide-react/icons/archive'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-help'
import CircleX from 'lucide-react/icons/circle-x'
import MapPinOff from 'lucide-react/icons/map-pin-off'
import PackagePlus from 'lucide-react/icons/package-plus'
import ScanBarcode from 'lucide-react/icons/scan-barcode'
import { say } from '../../language/say.ts'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'
import type { Line } from './audit.match.ts'

const looks = {
  found: { tone: 'done', Icon: CircleCheck },
  wrong_place: { tone: 'medium', Icon: MapPinOff },
  unexpected: { tone: 'waiting', Icon: PackagePlus },
  missing: { tone: 'high', Icon: CircleX },
  unknown: { tone: 'low', Icon: CircleHelp },
  unread: { tone: 'low', Icon: CircleHelp },
} as const satisfies Record<string, { readonly tone: Tone; readonly Icon: typeof Archive }>

type Outcome = Line['outcome']

export const toneOf = (outcome: Outcome): Tone => looks[outcome].tone

export const OutcomeIcon = ({ outcome, size }: { readonly outcome: Outcome; readonly size: number }) => {
  const { Icon } = looks[outcome]
  return <Icon size={size} aria-hidden />
}

export const OutcomeTag = ({ outcome }: { readonly outcome: Outcome }) => (
  <Tag tone={looks[outcome].tone} icon={<OutcomeIcon outcome={outcome} size={14} />}>
    {say(`audit.outcome.${outcome}`)}
  </Tag>
)

export const AuditStateTag = ({ state }: { readonly state: AuditState }) => (
  <Tag
    tone={state === 'open' ? 'open' : 'low'}
    icon={state === 'open' ? <ScanBarcode size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
  >
    {say(`audit.state.${state}`)}
  </Tag>
)

/** What it looks for, in a few words. */
export const scopeOf = ({ filter, place }: Pick<ListedAudit, 'filter' | 'place'>): string =>
  place?.name ?? filter ?? say('audit.scope.place')
