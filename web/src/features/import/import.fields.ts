import { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import { endReasons, incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import type { CustomFieldView } from '@evenkeel/contract/field'
import { type ImportTarget, type IncidentTarget, incidentTargets } from '@evenkeel/contract/import-mapping'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'

/** The fields of an incident in the order and groups in which a mapping is read; every one of the contract is in one. */
export const fieldGroups = [
  { group: 'what', fields: ['number', 'title', 'description', 'category', 'service', 'channel'] },
  {
    group: 'stands',
    fields: [
      'state',
      'holdReason',
      'priority',
      'impact',
      'urgency',
      'resolutionCode',
      'resolutionNotes',
      'cancelReason',
      'comment',
      'note',
    ],
  },
  { group: 'who', fields: ['requester', 'team', 'assignee', 'raisedBy', 'updatedBy', 'resolvedBy'] },
  { group: 'when', fields: ['createdAt', 'updatedAt', 'resolvedAt', 'closedAt'] },
  { group: 'counted', fields: ['recordedMissed', 'recordedReassignments', 'recordedReopens'] },
] as const satisfies readonly { readonly group: string; readonly fields: readonly IncidentTarget[] }[]
export type FieldGroup = (typeof fieldGroups)[number]['group']

export type Target = {
  readonly field: string
  readonly label: string
  readonly target: ImportTarget
  /** What the values of its list are called, where the contract does not know them. */
  readonly words?: Readonly<Record<string, string>>
}
export type TargetGroup = {
  readonly group: FieldGroup | 'custom' | 'item' | 'attributes' | 'relation'
  readonly targets: readonly Target[]
}

const targetOf = ({ type, choices }: CustomFieldView): ImportTarget => {
  switch (type) {
    case 'choice':
      return { type: 'choice', choices }
    case 'boolean':
      return { type: 'flag' }
    case 'number':
    case 'date':
    case 'text':
      return { type: 'text' }
  }
}

/** Everything a column can become here, the tenant's own fields last. */
export const targetGroups = (custom: readonly CustomFieldView[]): readonly TargetGroup[] => [
  ...fieldGroups.map(({ group, fields }) => ({
    group,
    targets: fields.map((field) => ({
      field,
      label: say(`import.field.${field}`),
      target: incidentTargets[field],
    })),
  })),
  ...(custom.length === 0
    ? []
    : [
        {
          group: 'custom' as const,
          targets: custom.map((one) => ({
            field: `custom.${one.key}`,
            label: one.label,
            target: targetOf(one),
          })),
        },
      ]),
]

const isIncidentTarget = (field: string): field is IncidentTarget => Object.hasOwn(incidentTargets, field)

export const fieldLabel = (field: string, custom: readonly CustomFieldView[] = []): string =>
  isIncidentTarget(field)
    ? say(`import.field.${field}`)
    : (custom.find(({ key }) => `custom.${key}` === field)?.label ?? field)

/** The words of one closed list; what is not in it stays as it is. */
const inWords =
  <Value extends string>(all: readonly Value[], text: (value: Value) => string) =>
  (value: string): string => {
    const known = all.find((one) => one === value)
    return known === undefined ? value : text(known)
  }

const levels = ['1', '2', '3'] as const
const level = inWords(levels, (one) => say(`level.${one}`))
const choiceWords: Readonly<Record<string, (value: string) => string>> = {
  state: inWords(incidentStates, (one) => say(`incident.state.${one}`)),
  holdReason: inWords(holdReasons, (one) => say(`incident.hold.${one}`)),
  impact: level,
  urgency: level,
  priority: inWords(['1', '2', '3', '4', '5'] as const, (one) =>
    say('priority.tag', { number: one, name: say(`priority.${one}`) }),
  ),
  channel: inWords(incidentChannels, (one) => say(`channel.${one}`)),
  resolutionCode: inWords(resolutionCodes, (one) => say(`incident.resolution.${one}`)),
  cancelReason: inWords(endReasons, (one) =>
    one === 'withdrawn' ? say('import.withdrawn') : say(`incident.cancel.${one}`),
  ),
}

/** One of ours in words. */
const choiceText = (field: string, value: string): string => choiceWords[field]?.(value) ?? value

export const choicesOf = ({ field, target, words }: Target): readonly { value: string; label: string }[] =>
  target.type === 'choice'
    ? target.choices.map((value) => ({ value, label: words?.[value] ?? choiceText(field, value) }))
    : target.type === 'flag'
      ? [
          { value: 'true', label: say('import.yes') },
          { value: 'false', label: say('import.no') },
        ]
      : []

/** A value of a record as it would become, as its reader would see it. */
export const valueText = (
  { field, target, words }: Pick<Target, 'field' | 'words'> & { readonly target?: ImportTarget },
  value: string,
): string => {
  if (words !== undefined) return words[value] ?? value
  if (target?.type === 'list') return value.split('\n').join(', ')
  if (target?.type === 'instant')
    return Number.isNaN(Date.parse(value)) ? value : absolute(value, readerZone())
  if (target?.type === 'flag')
    return value === 'true' ? say('import.yes') : value === 'false' ? say('import.no') : value
  return choiceText(field, value)
}
