import type { ImportBatch, Reconciliation } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleCheck from 'lucide-react/icons/circle-check'
import Equal from 'lucide-react/icons/equal'
import EqualNot from 'lucide-react/icons/equal-not'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import Undo2 from 'lucide-react/icons/undo-2'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { RowsToCome, Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { reportQuery } from './import.api.ts'
import { Counts } from './import.counts.tsx'
import { fieldLabel } from './import.fields.ts'
import { Outcomes } from './import.outcomes.tsx'
import { isMonth, monthOf, monthQuery } from './import.month.ts'
import classes from './import.module.css'
import { RefusedRows } from './import.refused.tsx'
import { VoidDialog } from './import.void.tsx'

/** Whether it arrived whole: what the file says beside what our own tables say, and the way to take it all back. */
export const ReportStep = ({ batch }: { readonly batch: ImportBatch }) => {
  const isOver = batch.state === 'imported' || batch.state === 'voided'
  const report = useQuery({ ...reportQuery(batch.id), enabled: isOver })
  const [voiding, setVoiding] = useState(false)
  if (!isOver)
    return (
      <Section title={say('import.step.report')}>
        <p className={classes['flat']}>{say('import.noReportYet')}</p>
      </Section>
    )
  const { records, updates, known, findings } = batch
  // The run counts record by record; rows that belong to no record were refused by the dry run.
  const refused = Math.max(batch.refused, findings?.refused ?? 0)
  return (
    <>
      {batch.state === 'voided' && <Voided batch={batch} />}
      {report.isError && <Fault error={report.error} onRetry={() => void report.refetch()} />}
      {report.data !== undefined && <Verdict report={report.data} isDated={batch.outcomes === null} />}
      <Section title={say('import.brought')}>
        {batch.outcomes !== null && batch.mapping !== null ? (
          <>
            <Outcomes
              rows={findings?.rows ?? null}
              outcomes={{ ...batch.outcomes, refused }}
              kind={batch.mapping.kind}
              isDone
            />
            {batch.outcomes.conflict > 0 && (
              <p className={classes['quiet']}>
                {say('import.conflictsWait', { count: batch.outcomes.conflict })}{' '}
                <Link
                  to="/items/conflicts"
                  search={{ source: batch.mapping.source }}
                  className={classes['link'] ?? ''}
                >
                  {say('import.decideThem')}
                </Link>
              </p>
            )}
          </>
        ) : (
          <Counts
            counts={[
              ...(findings === null ? [] : [{ name: say('import.rowsRead'), count: findings.rows }]),
              { name: say('import.records'), count: records },
              { name: say('import.updates'), count: updates },
              { name: say('import.known'), count: known },
              { name: say('import.refused'), count: refused, isNotable: refused > 0 },
            ]}
          />
        )}
      </Section>
      {report.isPending && <RowsToCome rows={6} />}
      {report.data !== undefined && <Reconciled report={report.data} isThere={batch.state === 'imported'} />}
      {refused > 0 && <RefusedRows batch={batch} faults={findings?.faults ?? []} />}
      {batch.state === 'imported' && (
        <Section title={say('import.takingBack')}>
          <div className={classes['line']}>
            <p className={classes['lineText']}>
              {say(batch.outcomes === null ? 'import.takingBackText' : 'import.takingBackItems')}
            </p>
            <Button variant="default" onClick={() => setVoiding(true)}>
              {say('import.void')}
            </Button>
          </div>
        </Section>
      )}
      {voiding && <VoidDialog batch={batch} onClose={() => setVoiding(false)} />}
    </>
  )
}

/** Taken back: when, why, and what of that which it had made is still in use. */
const Voided = ({ batch: { voidedAt, createdAt, takenBack, outcomes } }: { readonly batch: ImportBatch }) => (
  <div className={classes['voided']}>
    <Undo2 size={18} aria-hidden />
    <div>
      <p className={classes['flat']}>
        {say(outcomes === null ? 'import.voidedAt' : 'import.voidedAtItems', {
          at: absolute(voidedAt ?? createdAt, readerZone()),
        })}{' '}
        {takenBack !== null && say('import.voidedReason', { reason: takenBack.reason })}
      </p>
      {takenBack !== null && (
        <p className={classes['quiet']}>
          {!takenBack.done
            ? say('import.voidedTidying', takenBack.deactivated)
            : Object.values(takenBack.deactivated).some((count) => count > 0) &&
              say('import.voidedMade', takenBack.deactivated)}{' '}
          {takenBack.ended.items + takenBack.ended.relations > 0 &&
            say('import.voidedEnded', takenBack.ended)}{' '}
          {takenBack.kept.length > 0 &&
            say('import.voidedKept', {
              names: [
                ...takenBack.kept.map(({ name }) => name),
                ...(takenBack.more > 0 ? [say('import.andMore', { count: takenBack.more })] : []),
              ].join(', '),
            })}
        </p>
      )}
      <Link to="/journal" className={classes['link'] ?? ''}>
        {say('import.voidedJournal')}
      </Link>
    </div>
  </div>
)

const differsIn = (report: Reconciliation): readonly string[] => [
  ...report.facts.filter(({ same }) => !same).map(({ label }) => label),
  ...report.groups
    .filter(
      ({ inFile, inTables, fileChecksum, tableChecksum }) =>
        inFile !== inTables || fileChecksum !== tableChecksum,
    )
    .map(({ group }) => monthOf(group)),
]

/** One sentence first: the same, or what is not. */
const Verdict = ({
  report,
  isDated,
}: {
  readonly report: Reconciliation
  /** Records have months; items have none. */
  readonly isDated: boolean
}) => {
  const different = differsIn(report)
  return (
    <div className={classes['verdict']} data-same={different.length === 0 || undefined}>
      {different.length === 0 ? (
        <CircleCheck size={18} aria-hidden />
      ) : (
        <TriangleAlert size={18} aria-hidden />
      )}
      <p className={classes['flat']}>
        <strong>
          {different.length === 0
            ? say('import.allSame')
            : say('import.differs', { count: different.length })}
        </strong>{' '}
        {different.length === 0
          ? say(isDated ? 'import.allSameText' : 'import.allSameItems')
          : `${different.join(', ')}.`}
      </p>
    </div>
  )
}

const Same = ({ same }: { readonly same: boolean }) =>
  same ? (
    <Tag tone="done" icon={<Equal size={14} aria-hidden />}>
      {say('import.same')}
    </Tag>
  ) : (
    <Tag tone="high" icon={<EqualNot size={14} aria-hidden />}>
      {say('import.different')}
    </Tag>
  )

const Reconciled = ({
  report,
  isThere,
}: {
  readonly report: Reconciliation
  /** Not taken back: the records can be looked at. */
  readonly isThere: boolean
}) => (
  <>
    <Section
      title={say('import.facts')}
      lead={say('import.factsLead', { at: absolute(report.madeAt, readerZone()) })}
      flush
    >
      <PlainTable
        label={say('import.facts')}
        rows={report.facts}
        keyOf={({ name }) => name}
        columns={[
          {
            id: 'fact',
            title: say('import.fact'),
            render: ({ label, definition, inFile, inTables, because }) => (
              <>
                {label}
                <span className={classes['definition']}>{definition}</span>
                <Both inFile={inFile} inTables={inTables} />
                <Because why={because} />
              </>
            ),
          },
          {
            id: 'file',
            title: say('import.inFile'),
            align: 'end',
            from: 'tablet',
            render: ({ inFile }) => <Plain text={inFile} />,
          },
          {
            id: 'tables',
            title: say('import.inTables'),
            align: 'end',
            from: 'tablet',
            render: ({ inTables }) => <Plain text={inTables} />,
          },
          {
            id: 'same',
            title: say('import.isSame'),
            align: 'end',
            render: ({ same }) => <Same same={same} />,
          },
        ]}
      />
    </Section>
    {report.groups.length > 0 && (
      <Section title={say('import.months')} lead={say('import.monthsLead')} flush>
        <PlainTable
          label={say('import.months')}
          rows={report.groups}
          keyOf={({ group }) => group}
          columns={[
            {
              id: 'month',
              title: say('import.month'),
              render: ({ group, fileChecksum, tableChecksum, ...counts }) => (
                <>
                  <Month group={group} isThere={isThere} />
                  <span className={classes['under']}>
                    <code className={classes['code']}>{short(fileChecksum)}</code>
                    {fileChecksum !== tableChecksum && (
                      <>
                        {' ≠ '}
                        <code className={classes['code']}>{short(tableChecksum)}</code>
                      </>
                    )}
                  </span>
                  <Both
                    inFile={say('import.number', { count: counts.inFile })}
                    inTables={say('import.number', { count: counts.inTables })}
                  />
                  <Because why={counts.because} />
                </>
              ),
            },
            {
              id: 'file',
              title: say('import.inFile'),
              align: 'end',
              from: 'tablet',
              render: ({ inFile }) => <Plain text={say('import.number', { count: inFile })} />,
            },
            {
              id: 'tables',
              title: say('import.inTables'),
              align: 'end',
              from: 'tablet',
              render: ({ inTables }) => <Plain text={say('import.number', { count: inTables })} />,
            },
            {
              id: 'same',
              title: say('import.isSame'),
              align: 'end',
              render: ({ inFile, inTables, fileChecksum, tableChecksum }) => (
                <Same same={inFile === inTables && fileChecksum === tableChecksum} />
              ),
            },
          ]}
        />
      </Section>
    )}
    {report.unresolved.length > 0 && (
      <Section title={say('import.unresolved')} lead={say('import.unresolvedLead')} flush>
        <PlainTable
          label={say('import.unresolved')}
          rows={report.unresolved}
          keyOf={({ field, value }) => `${field} ${value}`}
          columns={[
            {
              id: 'value',
              title: say('import.value'),
              render: ({ value }) => <code className={classes['code']}>{value}</code>,
            },
            {
              id: 'field',
              title: say('import.fieldHere'),
              render: ({ field }) => (field === 'item' ? say('import.kind.item') : fieldLabel(field)),
            },
            {
              id: 'rows',
              title: say('import.rows'),
              align: 'end',
              render: ({ rows }) => <Plain text={say('import.number', { count: rows })} />,
            },
          ]}
        />
      </Section>
    )}
  </>
)

const Month = ({ group, isThere }: { readonly group: string; readonly isThere: boolean }) =>
  isThere && isMonth(group) ? (
    <Link to="/incidents" search={{ q: monthQuery(group) }} className={classes['link'] ?? ''}>
      {monthOf(group)}
    </Link>
  ) : (
    monthOf(group)
  )

const short = (checksum: string): string => checksum.slice(0, 12)

/** What makes the two differ. */
const Because = ({ why }: { readonly why: string | null }) =>
  why === null ? null : <span className={classes['because']}>{sentence(why)}</span>

/** Where there is no room for two columns. */
const Both = ({ inFile, inTables }: { readonly inFile: string; readonly inTables: string }) => (
  <span className={`${classes['narrow'] ?? ''} figures`}>{say('import.both', { inFile, inTables })}</span>
)

const Plain = ({ text }: { readonly text: string }) => <span className="figures">{text}</span>
