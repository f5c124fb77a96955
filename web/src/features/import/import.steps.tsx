import type { ImportBatch } from '@evenkeel/contract/import'
import { Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import { say } from '../../language/say.ts'
import { type ImportStep, importSteps, standingOf } from './import.api.ts'
import classes from './import.steps.module.css'

/** What has not happened yet, and what comes next. */
export const nextText = ({ state, outcomes }: ImportBatch): string =>
  state === 'voided' && outcomes !== null ? say('import.nextVoidedItems') : say(`import.next.${state}`)

/** The way of a batch, with what is behind it, and in a sentence what has not happened yet and what comes next. */
export const Steps = ({ batch, shown }: { readonly batch: ImportBatch; readonly shown: ImportStep }) => (
  <div className={classes['way']}>
    <nav aria-label={say('import.steps')}>
      <ol className={classes['steps']}>
        {importSteps.map((step, index) => {
          const standing = standingOf(batch, step)
          const content = (
            <>
              <span className={classes['number']}>
                {standing === 'done' ? <Check size={14} aria-hidden /> : index + 1}
              </span>
              <span className={classes['name']}>{say(`import.step.${step}`)}</span>
              <span className="visually-hidden">{say(`import.standing.${standing}`)}</span>
            </>
          )
          return (
            <li key={step} className={classes['step']} data-standing={standing}>
              {standing === 'ahead' ? (
                <span className={classes['inner']} aria-current={step === shown ? 'step' : undefined}>
                  {content}
                </span>
              ) : (
                <Link
                  to="/admin/imports/$id"
                  params={{ id: batch.id }}
                  search={{ step }}
                  className={classes['inner'] ?? ''}
                  aria-current={step === shown ? 'step' : undefined}
                  activeProps={{}}
                >
                  {content}
                </Link>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
    <p className={classes['next']}>{nextText(batch)}</p>
  </div>
)
