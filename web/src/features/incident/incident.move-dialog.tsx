import { cancelReasons, holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type { IncidentView, MoveIncident, OfferedMove, ResolvePreview } from '@evenkeel/contract/incident'
import { Button, Checkbox, Radio, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import { type FormEvent, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf, ownZone, wallOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useDraft } from '../../ui/draft.ts'
import { Fault } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { recordKey } from './incident.api.ts'
import { IncidentPicker } from './incident.duplicate-picker.tsx'
import {
  type Asked,
  emptyDraft,
  formOf,
  type FormAction,
  missingIn,
  type MoveDraft,
  moveOf,
} from './incident.move-form.ts'
import classes from './incident.move-dialog.module.css'
import { announce } from '../../ui/announce.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { StateTag } from './incident.state.tsx'

type Props = {
  readonly incident: IncidentView
  readonly offer: OfferedMove
  readonly onMove: (move: MoveIncident) => Promise<void>
  readonly onClose: () => void
}

/** A move that needs something said. What is missing stands as a checklist; the text survives a closed dialog. */
export const MoveDialog = ({ incident, offer, onMove, onClose }: Props) => {
  const action = formOf(offer.action) ?? 'resolve'
  const [text, setText, clearText] = useDraft(`move:${incident.id}:${action}`)
  const [rest, setRest] = useState(emptyDraft)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const [tried, setTried] = useState(false)
  const draft: MoveDraft = { ...rest, text }
  const change = (part: Partial<MoveDraft>): void => setRest((before) => ({ ...before, ...part }))
  // Every open child is named in the answer, also those that this reader may not see: the server knows them all.
  const preview = useQuery({
    queryKey: [...recordKey(incident.id), 'resolving', incident.version],
    queryFn: () => client.previewResolve({ params: { id: incident.id } }),
    enabled: action === 'resolve',
    retry: false,
  })
  const open = preview.data?.children ?? []
  const missing = missingIn(action, draft)
  const zone = readerZone()

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (missing.length > 0) {
      announce(missing.map((guard) => say(`guard.${guard}`)).join('. '))
      return
    }
    setRunning(true)
    setError(undefined)
    try {
      await onMove(
        moveOf(
          action,
          draft,
          (wall) => instantOf(wall, zone.timeZone),
          open.map(({ id }) => id),
        ),
      )
      clearText()
      onClose()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <Dialog
      onClose={onClose}
      title={say('move.title', { move: offer.label, number: incident.number })}
      size="lg"
    >
      <form onSubmit={(event) => void submit(event)} className={classes['form']}>
        {action === 'hold' && (
          <HoldFields
            draft={draft}
            change={change}
            text={text}
            setText={setText}
            caller={incident.requester.name}
          />
        )}
        {action === 'resolve' && (
          <ResolveFields
            draft={draft}
            change={change}
            text={text}
            setText={setText}
            incident={incident}
            preview={preview.data}
          />
        )}
        {(action === 'reopen' || action === 'still_broken') && (
          <Textarea
            label={action === 'reopen' ? say('move.reopenReason') : say('move.stillBroken')}
            description={action === 'reopen' ? say('move.reopenReaders') : say('move.stillBrokenReaders')}
            autosize
            minRows={3}
            maxRows={12}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {action === 'cancel' && <CancelFields draft={draft} change={change} incident={incident} />}
        <Checklist action={action} missing={missing} draft={draft} tried={tried} />
        {error !== undefined && <Fault error={error} kept={say('move.kept')} />}
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button type="submit" loading={running || (action === 'resolve' && preview.isPending)}>
            {offer.label}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type FieldProps = {
  readonly draft: MoveDraft
  readonly change: (part: Partial<MoveDraft>) => void
  readonly text: string
  readonly setText: (text: string) => void
}

const HoldFields = ({ draft, change, text, setText, caller }: FieldProps & { readonly caller: string }) => {
  const zone = readerZone()
  const now = useNow()
  return (
    <>
      <Radio.Group
        label={say('move.holdReason')}
        value={draft.reason}
        onChange={(reason) => change({ reason })}
      >
        <div className={classes['choices']}>
          {holdReasons.map((reason, index) => (
            <Radio
              key={reason}
              value={reason}
              label={say(`incident.hold.${reason}`)}
              {...(index === 0 ? { 'data-autofocus': true } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      {draft.reason === 'caller' && (
        <div className={classes['public']}>
          <Textarea
            label={say('move.question')}
            description={say('composer.commentReaders', { name: caller })}
            autosize
            minRows={3}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </div>
      )}
      {(draft.reason === 'change' || draft.reason === 'problem' || draft.reason === 'vendor') && (
        <TextInput
          label={say(`move.on.${draft.reason}`)}
          value={draft.on}
          maxLength={120}
          onChange={(event) => change({ on: event.currentTarget.value })}
        />
      )}
      <TextInput
        type="datetime-local"
        label={say('move.until')}
        description={
          zone.timeZone === ownZone()
            ? say('move.untilHint')
            : say('move.untilHintZone', { zone: zone.timeZone })
        }
        value={draft.until}
        min={wallOf(now, zone.timeZone)}
        onChange={(event) => change({ until: event.currentTarget.value })}
      />
    </>
  )
}

const ResolveFields = ({
  draft,
  change,
  text,
  setText,
  incident,
  preview,
}: FieldProps & { readonly incident: IncidentView; readonly preview: ResolvePreview | undefined }) => {
  const open = preview?.children ?? []
  const except = (id: string, reason: string | undefined): void => {
    const next = new Map(draft.except)
    if (reason === undefined) next.delete(id)
    else next.set(id, reason)
    change({ except: next })
  }
  return (
    <>
      <Select
        label={say('move.code')}
        placeholder={say('move.codeChoose')}
        data={resolutionCodes
          .filter((code) => code !== 'with_parent')
          .map((value) => ({ value, label: say(`incident.resolution.${value}`) }))}
        value={draft.code === '' ? null : draft.code}
        onChange={(code) => change({ code: code ?? '' })}
        data-autofocus
        allowDeselect={false}
      />
      <div className={classes['public']}>
        <Textarea
          label={say('move.notes')}
          description={say('composer.commentReaders', { name: incident.requester.name })}
          autosize
          minRows={3}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {open.length > 0 && (
        <fieldset className={classes['children']}>
          <legend className={classes['legend']}>{say('move.children', { count: open.length })}</legend>
          <p className={classes['hint']}>{say('move.childrenPeople', { count: preview?.people ?? 0 })}</p>
          <p className={classes['hint']}>{say('move.childrenHint')}</p>
          {open.map((child) => {
            const reason = draft.except.get(child.id)
            return (
              <div key={child.id} className={classes['child']}>
                <Checkbox
                  checked={reason === undefined}
                  onChange={(event) => except(child.id, event.currentTarget.checked ? undefined : '')}
                  label={
                    <span className={classes['childLabel']}>
                      <span>
                        {child.number === null ? (
                          say('move.childHidden')
                        ) : (
                          <>
                            <span className="figures">{child.number}</span> <bdi>{child.title}</bdi>
                          </>
                        )}
                        {child.requester !== null && (
                          <span className={classes['childCaller']}>
                            {' '}
                            · <bdi>{child.requester.name}</bdi>
                          </span>
                        )}
                      </span>{' '}
                      <StateTag state={child.state} />
                    </span>
                  }
                />
                {reason !== undefined && (
                  <TextInput
                    size="xs"
                    aria-label={say('move.exceptReason', { number: child.number ?? say('move.childHidden') })}
                    placeholder={say('move.exceptPlaceholder')}
                    value={reason}
                    maxLength={500}
                    onChange={(event) => except(child.id, event.currentTarget.value)}
                  />
                )}
              </div>
            )
          })}
        </fieldset>
      )}
    </>
  )
}

const CancelFields = ({
  draft,
  change,
  incident,
}: Pick<FieldProps, 'draft' | 'change'> & { readonly incident: IncidentView }) => (
  <>
    <Radio.Group
      label={say('move.cancelReason')}
      value={draft.reason}
      onChange={(reason) => change({ reason })}
    >
      <div className={classes['choices']}>
        {cancelReasons.map((reason, index) => (
          <Radio
            key={reason}
            value={reason}
            label={say(`incident.cancel.${reason}`)}
            {...(index === 0 ? { 'data-autofocus': true } : {})}
          />
        ))}
      </div>
    </Radio.Group>
    {draft.reason === 'duplicate' && (
      <IncidentPicker
        label={say('move.duplicateOf')}
        except={incident.id}
        value={draft.duplicateOf}
        onChange={(duplicateOf) => change({ duplicateOf })}
      />
    )}
  </>
)

/** What the guards of this move still want; a thing that is filled in is ticked. */
const Checklist = ({
  action,
  missing,
  draft,
  tried,
}: {
  readonly action: FormAction
  readonly missing: readonly Asked[]
  readonly draft: MoveDraft
  readonly tried: boolean
}) => {
  const all = missingIn(action, { ...emptyDraft, reason: draft.reason })
  const asked = [...new Set([...all, ...missing])]
  if (asked.length === 0) return null
  return (
    <div role={tried && missing.length > 0 ? 'alert' : undefined}>
      <ul className={classes['checklist']} data-tried={tried || undefined}>
        {asked.map((guard) => (
          <li key={guard} data-done={!missing.includes(guard) || undefined}>
            {missing.includes(guard) ? (
              <CircleDashed size={14} aria-hidden />
            ) : (
              <Check size={14} aria-hidden />
            )}
            {say(`guard.${guard}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}
