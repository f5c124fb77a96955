import type { IncidentState } from '@evenkeel/contract/incident'
import Ban from 'lucide-react/icons/ban'
import Circle from 'lucide-react/icons/circle'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import CirclePause from 'lucide-react/icons/circle-pause'
import CheckCheck from 'lucide-react/icons/check-check'
import { say } from '../../language/say.ts'
import type { Step } from '../../parts/process-bar.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'

const stateLook = {
  new: { tone: 'low', Icon: Circle },
  in_progress: { tone: 'open', Icon: CircleDot },
  on_hold: { tone: 'waiting', Icon: CirclePause },
  resolved: { tone: 'done', Icon: CircleCheck },
  closed: { tone: 'low', Icon: CheckCheck },
  canceled: { tone: 'low', Icon: Ban },
} as const satisfies Record<IncidentState, { tone: Tone; Icon: typeof Circle }>

export const StateTag = ({ state }: { readonly state: IncidentState }) => {
  const { tone, Icon } = stateLook[state]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`incident.state.${state}`)}
    </Tag>
  )
}

const usual = ['new', 'in_progress', 'resolved', 'closed'] as const satisfies readonly IncidentState[]

/** The states to draw: the usual way, with a detour shown only while the incident is on it. */
export const stepsOf = (state: IncidentState): Step[] => {
  const path: readonly IncidentState[] =
    state === 'on_hold'
      ? ['new', 'in_progress', 'on_hold', 'resolved', 'closed']
      : state === 'canceled'
        ? ['new', 'canceled']
        : usual
  const current = path.indexOf(state)
  return path.map((id, index) => ({
    id,
    label: say(`incident.state.${id}`),
    standing: index < current ? 'past' : index === current ? 'current' : 'ahead',
  }))
}
