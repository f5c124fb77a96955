import type { ImportBatch } from '@evenkeel/contract/import'
import { Progress } from '@mantine/core'
import { readerZone, say } from '../../language/say.ts'
import { lasting } from '../../language/time.ts'
import classes from './import.module.css'

const minute = 60

const timeLeft = (seconds: number): string =>
  seconds < minute
    ? say('import.secondsLeft', { count: Math.max(1, Math.round(seconds)) })
    : say('import.timeLeft', { time: lasting(seconds * 1000, readerZone().language) })

/** How far it is: done, of how many, how fast, how long still. */
export const HowFar = ({ batch, label }: { readonly batch: ImportBatch; readonly label: string }) => {
  const { progress } = batch
  const { rows = 0, ofRows = null, rowsPerSecond = 0, secondsLeft = null } = progress ?? {}
  return (
    <div className={classes['howFar']}>
      {progress !== null && <p className={classes['flat']}>{say(`import.doing.${progress.doing}`)}</p>}
      <Progress
        value={ofRows === null || ofRows === 0 ? 0 : Math.min(100, (rows / ofRows) * 100)}
        size="lg"
        aria-label={label}
      />
      <p className={`${classes['flat'] ?? ''} figures`}>
        {progress === null
          ? say('import.beginning')
          : ofRows === null
            ? say('import.rowsDone', { rows })
            : say('import.rowsDoneOf', { rows, of: Math.max(rows, ofRows) })}
        {rowsPerSecond > 0 && ` · ${say('import.rowsPerSecond', { rows: Math.round(rowsPerSecond) })}`}
        {secondsLeft !== null && ` · ${timeLeft(secondsLeft)}`}
      </p>
    </div>
  )
}
