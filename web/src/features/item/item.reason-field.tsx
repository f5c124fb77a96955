import { Textarea } from '@mantine/core'
import { say } from '../../language/say.ts'

/** Why somebody does what cannot simply be taken back. */
export const ReasonField = ({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) => (
  <Textarea
    label={say('item.reason')}
    description={say('item.reasonText')}
    value={value}
    maxLength={500}
    autosize
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
