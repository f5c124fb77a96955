import type { ItemAttribute, ItemClass, ItemClasses } from '@evenkeel/contract/item-class'
import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import Pencil from 'lucide-react/icons/pencil'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { Tag } from '../../ui/tag.tsx'
import { AttributeDialog } from './policy.attribute-dialog.tsx'
import { attributeKeys, classLines, inherited, keyFor, lineAbove, newAttribute } from './policy.classes.ts'
import classes from './policy.classes.module.css'

type Props = {
  readonly policy: ItemClasses
  /** Classes as they are in force: those that have been published are retired, not removed. */
  readonly published: ItemClasses | undefined
  readonly editable: boolean
  readonly onChange: (policy: ItemClasses) => void
}

/** Kinds of items: what stands below what, and what is known of each. */
export const ClassesEditor = ({ policy, published, editable, onChange }: Props) => {
  const lines = classLines(policy)
  const [picked, setPicked] = useState<string>()
  const [adding, setAdding] = useState(false)
  const chosen = policy.classes.find(({ key }) => key === picked) ?? lines[0]?.one
  const setClass = (next: ItemClass): void =>
    onChange({ classes: policy.classes.map((one) => (one.key === next.key ? next : one)) })
  if (chosen === undefined) return null
  return (
    <div className={classes['columns']}>
      <nav className={classes['tree']} aria-label={say('classes.tree')}>
        <ul>
          {lines.map(({ one, depth }) => (
            <li key={one.key}>
              <button
                type="button"
                className={classes['class']}
                aria-current={one.key === chosen.key ? 'true' : undefined}
                data-retired={one.retired || undefined}
                style={{ paddingInlineStart: 8 + depth * 14 }}
                onClick={() => setPicked(one.key)}
              >
                {one.label}
              </button>
            </li>
          ))}
        </ul>
        {editable && (
          <Button
            variant="default"
            size="compact-md"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {say('classes.add')}
          </Button>
        )}
      </nav>
      <OneClass
        key={chosen.key}
        document={policy}
        one={chosen}
        published={published?.classes.find(({ key }) => key === chosen.key)}
        editable={editable}
        onChange={setClass}
        onRemove={() => {
          setPicked(chosen.parent ?? undefined)
          onChange({ classes: policy.classes.filter(({ key }) => key !== chosen.key) })
        }}
      />
      {adding && (
        <AddClass
          document={policy}
          below={chosen.key}
          onClose={() => setAdding(false)}
          onAdd={(added) => {
            setPicked(added.key)
            onChange({ classes: [...policy.classes, added] })
          }}
        />
      )}
    </div>
  )
}

const OneClass = ({
  document,
  one,
  published,
  editable,
  onChange,
  onRemove,
}: {
  readonly document: ItemClasses
  readonly one: ItemClass
  readonly published: ItemClass | undefined
  readonly editable: boolean
  readonly onChange: (one: ItemClass) => void
  readonly onRemove: () => void
}) => {
  const [editing, setEditing] = useState<ItemAttribute>()
  const [adding, setAdding] = useState(false)
  const above = inherited(document, one.key)
  const isRoot = one.parent === null
  const hasBelow = document.classes.some(({ parent }) => parent === one.key)
  const setAttribute = (next: ItemAttribute): void =>
    onChange({
      ...one,
      attributes: one.attributes.some(({ key }) => key === next.key)
        ? one.attributes.map((attribute) => (attribute.key === next.key ? next : attribute))
        : [...one.attributes, next],
    })
  return (
    <section className={classes['one']} aria-label={one.label}>
      <div className={classes['fields']}>
        <TextInput
          label={say('classes.label')}
          value={one.label}
          maxLength={80}
          disabled={!editable}
          error={one.label.trim() === '' ? say('classes.labelMissing') : undefined}
          onChange={(event) => onChange({ ...one, label: event.currentTarget.value })}
        />
        {!isRoot && (
          <NativeSelect
            label={say('classes.parent')}
            value={one.parent ?? ''}
            disabled={!editable}
            data={classLines(document)
              .filter(
                ({ one: other }) =>
                  other.key !== one.key && !lineAbove(document, other.key).some(({ key }) => key === one.key),
              )
              .map(({ one: other, depth }) => ({
                value: other.key,
                label: `${'\u2003'.repeat(depth)}${other.label}`,
              }))}
            onChange={(event) => onChange({ ...one, parent: event.currentTarget.value })}
          />
        )}
      </div>
      <p className={classes['quiet']}>{say('classes.key', { key: one.key })}</p>
      <Switch
        label={say('classes.abstract')}
        description={say(one.abstract ? 'classes.abstractYes' : 'classes.abstractNo')}
        checked={one.abstract}
        disabled={!editable || isRoot}
        onChange={(event) => onChange({ ...one, abstract: event.currentTarget.checked })}
      />
      {!isRoot && (
        <Switch
          label={say('classes.retired')}
          description={say(one.retired ? 'classes.retiredYes' : 'classes.retiredNo')}
          checked={one.retired}
          disabled={!editable}
          onChange={(event) => onChange({ ...one, retired: event.currentTarget.checked })}
        />
      )}
      <h2 className={classes['title']}>{say('classes.own')}</h2>
      {one.attributes.length === 0 && <p className={classes['quiet']}>{say('classes.ownNone')}</p>}
      <ul className={classes['attributes']}>
        {one.attributes.map((attribute) => (
          <li key={attribute.key} data-retired={attribute.retired || undefined}>
            <AttributeWords attribute={attribute} document={document} />
            {editable && (
              <span className={classes['acts']}>
                <SmallButton
                  label={say('classes.edit', { attribute: attribute.label })}
                  onClick={() => setEditing(attribute)}
                >
                  <Pencil size={14} aria-hidden />
                </SmallButton>
                {published?.attributes.some(({ key }) => key === attribute.key) !== true && (
                  <SmallButton
                    label={say('classes.remove', { attribute: attribute.label })}
                    onClick={() =>
                      onChange({
                        ...one,
                        attributes: one.attributes.filter(({ key }) => key !== attribute.key),
                      })
                    }
                  >
                    <Trash2 size={14} aria-hidden />
                  </SmallButton>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
      {editable && (
        <Button
          className={classes['begin'] ?? ''}
          variant="default"
          size="compact-md"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {say('classes.addAttribute')}
        </Button>
      )}
      {above.length > 0 && (
        <>
          <h2 className={classes['title']}>{say('classes.inherited')}</h2>
          <ul className={classes['attributes']}>
            {above.map(({ attribute, from }) => (
              <li key={attribute.key} data-retired={attribute.retired || undefined}>
                <AttributeWords attribute={attribute} document={document} from={from} />
              </li>
            ))}
          </ul>
        </>
      )}
      {editable && published === undefined && !hasBelow && (
        <Button
          className={classes['begin'] ?? ''}
          variant="subtle"
          color="gray"
          size="compact-md"
          onClick={onRemove}
        >
          {say('classes.removeClass', { label: one.label })}
        </Button>
      )}
      {editing !== undefined && (
        <AttributeDialog
          document={document}
          attribute={editing}
          isNew={false}
          mayRetype={published?.attributes.some(({ key }) => key === editing.key) !== true}
          onClose={() => setEditing(undefined)}
          onSave={setAttribute}
        />
      )}
      {adding && (
        <AttributeDialog
          document={document}
          attribute={newAttribute('', '')}
          isNew
          mayRetype
          onClose={() => setAdding(false)}
          onSave={(next) => setAttribute({ ...next, key: keyFor(next.label, attributeKeys(document)) })}
        />
      )}
    </section>
  )
}

/** An attribute in words: what it holds, and everything that follows from how it is set. */
const AttributeWords = ({
  attribute,
  document,
  from,
}: {
  readonly attribute: ItemAttribute
  readonly document: ItemClasses
  readonly from?: string
}) => (
  <div className={classes['words']}>
    <span className={classes['name']}>
      {attribute.label}
      {from !== undefined && <Tag tone="low">{say('classes.from', { class: from })}</Tag>}
      {attribute.retired && <Tag tone="low">{say('classes.isRetired')}</Tag>}
    </span>
    <span className={classes['quiet']}>{sentenceOf(attribute, document)}</span>
  </div>
)

const sentenceOf = (attribute: ItemAttribute, document: ItemClasses): string => {
  const { type, to, of, unit, choices, pattern, min, max } = attribute
  const target =
    to === undefined
      ? ''
      : to.kind === 'item'
        ? (document.classes.find(({ key }) => key === to.class)?.label ?? to.class)
        : say(`classes.to.${to.kind}`)
  return [
    target !== '' && type === 'reference'
      ? ''
      : of === undefined
        ? say(`classes.type.${type}`)
        : say('classes.listOf', { of: say(`classes.type.${of}`) }),
    target !== '' && say('classes.says.to', { target }),
    unit !== '' && say('classes.says.unit', { unit }),
    choices.length > 0 && choices.map(({ label }) => label).join(', '),
    attribute.required && say('classes.says.required'),
    pattern !== '' && say('classes.says.pattern', { pattern }),
    min !== null && say('classes.says.min', { min: String(min) }),
    max !== null && say('classes.says.max', { max: String(max) }),
    attribute.unique && say('classes.says.unique'),
    attribute.restricted && say('classes.says.restricted'),
    attribute.indexed && say('classes.says.indexed'),
  ]
    .filter((part) => part !== false && part !== '')
    .join(' · ')
}

const AddClass = ({
  document,
  below,
  onAdd,
  onClose,
}: {
  readonly document: ItemClasses
  readonly below: string
  readonly onAdd: (one: ItemClass) => void
  readonly onClose: () => void
}) => {
  const [label, setLabel] = useState('')
  const [parent, setParent] = useState(below)
  const key = keyFor(label, new Set(document.classes.map((one) => one.key)))
  return (
    <FormDialog
      title={say('classes.add')}
      submit={say('classes.add')}
      ready={label.trim() !== ''}
      onClose={onClose}
      onSubmit={async () =>
        onAdd({ key, label: label.trim(), parent, abstract: false, retired: false, attributes: [] })
      }
    >
      <TextInput
        label={say('classes.label')}
        description={say('classes.labelText')}
        value={label}
        maxLength={80}
        data-autofocus
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <NativeSelect
        label={say('classes.parent')}
        description={say('classes.parentText')}
        value={parent}
        data={classLines(document).map(({ one, depth }) => ({
          value: one.key,
          label: `${'\u2003'.repeat(depth)}${one.label}`,
        }))}
        onChange={(event) => setParent(event.currentTarget.value)}
      />
      {label.trim() !== '' && <p className={classes['quiet']}>{say('classes.key', { key })}</p>}
    </FormDialog>
  )
}
