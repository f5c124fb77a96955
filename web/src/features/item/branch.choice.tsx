import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { branchesQuery } from './branch.api.ts'

/** What of all that is planned is drawn on top of the model; not there while nothing is planned. */
export const BranchChoice = ({
  value,
  onChange,
}: {
  /** Ids with commas. */
  readonly value: string | undefined
  readonly onChange: (branches: string | undefined) => void
}) => {
  const { data } = useQuery(branchesQuery('open'))
  const rows = data?.rows ?? []
  if (rows.length === 0 && value === undefined) return null
  const several = value !== undefined && !rows.some(({ id }) => id === value)
  return (
    <NativeSelect
      size="xs"
      aria-label={say('branch.choose')}
      data={[
        { value: '', label: say('branch.chooseNone') },
        ...(several ? [{ value, label: say('branch.several', { count: value.split(',').length }) }] : []),
        ...rows.map(({ id, name }) => ({ value: id, label: say('branch.with', { name }) })),
      ]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}
