import type { ImportBatch, ImportState } from '@evenkeel/contract/import'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import CirclePause from 'lucide-react/icons/circle-pause'
import LoaderCircle from 'lucide-react/icons/loader-circle'
import type { LucideIcon } from 'lucide-react'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import Undo2 from 'lucide-react/icons/undo-2'
import { say } from '../../language/say.ts'
import { Tag } from '../../ui/tag.tsx'
import { stateTones } from './import.api.ts'

const icons = {
  waiting: CircleDashed,
  examining: LoaderCircle,
  examined: CircleDashed,
  importing: LoaderCircle,
  paused: CirclePause,
  imported: CircleCheck,
  voided: Undo2,
  failed: TriangleAlert,
} as const satisfies Record<ImportState, LucideIcon>

/** How far a batch is, in words. */
export const BatchState = ({ batch: { state } }: { readonly batch: ImportBatch }) => {
  const Icon = icons[state]
  return (
    <Tag tone={stateTones[state]} icon={<Icon size={14} aria-hidden />}>
      {say(`import.state.${state}`)}
    </Tag>
  )
}
