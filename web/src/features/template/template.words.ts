import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { say } from '../../language/say.ts'
import type { Document } from './template.api.ts'
import { isMacro } from './template.api.ts'

/** Names of teams, services and people by their ids. */
export type NameOf = (id: string) => string

type Line = readonly [what: string, text: string]

/** A document as lines of name and value, in the order of its form: what versions are compared by. */
export const linesOf = (document: Document, nameOf: NameOf): readonly Line[] => {
  if (isMacro(document))
    return document.steps.map((step, index) => [
      say('templates.step', { number: index + 1 }),
      stepWords(step, nameOf),
    ])
  if ('audience' in document)
    return [
      [say('templates.audience'), say(`templates.audience.${document.audience}`)],
      [say('templates.body'), document.body],
    ]
  return formLines(document, nameOf)
}

type Form = Exclude<Document, { steps: unknown } | { audience: unknown }>

const formLines = (
  { title, description, serviceId, impact, urgency, category, checklist }: Form,
  nameOf: NameOf,
): readonly Line[] => [
  ...line(say('templates.field.title'), title),
  ...line(say('templates.field.description'), description),
  ...line(
    say('templates.field.service'),
    serviceId === undefined ? undefined : serviceId === null ? say('templates.noService') : nameOf(serviceId),
  ),
  ...line(say('templates.field.impact'), impact === undefined ? undefined : say(`level.${impact}`)),
  ...line(say('templates.field.urgency'), urgency === undefined ? undefined : say(`level.${urgency}`)),
  ...line(say('templates.field.category'), category),
  ...line(say('templates.field.checklist'), checklist?.join('\n')),
]

const line = (what: string, text: string | undefined): readonly Line[] =>
  text === undefined ? [] : [[what, text]]

/** What a step does, in a sentence. */
export const stepWords = (step: IncidentStep, nameOf: NameOf): string => {
  switch (step.do) {
    case 'set': {
      const { custom, confidential: _, ...fields } = step.fields
      return say('templates.does.set', {
        fields: [
          ...formLines(fields, nameOf).map(([what, text]) => `${what}: ${text}`),
          ...Object.entries(custom ?? {}).map(([key, value]) => `${key}: ${String(value)}`),
        ].join(', '),
      })
    }
    case 'assign': {
      const { teamId, personId } = step.to
      const to = [personId, teamId].filter((id) => typeof id === 'string').map(nameOf)
      return to.length === 0
        ? say('templates.does.giveBack')
        : say('templates.does.assign', { to: to.join(', ') })
    }
    case 'override_priority':
      return step.priority === null
        ? say('templates.does.computed', { reason: step.reason })
        : say('templates.does.priority', { priority: say(`priority.${step.priority}`), reason: step.reason })
    case 'comment':
      return step.audience === 'public'
        ? say('templates.does.comment', { text: step.body })
        : say('templates.does.note', { text: step.body })
    case 'move':
      return moveWords(step.move)
    case 'add_checklist':
      return say('templates.does.add_checklist', { name: nameOf(step.templateId) })
    case 'tick':
      return say(step.done ? 'templates.does.tick' : 'templates.does.untick', { text: step.text })
  }
}

const moveWords = (move: Extract<IncidentStep, { do: 'move' }>['move']): string => {
  const name = say(`templates.move.${move.action}`)
  const more = ((): readonly (string | undefined)[] => {
    switch (move.action) {
      case 'hold':
        return [
          move.reason === undefined ? undefined : say(`incident.hold.${move.reason}`),
          move.question ?? move.on,
        ]
      case 'resolve':
        return [move.code === undefined ? undefined : say(`incident.resolution.${move.code}`), move.notes]
      case 'cancel':
        return [move.reason === undefined ? undefined : say(`incident.cancel.${move.reason}`)]
      case 'reopen':
        return [move.reason]
      case 'start':
      case 'resume':
        return []
    }
  })().filter((part) => part !== undefined && part !== '')
  return more.length === 0 ? name : `${name}: ${more.join('. ')}`
}
