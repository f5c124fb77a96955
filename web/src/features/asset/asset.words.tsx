import type { AssetEnd, EndStatus } from '@evenkeel/contract/asset'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import CalendarOff from 'lucide-react/icons/calendar-off'
import Check from 'lucide-react/icons/check'
import Hourglass from 'lucide-react/icons/hourglass'
import { say } from '../../language/say.ts'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'

const looks = {
  runs: { tone: 'done', Icon: Check },
  soon: { tone: 'medium', Icon: CalendarClock },
  over: { tone: 'low', Icon: CalendarOff },
  not_yet: { tone: 'waiting', Icon: Hourglass },
} as const satisfies Record<EndStatus, { readonly tone: Tone; readonly Icon: typeof Check }>

export const EndTag = ({ end }: { readonly end: AssetEnd }) => {
  const { tone, Icon } = looks[end.status]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`asset.end.${end.status}`)}
    </Tag>
  )
}
