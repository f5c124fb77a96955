import type { RelationType } from '@evenkeel/contract/item'
import { isGerman } from '../../kernel/language/saying.ts'

type Words = { readonly out: string; readonly in: string }

// Read from the item that says it ("runs on …"), and from the other one ("runs …").
const english: Readonly<Record<RelationType, Words>> = {
  depends_on: { out: 'depends on', in: 'supports' },
  runs_on: { out: 'runs on', in: 'runs' },
  hosted_in: { out: 'is hosted in', in: 'hosts' },
  connected_to: { out: 'is connected to', in: 'is connected to' },
  backed_up_by: { out: 'is backed up by', in: 'backs up' },
  member_of: { out: 'is a member of', in: 'has as a member' },
  installed_on: { out: 'is installed on', in: 'has installed' },
}
const german: Readonly<Record<RelationType, Words>> = {
  depends_on: { out: 'hängt ab von', in: 'trägt' },
  runs_on: { out: 'läuft auf', in: 'betreibt' },
  hosted_in: { out: 'steht in', in: 'beherbergt' },
  connected_to: { out: 'ist verbunden mit', in: 'ist verbunden mit' },
  backed_up_by: { out: 'wird gesichert von', in: 'sichert' },
  member_of: { out: 'ist Mitglied von', in: 'hat als Mitglied' },
  installed_on: { out: 'ist installiert auf', in: 'hat installiert' },
}

export const relationWords = (type: RelationType, direction: 'out' | 'in', language: string): string =>
  (isGerman(language) ? german : english)[type][direction]

/** From the item above, as trouble reaches it from the one below. */
export const wordsFromAbove = (type: RelationType, language: string): string =>
  relationWords(type, type === 'member_of' ? 'in' : 'out', language)

/** What a relation does with trouble of the item below. */
export const troubleOf = (type: RelationType): 'need' | 'weak' | 'group' | 'none' => {
  if (type === 'member_of') return 'group'
  if (type === 'connected_to') return 'weak'
  return type === 'backed_up_by' || type === 'installed_on' ? 'none' : 'need'
}

/** Which of the two ends stands below: trouble goes up. */
export const endsOf = (
  type: RelationType,
  fromId: string,
  toId: string,
): { readonly belowId: string; readonly aboveId: string } =>
  type === 'member_of' ? { belowId: fromId, aboveId: toId } : { belowId: toId, aboveId: fromId }
