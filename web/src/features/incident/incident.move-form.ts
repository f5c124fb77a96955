import { cancelReasons, holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type { IncidentAction, MoveIncident, OfferedMove } from '@evenkeel/contract/incident'

/** What somebody fills in before a move, as they typed it. */
export type MoveDraft = {
  readonly reason: string
  readonly text: string
  readonly on: string
  /** As a datetime-local field gives it; '' for no date. */
  readonly until: string
  readonly code: string
  readonly duplicateOf: { readonly id: string; readonly number: string } | null
  /** Children that stay open, each with the reason; all others are resolved with it. */
  readonly except: ReadonlyMap<string, string>
}

export const emptyDraft: MoveDraft = {
  reason: '',
  text: '',
  on: '',
  until: '',
  code: '',
  duplicateOf: null,
  except: new Map(),
}

export type FormAction = Extract<IncidentAction, 'hold' | 'resolve' | 'reopen' | 'still_broken' | 'cancel'>

export const formOf = (action: IncidentAction): FormAction | undefined =>
  action === 'hold' ||
  action === 'resolve' ||
  action === 'reopen' ||
  action === 'still_broken' ||
  action === 'cancel'
    ? action
    : undefined

/** Guards that the form itself answers, and whether it does so already. Everything else has to be so before. */
const answered: Readonly<Record<string, (draft: MoveDraft) => boolean>> = {
  hold_reason: ({ reason }) => reason !== '',
  caller_asked: ({ reason, text }) => reason !== 'caller' || text.trim() !== '',
  dependency_named: ({ reason, on }) => !['change', 'problem', 'vendor'].includes(reason) || on.trim() !== '',
  date_named: ({ reason, until }) => reason !== 'user_scheduled' || until !== '',
  resolution_code: ({ code }) => code !== '',
  resolution_notes: ({ text }) => text.trim() !== '',
  children_handled: ({ except }) => [...except.values()].every((reason) => reason.trim().length >= 3),
  reopen_reason: ({ text }) => text.trim() !== '',
  cancel_reason: ({ reason }) => reason !== '',
  duplicate_named: ({ reason, duplicateOf }) => reason !== 'duplicate' || duplicateOf !== null,
}

/** Reasons that no form takes away. */
export const missingBeforeForm = (offer: OfferedMove): OfferedMove['reasons'] =>
  formOf(offer.action) === undefined
    ? offer.ready
      ? []
      : offer.reasons
    : offer.reasons.filter(({ code }) => !(code in answered))

/** What each form has to answer, so that nothing is missed that the record alone could not tell. */
const asked = {
  hold: ['hold_reason', 'caller_asked', 'dependency_named', 'date_named'],
  resolve: ['resolution_code', 'resolution_notes', 'children_handled'],
  reopen: ['reopen_reason'],
  still_broken: [],
  cancel: ['cancel_reason', 'duplicate_named'],
} as const satisfies Record<FormAction, readonly string[]>

export type Asked = (typeof asked)[FormAction][number]

/** What is still to be filled in; the same guards the server has, in the order of its table. */
export const missingIn = (action: FormAction, draft: MoveDraft): Asked[] =>
  asked[action].filter((guard) => answered[guard]?.(draft) === false)

/** The move as the server takes it. `instantOf` reads the date in the person's zone. */
export const moveOf = (
  action: FormAction,
  draft: MoveDraft,
  instantOf: (wall: string) => string,
  openChildren: readonly string[],
): MoveIncident => {
  const text = draft.text.trim()
  switch (action) {
    case 'hold': {
      const reason = holdReasons.find((one) => one === draft.reason)
      return {
        action,
        ...(reason === undefined ? {} : { reason }),
        ...(reason === 'caller' && text !== '' ? { question: text } : {}),
        ...(draft.on.trim() === '' ? {} : { on: draft.on.trim() }),
        ...(draft.until === '' ? {} : { until: instantOf(draft.until) }),
      }
    }
    case 'resolve': {
      const code = resolutionCodes.find((one) => one === draft.code)
      return {
        action,
        ...(code === undefined || code === 'with_parent' ? {} : { code }),
        ...(text === '' ? {} : { notes: text }),
        ...(openChildren.length === 0
          ? {}
          : {
              children: {
                resolve: openChildren.filter((id) => !draft.except.has(id)),
                except: openChildren.flatMap((id) => {
                  const reason = draft.except.get(id)
                  return reason === undefined ? [] : [{ id, reason: reason.trim() }]
                }),
              },
            }),
      }
    }
    case 'reopen':
    case 'still_broken':
      return { action, ...(text === '' ? {} : { reason: text }) }
    case 'cancel': {
      const reason = cancelReasons.find((one) => one === draft.reason)
      return {
        action,
        ...(reason === undefined ? {} : { reason }),
        ...(reason === 'duplicate' && draft.duplicateOf !== null
          ? { duplicateOf: draft.duplicateOf.id }
          : {}),
      }
    }
  }
}
