import { incidentStates } from '@evenkeel/contract/incident'
import type { MappingPreview } from '@evenkeel/contract/import'
import { Link } from '@tanstack/react-router'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { RowsToCome } from '../../ui/settings-page.tsx'
import { StateTag } from '../incident/incident.state.tsx'
import { type Target, type TargetGroup, valueText } from './import.fields.ts'
import classes from './import.mapping.module.css'

type Props = {
  readonly preview: MappingPreview | undefined
  readonly groups: readonly TargetGroup[]
  /** It is of what the form says now, not of what it said a moment ago. */
  readonly isCurrent: boolean
  readonly error: unknown
  /** Something has to be mended first; until then it shows what it had. */
  readonly isHeld: boolean
}

/** The first records as they would become, and every value of them that the mapping does not translate. */
export const Preview = ({ preview, groups, isCurrent, error, isHeld }: Props) => {
  const targets = groups.flatMap((group) => group.targets)
  const labels = new Map(targets.map(({ field, label }) => [field, label]))
  return (
    // It scrolls where it is longer than the screen, so keys have to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section
      className={classes['preview']}
      aria-label={say('import.preview')}
      aria-busy={!isCurrent}
      data-old={!isCurrent || undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <h2 className={classes['heading']}>{say('import.preview')}</h2>
      {isHeld && <p className={classes['notable']}>{say('import.previewHeld')}</p>}
      {error !== null && !isHeld && <Fault error={error} />}
      {preview === undefined ? (
        error === null && !isHeld && <RowsToCome rows={6} />
      ) : (
        <>
          <p className={classes['quiet']}>{say('import.previewLead', { rows: preview.rowsLookedAt })}</p>
          <div>
            {preview.untranslated.length === 0 ? (
              <p className={classes['quiet']}>{say('import.allTranslated')}</p>
            ) : (
              <div className={classes['notable']}>
                <p className={classes['legend']}>
                  {say('import.openValues', { count: preview.untranslated.length })}
                </p>
                <ul className={classes['openFaults']}>
                  {preview.untranslated.slice(0, few).map(({ field, value, rows, outcome }) => (
                    <li key={`${field} ${value}`}>
                      <Link from="/admin/imports/$id" to="." search={{ step: 'mapping', field }}>
                        {labels.get(field) ?? field}
                      </Link>{' '}
                      <code className={classes['code']}>{value}</code>{' '}
                      {say('import.rowCount', { count: rows })}, {say(`import.thenShort.${outcome}`)}
                    </li>
                  ))}
                  {preview.untranslated.length > few && (
                    <li>{say('import.andMore', { count: preview.untranslated.length - few })}</li>
                  )}
                </ul>
              </div>
            )}
          </div>
          <ol className={classes['records']}>
            {preview.records.slice(0, fewRecords).map(({ key, updates }) => (
              <li key={key} className={classes['record']}>
                <p className={classes['key']}>
                  {updates.find(({ values }) => typeof values['number'] === 'string')?.values['number'] ??
                    key}
                </p>
                <ol className={classes['updates']}>
                  {updates.slice(0, fewUpdates).map((update, index) => (
                    <Update
                      key={update.line}
                      update={update}
                      before={updates[index - 1]?.values ?? {}}
                      targets={targets}
                    />
                  ))}
                </ol>
                {updates.length > fewUpdates && (
                  <p className={classes['quiet']}>
                    {say('import.moreUpdates', { count: updates.length - fewUpdates })}
                  </p>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

const few = 8
const fewRecords = 5
const fewUpdates = 6

/** Rows of items and relations are no moments. */
const isDated = (targets: readonly Target[]): boolean => targets.some(({ field }) => field === 'createdAt')

type UpdateView = MappingPreview['records'][number]['updates'][number]

/** Said already: by the record's heading, and by the update's own time. */
const saidAbove = new Set(['number', 'updatedAt'])

const Update = ({
  update: { line, at, values, faults },
  before,
  targets,
}: {
  readonly update: UpdateView
  readonly before: UpdateView['values']
  readonly targets: readonly Target[]
}) => {
  const changes = targets.flatMap((target) => {
    const value = values[target.field]
    return typeof value === 'string' && value !== before[target.field] && !saidAbove.has(target.field)
      ? [{ target, value }]
      : []
  })
  return (
    <li className={classes['update']}>
      <div className={classes['when']}>
        {at === null ? (
          isDated(targets) && <span>{say('import.noTime')}</span>
        ) : (
          <time dateTime={at} className="figures">
            {absolute(at, readerZone())}
          </time>
        )}
        <span className="figures">{say('import.lineOf', { line })}</span>
      </div>
      {changes.length === 0 && faults.length === 0 && (
        <p className={classes['quiet']}>{say('import.nothingChanges')}</p>
      )}
      {changes.length > 0 && (
        <dl className={classes['changes']}>
          {changes.map(({ target, value }) => (
            <Change key={target.field} target={target} value={value} />
          ))}
        </dl>
      )}
      {faults.map(({ message }) => (
        <p key={message} className={classes['fault']}>
          {say('import.rowRefused', { reason: sentence(message) })}
        </p>
      ))}
    </li>
  )
}

const Change = ({ target, value }: { readonly target: Target; readonly value: string }) => {
  const state =
    target.field === 'state' && target.words === undefined
      ? incidentStates.find((one) => one === value)
      : undefined
  return (
    <>
      <dt>{target.label}</dt>
      <dd>{state === undefined ? valueText(target, value) : <StateTag state={state} />}</dd>
    </>
  )
}
