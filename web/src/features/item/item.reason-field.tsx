import { Textarea } from '@mantine/core'
import { say } from '../../language/say.ts'

/** Why somebody does what cannot simply be taken back. */
export const ReasonField = ({
  value,
  onChange,
  maxLength = 500,
  isFirst = false,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly maxLength?: number
  /** The dialog begins with it. */
  readonly isFirst?: boolean
}) => (
  <Textarea
    label={say('item.reason')}
    description={say('item.reasonText')}
    value={value}
    maxLength={maxLength}
    autosize
    minRows={2}
    data-autofocus={isFirst || undefined}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
