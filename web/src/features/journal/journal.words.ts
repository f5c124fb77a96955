import {
  type JournalChange,
  type JournalRow,
  type JournalType,
  journalTypes,
} from '@evenkeel/contract/journal'
import { say } from '../../language/say.ts'

const isKnown = (type: string): type is JournalType => journalTypes.some((known) => known === type)

/** What an entry says, in a few words; a type that is newer than this page stays as it is written. */
export const typeText = (type: string): string => (isKnown(type) ? say(`journal.type.${type}`) : type)

/** Who did it, and for whom. */
export const actorOf = ({ actor, onBehalfOf }: Pick<JournalRow, 'actor' | 'onBehalfOf'>): string => {
  const name = actor.name ?? say(`journal.actor.${actor.kind}`)
  return onBehalfOf === null || onBehalfOf.name === ''
    ? name
    : say('journal.for', { name, other: onBehalfOf.name })
}

export const changeText = ({ field, from, to }: JournalChange): string =>
  from === null || from === ''
    ? say('journal.change.set', { field, to: to ?? '–' })
    : to === null || to === ''
      ? say('journal.change.was', { field, from })
      : say('journal.change', { field, from, to })
