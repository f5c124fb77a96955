import { type CustomFieldView, customFieldTypes } from '@evenkeel/contract/field'
import { ActionIcon, Button, Checkbox, Select, TagsInput, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import TextCursorInput from 'lucide-react/icons/text-cursor-input'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { PlainTable, RowButton, rowBreaks, rowHint, rowNarrow, rowTags } from '../../ui/plain-table.tsx'
import { RetireLine } from '../../ui/retire-line.tsx'
import { RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import classes from './field.module.css'
import { FieldPreview } from './field.preview.tsx'
import { keyFrom, moved } from './field.order.ts'

const fieldsKey = ['custom-fields'] as const
const fieldsQuery = queryOptions({
  queryKey: [...fieldsKey, 'all'],
  queryFn: async () => (await client.listCustomFields()).fields,
})

/** What this tenant asks beyond what every incident has. */
export const FieldsPage = () => {
  const queries = useQueryClient()
  const fields = useQuery(fieldsQuery)
  const [editing, setEditing] = useState<CustomFieldView | 'new' | null>(null)
  const order = useMutation({
    mutationFn: async ({ id, by }: { id: string; by: -1 | 1 }) => {
      for (const { field, position } of moved(active, id, by))
        await client.editCustomField({ params: { id: field.id }, body: { position }, version: field.version })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: fieldsKey }),
  })
  const active = (fields.data ?? []).filter(({ isActive }) => isActive)
  const retired = (fields.data ?? []).filter(({ isActive }) => !isActive)
  return (
    <SettingsPage
      title={say('fields.title')}
      lead={say('fields.about')}
      actions={
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setEditing('new')}>
          {say('fields.add')}
        </Button>
      }
    >
      {fields.isError && <Fault error={fields.error} onRetry={() => void fields.refetch()} />}
      {order.isError && <Fault error={order.error} />}
      {fields.isPending && <RowsToCome rows={5} />}
      {fields.data?.length === 0 && (
        <Empty
          icon={<TextCursorInput size={24} aria-hidden />}
          title={say('fields.none')}
          action={<Button onClick={() => setEditing('new')}>{say('fields.add')}</Button>}
        >
          {say('fields.noneText')}
        </Empty>
      )}
      {active.length > 0 && (
        <Section title={say('fields.inUse')} lead={say('fields.inUseLead')} flush>
          <FieldTable
            fields={active}
            label={say('fields.inUse')}
            onEdit={setEditing}
            onMove={(id, by) => order.mutate({ id, by })}
            moving={order.isPending}
          />
        </Section>
      )}
      {retired.length > 0 && (
        <Section title={say('form.retired')} lead={say('fields.retiredLead')} flush>
          <FieldTable fields={retired} label={say('form.retired')} onEdit={setEditing} />
        </Section>
      )}
      {editing !== null && (
        <FieldDialog
          field={editing === 'new' ? null : editing}
          last={active.at(-1)?.position ?? 0}
          onClose={() => setEditing(null)}
        />
      )}
    </SettingsPage>
  )
}

const FieldTable = ({
  fields,
  label,
  onEdit,
  onMove,
  moving = false,
}: {
  readonly fields: readonly CustomFieldView[]
  readonly label: string
  readonly onEdit: (field: CustomFieldView) => void
  readonly onMove?: (id: string, by: -1 | 1) => void
  readonly moving?: boolean
}) => (
  <PlainTable<CustomFieldView>
    label={label}
    rows={fields}
    keyOf={({ id }) => id}
    quiet={({ isActive }) => !isActive}
    columns={[
      {
        id: 'label',
        title: say('fields.label'),
        render: (field) => (
          <>
            <strong className={classes['name']}>{field.label}</strong>
            <code className={`${classes['key'] ?? ''} ${rowBreaks}`}>custom.{field.key}</code>
            <span className={`${rowHint} ${rowNarrow}`}>{say(`fields.type.${field.type}`)}</span>
          </>
        ),
      },
      {
        id: 'type',
        title: say('fields.type'),
        from: 'tablet',
        render: ({ type, choices }) => (
          <>
            {say(`fields.type.${type}`)}
            {type === 'choice' && <span className={classes['key']}>{choices.join(', ')}</span>}
          </>
        ),
      },
      {
        id: 'seen',
        title: say('fields.seen'),
        from: 'tablet',
        render: ({ isInternal, isRequired }) => (
          <span className={rowTags}>
            <Tag tone={isInternal ? 'note' : 'comment'}>
              {isInternal ? say('fields.internal') : say('fields.public')}
            </Tag>
            {isRequired && <Tag tone="low">{say('fields.required')}</Tag>}
          </span>
        ),
      },
      {
        id: 'act',
        title: say('form.edit'),
        hiddenTitle: true,
        align: 'end',
        render: (field) => (
          <span className={classes['acts']}>
            {onMove !== undefined &&
              ([-1, 1] as const).map((by) => (
                <ActionIcon
                  key={by}
                  variant="subtle"
                  color="gray"
                  disabled={moving || fields.at(by === -1 ? 0 : -1)?.id === field.id}
                  aria-label={say(by === -1 ? 'fields.up' : 'fields.down', { name: field.label })}
                  onClick={() => onMove(field.id, by)}
                >
                  {by === -1 ? <ArrowUp size={16} aria-hidden /> : <ArrowDown size={16} aria-hidden />}
                </ActionIcon>
              ))}
            <RowButton label={say('form.editNamed', { name: field.label })} onPress={() => onEdit(field)}>
              {say('form.edit')}
            </RowButton>
          </span>
        ),
      },
    ]}
  />
)

const FieldDialog = ({
  field,
  last,
  onClose,
}: {
  readonly field: CustomFieldView | null
  readonly last: number
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [label, setLabel] = useState(field?.label ?? '')
  const [ownKey, setOwnKey] = useState(field?.key ?? null)
  const [type, setType] = useState<CustomFieldView['type']>(field?.type ?? 'text')
  const [choices, setChoices] = useState<readonly string[]>(field?.choices ?? [])
  const [isRequired, setRequired] = useState(field?.isRequired ?? false)
  const [isInternal, setInternal] = useState(field?.isInternal ?? true)
  const [once] = useState(() => crypto.randomUUID())
  const key = ownKey ?? keyFrom(label)
  const stale = () => queries.invalidateQueries({ queryKey: fieldsKey })
  return (
    <FormDialog
      title={field === null ? say('fields.add') : field.label}
      submit={field === null ? say('fields.add') : say('form.save')}
      size="lg"
      ready={label.trim() !== '' && key !== '' && (type !== 'choice' || choices.length > 0)}
      onClose={onClose}
      onSubmit={async () => {
        try {
          if (field === null) {
            await client.createCustomField({
              body: {
                key,
                label,
                type,
                choices: type === 'choice' ? [...choices] : [],
                isRequired,
                isInternal,
                position: Math.min(last + 10, 10_000),
              },
              idempotencyKey: once,
            })
          } else {
            await client.editCustomField({
              params: { id: field.id },
              body: {
                label,
                isRequired,
                isInternal,
                ...(type === 'choice' ? { choices: [...choices] } : {}),
              },
              version: field.version,
            })
          }
        } finally {
          await stale()
        }
      }}
    >
      <div className={classes['sides']}>
        <div className={classes['side']}>
          <TextInput
            label={say('fields.label')}
            description={say('fields.labelHint')}
            value={label}
            maxLength={80}
            required
            data-autofocus
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <TextInput
            label={say('roles.key')}
            description={say('fields.keyHint', { key: key === '' ? '…' : key })}
            value={key}
            maxLength={40}
            disabled={field !== null}
            onChange={(event) => setOwnKey(event.currentTarget.value)}
          />
          <Select
            label={say('fields.type')}
            description={field === null ? say('fields.typeHint') : say('fields.typeStays')}
            data={customFieldTypes.map((value) => ({ value, label: say(`fields.type.${value}`) }))}
            value={type}
            disabled={field !== null}
            allowDeselect={false}
            onChange={(value) => setType(customFieldTypes.find((one) => one === value) ?? 'text')}
          />
          {type === 'choice' && (
            <TagsInput
              label={say('fields.choices')}
              description={say('fields.choicesHint')}
              value={[...choices]}
              maxTags={200}
              onChange={setChoices}
            />
          )}
          <Checkbox
            label={say('fields.required')}
            description={say('fields.requiredHint')}
            checked={isRequired}
            onChange={(event) => setRequired(event.currentTarget.checked)}
          />
          <Checkbox
            label={say('fields.internal')}
            description={say('fields.internalHint')}
            checked={isInternal}
            onChange={(event) => setInternal(event.currentTarget.checked)}
          />
        </div>
        <FieldPreview
          label={label.trim() === '' ? say('fields.label') : label}
          type={type}
          choices={choices}
          isRequired={isRequired}
          isInternal={isInternal}
        />
      </div>
      {field !== null && (
        <RetireLine
          isActive={field.isActive}
          onTurn={async () => {
            const { id, version, isActive } = field
            await client.editCustomField({ params: { id }, body: { isActive: !isActive }, version })
            await stale()
            onClose()
          }}
        >
          {field.isActive ? say('fields.retireText') : say('fields.restoreText')}
        </RetireLine>
      )}
    </FormDialog>
  )
}
