import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { faultSentence } from '../../ui/fault.tsx'
import { itemCountQuery } from './item.api.ts'
import classes from './item.create-dialog.module.css'

/** A filter for items, as typed in their list, with how many it finds before anything is done with it. */
export const ItemFilterField = ({
  label,
  description,
  value,
  onChange,
}: {
  readonly label: string
  readonly description: string
  readonly value: string
  readonly onChange: (filter: string) => void
}) => {
  const [asked] = useDebouncedValue(value.trim(), 300)
  const { data, error } = useQuery({ ...itemCountQuery(asked, undefined), retry: false })
  return (
    <div>
      <TextInput
        label={label}
        description={description}
        value={value}
        maxLength={4000}
        spellCheck={false}
        autoComplete="off"
        error={error === null ? undefined : faultSentence(error)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span role="status" className={classes['finds']}>
        {error === null &&
          data != null &&
          say(data.capped ? 'item.findsMore' : 'item.finds', { count: data.count })}
      </span>
    </div>
  )
}
