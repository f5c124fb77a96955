import type { BranchState } from '@evenkeel/contract/item-branch'
import Archive from 'lucide-react/icons/archive'
import CircleCheck from 'lucide-react/icons/circle-check'
import GitBranch from 'lucide-react/icons/git-branch'
import { readerZone, say } from '../../language/say.ts'
import { absolute, stretch } from '../../language/time.ts'
import { sentence } from '../../ui/fault.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'

const look = {
  open: { tone: 'open', Icon: GitBranch },
  applied: { tone: 'done', Icon: CircleCheck },
  discarded: { tone: 'low', Icon: Archive },
} as const satisfies Record<BranchState, { readonly tone: Tone; readonly Icon: typeof Archive }>

export const BranchStateTag = ({ state }: { readonly state: BranchState }) => {
  const { tone, Icon } = look[state]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`branch.state.${state}`)}
    </Tag>
  )
}

/** From when until when, as the reader's clock has it. */
export const windowOf = ({
  startsAt,
  endsAt,
}: {
  readonly startsAt: string
  readonly endsAt: string
}): string => stretch(startsAt, endsAt, readerZone())

export const stretchOf = ({
  from,
  until,
}: {
  readonly from: string
  readonly until: string | null
}): string =>
  until === null
    ? say('branch.since', { from: absolute(from, readerZone()) })
    : stretch(from, until, readerZone())

/** A sentence that begins with the name of an item leaves it as it is written. */
export const sentenceOf = (text: string, item: { readonly name: string }): string =>
  text.startsWith(item.name) ? text : sentence(text)
