import type { ItemValue } from '@evenkeel/contract/item'
import { Select, Skeleton, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemClassesQuery, itemsKey } from './item.api.ts'
import { classTree } from './item.classes.ts'
import classes from './item.create-dialog.module.css'
import { ScanField } from './item.scan.tsx'
import { ValueField } from './item.value-field.tsx'

const beginnings = ['planned', 'ordered', 'in_stock', 'in_use'] as const

/** A new item: its class decides what is asked. What the class does not require waits behind one click. */
export const CreateItemDialog = ({
  ofClass,
  onClose,
  onDone,
}: {
  /** The class that the list shows, when there may be items of it. */
  readonly ofClass: string | undefined
  readonly onClose: () => void
  readonly onDone: (id: string) => void
}) => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(itemClassesQuery)
  const [chosen, setChosen] = useState(ofClass ?? null)
  const [name, setName] = useState('')
  const [state, setState] = useState<(typeof beginnings)[number]>('in_use')
  const [values, setValues] = useState<ReadonlyMap<string, ItemValue>>(new Map())
  const [key] = useState(() => crypto.randomUUID())
  const known = data?.classes ?? []
  const possible = known.filter((one) => !one.abstract && !one.retired)
  const itemClass = possible.find((one) => one.key === chosen)
  const offered = itemClass?.attributes.filter((one) => !one.retired) ?? []
  const required = offered.filter((one) => one.required)
  const others = offered.filter((one) => !one.required)
  const given = offered.flatMap((one) => {
    const value = values.get(one.key)
    return value === undefined ? [] : [[one.key, value] as const]
  })
  const field = (attribute: (typeof offered)[number]) => (
    <ValueField
      key={attribute.key}
      attribute={attribute}
      value={values.get(attribute.key)}
      onChange={(value) => {
        const next = new Map(values)
        if (value === undefined) next.delete(attribute.key)
        else next.set(attribute.key, value)
        setValues(next)
      }}
    />
  )
  return (
    <FormDialog
      title={say('item.add')}
      submit={say('item.add')}
      ready={itemClass !== undefined && name.trim() !== '' && required.every((one) => values.has(one.key))}
      onClose={onClose}
      onSubmit={async () => {
        const { id } = await client.createItem({
          body: { class: chosen ?? '', name, state, values: Object.fromEntries(given) },
          idempotencyKey: key,
        })
        void queries.invalidateQueries({ queryKey: itemsKey })
        onDone(id)
      }}
    >
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <Skeleton height={120} />
      ) : (
        <>
          <ScanField
            onRead={({ draft }) => {
              if (draft === null) return
              setChosen(draft.class)
              setValues(new Map([...values, ...Object.entries(draft.values)]))
            }}
          />
          <Select
            label={say('item.class')}
            description={say('item.classHint')}
            data={classTree(possible.length === 0 ? [] : known, new Map(), true)
              .filter((line) => possible.some((one) => one.key === line.key))
              .map((line) => ({ value: line.key, label: line.label }))}
            value={chosen}
            searchable
            required
            allowDeselect={false}
            nothingFoundMessage={say('edit.nothingFound')}
            data-autofocus={chosen === null || undefined}
            onChange={setChosen}
          />
          <TextInput
            label={say('item.name')}
            description={say('item.nameHint')}
            value={name}
            maxLength={120}
            required
            data-autofocus={chosen !== null || undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {required.map(field)}
          <Select
            label={say('item.state')}
            data={beginnings.map((value) => ({ value, label: say(`item.state.${value}`) }))}
            value={state}
            allowDeselect={false}
            onChange={(value) => setState(beginnings.find((one) => one === value) ?? 'in_use')}
          />
          {others.length > 0 && (
            <details key={chosen}>
              <summary className={classes['more']}>
                {say('item.moreAttributes', { count: others.length })}
              </summary>
              <div className={classes['fields']}>{others.map(field)}</div>
            </details>
          )}
        </>
      )}
    </FormDialog>
  )
}
