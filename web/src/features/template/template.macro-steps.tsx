import { cancelReasons, holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type { Priority } from '@evenkeel/contract/incident'
import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { ActionIcon, Button, Menu, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import Trash from 'lucide-react/icons/trash-2'
import { say } from '../../language/say.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { personQuery, teamsQuery } from '../people/people.api.ts'
import { checklistIn, templatesQuery } from './template.api.ts'
import { AudienceChoice, Fields, TextWithVariables } from './template.inputs.tsx'
import classes from './template.module.css'

const most = 10

/** A step of each kind as it begins. */
const beginnings = {
  set: { do: 'set', fields: {} },
  assign: { do: 'assign', to: {} },
  move: { do: 'move', move: { action: 'start' } },
  comment: { do: 'comment', audience: 'public', body: '' },
  override_priority: { do: 'override_priority', priority: 2, reason: '' },
  add_checklist: { do: 'add_checklist', templateId: '' },
  tick: { do: 'tick', text: '', done: true },
} as const satisfies Record<IncidentStep['do'], IncidentStep>
const kinds = ['set', 'assign', 'move', 'comment', 'override_priority', 'add_checklist', 'tick'] as const

/** What a macro does, one step after the other; all happen as one, or none. */
export const MacroSteps = ({
  steps,
  onChange,
}: {
  readonly steps: readonly IncidentStep[]
  readonly onChange: (steps: IncidentStep[]) => void
}) => {
  const replace = (at: number, step: IncidentStep): void => onChange(steps.with(at, step))
  const swap = (at: number, by: -1 | 1): void => {
    const [one, other] = [steps[at], steps[at + by]]
    if (one !== undefined && other !== undefined) onChange(steps.with(at, other).with(at + by, one))
  }
  return (
    <>
      {steps.length === 0 && <p className={classes['quiet']}>{say('templates.noSteps')}</p>}
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <li
            // Steps have no identity of their own: their place is what they are.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            className={classes['step']}
            data-audience={step.do === 'comment' ? step.audience : undefined}
          >
            <div className={classes['stepHead']}>
              <h3 className={classes['stepTitle']}>
                {index + 1}. {say(`templates.do.${step.do}`)}
              </h3>
              {([-1, 1] as const).map((by) => (
                <ActionIcon
                  key={by}
                  variant="subtle"
                  color="gray"
                  disabled={steps[index + by] === undefined}
                  aria-label={say(by === -1 ? 'templates.stepUp' : 'templates.stepDown', {
                    number: index + 1,
                  })}
                  onClick={() => swap(index, by)}
                >
                  {by === -1 ? <ArrowUp size={16} aria-hidden /> : <ArrowDown size={16} aria-hidden />}
                </ActionIcon>
              ))}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={say('templates.stepRemove', { number: index + 1 })}
                onClick={() => onChange(steps.toSpliced(index, 1))}
              >
                <Trash size={16} aria-hidden />
              </ActionIcon>
            </div>
            <Step step={step} onChange={(next) => replace(index, next)} />
          </li>
        ))}
      </ol>
      <div>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<Plus size={16} aria-hidden />}
              disabled={steps.length >= most}
            >
              {say('templates.addStep')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {kinds.map((kind) => (
              <Menu.Item key={kind} onClick={() => onChange([...steps, beginnings[kind]])}>
                {say(`templates.do.${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  )
}

type StepProps<Do extends IncidentStep['do']> = {
  readonly step: Extract<IncidentStep, { do: Do }>
  readonly onChange: (step: IncidentStep) => void
}

const Step = ({ step, onChange }: StepProps<IncidentStep['do']>) => {
  switch (step.do) {
    case 'set':
      return (
        <Fields
          value={step.fields}
          onChange={(part) => onChange({ ...step, fields: { ...step.fields, ...part } })}
        />
      )
    case 'assign':
      return <Assign step={step} onChange={onChange} />
    case 'override_priority':
      return <Override step={step} onChange={onChange} />
    case 'comment':
      return (
        <>
          <AudienceChoice value={step.audience} onChange={(audience) => onChange({ ...step, audience })} />
          <TextWithVariables
            label={say('templates.body')}
            value={step.body}
            maxLength={65_536}
            onChange={(body) => onChange({ ...step, body })}
          />
        </>
      )
    case 'move':
      return <Move step={step} onChange={onChange} />
    case 'add_checklist':
      return <AddChecklist step={step} onChange={onChange} />
    case 'tick':
      return <Tick step={step} onChange={onChange} />
  }
}

/** Templates that have a checklist, with what is on it below the chosen one. */
const AddChecklist = ({ step, onChange }: StepProps<'add_checklist'>) => {
  const { data } = useQuery(templatesQuery)
  const offered = (data?.rows ?? []).filter(
    (one) => one.isActive && one.kind === 'incident' && checklistIn(one.document).length > 0,
  )
  const items = checklistIn(offered.find(({ id }) => id === step.templateId)?.document ?? {})
  return (
    <>
      <Select
        label={say('templates.checklistOf')}
        placeholder={say('templates.checklistChoose')}
        data={offered.map(({ id, name }) => ({ value: id, label: name }))}
        value={step.templateId === '' ? null : step.templateId}
        searchable
        allowDeselect={false}
        nothingFoundMessage={say('edit.nothingFound')}
        {...(data !== undefined && offered.length === 0
          ? { description: say('templates.checklistNone') }
          : {})}
        onChange={(templateId) => onChange({ ...step, templateId: templateId ?? '' })}
      />
      {items.length > 0 && (
        <ul className={classes['quiet']}>
          {items.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  )
}

const Tick = ({ step, onChange }: StepProps<'tick'>) => (
  <div className={classes['pair']}>
    <TextInput
      label={say('templates.tickText')}
      description={say('templates.tickHint')}
      value={step.text}
      maxLength={500}
      required
      onChange={(event) => onChange({ ...step, text: event.currentTarget.value })}
    />
    <Select
      label={say('templates.tickTo')}
      data={[
        { value: 'done', label: say('templates.tickDone') },
        { value: 'open', label: say('templates.tickOpen') },
      ]}
      value={step.done ? 'done' : 'open'}
      allowDeselect={false}
      onChange={(value) => onChange({ ...step, done: value !== 'open' })}
    />
  </div>
)

const Assign = ({ step, onChange }: StepProps<'assign'>) => {
  const teams = useQuery(teamsQuery)
  const { teamId, personId } = step.to
  const person = useQuery({ ...personQuery(personId ?? ''), enabled: typeof personId === 'string' })
  const name = person.data?.name ?? ''
  return (
    <div className={classes['pair']}>
      <Select
        label={say('people.team')}
        placeholder={say('templates.leave')}
        data={(teams.data?.rows ?? [])
          .filter(({ isActive }) => isActive)
          .map((team) => ({ value: team.id, label: team.name }))}
        value={teamId ?? null}
        searchable
        clearable
        nothingFoundMessage={say('edit.nothingFound')}
        onChange={(chosen) => onChange({ ...step, to: { ...step.to, teamId: chosen ?? undefined } })}
      />
      <div>
        <div className={classes['label']}>{say('templates.person')}</div>
        <div className={classes['picker']}>
          <PersonPicker
            label={say('templates.person')}
            value={typeof personId === 'string' ? { id: personId, name } : null}
            editable
            may="incident.work"
            nothing={say('templates.nobody')}
            onChoose={async (chosen) =>
              onChange({ ...step, to: { ...step.to, personId: chosen?.id ?? null } })
            }
          >
            {typeof personId === 'string' ? (
              <Person name={name} />
            ) : (
              say(personId === null ? 'templates.nobody' : 'templates.leave')
            )}
          </PersonPicker>
        </div>
      </div>
    </div>
  )
}

const priorities = [1, 2, 3, 4, 5] as const satisfies readonly Priority[]

const Override = ({ step, onChange }: StepProps<'override_priority'>) => (
  <div className={classes['pair']}>
    <Select
      label={say('templates.priority')}
      data={[
        ...priorities.map((value) => ({ value: String(value), label: say(`priority.${value}`) })),
        { value: 'computed', label: say('templates.computed') },
      ]}
      value={step.priority === null ? 'computed' : String(step.priority)}
      allowDeselect={false}
      onChange={(value) =>
        onChange({ ...step, priority: priorities.find((one) => String(one) === value) ?? null })
      }
    />
    <TextInput
      label={say('acting.reason')}
      value={step.reason}
      maxLength={500}
      required
      onChange={(event) => onChange({ ...step, reason: event.currentTarget.value })}
    />
  </div>
)

const moves = ['start', 'hold', 'resume', 'resolve', 'reopen', 'cancel'] as const

const Move = ({ step, onChange }: StepProps<'move'>) => {
  const { move } = step
  type Made = Extract<IncidentStep, { do: 'move' }>['move']
  const change = (next: Made): void => onChange({ do: 'move', move: next })
  return (
    <div className={classes['pair']}>
      <Select
        label={say('templates.move')}
        data={moves.map((value) => ({ value, label: say(`templates.move.${value}`) }))}
        value={move.action}
        allowDeselect={false}
        onChange={(value) => change({ action: moves.find((one) => one === value) ?? 'start' })}
      />
      {move.action === 'hold' && (
        <>
          <Select
            label={say('move.holdReason')}
            data={holdReasons.map((value) => ({ value, label: say(`incident.hold.${value}`) }))}
            value={move.reason ?? null}
            onChange={(value) => change({ ...move, reason: holdReasons.find((one) => one === value) })}
          />
          {move.reason === 'caller' && (
            <Textarea
              label={say('move.question')}
              value={move.question ?? ''}
              autosize
              minRows={2}
              onChange={(event) => change({ ...move, question: event.currentTarget.value })}
            />
          )}
          {(move.reason === 'change' || move.reason === 'problem' || move.reason === 'vendor') && (
            <TextInput
              label={say(`move.on.${move.reason}`)}
              value={move.on ?? ''}
              maxLength={120}
              onChange={(event) => change({ ...move, on: event.currentTarget.value })}
            />
          )}
        </>
      )}
      {move.action === 'resolve' && (
        <>
          <Select
            label={say('move.code')}
            data={resolutionCodes
              .filter((code) => code !== 'with_parent')
              .map((value) => ({ value, label: say(`incident.resolution.${value}`) }))}
            value={move.code ?? null}
            onChange={(value) =>
              change({
                ...move,
                code: resolutionCodes.filter((code) => code !== 'with_parent').find((one) => one === value),
              })
            }
          />
          <Textarea
            label={say('move.notes')}
            value={move.notes ?? ''}
            autosize
            minRows={2}
            onChange={(event) => change({ ...move, notes: event.currentTarget.value })}
          />
        </>
      )}
      {move.action === 'reopen' && (
        <TextInput
          label={say('move.reopenReason')}
          value={move.reason ?? ''}
          maxLength={2000}
          onChange={(event) => change({ ...move, reason: event.currentTarget.value })}
        />
      )}
      {move.action === 'cancel' && (
        <Select
          label={say('move.cancelReason')}
          data={cancelReasons
            // A macro cannot know what an incident is a duplicate of.
            .filter((reason) => reason !== 'duplicate')
            .map((value) => ({ value, label: say(`incident.cancel.${value}`) }))}
          value={move.reason ?? null}
          onChange={(value) => change({ ...move, reason: cancelReasons.find((one) => one === value) })}
        />
      )}
    </div>
  )
}
