import type { BulkPreview } from '@evenkeel/contract/incident-bulk'
import {
  Button,
  Checkbox,
  NativeSelect,
  SegmentedControl,
  Skeleton,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { listKey, servicesQuery, teamsQuery } from './incident.api.ts'
import {
  type BulkDraft,
  bulkCodes,
  bulkEnds,
  bulkHolds,
  type BulkKind,
  bulkKinds,
  bulkMoves,
  type BulkTarget,
  computedPriority,
  emptyBulk,
  noService,
  stepsOf,
} from './incident.bulk-form.ts'
import classes from './incident.bulk.module.css'
import { Dialog } from '../../ui/dialog.tsx'
import { BulkRecords } from './incident.bulk-records.tsx'

type Props = {
  readonly target: BulkTarget
  readonly kind: BulkKind
  readonly onClose: () => void
  /** The action ran; its results are under this id. */
  readonly onDone: (id: string) => void
}

const typingMilliseconds = 350
const pollMilliseconds = 500

/** Says what to change, shows what that would do to each record, and does it to those that are ready. */
export const BulkDialog = ({ target, kind, onClose, onDone }: Props) => {
  const queries = useQueryClient()
  // What is selected changes behind the dialog; what it is about does not.
  const [about] = useState(target)
  const [draft, setDraft] = useState(() => emptyBulk(kind))
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const open = useRef(true)
  useEffect(
    () => () => {
      open.current = false
    },
    [],
  )
  const change = (part: Partial<BulkDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const steps = stepsOf(draft)
  const written = steps === undefined ? '' : JSON.stringify(steps)
  const [asked] = useDebouncedValue(written, typingMilliseconds)
  const preview = useQuery({
    queryKey: ['bulk', 'preview', about, asked],
    queryFn: () =>
      client.previewBulk({
        body: {
          steps: [...(steps ?? [])],
          ...('ids' in about
            ? { ids: [...about.ids] }
            : {
                list: {
                  ...(about.list.q === '' ? {} : { q: about.list.q }),
                  ...(about.list.sort === undefined ? {} : { sort: about.list.sort }),
                },
              }),
        },
      }),
    enabled: asked !== '' && asked === written && !running,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const settled = asked === written && written !== '' ? preview.data : undefined
  const ready = settled?.records.filter(({ outcome }) => outcome === 'ready') ?? []

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (steps === undefined || ready.length === 0) return
    setRunning(true)
    setError(undefined)
    try {
      const { id } = await client.startBulk({
        // Exactly what was looked at: what the filter finds meanwhile is not changed unseen.
        body: { ids: ready.map((record) => record.id), steps: [...steps] },
        idempotencyKey: crypto.randomUUID(),
      })
      void queries.invalidateQueries({ queryKey: listKey })
      void queries.invalidateQueries({ queryKey: ['record'] })
      if (open.current) onDone(id)
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={'ids' in about ? say('bulk.title', { count: about.count }) : say('bulk.titleAll')}
    >
      <form className={classes['form']} onSubmit={(event) => void submit(event)}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={say('bulk.kind')}
          disabled={running}
          className={classes['kinds'] ?? ''}
          value={draft.kind}
          data={bulkKinds.map((value) => ({ value, label: say(`bulk.${value}`) }))}
          onChange={(value) => {
            const next = bulkKinds.find((one) => one === value)
            if (next !== undefined) change({ kind: next, text: '', reason: '' })
          }}
        />
        <fieldset className={classes['fields']} disabled={running}>
          <Fields draft={draft} change={change} />
        </fieldset>
        <section className={classes['preview']} aria-live="polite" aria-busy={preview.isFetching}>
          {written === '' && <p className={classes['quiet']}>{say('bulk.incomplete')}</p>}
          {written !== '' && settled === undefined && preview.error === null && (
            <div role="status">
              <p className={classes['quiet']}>{say('bulk.looking')}</p>
              <Skeleton height={12} width="70%" />
            </div>
          )}
          {preview.error !== null && asked === written && (
            <Fault error={preview.error} onRetry={() => void preview.refetch()} />
          )}
          {settled !== undefined && <Foretold preview={settled} />}
        </section>
        {error !== undefined && <Fault error={error} />}
        {running && <Progress count={ready.length} />}
        <Button type="submit" loading={running} disabled={ready.length === 0}>
          {say('bulk.change', { count: ready.length })}
        </Button>
      </form>
    </Dialog>
  )
}

/** What it would do: how many, and each record that it cannot be done to with the reason. */
const Foretold = ({ preview }: { readonly preview: BulkPreview }) => {
  const refused = preview.records.filter(({ outcome }) => outcome !== 'ready')
  const { found } = preview
  return (
    <>
      {found.count > preview.count && (
        <p className={classes['limit']}>
          {say('bulk.first', {
            found: found.capped
              ? say('list.countCapped', { count: found.count })
              : say('list.count', { count: found.count }),
            taken: preview.count,
          })}
        </p>
      )}
      <p className={classes['count']} role="status">
        {say('bulk.ready', { ready: preview.ready, count: preview.count })}
      </p>
      {refused.length > 0 && (
        <>
          <p className={classes['quiet']}>{say('bulk.notReady', { count: refused.length })}</p>
          <BulkRecords records={refused} />
        </>
      )}
    </>
  )
}

/** The action runs in one request; how far it is, the list of actions tells meanwhile. */
const Progress = ({ count }: { readonly count: number }) => {
  const { data } = useQuery({
    queryKey: ['bulk', 'list'],
    queryFn: () => client.listBulk(),
    refetchInterval: pollMilliseconds,
    staleTime: 0,
  })
  const current = data?.rows.find(({ finishedAt }) => finishedAt === null)
  return (
    <div className={classes['progress']} role="status">
      <progress max={count} value={current?.done ?? 0} aria-label={say('bulk.kind')} />
      <span className="figures">{say('bulk.running', { done: current?.done ?? 0, count })}</span>
      <span className={classes['quiet']}>{say('bulk.goesOn')}</span>
    </div>
  )
}

type FieldsProps = { readonly draft: BulkDraft; readonly change: (part: Partial<BulkDraft>) => void }

const Fields = (props: FieldsProps): ReactNode => {
  const { draft, change } = props
  switch (draft.kind) {
    case 'assign':
      return <AssignFields {...props} />
    case 'move':
      return <MoveFields {...props} />
    case 'priority':
      return (
        <>
          <NativeSelect
            label={say('bulk.priority')}
            value={draft.priority}
            data={[
              { value: '', label: say('bulk.choose') },
              ...([1, 2, 3, 4, 5] as const).map((value) => ({
                value: String(value),
                label: say('priority.tag', { number: String(value), name: say(`priority.${value}`) }),
              })),
              { value: computedPriority, label: say('bulk.priorityComputed') },
            ]}
            onChange={(event) => change({ priority: event.currentTarget.value })}
          />
          <TextInput
            label={say('bulk.reason')}
            value={draft.text}
            maxLength={500}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
        </>
      )
    case 'comment':
    case 'note':
      return (
        <Textarea
          label={say(`bulk.${draft.kind}`)}
          description={draft.kind === 'comment' ? say('bulk.commentReaders') : say('bulk.noteReaders')}
          value={draft.text}
          autosize
          minRows={3}
          maxRows={10}
          data-autofocus
          className={classes[draft.kind] ?? ''}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )
    case 'edit':
      return <EditFields {...props} />
  }
}

const AssignFields = ({ draft, change }: FieldsProps) => {
  const me = useMe()
  const { data: teams } = useQuery(teamsQuery)
  return (
    <>
      <div>
        <span className={classes['label']}>{say('bulk.person')}</span>
        <div className={classes['picker']}>
          <PersonPicker
            label={say('bulk.person')}
            value={draft.person}
            editable={!draft.unassign}
            may="incident.work"
            perTeam
            first={{
              id: me.person.id,
              name: me.person.name,
              hint: say('incident.me'),
              teams: me.teams.map(({ id, name }) => ({ id, name })),
            }}
            onChoose={async (person, team) => change({ person, teamId: team?.id ?? draft.teamId })}
          >
            {draft.person?.name ?? <span className={classes['quiet']}>{say('bulk.choose')}</span>}
          </PersonPicker>
        </div>
      </div>
      <Checkbox
        label={say('bulk.nobody')}
        checked={draft.unassign}
        onChange={(event) => change({ unassign: event.currentTarget.checked, person: null })}
      />
      <NativeSelect
        label={say('bulk.team')}
        value={draft.teamId}
        data={[
          { value: '', label: say('bulk.noTeam') },
          ...(teams?.rows ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => change({ teamId: event.currentTarget.value })}
      />
    </>
  )
}

const holdWords = (value: (typeof bulkHolds)[number]): string => say(`incident.hold.${value}`)
const codeWords = (value: (typeof bulkCodes)[number]): string => say(`incident.resolution.${value}`)
const cancelWords = (value: (typeof bulkEnds)[number]): string => say(`incident.cancel.${value}`)

const optionsOf = <Value extends string>(
  values: readonly Value[],
  words: (value: Value) => string,
): { value: Value; label: string }[] => values.map((value) => ({ value, label: words(value) }))

const MoveFields = ({ draft, change }: FieldsProps) => {
  const reasons =
    draft.move === 'hold'
      ? { label: say('move.holdReason'), data: optionsOf(bulkHolds, holdWords) }
      : draft.move === 'resolve'
        ? { label: say('move.code'), data: optionsOf(bulkCodes, codeWords) }
        : draft.move === 'cancel'
          ? { label: say('move.cancelReason'), data: optionsOf(bulkEnds, cancelWords) }
          : undefined
  const text =
    draft.move === 'resolve'
      ? say('move.notes')
      : draft.move === 'hold' && draft.reason === 'caller'
        ? say('move.question')
        : draft.move === 'hold' && draft.reason === 'vendor'
          ? say('move.on.vendor')
          : undefined
  return (
    <>
      <NativeSelect
        label={say('bulk.moveTo')}
        value={draft.move}
        data={bulkMoves.map((value) => ({ value, label: say(`bulk.${value}`) }))}
        onChange={(event) => {
          const move = bulkMoves.find((one) => one === event.currentTarget.value)
          if (move !== undefined) change({ move, reason: '', text: '' })
        }}
      />
      {reasons !== undefined && (
        <NativeSelect
          label={reasons.label}
          value={draft.reason}
          data={[{ value: '', label: say('bulk.choose') }, ...reasons.data]}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
      )}
      {text !== undefined && (
        <Textarea
          label={text}
          value={draft.text}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )}
    </>
  )
}

const EditFields = ({ draft, change }: FieldsProps) => {
  const { data: services } = useQuery(servicesQuery)
  const levels = [
    { value: '', label: say('bulk.same') },
    ...([1, 2, 3] as const).map((value) => ({ value: String(value), label: say(`level.${value}`) })),
  ]
  return (
    <>
      <NativeSelect
        label={say('field.service')}
        value={draft.serviceId}
        data={[
          { value: '', label: say('bulk.same') },
          { value: noService, label: say('list.noService') },
          ...(services?.rows ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => change({ serviceId: event.currentTarget.value })}
      />
      <TextInput
        label={say('bulk.category')}
        placeholder={say('bulk.same')}
        value={draft.category}
        maxLength={80}
        onChange={(event) => change({ category: event.currentTarget.value })}
      />
      <NativeSelect
        label={say('field.impact')}
        value={draft.impact}
        data={levels}
        onChange={(event) => change({ impact: event.currentTarget.value })}
      />
      <NativeSelect
        label={say('field.urgency')}
        value={draft.urgency}
        data={levels}
        onChange={(event) => change({ urgency: event.currentTarget.value })}
      />
    </>
  )
}
