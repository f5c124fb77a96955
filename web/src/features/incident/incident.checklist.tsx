import type { ChecklistItem } from '@evenkeel/contract/checklist'
import { longestChecklist } from '@evenkeel/contract/choices'
import type { IncidentView } from '@evenkeel/contract/incident'
import { Checkbox, Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import ListPlus from 'lucide-react/icons/list-plus'
import X from 'lucide-react/icons/x'
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { useMe } from '../../parts/session.ts'
import { command, recordKey } from './incident.api.ts'
import classes from './incident.checklist.module.css'
import { Section } from './incident.fact.tsx'
import { incidentTemplatesQuery } from './incident.templates.ts'

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    // Lists are pasted with their bullets.
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)]|\[[ x]?\])\s+/i, '').trim())
    .filter((line) => line !== '')

/** What the team set out to do here: ticked by whom and when, in the order it was put there. */
export const Checklist = ({
  incident,
  checklist,
}: {
  readonly incident: IncidentView
  readonly checklist: readonly ChecklistItem[]
}) => {
  const me = useMe()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>()
  const field = useRef<HTMLInputElement>(null)
  const editable = incident.allowed.includes('incident.edit')
  if (checklist.length === 0 && !editable) return null
  const { id } = incident
  const done = checklist.filter((item) => item.done !== null).length

  const run = async (
    work: () => Promise<unknown>,
    foretold: readonly ChecklistItem[] | undefined,
  ): Promise<void> => {
    setError(undefined)
    try {
      await command(
        queries,
        incident,
        async () => {
          await work()
          return undefined
        },
        foretold === undefined ? undefined : { checklist: [...foretold] },
      )
    } catch (failure) {
      setError(failure)
    }
  }
  const add = (items: readonly string[]): void => {
    if (items.length === 0) return
    setText('')
    void run(
      () =>
        client.addToChecklist({
          params: { id },
          body: { items: items.slice(0, 50).map((item) => item.slice(0, 500)) },
          idempotencyKey: crypto.randomUUID(),
        }),
      undefined,
    )
  }
  const tick = (item: ChecklistItem, ticked: boolean): void => {
    const by = { by: { id: me.person.id, name: me.person.name }, at: new Date().toISOString() }
    void run(
      () => client.tickChecklistItem({ params: { id, itemId: item.id }, body: { done: ticked } }),
      checklist.map((one) => (one.id === item.id ? { ...one, done: ticked ? by : null } : one)),
    )
  }
  const remove = (item: ChecklistItem): void =>
    void run(
      () => client.removeChecklistItem({ params: { id, itemId: item.id } }),
      checklist.filter((one) => one.id !== item.id),
    )
  const save = async (item: ChecklistItem, next: string): Promise<void> => {
    try {
      await client.editChecklistItem({
        params: { id, itemId: item.id },
        version: item.version,
        body: { text: next },
      })
    } finally {
      await queries.invalidateQueries({ queryKey: recordKey(id) })
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      add(linesOf(text))
    } else if (event.key === 'Escape') field.current?.blur()
  }
  const onPaste = (event: ClipboardEvent): void => {
    const lines = linesOf(event.clipboardData.getData('text/plain'))
    if (lines.length < 2) return
    event.preventDefault()
    add(lines)
  }
  return (
    <Section
      title={say('checklist.title')}
      action={
        <span className={classes['head']}>
          {checklist.length > 0 && (
            <span className="figures">{say('checklist.progress', { done, count: checklist.length })}</span>
          )}
          {editable && <FromTemplate onAdd={add} />}
        </span>
      }
    >
      {checklist.length > 0 && (
        <ul className={classes['items']}>
          {checklist.map((item) => (
            <li key={item.id} className={classes['item']} data-done={item.done !== null || undefined}>
              <Checkbox
                size="xs"
                checked={item.done !== null}
                disabled={!editable}
                aria-label={item.text}
                className={classes['box'] ?? ''}
                onChange={(event) => tick(item, event.currentTarget.checked)}
              />
              <div className={classes['words']}>
                <EditableText
                  label={item.text}
                  value={item.text}
                  editable={editable}
                  required
                  maxLength={500}
                  onSave={(next) => save(item, next)}
                >
                  <span className={classes['text']} dir="auto">
                    {item.text}
                  </span>
                </EditableText>
                {item.done !== null && (
                  <span className={classes['by']}>
                    <bdi>{item.done.by.name}</bdi> · <RelativeTime at={item.done.at} />
                  </span>
                )}
              </div>
              {editable && (
                <SmallButton
                  className={classes['remove'] ?? ''}
                  label={say('checklist.remove', { item: item.text })}
                  onClick={() => remove(item)}
                >
                  <X size={12} aria-hidden />
                </SmallButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <Fault error={error} />}
      {editable && checklist.length < longestChecklist && (
        <input
          ref={field}
          className={classes['field']}
          value={text}
          maxLength={500}
          dir="auto"
          placeholder={say('checklist.placeholder')}
          aria-label={say('checklist.add')}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      )}
    </Section>
  )
}

/** Checklists that templates bring along. */
const FromTemplate = ({ onAdd }: { readonly onAdd: (items: readonly string[]) => void }) => {
  const [opened, setOpened] = useState(false)
  const { data } = useQuery(incidentTemplatesQuery)
  const offered = (data?.rows ?? []).flatMap(({ id, name, isActive, says: { checklist: items = [] } }) =>
    isActive && items.length > 0 ? [{ id, name, items }] : [],
  )
  if (offered.length === 0) return null
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <SmallButton label={say('checklist.fromTemplate')} title={say('checklist.fromTemplate')}>
          <ListPlus size={14} aria-hidden />
        </SmallButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{say('checklist.fromTemplate')}</Menu.Label>
        {offered.map(({ id, name, items }) => (
          <Menu.Item key={id} onClick={() => onAdd(items)}>
            {say('checklist.template', { name, count: items.length })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
