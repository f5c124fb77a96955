import type { IncidentView } from '@evenkeel/contract/incident'
import type { Audience } from '@evenkeel/contract/record'
import type { TemplateView } from '@evenkeel/contract/template'
import { Button, Popover, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import ListTodo from 'lucide-react/icons/list-todo'
import Lock from 'lucide-react/icons/lock'
import MessageSquare from 'lucide-react/icons/message-square'
import MessageSquareQuote from 'lucide-react/icons/message-square-quote'
import Square from 'lucide-react/icons/square'
import Zap from 'lucide-react/icons/zap'
import { type KeyboardEvent, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Markdown } from '../../parts/markdown.tsx'
import composerClasses from '../../parts/composer.module.css'
import { Fault, faultSentence, sentence } from '../../ui/fault.tsx'
import { command } from './incident.api.ts'
import classes from './incident.replies.module.css'
import { templatesQuery } from './incident.templates.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { fieldName, fieldValue } from './incident.words.ts'

type Props = {
  readonly incident: IncidentView
  readonly audiences: readonly Audience[]
  readonly onInsert: (text: string, audience: Audience) => void
}

/** Quick replies go into the composer, to be read before they are sent; macros say what they would do before they do it. */
export const Replies = ({ incident, audiences, onInsert }: Props) => {
  const [opened, setOpened] = useState(false)
  const [macro, setMacro] = useState<TemplateView>()
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>()
  const list = useRef<HTMLDivElement>(null)
  const replies = useQuery({ ...templatesQuery('quick_reply'), enabled: opened })
  const macros = useQuery({ ...templatesQuery('macro'), enabled: opened })
  const words = text.trim().toLocaleLowerCase()
  const matching = (rows: readonly TemplateView[] | undefined) =>
    (rows ?? []).filter(({ name, isActive }) => isActive && name.toLocaleLowerCase().includes(words))
  const offered = [
    ...matching(replies.data?.rows).filter(
      ({ document }) => 'audience' in document && audiences.includes(document.audience),
    ),
    ...matching(macros.data?.rows),
  ]
  const settled = !replies.isPending && !macros.isPending

  const choose = async (template: TemplateView): Promise<void> => {
    setError(undefined)
    if (template.kind === 'macro') {
      setOpened(false)
      setMacro(template)
      return
    }
    try {
      const { body, audience } = await client.readQuickReply({
        params: { id: incident.id, replyId: template.id },
      })
      setOpened(false)
      setText('')
      // The menu gives the focus back to its button first.
      requestAnimationFrame(() => onInsert(body, audience))
    } catch (failure) {
      setError(failure)
    }
  }
  const step = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = buttons.findIndex((button) => button === document.activeElement)
    buttons.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % Math.max(1, buttons.length))?.focus()
    event.preventDefault()
  }
  return (
    <>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="top-end"
        width={340}
        trapFocus
        returnFocus
        withinPortal
      >
        <Popover.Target>
          <button
            type="button"
            className={composerClasses['tool']}
            aria-label={say('reply.open')}
            title={say('reply.open')}
            onClick={() => setOpened(!opened)}
          >
            <MessageSquareQuote size={14} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={say('reply.open')} onKeyDown={step}>
          <TextInput
            size="xs"
            placeholder={say('reply.find')}
            aria-label={say('reply.find')}
            value={text}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              const [first] = offered
              if (event.key !== 'Enter' || first === undefined) return
              event.preventDefault()
              void choose(first)
            }}
          />
          <div ref={list} className={classes['list']}>
            {offered.map((template) => (
              <button
                key={template.id}
                type="button"
                className={classes['offer']}
                onClick={() => void choose(template)}
              >
                <Mark template={template} />
                <span className={classes['words']}>
                  <span className={classes['name']} dir="auto">
                    {template.name}
                  </span>
                  <span className={classes['hint']} dir="auto">
                    {'body' in template.document
                      ? template.document.body
                      : say('reply.macroSteps', {
                          count: 'steps' in template.document ? template.document.steps.length : 0,
                        })}
                  </span>
                </span>
              </button>
            ))}
            {settled && offered.length === 0 && (
              <p className={classes['none']}>{words === '' ? say('reply.none') : say('edit.nothingFound')}</p>
            )}
          </div>
          {error !== undefined && (
            <p role="alert" className={classes['fault']}>
              {faultSentence(error)}
            </p>
          )}
        </Popover.Dropdown>
      </Popover>
      {macro !== undefined && (
        <MacroDialog incident={incident} macro={macro} onClose={() => setMacro(undefined)} />
      )}
    </>
  )
}

const Mark = ({ template: { kind, document } }: { readonly template: TemplateView }) => {
  if (kind === 'macro') return <Zap size={14} aria-label={say('reply.macro')} />
  return 'audience' in document && document.audience === 'team' ? (
    <Lock size={14} aria-label={say('composer.note')} />
  ) : (
    <MessageSquare size={14} aria-label={say('composer.comment')} />
  )
}

/** What a macro would do to this incident as it is now, step by step; all of it happens or nothing. */
const MacroDialog = ({
  incident,
  macro,
  onClose,
}: {
  readonly incident: IncidentView
  readonly macro: TemplateView
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const preview = useQuery({
    queryKey: ['record', incident.id, 'macro', macro.id, macro.version, incident.version],
    queryFn: () => client.previewMacro({ params: { id: incident.id, macroId: macro.id } }),
    retry: false,
  })
  const run = async (): Promise<void> => {
    setRunning(true)
    setError(undefined)
    try {
      await command(queries, incident, ({ params, version }) =>
        client.runMacro({
          params: { ...params, macroId: macro.id },
          version,
          body: { macroVersion: macro.version },
        }),
      )
      onClose()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  const { data } = preview
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={say('reply.macroTitle', { name: macro.name, number: incident.number })}
    >
      <p className={classes['lead']}>
        {data?.ready === false ? say('reply.macroNotReady') : say('reply.macroWould')}
      </p>
      {data?.ready === false && (
        <ul className={classes['missing']}>
          {data.reasons.map((reason) => (
            <li key={`${reason.code} ${reason.message}`}>
              <Square size={14} aria-hidden /> {sentence(reason.message)}
            </li>
          ))}
        </ul>
      )}
      <ol className={classes['steps']}>
        {data?.items.map((item, at) => (
          // Steps of one preview; they never move.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className={classes['step']} data-audience={item.audience}>
            {item.sentence !== null && <span>{item.sentence}</span>}
            {item.audience !== null && (
              <span className={classes['readers']}>
                {item.audience === 'team' ? (
                  <Lock size={12} aria-hidden />
                ) : (
                  <MessageSquare size={12} aria-hidden />
                )}{' '}
                {item.audience === 'team'
                  ? say('composer.noteReaders')
                  : say('composer.commentReaders', { name: incident.requester.name })}
              </span>
            )}
            {item.body !== null && <Markdown source={item.body} />}
            {item.sentence === null &&
              item.changes.map(({ field, from, to }) => (
                <span key={field} className={classes['change']}>
                  {fieldName(field)}: {from !== null && from !== '' && <del>{fieldValue(field, from)}</del>} →{' '}
                  <b>{to === null || to === '' ? say('edit.empty') : fieldValue(field, to)}</b>
                </span>
              ))}
          </li>
        ))}
      </ol>
      {(preview.isError || error !== undefined) && (
        <Fault error={error ?? preview.error} kept={say('move.keptNothing')} />
      )}
      <div className={classes['buttons']}>
        <Button variant="default" onClick={onClose}>
          {say('dialog.back')}
        </Button>
        <Button
          leftSection={<ListTodo size={14} aria-hidden />}
          loading={running}
          disabled={data?.ready !== true}
          data-autofocus
          onClick={() => void run()}
        >
          {say('reply.macroRun')}
        </Button>
      </div>
    </Dialog>
  )
}
