import type { ImportBatch, MappingProposal } from '@evenkeel/contract/import'
import type { FieldRule, ImportMapping } from '@evenkeel/contract/import-mapping'
import { Refused } from '@evenkeel/contract/client'
import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault } from '../../ui/fault.tsx'
import { RowsToCome, Section } from '../../ui/settings-page.tsx'
import { batchKey, batchQuery, previewQuery, proposalQuery } from './import.api.ts'
import { MappingColumns } from './import.columns.tsx'
import { FieldGroups } from './import.field-groups.tsx'
import { KindChoice } from './import.kind.tsx'
import { partOf } from './import.part.tsx'
import { MappingBasics, Missing, Times } from './import.mapping-basics.tsx'
import { MappingRead } from './import.mapping-read.tsx'
import { faultsHere, type MappingFault, placeOf } from './import.mapping-faults.ts'
import classes from './import.mapping.module.css'
import { Preview } from './import.preview.tsx'
import { useTargetGroups } from './import.targets.ts'
import { SavedMappings } from './import.saved-mappings.tsx'

const route = getRouteApi('/shell/admin/imports/$id')

/** What the columns of the file mean. It opens with a proposal; what is edited stays in this browser until a dry run has it. */
export const MappingStep = ({ batch }: { readonly batch: ImportBatch }) => {
  const isFixed = !mayExamine(batch)
  const proposal = useQuery(proposalQuery(batch.id, null))
  if (proposal.data === undefined && batch.mapping === null)
    return proposal.isError ? (
      <>
        <Fault
          error={proposal.error}
          kept={say('import.nothingYet')}
          onRetry={() => void proposal.refetch()}
        />
        <div>
          <Button renderRoot={(props) => <Link to="/admin/imports" {...props} />}>
            {say('import.bringAnother')}
          </Button>
        </div>
      </>
    ) : (
      <Section title={say('import.step.mapping')} lead={say('import.looking')}>
        <RowsToCome rows={8} />
      </Section>
    )
  const first = batch.mapping ?? proposal.data?.mapping
  if (first === undefined) return null
  return (
    <Editor
      key={batch.id}
      batch={batch}
      first={first}
      {...(proposal.data === undefined ? {} : { proposal: proposal.data })}
      isFixed={isFixed}
    />
  )
}

const mayExamine = ({ state }: ImportBatch): boolean =>
  state === 'waiting' || state === 'examined' || state === 'failed'

const noColumns: MappingProposal['columns'] = []

/** What this browser kept; only this page writes it, in this shape. */
const restored = (kept: string, first: string): ImportMapping | undefined => {
  if (kept === '') return undefined
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written below, by this page alone
    const stored = JSON.parse(kept) as { readonly first: string; readonly mapping: ImportMapping }
    // Somebody else's dry run changed what it was made from: theirs is shown.
    return stored.first === first ? stored.mapping : undefined
  } catch {
    return undefined
  }
}

const Editor = ({
  batch,
  first,
  proposal,
  isFixed,
}: {
  readonly batch: ImportBatch
  readonly first: ImportMapping
  readonly proposal?: MappingProposal
  readonly isFixed: boolean
}) => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const { field: pointed } = route.useSearch()
  const saved = JSON.stringify(first)
  const [kept, keep, forget] = useDraft(`${me.person.id}:import:${batch.id}`)
  const [name, setName] = useState<string | null>(batch.mappingName)
  const mapping = (isFixed ? undefined : restored(kept, saved)) ?? first
  const changed = JSON.stringify(mapping) !== saved
  const change = (part: Partial<ImportMapping>): void =>
    keep(JSON.stringify({ first: saved, mapping: { ...mapping, ...part } }))
  const setRule = (field: string, rule: FieldRule | null): void => {
    const { [field]: _, ...others } = mapping.fields
    change({ fields: rule === null ? others : { ...mapping.fields, [field]: rule } })
  }

  const groups = useTargetGroups(mapping.kind)
  const part = partOf(mapping)
  const parts = proposal?.parts ?? []
  // Another sheet has other columns.
  const other = useQuery({
    ...proposalQuery(batch.id, part, mapping.kind),
    enabled:
      (part !== null && part !== proposal?.part && parts.includes(part)) ||
      (proposal !== undefined && proposal.mapping.kind !== mapping.kind),
    placeholderData: keepPreviousData,
  })
  const looked = other.data ?? proposal
  const columns = looked?.columns ?? noColumns
  const header = useMemo(() => new Set(columns.map((column) => column.name)), [columns])
  const here = proposal === undefined ? [] : faultsHere(mapping, header)

  const [asked] = useDebouncedValue(mapping, 400)
  const preview = useQuery({
    ...previewQuery(batch.id, asked),
    placeholderData: keepPreviousData,
    enabled: here.length === 0 && !isFixed,
    retry: false,
  })
  const examine = useMutation({
    mutationFn: () =>
      client.examineImport({ params: { id: batch.id }, body: { mapping, name: changed ? null : name } }),
    onSuccess: (next) => {
      queries.setQueryData(batchQuery(batch.id).queryKey, next)
      void queries.invalidateQueries({ queryKey: batchKey(batch.id) })
      forget()
      // Without a step, the page goes where the batch goes.
      void navigate({ search: {} })
    },
  })
  const faults: readonly MappingFault[] = [
    ...here,
    ...(here.length === 0 ? [preview.error, examine.error] : [examine.error]).flatMap((error) =>
      error instanceof Refused
        ? (error.body.reasons ?? []).map(({ field, message }) => ({ at: placeOf(field), message }))
        : [],
    ),
  ]
  const basics = { batchId: batch.id, mapping, columns, parts, faults, onChange: change }
  const whole = faults.filter(({ at }) => at === '')
  return (
    <>
      <Section
        title={say('import.step.mapping')}
        lead={
          isFixed
            ? say('import.mappingFixed')
            : changed
              ? say('import.mappingUnsaved')
              : batch.mapping === null
                ? say('import.mappingProposed', { rows: proposal?.rowsLookedAt ?? 0 })
                : say('import.mappingLead')
        }
        actions={
          !isFixed && (
            <>
              {changed && (
                <Button variant="default" onClick={forget}>
                  {say('form.discard')}
                </Button>
              )}
              <Button
                disabled={faults.length > 0}
                loading={examine.isPending}
                onClick={() => examine.mutate()}
              >
                {say('import.examine')}
              </Button>
            </>
          )
        }
      >
        <SavedMappings
          mapping={mapping}
          name={name}
          isFixed={isFixed}
          onSaved={setName}
          onLoad={(loaded, loadedName) => {
            change(loaded)
            setName(loadedName)
          }}
        />
      </Section>
      {examine.isError && <Fault error={examine.error} kept={say('form.kept')} />}
      {whole.length > 0 && !examine.isError && preview.error !== null && <Fault error={preview.error} />}
      {isFixed ? (
        <MappingRead mapping={mapping} groups={groups} />
      ) : (
        <div className={classes['columns']}>
          <div className={classes['editor']}>
            <KindChoice batchId={batch.id} mapping={mapping} onChange={change} />
            <MappingBasics {...basics} />
            <FieldGroups
              groups={groups}
              mapping={mapping}
              columns={columns}
              reasons={batch.mapping === null ? (looked?.reasons ?? []) : []}
              untranslated={preview.data?.untranslated ?? []}
              faults={faults}
              pointed={pointed}
              after={{
                who: <Missing {...basics} />,
                attributes: (
                  <>
                    <Missing {...basics} />
                    <Times {...basics} />
                  </>
                ),
              }}
              before={{ when: <Times {...basics} /> }}
              onRule={setRule}
            />
            <MappingColumns
              columns={columns}
              mapping={mapping}
              groups={groups}
              rows={looked?.rowsLookedAt ?? 0}
              onRule={setRule}
            />
          </div>
          <Preview
            preview={preview.data}
            groups={groups}
            isCurrent={!preview.isPlaceholderData && asked === mapping && here.length === 0}
            error={whole.length > 0 || here.length > 0 ? null : preview.error}
            isHeld={here.length > 0}
          />
        </div>
      )}
    </>
  )
}
