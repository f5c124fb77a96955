import type { PortalThing } from '@evenkeel/contract/home'
import Check from 'lucide-react/icons/check'
import CircleDot from 'lucide-react/icons/circle-dot'
import CirclePause from 'lucide-react/icons/circle-pause'
import Hand from 'lucide-react/icons/hand'
import Inbox from 'lucide-react/icons/inbox'
import { say } from '../../language/say.ts'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'

/** As much of a thing as decides what is said about it. */
export type Standing = Pick<PortalThing, 'state' | 'holdReason' | 'taken' | 'mine' | 'waitsForMe'>

/** Where it stands, in a word or two. */
const stateWord = ({ state, waitsForMe }: Standing): string => {
  if (state !== 'on_hold') return say(`portal.state.${state}`)
  return waitsForMe === 'answer' ? say('portal.state.holdMe') : say('portal.state.hold')
}

/** What happens next, and who does it. */
export const nextSentence = ({ state, holdReason, taken, mine, waitsForMe }: Standing): string => {
  switch (state) {
    case 'new':
      return taken ? say('portal.next.taken') : say('portal.next.new')
    case 'on_hold':
      // Who is only affected cannot answer for the one who was asked.
      return holdReason === null || (holdReason === 'caller' && waitsForMe === null)
        ? say('portal.next.in_progress')
        : say(`portal.next.hold.${holdReason}`)
    case 'resolved':
      return mine ? say('portal.next.resolved') : say('portal.next.resolvedOther')
    default:
      return say(`portal.next.${state}`)
  }
}

const look = {
  new: { tone: 'low', Icon: Inbox },
  in_progress: { tone: 'open', Icon: CircleDot },
  on_hold: { tone: 'waiting', Icon: CirclePause },
  resolved: { tone: 'done', Icon: Check },
  closed: { tone: 'low', Icon: Check },
  canceled: { tone: 'low', Icon: Check },
} as const satisfies Record<PortalThing['state'], { tone: Tone; Icon: typeof Check }>

export const ThingState = ({ thing }: { readonly thing: Standing }) => {
  const { tone, Icon } =
    thing.waitsForMe === 'answer' ? { tone: 'note' as const, Icon: Hand } : look[thing.state]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {stateWord(thing)}
    </Tag>
  )
}
