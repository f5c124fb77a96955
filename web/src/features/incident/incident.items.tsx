import { itemEffects, type ItemEffect, type NamedItem } from '@evenkeel/contract/record-item'
import type { IncidentView } from '@evenkeel/contract/incident'
import { Button, Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-help'
import CircleX from 'lucide-react/icons/circle-x'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { recordKey } from './incident.api.ts'
import { ItemFinder } from './incident.item-finder.tsx'
import { Section, WordButton } from './incident.fact.tsx'
import classes from './incident.items.module.css'

export const effectOf = (value: string | null): ItemEffect | undefined =>
  itemEffects.find((one) => one === value)

/** What it happens to, and how each of them is because of it. */
export const Items = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [error, setError] = useState<unknown>()
  const editable = incident.allowed.includes('incident.edit') && mayAtAll(me, 'item.read')
  if (incident.items.length === 0 && !editable) return null
  const save = async (work: Promise<unknown>): Promise<void> => {
    setError(undefined)
    try {
      await work
    } catch (failure) {
      setError(failure)
    }
    await queries.invalidateQueries({ queryKey: recordKey(incident.id) })
  }
  const name = (itemId: string, effect: ItemEffect) =>
    save(client.nameIncidentItem({ params: { id: incident.id, itemId }, body: { effect } }))
  return (
    <Section
      title={say('incident.items')}
      action={
        editable &&
        !adding && <WordButton onClick={() => setAdding(true)}>{say('incident.items.add')}</WordButton>
      }
    >
      {error !== undefined && <Fault error={error} />}
      {incident.items.length === 0 && !adding && (
        <p className={classes['none']}>{say('incident.items.none')}</p>
      )}
      <ul className={classes['items']}>
        {incident.items.map((item) => (
          <Item
            key={item.id}
            item={item}
            editable={editable}
            onEffect={(effect) => name(item.id, effect)}
            onDrop={() => save(client.dropIncidentItem({ params: { id: incident.id, itemId: item.id } }))}
          />
        ))}
      </ul>
      {adding && (
        <AddItem
          except={incident.items.map(({ id }) => id)}
          onAdd={async (itemId, effect) => {
            await name(itemId, effect)
            setAdding(false)
          }}
          onCancel={() => setAdding(false)}
        />
      )}
    </Section>
  )
}

const signs = { up: CircleCheck, degraded: CircleAlert, down: CircleX, unknown: CircleHelp } as const

const Item = ({
  item,
  editable,
  onEffect,
  onDrop,
}: {
  readonly item: NamedItem
  readonly editable: boolean
  readonly onEffect: (effect: ItemEffect) => Promise<void>
  readonly onDrop: () => Promise<void>
}) => {
  const Sign = signs[item.health]
  return (
    <li className={classes['item']}>
      <Sign
        size={16}
        className={classes['sign']}
        data-health={item.health}
        role="img"
        aria-label={say(`item.health.${item.health}`)}
      />
      <span className={classes['words']}>
        <Link to="/items/$id" params={{ id: item.id }} className={classes['name']} title={item.name}>
          {item.name}
        </Link>
        <span className={classes['about']}>
          {item.classLabel}
          {item.sentence !== '' && ` · ${sentence(item.sentence)}`}
        </span>
      </span>
      {editable ? (
        <>
          <select
            className={classes['effect']}
            aria-label={say('incident.items.effect', { name: item.name })}
            value={item.effect}
            onChange={(event) => {
              const effect = effectOf(event.currentTarget.value)
              if (effect !== undefined) void onEffect(effect)
            }}
          >
            {itemEffects.map((effect) => (
              <option key={effect} value={effect}>
                {say(`incident.items.${effect}`)}
              </option>
            ))}
          </select>
          <SmallButton label={say('incident.items.drop', { name: item.name })} onClick={() => void onDrop()}>
            <X size={14} aria-hidden />
          </SmallButton>
        </>
      ) : (
        <span className={classes['effect']}>{say(`incident.items.${item.effect}`)}</span>
      )}
    </li>
  )
}

const AddItem = ({
  except,
  onAdd,
  onCancel,
}: {
  readonly except: readonly string[]
  readonly onAdd: (itemId: string, effect: ItemEffect) => Promise<void>
  readonly onCancel: () => void
}) => {
  const [chosen, setChosen] = useState<string | null>(null)
  const [effect, setEffect] = useState<ItemEffect>('down')
  const [running, setRunning] = useState(false)
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen === null) return
        setRunning(true)
        void onAdd(chosen, effect).finally(() => setRunning(false))
      }}
    >
      <ItemFinder
        label={say('incident.items.which')}
        except={except}
        autoFocus
        value={chosen}
        onChoose={(item) => setChosen(item?.id ?? null)}
      />
      <Select
        label={say('incident.items.what')}
        data={itemEffects.map((one) => ({ value: one, label: say(`incident.items.${one}`) }))}
        value={effect}
        allowDeselect={false}
        onChange={(value) => setEffect(effectOf(value) ?? effect)}
      />
      <div className={classes['row']}>
        <Button type="submit" size="xs" disabled={chosen === null} loading={running}>
          {say('incident.items.add')}
        </Button>
        <WordButton onClick={onCancel}>{say('dialog.back')}</WordButton>
      </div>
    </form>
  )
}
