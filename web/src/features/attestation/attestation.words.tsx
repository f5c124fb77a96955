import type { AttestationAnswer, ListedAttestation } from '@evenkeel/contract/item-attestation'
import Archive from 'lucide-react/icons/archive'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleX from 'lucide-react/icons/circle-x'
import Hourglass from 'lucide-react/icons/hourglass'
import { say } from '../../language/say.ts'
import { useNow } from '../../ui/now.ts'
import { Tag } from '../../ui/tag.tsx'
import { PartBar } from '../../ui/part-bar.tsx'

/** Open, due by now, or closed. */
export const AttestationStateTag = ({ state, dueAt }: Pick<ListedAttestation, 'state' | 'dueAt'>) => {
  const now = useNow()
  const standing = state === 'closed' ? 'closed' : Date.parse(dueAt) <= now ? 'due' : 'open'
  const { tone, Icon } = looks[standing]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`attestation.state.${standing}`)}
    </Tag>
  )
}

const looks = {
  open: { tone: 'open', Icon: Hourglass },
  due: { tone: 'high', Icon: CalendarClock },
  closed: { tone: 'low', Icon: Archive },
} as const

const answers = {
  right: { tone: 'done', Icon: CircleCheck },
  wrong: { tone: 'high', Icon: CircleX },
  waiting: { tone: 'low', Icon: Hourglass },
} as const

export const AnswerTag = ({ answer }: { readonly answer: AttestationAnswer | null }) => {
  const { tone, Icon } = answers[answer ?? 'waiting']
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`attestation.answer.${answer ?? 'waiting'}`)}
    </Tag>
  )
}

/** How much was answered. */
export const Answered = ({ answered, items }: { readonly answered: number; readonly items: number }) => (
  <PartBar part={answered} of={items}>
    {say('attestation.answered', { answered, items })}
  </PartBar>
)
