import type { Priority } from '@evenkeel/contract/incident'
import type { IncidentStep } from '@evenkeel/contract/incident-steps'

export const bulkKinds = ['assign', 'move', 'priority', 'comment', 'note', 'edit'] as const
export type BulkKind = (typeof bulkKinds)[number]

/** Moves that need nothing which only one incident knows. */
export const bulkMoves = ['start', 'hold', 'resume', 'resolve', 'cancel'] as const
export const bulkHolds = ['vendor', 'parts', 'user_scheduled', 'caller'] as const
export const bulkEnds = ['not_an_incident', 'raised_in_error'] as const
export const bulkCodes = [
  'fixed',
  'workaround',
  'user_helped',
  'no_fault_found',
  'resolved_by_itself',
] as const

/** What somebody filled in; an empty text is nothing said. */
export type BulkDraft = {
  readonly kind: BulkKind
  readonly person: { readonly id: string; readonly name: string } | null
  /** Back to the team, which is something else than nobody chosen yet. */
  readonly unassign: boolean
  readonly teamId: string
  readonly move: (typeof bulkMoves)[number]
  readonly reason: string
  readonly text: string
  readonly priority: string
  readonly serviceId: string
  readonly category: string
  readonly impact: string
  readonly urgency: string
}

export const emptyBulk = (kind: BulkKind): BulkDraft => ({
  kind,
  person: null,
  unassign: false,
  teamId: '',
  move: 'start',
  reason: '',
  text: '',
  priority: '',
  serviceId: '',
  category: '',
  impact: '',
  urgency: '',
})

/** Chosen for "none" where a record may be without. */
export const noService = 'none'
export const computedPriority = 'computed'

/** The steps that the draft means, or nothing while something is missing. */
export const stepsOf = (draft: BulkDraft): readonly IncidentStep[] | undefined => {
  const text = draft.text.trim()
  switch (draft.kind) {
    case 'assign': {
      const team = draft.teamId === '' ? {} : { teamId: draft.teamId }
      if (draft.unassign) return [{ do: 'assign', to: { ...team, personId: null } }]
      if (draft.person !== null) return [{ do: 'assign', to: { ...team, personId: draft.person.id } }]
      return draft.teamId === '' ? undefined : [{ do: 'assign', to: team }]
    }
    case 'move':
      return moveStep(draft, text)
    case 'priority': {
      const priority = priorityOf(draft.priority)
      return priority === undefined || text.length < 3
        ? undefined
        : [{ do: 'override_priority', priority, reason: text }]
    }
    case 'comment':
      return text === '' ? undefined : [{ do: 'comment', audience: 'public', body: text }]
    case 'note':
      return text === '' ? undefined : [{ do: 'comment', audience: 'team', body: text }]
    case 'edit':
      return editStep(draft)
  }
}

const moveStep = (draft: BulkDraft, text: string): readonly IncidentStep[] | undefined => {
  switch (draft.move) {
    case 'start':
    case 'resume':
      return [{ do: 'move', move: { action: draft.move } }]
    case 'hold': {
      const reason = bulkHolds.find((one) => one === draft.reason)
      if (reason === undefined || (reason === 'caller' && text === '')) return undefined
      return [
        {
          do: 'move',
          move: {
            action: 'hold',
            reason,
            ...(text === '' ? {} : reason === 'caller' ? { question: text } : { on: text }),
          },
        },
      ]
    }
    case 'resolve': {
      const code = bulkCodes.find((one) => one === draft.reason)
      return code === undefined || text === ''
        ? undefined
        : [{ do: 'move', move: { action: 'resolve', code, notes: text } }]
    }
    case 'cancel': {
      const reason = bulkEnds.find((one) => one === draft.reason)
      return reason === undefined ? undefined : [{ do: 'move', move: { action: 'cancel', reason } }]
    }
  }
}

const priorityOf = (text: string): Priority | null | undefined =>
  text === computedPriority ? null : ([1, 2, 3, 4, 5] as const).find((one) => String(one) === text)

const levelOf = (text: string): 1 | 2 | 3 | undefined =>
  ([1, 2, 3] as const).find((one) => String(one) === text)

const editStep = (draft: BulkDraft): readonly IncidentStep[] | undefined => {
  const [impact, urgency] = [levelOf(draft.impact), levelOf(draft.urgency)]
  const fields = {
    ...(draft.serviceId === '' ? {} : { serviceId: draft.serviceId === noService ? null : draft.serviceId }),
    ...(draft.category.trim() === '' ? {} : { category: draft.category.trim() }),
    ...(impact === undefined ? {} : { impact }),
    ...(urgency === undefined ? {} : { urgency }),
  }
  return Object.keys(fields).length === 0 ? undefined : [{ do: 'set', fields }]
}
