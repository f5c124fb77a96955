import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import { NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { proposalQuery } from './import.api.ts'

/** The sheet of a workbook, or the file inside a zip, that a mapping is for. */
export const partOf = ({ format, inside }: ImportMapping): string | null =>
  format.type === 'xlsx' ? format.sheet : inside

/** Which sheet or file, of those there are. Another one has other columns, so the mapping is proposed anew for it. */
export const PartChoice = ({
  batchId,
  mapping,
  parts,
  onChange,
}: {
  readonly batchId: string
  readonly mapping: ImportMapping
  readonly parts: readonly string[]
  readonly onChange: (next: ImportMapping) => void
}) => {
  const queries = useQueryClient()
  const choose = useMutation({
    mutationFn: (part: string) => queries.ensureQueryData(proposalQuery(batchId, part, mapping.kind)),
    // Where it comes from is the same for all of them.
    onSuccess: (proposal) => onChange({ ...proposal.mapping, source: mapping.source }),
  })
  const isSheet = mapping.format.type === 'xlsx'
  const part = (choose.isPending ? choose.variables : partOf(mapping)) ?? parts[0] ?? ''
  return (
    <>
      <NativeSelect
        label={isSheet ? say('import.sheet') : say('import.inside')}
        description={say('import.partHint')}
        value={part}
        disabled={choose.isPending}
        // A mapping made for another file may name one that is not here.
        data={parts.includes(part) ? [...parts] : [part, ...parts]}
        onChange={(event) => choose.mutate(event.currentTarget.value)}
      />
      {choose.isError && <Fault error={choose.error} kept={say('import.partKept')} />}
    </>
  )
}
