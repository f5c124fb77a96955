import type { Priority } from '@evenkeel/contract/incident'
import { say } from '../language/say.ts'
import { Tag } from '../ui/tag.tsx'
import type { Tone } from '../ui/theme.ts'

const priorityTone = {
  1: 'critical',
  2: 'high',
  3: 'medium',
  4: 'low',
  5: 'low',
} as const satisfies Record<Priority, Tone>

const heights = [4, 7, 10, 13] as const
const bars = { 1: 4, 2: 3, 3: 2, 4: 1, 5: 0 } as const satisfies Record<Priority, number>

/** As many bars as it is urgent: readable without color. */
const Bars = ({ priority }: { readonly priority: Priority }) => (
  <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden fill="currentColor">
    {heights.map((height, index) => (
      <rect
        key={height}
        x={index * 3.5 + 0.5}
        y={13.5 - height}
        width="2.5"
        height={height}
        rx="0.75"
        opacity={index < bars[priority] ? 1 : 0.3}
      />
    ))}
  </svg>
)

export const PriorityTag = ({ priority }: { readonly priority: Priority }) => (
  <Tag tone={priorityTone[priority]} icon={<Bars priority={priority} />}>
    {say('priority.tag', { number: String(priority), name: say(`priority.${priority}`) })}
  </Tag>
)
