import type { BulkRecord } from '@evenkeel/contract/bulk'
import Ban from 'lucide-react/icons/ban'
import Check from 'lucide-react/icons/check'
import Undo2 from 'lucide-react/icons/undo-2'
import { say } from '../language/say.ts'
import { sentence } from '../ui/fault.tsx'
import type { Bulk } from './bulk.ts'
import classes from './bulk.module.css'

/** One line a record: what became of it, or would, and why not. */
export const BulkRecords = ({
  bulk,
  records,
}: {
  readonly bulk: Bulk
  readonly records: readonly BulkRecord[]
}) => (
  <ul className={classes['records']}>
    {records.map((record) => {
      const reasons = [...record.reasons, ...(record.undo?.reasons ?? [])]
      const taken = record.undo?.outcome === 'done'
      const well = record.outcome === 'done' || record.outcome === 'ready'
      return (
        <li key={record.id} className={classes['record']}>
          {taken ? (
            <Undo2 size={14} aria-label={say('bulk.undone')} />
          ) : well ? (
            <Check size={14} aria-label={say('bulk.changed')} />
          ) : (
            <Ban size={14} aria-label={say('bulk.refused')} />
          )}
          <span className={classes['recordWords']}>
            {record.title === null ? (
              say('bulk.gone')
            ) : (
              <span className={classes['recordLink']}>
                {bulk.renderLink(
                  record.id,
                  <>
                    {record.number !== null && <span className={classes['number']}>{record.number} </span>}
                    {record.title}
                  </>,
                )}
              </span>
            )}
            {record.undo?.outcome === 'refused' && (
              <span className={classes['why']}>{say('bulk.undoRefused')}</span>
            )}
            {reasons.map(({ message }) => (
              <span key={message} className={classes['why']}>
                {sentence(message)}
              </span>
            ))}
          </span>
        </li>
      )
    })}
  </ul>
)
