import { ActionIcon, Tooltip } from '@mantine/core'
import Maximize2 from 'lucide-react/icons/maximize-2'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import type { TimelineFilter } from '../../parts/timeline-rows.ts'
import { IncidentRecord } from './incident.record.tsx'
import classes from './incident.preview.module.css'

/** The record beside its list. */
export const IncidentPreview = ({
  id,
  onClose,
  onOpen,
}: {
  readonly id: string
  readonly onClose: () => void
  readonly onOpen: () => void
}) => {
  const [filter, setFilter] = useState<TimelineFilter>('all')
  return (
    <div className={classes['preview']}>
      <IncidentRecord
        id={id}
        layout="preview"
        filter={filter}
        onFilter={setFilter}
        actions={
          <span className={classes['actions']}>
            <Tooltip label={say('incident.closePreview')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={say('incident.closePreview')}
                onClick={onClose}
              >
                <X size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={say('incident.openPage')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={say('incident.openPage')}
                onClick={onOpen}
              >
                <Maximize2 size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </span>
        }
      />
    </div>
  )
}
