import type { ImportBatch, ImportFindings } from '@evenkeel/contract/import'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import ArrowRight from 'lucide-react/icons/arrow-right'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { batchKey, batchQuery } from './import.api.ts'
import { Counts } from './import.counts.tsx'
import { valueText } from './import.fields.ts'
import { Outcomes } from './import.outcomes.tsx'
import { useFieldWords } from './import.targets.ts'
import classes from './import.module.css'
import { HowFar } from './import.progress.tsx'
import { RefusedRows } from './import.refused.tsx'

/** What would happen if it were imported as it is mapped; nothing has. */
export const DryRunStep = ({ batch }: { readonly batch: ImportBatch }) => {
  const { findings, state } = batch
  if (state === 'examining') return <Examining batch={batch} />
  if (findings === null)
    return (
      <Section title={say('import.step.dry-run')}>
        <p className={classes['flat']}>{say('import.notExamined')}</p>
        <div className={classes['actsBelow']}>
          <ToMapping id={batch.id}>{say('import.toMapping')}</ToMapping>
        </div>
      </Section>
    )
  return <Findings batch={batch} findings={findings} />
}

const Examining = ({ batch }: { readonly batch: ImportBatch }) => {
  const queries = useQueryClient()
  const stop = useMutation({
    mutationFn: () => client.pauseImport({ params: { id: batch.id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: batchKey(batch.id) }),
  })
  return (
    <>
      <Section
        title={say('import.step.dry-run')}
        lead={say('import.examiningLead')}
        actions={
          <Button variant="default" loading={stop.isPending || stop.isSuccess} onClick={() => stop.mutate()}>
            {say('import.stopExamining')}
          </Button>
        }
      >
        <HowFar batch={batch} label={say('import.state.examining')} />
        <p className={classes['quiet']}>{say('import.mayLeave')}</p>
      </Section>
      {stop.isError && <Fault error={stop.error} />}
    </>
  )
}

const ToMapping = ({
  id,
  field,
  children,
}: {
  readonly id: string
  readonly field?: string
  readonly children: string
}) => (
  <Button
    variant="default"
    renderRoot={(props) => (
      <Link
        to="/admin/imports/$id"
        params={{ id }}
        search={{ step: 'mapping', ...(field === undefined ? {} : { field }) }}
        {...props}
      />
    )}
  >
    {children}
  </Button>
)

const Findings = ({
  batch,
  findings,
}: {
  readonly batch: ImportBatch
  readonly findings: ImportFindings
}) => {
  const { rows, records, updates, known, refused, outcomes } = findings
  if (outcomes !== null)
    return (
      <>
        <Section title={say('import.found')} lead={say('import.foundLead')}>
          <Outcomes rows={rows} outcomes={outcomes} kind={batch.mapping?.kind ?? 'item'} isDone={false} />
        </Section>
        {findings.gone !== null && <Gone gone={findings.gone} />}
        {batch.state === 'examined' && <Begin batch={batch} findings={findings} />}
        <ItemsUnknown findings={findings} isRefused={batch.mapping?.kind === 'item_relation'} />
        <Untranslated batch={batch} findings={findings} />
        {refused > 0 && <RefusedRows batch={batch} faults={findings.faults} />}
        <Translated batch={batch} findings={findings} />
      </>
    )
  return (
    <>
      <Section title={say('import.found')} lead={say('import.foundLead')}>
        <Counts
          counts={[
            { name: say('import.rowsRead'), count: rows },
            { name: say('import.records'), count: records },
            { name: say('import.updates'), count: updates },
            { name: say('import.known'), count: known, about: say('import.knownText') },
            {
              name: say('import.refused'),
              count: refused,
              about: refused === 0 ? say('import.refusedNone') : say('import.refusedText'),
              isNotable: refused > 0,
            },
          ]}
        />
      </Section>
      {batch.state === 'examined' && <Begin batch={batch} findings={findings} />}
      <Untranslated batch={batch} findings={findings} />
      {refused > 0 && <RefusedRows batch={batch} faults={findings.faults} />}
      <Translated batch={batch} findings={findings} />
      <References findings={findings} />
      <ForeignMoves findings={findings} />
    </>
  )
}

/** From looking to doing. */
export const Begin = ({
  batch,
  findings,
}: {
  readonly batch: ImportBatch
  readonly findings: ImportFindings
}) => {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const run = useMutation({
    mutationFn: () => client.runImport({ params: { id: batch.id } }),
    onSuccess: (next) => {
      queries.setQueryData(batchQuery(batch.id).queryKey, next)
      // Without a step, the page goes where the batch goes.
      void navigate({ to: '/admin/imports/$id', params: { id: batch.id }, search: {} })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: batchKey(batch.id) }),
  })
  const { records, refused, outcomes, updates } = findings
  const isItems = outcomes !== null
  const isNothing = isItems ? updates === 0 && findings.known === 0 : records === 0
  return (
    <div className={classes['begin']}>
      <p className={classes['beginText']}>
        {isItems
          ? isNothing
            ? say('import.nothingToBring')
            : batch.mapping?.kind === 'item_relation'
              ? say('import.beginRelations', { changes: updates })
              : say('import.beginItems', { changes: updates, conflicts: outcomes.conflict })
          : records === 0
            ? say('import.nothingToBring')
            : refused > 0
              ? say('import.beginRefused', { records, refused })
              : say('import.begin', { records })}
      </p>
      <div className={classes['acts']}>
        <ToMapping id={batch.id}>{say('import.changeMapping')}</ToMapping>
        <Button disabled={isNothing} loading={run.isPending} onClick={() => run.mutate()}>
          {isItems ? say('import.runItems') : say('import.run', { records })}
        </Button>
      </div>
      {run.isError && (
        <div className={classes['below']}>
          <Fault error={run.error} kept={say('import.nothingYet')} />
        </div>
      )}
    </div>
  )
}

const Untranslated = ({
  batch,
  findings: { untranslated },
}: {
  readonly batch: ImportBatch
  readonly findings: ImportFindings
}) => {
  const words = useFieldWords(batch.mapping?.kind ?? 'incident')
  return untranslated.length === 0 ? null : (
    <Section title={say('import.untranslated')} lead={say('import.untranslatedLead')} flush>
      <PlainTable
        label={say('import.untranslated')}
        rows={untranslated}
        keyOf={({ field, value }) => `${field} ${value}`}
        columns={[
          {
            id: 'value',
            title: say('import.value'),
            render: ({ value, column, rows }) => (
              <>
                <code className={classes['code']}>{value}</code>{' '}
                <span className={classes['quiet']}>{say('import.inColumn', { column })}</span>
                <span className={classes['narrow']}>{say('import.rowCount', { count: rows })}</span>
              </>
            ),
          },
          {
            id: 'field',
            title: say('import.fieldHere'),
            render: ({ field }) => (
              <Link
                to="/admin/imports/$id"
                params={{ id: batch.id }}
                search={{ step: 'mapping', field }}
                className={classes['link'] ?? ''}
              >
                {say('import.translate', { field: words.label(field) })}
              </Link>
            ),
          },
          {
            id: 'then',
            title: say('import.happens'),
            from: 'tablet',
            render: ({ outcome }) => say(`import.then.${outcome}`),
          },
          {
            id: 'rows',
            title: say('import.rows'),
            align: 'end',
            from: 'tablet',
            render: ({ rows }) => <Figure value={rows} />,
          },
        ]}
      />
    </Section>
  )
}

/** Looked through before it counts: a state that was read for another one shows here, and in no list of faults. */
const Translated = ({
  batch,
  findings: { translated },
}: {
  readonly batch: ImportBatch
  readonly findings: ImportFindings
}) => {
  const words = useFieldWords(batch.mapping?.kind ?? 'incident')
  return translated.length === 0 ? null : (
    <Section title={say('import.translated')} lead={say('import.translatedLead')} flush>
      <PlainTable
        label={say('import.translated')}
        rows={byField(translated)}
        keyOf={({ field, value }) => `${field} ${value}`}
        columns={[
          {
            id: 'field',
            title: say('import.fieldHere'),
            from: 'tablet',
            render: ({ field }) => (
              <Link
                to="/admin/imports/$id"
                params={{ id: batch.id }}
                search={{ step: 'mapping', field }}
                className={classes['link'] ?? ''}
              >
                {words.label(field)}
              </Link>
            ),
          },
          {
            id: 'value',
            title: say('import.value'),
            render: ({ value, column, field }) => (
              <>
                <code className={classes['code']}>{value}</code>{' '}
                <span className={classes['quiet']}>{say('import.inColumn', { column })}</span>
                <span className={classes['narrow']}>{words.label(field)}</span>
              </>
            ),
          },
          {
            id: 'to',
            title: say('import.becomes'),
            render: ({ field, to }) =>
              to === null ? (
                <span className={classes['quiet']}>{say('import.becomesNothing')}</span>
              ) : (
                words.text(field, to)
              ),
          },
          {
            id: 'rows',
            title: say('import.rows'),
            align: 'end',
            render: ({ rows }) => <Figure value={rows} />,
          },
        ]}
      />
    </Section>
  )
}

/** Values of a field stand together, the field with most rows first; within it, frequent values first, as they come. */
const byField = (translated: ImportFindings['translated']): ImportFindings['translated'] =>
  [...Map.groupBy(translated, ({ field }) => field).values()].flat()

/** What a whole file leaves out is said before it is done. */
const Gone = ({ gone: { count, of } }: { readonly gone: NonNullable<ImportFindings['gone']> }) => (
  <Section title={say('import.gone')}>
    <p className={classes['flat']}>
      {count === 0 ? say('import.goneNone') : say('import.goneText', { count, of })}
    </p>
  </Section>
)

const ItemsUnknown = ({
  findings: { itemsUnknown },
  isRefused,
}: {
  readonly findings: ImportFindings
  /** A relation without one of its ends is none. */
  readonly isRefused: boolean
}) =>
  itemsUnknown.length === 0 ? null : (
    <Section
      title={say('import.itemsUnknown')}
      lead={say(isRefused ? 'import.itemsUnknownRefused' : 'import.itemsUnknownLead')}
      flush
    >
      <PlainTable
        label={say('import.itemsUnknown')}
        rows={itemsUnknown}
        keyOf={({ value }) => value}
        columns={[
          {
            id: 'value',
            title: say('import.value'),
            render: ({ value }) => <code className={classes['code']}>{value}</code>,
          },
          {
            id: 'rows',
            title: say('import.rows'),
            align: 'end',
            render: ({ rows }) => <Figure value={rows} />,
          },
        ]}
      />
    </Section>
  )

const Figure = ({ value }: { readonly value: number }) => (
  <span className="figures">{say('import.number', { count: value })}</span>
)

const References = ({ findings }: { readonly findings: ImportFindings }) => (
  <Section title={say('import.references')} lead={say('import.referencesLead')} flush>
    <ul className={classes['references']}>
      {(['people', 'teams', 'services'] as const).map((kind) => {
        const { create, more, found } = findings[kind]
        const count = create.length + more
        return (
          <li key={kind}>
            <p className={classes['flat']}>
              <strong>{say(`import.ref.${kind}`)}</strong>{' '}
              <span className={classes['quiet']}>{say('import.refFound', { count: found })}</span>
            </p>
            {count === 0 ? (
              <p className={classes['quiet']}>{say('import.refNone')}</p>
            ) : (
              <details className={classes['names']}>
                <summary>{say('import.refCreate', { count })}</summary>
                <ul>
                  {create.map((name) => (
                    <li key={name}>{name}</li>
                  ))}
                  {more > 0 && <li>{say('import.andMore', { count: more })}</li>}
                </ul>
              </details>
            )}
          </li>
        )
      })}
    </ul>
  </Section>
)

const ForeignMoves = ({ findings: { foreignMoves } }: { readonly findings: ImportFindings }) => (
  <Section title={say('import.moves')} lead={say('import.movesLead')} flush>
    {foreignMoves.length === 0 ? (
      <Nothing>{say('import.movesNone')}</Nothing>
    ) : (
      <PlainTable
        label={say('import.moves')}
        rows={foreignMoves}
        keyOf={({ from, to }) => `${from} ${to}`}
        columns={[
          {
            id: 'move',
            title: say('import.move'),
            render: ({ from, to }) => (
              <span className={classes['move']}>
                {valueText({ field: 'state' }, from)}
                <ArrowRight size={14} aria-label={say('import.to')} />
                {valueText({ field: 'state' }, to)}
              </span>
            ),
          },
          {
            id: 'example',
            title: say('import.example'),
            from: 'tablet',
            render: ({ example }) => <code className={classes['code']}>{example}</code>,
          },
          {
            id: 'count',
            title: say('import.howOften'),
            align: 'end',
            render: ({ count }) => <Figure value={count} />,
          },
        ]}
      />
    )}
  </Section>
)
