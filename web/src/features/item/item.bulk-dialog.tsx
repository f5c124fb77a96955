import { itemActions } from '@evenkeel/contract/item'
import { Checkbox, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { BulkDialog } from '../../parts/bulk-dialog.tsx'
import type { BulkTarget } from '../../parts/bulk.ts'
import { itemClassesQuery } from './item.api.ts'
import {
  attributesOf,
  changeOf,
  emptyItemBulk,
  type ItemBulkDraft,
  type ItemBulkKind,
  itemBulkKinds,
  keyIn,
  otherAttributes,
} from './item.bulk-form.ts'
import { changingItems } from './item.bulk.tsx'
import { ReasonField } from './item.reason-field.tsx'
import { ValueField } from './item.value-field.tsx'

type Props = {
  readonly target: BulkTarget
  readonly kind: ItemBulkKind
  readonly onClose: () => void
  readonly onDone: (id: string) => void
}

/** What is to be said of each of many items. */
export const ItemBulkDialog = ({ kind, ...rest }: Props) => {
  const [draft, setDraft] = useState(() => emptyItemBulk(kind))
  const change = (part: Partial<ItemBulkDraft>): void => setDraft((before) => ({ ...before, ...part }))
  return (
    <BulkDialog
      {...rest}
      doing={changingItems}
      kind={draft.kind}
      kinds={itemBulkKinds.map((value) => ({ value, label: say(`item.bulk.${value}`) }))}
      onKind={(next) => setDraft(emptyItemBulk(next))}
      change={changeOf(draft)}
    >
      {draft.kind === 'move' ? (
        <MoveFields draft={draft} change={change} />
      ) : (
        <AttributeFields draft={draft} change={change} />
      )}
    </BulkDialog>
  )
}

type FieldsProps = {
  readonly draft: ItemBulkDraft
  readonly change: (part: Partial<ItemBulkDraft>) => void
}

const MoveFields = ({ draft, change }: FieldsProps) => (
  <>
    <Select
      label={say('branch.action')}
      data={itemActions.map((value) => ({ value, label: say(`branch.action.${value}`) }))}
      value={draft.action}
      allowDeselect={false}
      data-autofocus
      onChange={(value) => change({ action: itemActions.find((one) => one === value) ?? null })}
    />
    <ReasonField value={draft.note} maxLength={2000} onChange={(note) => change({ note })} />
  </>
)

const AttributeFields = ({ draft, change }: FieldsProps) => {
  const { data } = useQuery(itemClassesQuery)
  if (data === undefined) return <Skeleton height={56} />
  const offered = attributesOf(data.classes)
  const attribute = offered.find(({ key }) => key === keyIn(draft))
  return (
    <>
      {draft.kind === 'attribute' && (
        <Select
          label={say('branch.attribute')}
          data={otherAttributes(offered).map(({ key, label }) => ({ value: key, label }))}
          value={draft.key}
          searchable
          allowDeselect={false}
          nothingFoundMessage={say('edit.nothingFound')}
          data-autofocus
          onChange={(key) => change({ key, value: undefined })}
        />
      )}
      {attribute !== undefined && !draft.takesBack && (
        <ValueField
          key={attribute.key}
          // Whether it is needed is asked of each item by its own class.
          attribute={{ ...attribute, required: false }}
          value={draft.value}
          onChange={(value) => change({ value })}
        />
      )}
      {attribute !== undefined && (
        <Checkbox
          label={say('item.bulk.takeBack')}
          description={say('item.bulk.takeBackText')}
          checked={draft.takesBack}
          onChange={(event) => change({ takesBack: event.currentTarget.checked })}
        />
      )}
    </>
  )
}
