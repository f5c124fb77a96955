import { importKinds, type ImportKindName, type ImportMapping } from '@evenkeel/contract/import-mapping'
import { Checkbox, SegmentedControl } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { proposalQuery } from './import.api.ts'
import classes from './import.mapping.module.css'
import { partOf } from './import.part.tsx'

/** What the rows are about. Another kind has other fields, so the mapping is proposed anew for it. */
export const KindChoice = ({
  batchId,
  mapping,
  onChange,
}: {
  readonly batchId: string
  readonly mapping: ImportMapping
  readonly onChange: (next: Partial<ImportMapping>) => void
}) => {
  const queries = useQueryClient()
  const choose = useMutation({
    mutationFn: (kind: ImportKindName) =>
      queries.ensureQueryData(proposalQuery(batchId, partOf(mapping), kind)),
    onSuccess: (proposal) => onChange(proposal.mapping),
  })
  return (
    <Section title={say('import.kind')} lead={say(`import.kindLead.${mapping.kind}`)}>
      <div className={classes['form']}>
        <SegmentedControl
          aria-label={say('import.kind')}
          data={importKinds.map((value) => ({ value, label: say(`import.kind.${value}`) }))}
          value={choose.isPending ? choose.variables : mapping.kind}
          disabled={choose.isPending}
          onChange={(value) => {
            const chosen = importKinds.find((one) => one === value)
            if (chosen !== undefined && chosen !== mapping.kind) choose.mutate(chosen)
          }}
        />
        {mapping.kind !== 'incident' && (
          <Checkbox
            label={say('import.whole')}
            description={say('import.wholeHint')}
            checked={mapping.isWhole}
            onChange={(event) => onChange({ isWhole: event.currentTarget.checked })}
          />
        )}
        {choose.isError && <Fault error={choose.error} kept={say('import.partKept')} />}
      </div>
    </Section>
  )
}
