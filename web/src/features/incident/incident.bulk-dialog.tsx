import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { say } from '../../language/say.ts'
import { BulkDialog } from '../../parts/bulk-dialog.tsx'
import type { BulkTarget } from '../../parts/bulk.ts'
import classes from '../../parts/bulk.module.css'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { useMe } from '../../parts/session.ts'
import { servicesQuery, teamsQuery } from './incident.api.ts'
import {
  type BulkDraft,
  bulkCodes,
  bulkEnds,
  bulkHolds,
  type BulkKind,
  bulkKinds,
  bulkMoves,
  computedPriority,
  emptyBulk,
  noService,
  stepsOf,
} from './incident.bulk-form.ts'
import { changingIncidents } from './incident.bulk.tsx'

type Props = {
  readonly target: BulkTarget
  readonly kind: BulkKind
  readonly onClose: () => void
  readonly onDone: (id: string) => void
}

/** What is to become of each of many incidents. */
export const IncidentBulkDialog = ({ kind, ...rest }: Props) => {
  const [draft, setDraft] = useState(() => emptyBulk(kind))
  const change = (part: Partial<BulkDraft>): void => setDraft((before) => ({ ...before, ...part }))
  return (
    <BulkDialog
      {...rest}
      doing={changingIncidents}
      kind={draft.kind}
      kinds={bulkKinds.map((value) => ({ value, label: say(`bulk.${value}`) }))}
      onKind={(next) => change({ kind: next, text: '', reason: '' })}
      change={stepsOf(draft)}
    >
      <Fields draft={draft} change={change} />
    </BulkDialog>
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
