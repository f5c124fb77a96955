import type { AttributeNow, ItemPage, SaidValue } from '@evenkeel/contract/item'
import type { ClassAttribute, ItemClassView } from '@evenkeel/contract/item-class'
import { Button, HoverCard, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Pencil from 'lucide-react/icons/pencil'
import { useRef, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute, relative } from '../../language/time.ts'
import { useNow } from '../../ui/now.ts'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { itemClassesQuery } from './item.api.ts'
import { EditHere } from './item.attribute-edit.tsx'
import classes from './item.attributes.module.css'

/** What is known of an item, by the class that says it may be known. */
export const Attributes = ({ item }: { readonly item: ItemPage }) => {
  const { data } = useQuery(itemClassesQuery)
  const [all, setAll] = useState(false)
  const [editing, setEditing] = useState<string>()
  if (data === undefined) return <Skeleton height={160} />
  const own = data.classes.find(({ key }) => key === item.class)
  const definitions = new Map(own?.attributes.map((one) => [one.key, one]) ?? [])
  const empty = item.attributes.filter(({ value, required }) => value === null && !required)
  const groups = grouped(item.attributes, definitions, data.classes, item)
  return (
    <Section
      title={say('item.attributes')}
      flush
      actions={
        empty.length > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? say('item.hideEmpty') : say('item.showEmpty', { count: empty.length })}
          </Button>
        )
      }
    >
      {item.attributes.length === empty.length && !all && <Nothing>{say('item.noAttributes')}</Nothing>}
      {groups.map(({ key, label, attributes }) => {
        const shown = attributes.filter(({ value, required }) => all || value !== null || required)
        if (shown.length === 0) return null
        return (
          <div key={key} className={classes['group']}>
            <h3 className={classes['from']}>{label}</h3>
            <dl className={classes['list']}>
              {shown.map((attribute) => (
                <Attribute
                  key={attribute.key}
                  item={item}
                  attribute={attribute}
                  definition={definitions.get(attribute.key)}
                  isEdited={editing === attribute.key}
                  onEdit={setEditing}
                />
              ))}
            </dl>
          </div>
        )
      })}
    </Section>
  )
}

/** The item's own class first, then those above it. */
const grouped = (
  attributes: readonly AttributeNow[],
  definitions: ReadonlyMap<string, ClassAttribute>,
  known: readonly ItemClassView[],
  item: ItemPage,
) =>
  [item.class, ...item.ancestors].map((key) => ({
    key,
    label: known.find((one) => one.key === key)?.label ?? key,
    // What no class says any more stands with the item's own.
    attributes: attributes.filter((one) => (definitions.get(one.key)?.from ?? item.class) === key),
  }))

const Attribute = ({
  item,
  attribute,
  definition,
  isEdited,
  onEdit,
}: {
  readonly item: ItemPage
  readonly attribute: AttributeNow
  readonly definition: ClassAttribute | undefined
  readonly isEdited: boolean
  readonly onEdit: (key: string | undefined) => void
}) => {
  const { key, label, required, restricted, value, others } = attribute
  const [open, setOpen] = useState(false)
  const begin = useRef<HTMLButtonElement>(null)
  const edits = isEdited && item.mayEdit ? definition : undefined
  return (
    <div className={classes['row']}>
      <dt>
        {label}
        {restricted && <span className={classes['mark']}>{say('item.restricted')}</span>}
      </dt>
      <dd>
        {edits !== undefined && (
          <EditHere
            item={item}
            attribute={attribute}
            definition={edits}
            onClose={() => {
              onEdit(undefined)
              // Where it began, once it is there again.
              setTimeout(() => begin.current?.focus())
            }}
          />
        )}
        <div className={classes['value']} hidden={edits !== undefined}>
          {value === null ? (
            <span className={classes[required ? 'lacking' : 'none']}>
              {required ? say('item.lacking') : say('item.nothing')}
            </span>
          ) : (
            <Sourced said={value} />
          )}
          {others.length > 0 && (
            <button
              type="button"
              className={classes['others']}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {say('item.others', { count: others.length })}
            </button>
          )}
          {item.mayEdit && definition?.retired === false && (
            <button
              ref={begin}
              type="button"
              className={classes['edit']}
              aria-label={say('edit.begin', { field: label })}
              onClick={() => onEdit(key)}
            >
              <Pencil size={14} aria-hidden />
            </button>
          )}
        </div>
        {open && (
          <ul className={classes['losing']}>
            {others.map((other) => (
              <li key={`${other.source} ${other.knownFrom}`}>
                <bdi className={classes['lost']}>{other.text}</bdi>
                <span className={classes['origin']}>
                  {other.sourceLabel} · <Age at={other.seenAt} />
                  {other.lostBy !== null && <> · {say(`item.lostBy.${other.lostBy}`)}</>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  )
}

const Age = ({ at }: { readonly at: string }) => {
  const now = useNow()
  return (
    <time dateTime={at} title={absolute(at, readerZone())}>
      {relative(at, now, readerZone())}
    </time>
  )
}

/** A value; pointing at it or reaching it by keyboard says who said so, and when. */
const Sourced = ({ said }: { readonly said: SaidValue }) => {
  const zone = readerZone()
  return (
    <HoverCard openDelay={250} closeDelay={80} position="bottom-start" width={300} shadow="md">
      <HoverCard.Target>
        <button type="button" className={classes['said']} aria-description={originOf(said)}>
          <bdi>{said.text}</bdi>
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <dl className={classes['source']}>
          <dt>{say('item.saidBy')}</dt>
          <dd>{said.by === null ? said.sourceLabel : `${said.by.name} (${said.sourceLabel})`}</dd>
          <dt>{say('item.trueSince')}</dt>
          <dd>{absolute(said.validFrom, zone)}</dd>
          <dt>{say('item.knownSince')}</dt>
          <dd>{absolute(said.knownFrom, zone)}</dd>
          <dt>{say('item.lastSaid')}</dt>
          <dd>
            <Age at={said.seenAt} />
          </dd>
        </dl>
      </HoverCard.Dropdown>
    </HoverCard>
  )
}

const originOf = (said: SaidValue): string =>
  say('item.origin', {
    source: said.by?.name ?? said.sourceLabel,
    since: absolute(said.validFrom, readerZone()),
    seen: absolute(said.seenAt, readerZone()),
  })
