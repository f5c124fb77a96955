import { branchStepKinds, type BranchPage, type BranchStepDraft } from '@evenkeel/contract/item-branch'
import {
  itemActions,
  type ItemRef,
  type ItemValue,
  relationTypes,
  thingActions,
} from '@evenkeel/contract/item'
import { NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemClassesQuery, itemQuery } from './item.api.ts'
import { classTree } from './item.classes.ts'
import { ItemPicker } from './item.picker.tsx'
import { ReasonField } from './item.reason-field.tsx'
import { phrases } from './item.relations.tsx'
import classes from './item.relations.module.css'
import { ValueField } from './item.value-field.tsx'

type Kind = BranchStepDraft['kind']

/** What somebody has filled in, whatever kind of step it becomes. */
type Filled = {
  readonly item: ItemRef | null
  readonly other: ItemRef | null
  readonly effect: 'down' | 'degraded'
  readonly reason: string
  readonly from: string
  readonly until: string
  readonly action: (typeof itemActions)[number]
  readonly need: number | string
  readonly phrase: string
  readonly relationId: string | null
  readonly attribute: string | null
  readonly value: ItemValue | undefined
  readonly class: string | null
  readonly name: string
  readonly values: ReadonlyMap<string, ItemValue>
}

const blank: Filled = {
  item: null,
  other: null,
  effect: 'down',
  reason: '',
  from: '',
  until: '',
  action: 'retire',
  need: 1,
  phrase: 'depends_on out',
  relationId: null,
  attribute: null,
  value: undefined,
  class: null,
  name: '',
  values: new Map(),
}

/** The step that is filled in; nothing while something is missing. */
const draftOf = (kind: Kind, filled: Filled, timeZone: string): BranchStepDraft | undefined => {
  const { item, other } = filled
  if (kind === 'make')
    return filled.class === null || filled.name.trim() === ''
      ? undefined
      : {
          kind,
          class: filled.class,
          name: filled.name,
          state: 'in_use',
          values: Object.fromEntries(filled.values),
        }
  if (item === null) return undefined
  switch (kind) {
    case 'down':
      return {
        kind,
        itemId: item.id,
        effect: filled.effect,
        reason: filled.reason,
        ...(filled.from === '' ? {} : { from: instantOf(filled.from, timeZone) }),
        ...(filled.until === '' ? {} : { until: instantOf(filled.until, timeZone) }),
      }
    case 'move':
      return { kind, itemId: item.id, action: filled.action }
    case 'quorum':
      return typeof filled.need === 'number'
        ? { kind, itemId: item.id, need: { count: filled.need } }
        : undefined
    case 'edit':
      return filled.attribute === null
        ? undefined
        : { kind, itemId: item.id, values: { [filled.attribute]: filled.value ?? null } }
    case 'unrelate':
      return filled.relationId === null ? undefined : { kind, relationId: filled.relationId }
    case 'relate': {
      if (other === null) return undefined
      const [word, direction] = filled.phrase.split(' ')
      const type = relationTypes.find((one) => one === word) ?? 'depends_on'
      const [from, to] = direction === 'in' ? [other, item] : [item, other]
      return { kind, fromId: from.id, type, toId: to.id }
    }
  }
}

/** One more planned modification: what is to happen, and to which item. */
export const StepDialog = ({
  branch,
  onClose,
  onDone,
}: {
  readonly branch: BranchPage
  readonly onClose: () => void
  readonly onDone: () => Promise<unknown>
}) => {
  const [kind, setKind] = useState<Kind>('down')
  const [filled, setFilled] = useState(blank)
  const [key] = useState(() => crypto.randomUUID())
  const { timeZone } = readerZone()
  const set = (change: Partial<Filled>): void => setFilled((before) => ({ ...before, ...change }))
  const draft = draftOf(kind, filled, timeZone)
  const made = branch.steps.filter((step) => step.kind === 'make').map(({ item }) => item)
  return (
    <FormDialog
      title={say('branch.addStepTitle', { name: branch.name })}
      submit={say('branch.addStep')}
      ready={draft !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        if (draft === undefined) return
        await client.addBranchStep({ params: { id: branch.id }, body: draft, idempotencyKey: key })
        await onDone()
      }}
    >
      <Select
        label={say('branch.what')}
        description={say(`branch.whatHint.${kind}`)}
        data={branchStepKinds
          .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
          .map((value) => ({ value, label: say(`branch.what.${value}`) }))}
        value={kind}
        allowDeselect={false}
        data-autofocus
        onChange={(value) => {
          setKind(branchStepKinds.find((one) => one === value) ?? 'down')
          setFilled({ ...blank, item: filled.item })
        }}
      />
      {kind === 'make' ? (
        <MakeFields filled={filled} set={set} />
      ) : (
        <Picker
          label={say(kind === 'quorum' ? 'branch.group' : 'branch.item')}
          value={filled.item}
          also={made}
          onChoose={(item) =>
            set({ item, relationId: null, attribute: null, value: undefined, action: blank.action })
          }
        />
      )}
      {kind === 'down' && <DownFields filled={filled} set={set} />}
      {kind === 'move' && <MoveField filled={filled} set={set} />}
      {kind === 'quorum' && (
        <NumberInput
          label={say('branch.need')}
          description={say('branch.needHint')}
          value={filled.need}
          min={0}
          allowDecimal={false}
          onChange={(need) => set({ need })}
        />
      )}
      {kind === 'relate' && (
        <>
          <Select
            label={say('item.relationWords', { name: filled.item?.name ?? say('branch.item') })}
            data={[...phrases()]}
            value={filled.phrase}
            allowDeselect={false}
            onChange={(phrase) => set({ phrase: phrase ?? 'depends_on out' })}
          />
          <Picker
            label={say('item.otherItem')}
            value={filled.other}
            also={made}
            without={filled.item?.id}
            onChoose={(other) => set({ other })}
          />
        </>
      )}
      {kind === 'unrelate' && filled.item !== null && (
        <RelationField item={filled.item} value={filled.relationId} set={set} />
      )}
      {kind === 'edit' && filled.item !== null && <EditFields item={filled.item} filled={filled} set={set} />}
    </FormDialog>
  )
}

/** What is planned most often comes first. */
const order: readonly Kind[] = ['down', 'move', 'edit', 'quorum', 'make', 'relate', 'unrelate']

type Fields = { readonly filled: Filled; readonly set: (change: Partial<Filled>) => void }

const Picker = ({
  label,
  value,
  also,
  without,
  onChoose,
}: {
  readonly label: string
  readonly value: ItemRef | null
  readonly also: readonly ItemRef[]
  readonly without?: string | undefined
  readonly onChoose: (item: ItemRef | null) => void
}) => (
  <div>
    <div className={classes['label']}>{label}</div>
    <div className={classes['picker']}>
      <ItemPicker
        label={label}
        value={value?.id ?? null}
        also={also}
        {...(without === undefined ? {} : { without })}
        onChoose={onChoose}
      >
        {value === null ? <span className={classes['class']}>{say('item.choose')}</span> : value.name}
      </ItemPicker>
    </div>
  </div>
)

const DownFields = ({ filled, set }: Fields) => (
  <>
    <Select
      label={say('branch.effect')}
      data={(['down', 'degraded'] as const).map((value) => ({ value, label: say(`item.health.${value}`) }))}
      value={filled.effect}
      allowDeselect={false}
      onChange={(value) => set({ effect: value === 'degraded' ? 'degraded' : 'down' })}
    />
    <TextInput
      type="datetime-local"
      label={say('branch.from')}
      description={say('branch.windowHint')}
      value={filled.from}
      onChange={(event) => set({ from: event.currentTarget.value })}
    />
    <TextInput
      type="datetime-local"
      label={say('branch.until')}
      description={say('branch.windowHint')}
      value={filled.until}
      onChange={(event) => set({ until: event.currentTarget.value })}
    />
    <ReasonField value={filled.reason} onChange={(reason) => set({ reason })} />
  </>
)

/** What can happen to the chosen item: nobody sends a contract to repair. */
const MoveField = ({ filled, set }: Fields) => {
  const { data } = useQuery(itemClassesQuery)
  const nature = data?.classes.find(({ key }) => key === filled.item?.class)?.nature
  return (
    <Select
      label={say('branch.action')}
      data={itemActions
        .filter((value) => nature === undefined || nature === 'thing' || !thingActions.has(value))
        .map((value) => ({ value, label: say(`branch.action.${value}`) }))}
      value={filled.action}
      allowDeselect={false}
      onChange={(value) => set({ action: itemActions.find((one) => one === value) ?? 'retire' })}
    />
  )
}

const RelationField = ({
  item,
  value,
  set,
}: {
  readonly item: ItemRef
  readonly value: string | null
  readonly set: Fields['set']
}) => {
  const { data, error } = useQuery(itemQuery(item.id, {}))
  if (error !== null) return <Fault error={error} />
  return (
    <Select
      label={say('branch.relation')}
      data={(data?.relations ?? []).map(({ id, words, item: other }) => ({
        value: id,
        label: `${words} ${other.name}`,
      }))}
      value={value}
      searchable
      nothingFoundMessage={say('item.noRelations')}
      onChange={(relationId) => set({ relationId })}
    />
  )
}

const EditFields = ({ item, filled, set }: Fields & { readonly item: ItemRef }) => {
  const { data, error } = useQuery(itemClassesQuery)
  if (error !== null) return <Fault error={error} />
  const attributes = (data?.classes.find(({ key }) => key === item.class)?.attributes ?? []).filter(
    (one) => !one.retired,
  )
  const chosen = attributes.find(({ key }) => key === filled.attribute)
  return (
    <>
      <Select
        label={say('branch.attribute')}
        data={attributes.map(({ key, label }) => ({ value: key, label }))}
        value={filled.attribute}
        searchable
        onChange={(attribute) => set({ attribute, value: undefined })}
      />
      {chosen !== undefined && (
        <ValueField
          key={chosen.key}
          attribute={chosen}
          value={filled.value}
          onChange={(value) => set({ value })}
        />
      )}
    </>
  )
}

const MakeFields = ({ filled, set }: Fields) => {
  const { data, error } = useQuery(itemClassesQuery)
  if (error !== null) return <Fault error={error} />
  const known = data?.classes ?? []
  const possible = known.filter((one) => !one.abstract && !one.retired)
  const required = (possible.find(({ key }) => key === filled.class)?.attributes ?? []).filter(
    (one) => one.required && !one.retired,
  )
  return (
    <>
      <Select
        label={say('item.class')}
        data={classTree(possible.length === 0 ? [] : known, new Map(), true)
          .filter((line) => possible.some((one) => one.key === line.key))
          .map((line) => ({ value: line.key, label: line.label }))}
        value={filled.class}
        searchable
        required
        allowDeselect={false}
        onChange={(value) => set({ class: value, values: new Map() })}
      />
      <TextInput
        label={say('item.name')}
        value={filled.name}
        maxLength={120}
        required
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {required.map((attribute) => (
        <ValueField
          key={attribute.key}
          attribute={attribute}
          value={filled.values.get(attribute.key)}
          onChange={(value) => {
            const next = new Map(filled.values)
            if (value === undefined) next.delete(attribute.key)
            else next.set(attribute.key, value)
            set({ values: next })
          }}
        />
      ))}
    </>
  )
}
