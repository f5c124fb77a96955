import { Refused } from '@evenkeel/contract/client'
import type { AttributeNow, ItemPage, ItemValue } from '@evenkeel/contract/item'
import type { ClassAttribute } from '@evenkeel/contract/item-class'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Conflict } from '../../ui/edit-in-place.tsx'
import { Fault } from '../../ui/fault.tsx'
import { itemKey, itemQuery, itemsKey } from './item.api.ts'
import classes from './item.attributes.module.css'
import { ValueField } from './item.value-field.tsx'

type Props = {
  readonly item: ItemPage
  readonly attribute: AttributeNow
  readonly definition: ClassAttribute
  readonly onClose: () => void
}

/**
 * An attribute as a field where it stands. What others change meanwhile of the same item is kept; of the same attribute, both values are
 * shown and one chooses.
 */
export const EditHere = ({ item, attribute, definition, onClose }: Props) => {
  const queries = useQueryClient()
  const { key, label, value: now, others } = attribute
  const byHand = [now, ...others].find((said) => said?.source === 'hand')
  const [value, setValue] = useState<ItemValue | undefined>((byHand ?? now)?.value)
  // What was seen when it began: the page goes on with what others do.
  const [seen] = useState(item.version)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const [conflict, setConflict] = useState<{ readonly theirs: string; readonly mine: string }>()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, button')?.focus(), [])

  const save = async (version: number): Promise<void> => {
    if (running) return
    setRunning(true)
    setError(undefined)
    setConflict(undefined)
    const next = value ?? null
    try {
      await client.editItem({ params: { id: item.id }, version, body: { values: { [key]: next } } })
    } catch (failure) {
      const reason = conflictIn(failure, key)
      if (reason === undefined) setError(failure)
      else {
        await queries.invalidateQueries({ queryKey: itemKey(item.id) })
        setConflict(reason)
      }
      setRunning(false)
      return
    }
    await queries.invalidateQueries({ queryKey: itemKey(item.id) })
    void queries.invalidateQueries({ queryKey: itemsKey })
    const after = await queries.fetchQuery(itemQuery(item.id, {}))
    const believed = after.attributes.find((one) => one.key === key)?.value
    // What one said is kept, and another source is believed first: whoever typed it hears so.
    if (next !== null && believed != null && believed.source !== 'hand')
      notifications.show({
        message: say('item.keptBehind', {
          attribute: label,
          source: believed.sourceLabel,
          value: believed.text,
        }),
        color: 'gray',
      })
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // A dialog opened from a field is its child to React, so its form's event arrives here too.
    if (event.target === form.current) void save(seen)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || !(event.target instanceof HTMLElement)) return
    if (!form.current?.contains(event.target)) return
    if (event.key === 'Escape' && event.target.getAttribute('aria-expanded') !== 'true') {
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void save(seen)
    }
  }
  return (
    <form
      ref={form}
      className={classes['inPlace']}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={onKeyDown}
      noValidate
    >
      <ValueField attribute={definition} value={value} shown={(byHand ?? now)?.text} onChange={setValue} />
      {byHand !== undefined && others.length > 0 && (
        <p className={classes['hint']}>{say('item.emptyTakesBack')}</p>
      )}
      {error !== undefined && <Fault error={error} kept={say('form.kept')} />}
      {conflict === undefined ? (
        <div className={classes['buttons']}>
          <Button
            type="submit"
            size="compact-sm"
            loading={running}
            disabled={value === undefined && byHand === undefined}
          >
            {say('form.save')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
        </div>
      ) : (
        <Conflict
          field={label}
          {...conflict}
          onTheirs={onClose}
          // Both were seen now.
          onMine={() => void save(item.version)}
        />
      )}
    </form>
  )
}

/** Both values, where somebody changed the same. */
const conflictIn = (
  error: unknown,
  key: string,
): { readonly theirs: string; readonly mine: string } | undefined => {
  if (!(error instanceof Refused) || error.body.code !== 'changed_meanwhile') return undefined
  const reason = error.body.reasons?.find(({ field }) => field === `values.${key}`)
  return reason === undefined ? undefined : { theirs: reason.theirs ?? '', mine: reason.yours ?? '' }
}
