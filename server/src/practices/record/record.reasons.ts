import { sayings } from '../../kernel/language/saying.ts'
import { german } from './record.reasons.de.ts'

export const english = {
  'version.none': 'version {version} does not exist yet',
  'version.made': 'somebody made version {version} in the meantime',
  conflict: '{by} set it to {theirs} in the meantime; you wanted {yours}',
  system: 'The system',
  nothing: 'nothing',
  quoted: '"{text}"',
  'custom.none': 'there is no such field',
  'custom.needed': '{field} is needed',
  'custom.text': '{field} is a text',
  'custom.number': '{field} is a number',
  'custom.boolean': '{field} is yes or no',
  'custom.date': '{field} is a day, as 2026-03-31',
  'custom.choice': '{field} is one of {choices}',
  'choices.none': 'a choice has at least one thing to choose',
  'choices.only': 'only a choice has choices',
  'choices.same': 'two choices are the same',
  'field.taken': 'there is or was a field with this key',
  'bulk.already': 'it was taken back already',
  'bulk.late': 'it could be taken back for {minutes} minutes',
  'bulk.reach': 'it is out of your reach now',
  'filter.noJson': 'the filter is not JSON',
  'view.other': 'this view is somebody else’s',
  'view.team': 'name a team for a view of a team, and only then',
  'view.own': 'you may keep views for yourself only',
  'view.notInTeam': 'you are not in this team',
} as const

export const says = sayings(english, german)
