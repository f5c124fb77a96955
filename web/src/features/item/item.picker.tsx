import type { ItemRef } from '@evenkeel/contract/item'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.tsx'
import { itemClassesQuery, itemsNamedQuery } from './item.api.ts'
import { withBelow } from './item.classes.ts'

/** An item, found while typing its name. */
export const ItemPicker = ({
  label,
  value,
  ofClass,
  without,
  nothing,
  also = [],
  onChoose,
  children,
}: {
  readonly label: string
  readonly value: string | null
  /** Only of this class or one below it. */
  readonly ofClass?: string | undefined
  /** Not this one. */
  readonly without?: string
  readonly nothing?: string
  /** Offered before those that are found: items that are only planned. */
  readonly also?: readonly ItemRef[]
  readonly onChoose: (item: ItemRef | null) => void
  readonly children: ReactNode
}) => {
  const [text, setText] = useState('')
  const [opened, setOpened] = useState(false)
  const [asked] = useDebouncedValue(text.trim(), 150)
  const { data: known } = useQuery(itemClassesQuery)
  const classes = ofClass === undefined || known === undefined ? undefined : withBelow(ofClass, known.classes)
  const { data, isFetching } = useQuery({ ...itemsNamedQuery(asked, classes), enabled: opened })
  const rows: readonly ItemRef[] = [...also, ...(data?.rows ?? [])].filter(({ id }) => id !== without)
  return (
    <Choice
      label={label}
      value={value}
      editable
      {...(nothing === undefined ? {} : { nothing })}
      options={rows.map(({ id, name, classLabel }) => ({ value: id, label: name, hint: classLabel }))}
      searchable
      inForm
      searching={isFetching}
      onSearch={setText}
      onOpen={() => setOpened(true)}
      onChoose={async (chosen) => onChoose(rows.find(({ id }) => id === chosen) ?? null)}
    >
      {children}
    </Choice>
  )
}
