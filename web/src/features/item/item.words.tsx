import { type HealthNow, type ItemHealth, type ItemState, itemStates } from '@evenkeel/contract/item'
import type { ItemNature } from '@evenkeel/contract/item-class'
import Archive from 'lucide-react/icons/archive'
import Circle from 'lucide-react/icons/circle'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import CircleSlash from 'lucide-react/icons/circle-slash'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import OctagonX from 'lucide-react/icons/octagon-x'
import Package from 'lucide-react/icons/package'
import Power from 'lucide-react/icons/power'
import Trash from 'lucide-react/icons/trash'
import Truck from 'lucide-react/icons/truck'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import Wrench from 'lucide-react/icons/wrench'
import { say } from '../../language/say.ts'
import type { Step } from '../../parts/process-bar.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Tone } from '../../ui/theme.ts'

/** Each health has a shape of its own: whoever does not tell the colors apart still sees which is which. */
export const healthLook = {
  up: { tone: 'done', Icon: CircleCheck },
  degraded: { tone: 'medium', Icon: TriangleAlert },
  down: { tone: 'critical', Icon: OctagonX },
  unknown: { tone: 'low', Icon: CircleHelp },
} as const satisfies Record<ItemHealth, { readonly tone: Tone; readonly Icon: typeof Circle }>

/** What is agreed or bought on paper has none of its own, unless somebody says that it is not well. */
export const hasHealth = ({
  nature,
  health,
}: {
  readonly nature: ItemNature
  readonly health: Pick<HealthNow, 'now'>
}): boolean => nature !== 'paper' || health.now !== 'up'

export const HealthTag = ({
  health,
}: {
  readonly health: Pick<HealthNow, 'now'> & { readonly sentence?: string }
}) => {
  const { tone, Icon } = healthLook[health.now]
  return (
    <span title={health.sentence === '' ? undefined : health.sentence}>
      <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
        {say(`item.health.${health.now}`)}
      </Tag>
    </span>
  )
}

const stateLook = {
  planned: { tone: 'low', Icon: CircleDashed },
  ordered: { tone: 'waiting', Icon: Truck },
  in_stock: { tone: 'low', Icon: Package },
  in_use: { tone: 'open', Icon: Power },
  in_repair: { tone: 'medium', Icon: Wrench },
  lost: { tone: 'high', Icon: CircleSlash },
  retired: { tone: 'low', Icon: Archive },
  disposed: { tone: 'low', Icon: Trash },
} as const satisfies Record<ItemState, { readonly tone: Tone; readonly Icon: typeof Circle }>

export const ItemStateTag = ({ state }: { readonly state: ItemState }) => {
  const { tone, Icon } = stateLook[state]
  return (
    <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
      {say(`item.state.${state}`)}
    </Tag>
  )
}

const life = {
  thing: ['planned', 'ordered', 'in_stock', 'in_use', 'retired', 'disposed'],
  // What cannot be stored or thrown away.
  service: ['planned', 'in_use', 'retired'],
  system: ['planned', 'in_use', 'retired'],
  paper: ['planned', 'ordered', 'in_use', 'retired'],
} as const satisfies Record<ItemNature, readonly ItemState[]>

/** The life of an item as steps; where it usually does not come by, it is shown only while it is there. */
export const lifeSteps = (state: ItemState, nature: ItemNature): Step[] => {
  const usual: readonly ItemState[] = life[nature]
  const path = itemStates.filter((one) => one === state || usual.includes(one))
  const current = path.indexOf(state)
  return path.map((id, index) => ({
    id,
    label: say(`item.state.${id}`),
    standing: index < current ? 'past' : index === current ? 'current' : 'ahead',
  }))
}
