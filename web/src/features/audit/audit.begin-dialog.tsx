import { SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ItemRef } from '@evenkeel/contract/item'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { ItemFilterField } from '../item/item.filter-field.tsx'
import { ItemPicker } from '../item/item.picker.tsx'
import classes from './audit.module.css'

const scopes = ['place', 'filter'] as const

export const BeginDialog = ({
  onClose,
  onDone,
}: {
  readonly onClose: () => void
  readonly onDone: (id: string) => Promise<unknown>
}) => {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<(typeof scopes)[number]>('place')
  const [place, setPlace] = useState<ItemRef | null>(null)
  const [filter, setFilter] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const isReady = name.trim() !== '' && (scope === 'place' ? place !== null : filter.trim() !== '')
  return (
    <FormDialog
      title={say('audit.begin')}
      submit={say('audit.begin')}
      ready={isReady}
      onClose={onClose}
      onSubmit={async () => {
        const { id } = await client.openAudit({
          body: {
            name: name.trim(),
            ...(scope === 'place' && place !== null ? { placeId: place.id } : { filter: filter.trim() }),
          },
          idempotencyKey: key,
        })
        await onDone(id)
      }}
    >
      <TextInput
        label={say('audit.name')}
        description={say('audit.nameHint')}
        value={name}
        maxLength={120}
        required
        withAsterisk={false}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={classes['field']}>
        <span className={classes['label']} id="audit-scope">
          {say('audit.scope')}
        </span>
        <SegmentedControl
          aria-labelledby="audit-scope"
          value={scope}
          data={scopes.map((value) => ({ value, label: say(`audit.scope.${value}`) }))}
          onChange={(value) => setScope(value === 'filter' ? 'filter' : 'place')}
        />
      </div>
      {scope === 'place' ? (
        <div className={classes['field']}>
          <span className={classes['label']}>{say('audit.place')}</span>
          <div className={classes['choice']}>
            <ItemPicker
              label={say('audit.place')}
              value={place?.id ?? null}
              ofClass="location"
              onChoose={setPlace}
            >
              {place?.name ?? <span className={classes['quiet']}>{say('audit.placeChoose')}</span>}
            </ItemPicker>
          </div>
        </div>
      ) : (
        <ItemFilterField
          label={say('audit.filter')}
          description={say('audit.filterHint')}
          value={filter}
          onChange={setFilter}
        />
      )}
    </FormDialog>
  )
}
