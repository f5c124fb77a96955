import { sayings } from '../language/saying.ts'
import { german } from './proposal.reasons.de.ts'

export const english = {
  'proposal.byName': '“{column}” is called so',
  'proposal.byValues': 'nothing is called so, but “{column}” looks like it',
  'proposal.translated':
    '{count, plural, one {# value was} other {# values were}} translated by the words in them',
  'proposal.unclear': 'nobody can tell what these mean: {values}',
  'proposal.fromState': 'a state that waits says for whom',
  'proposal.inverted': '“{column}” says that the target was met, so yes becomes no',
  'proposal.noTitle': 'the file has no titles; they are made of {columns}',
  'proposal.cutTitle': 'some titles are longer than {most} characters; they are cut there',
  'proposal.nothing': 'no column looks like it, and every record needs it',
  'proposal.format': 'every time among the first rows is written as {format}',
  'proposal.formatSome':
    'times in {columns} are written as {format}; columns in another format were left out: {others}',
  'proposal.ambiguous':
    'every time among the first rows can be read as {format} and as {other}; look which one is meant',
  'proposal.noTimes': 'no column holds times',
  'proposal.zoneGuess': 'the file names no time zone; {zone} is a guess',
  'proposal.zoneNamed': 'the times say their zone themselves',
  'proposal.unique': '“{column}” is different in every row: one row, one record',
  'proposal.repeated': '“{column}” repeats: rows with the same one are updates of a record',
  'proposal.anything': 'no column names a record for sure; “{column}” is a guess',
  'proposal.updateBy': 'within a record, no two rows have the same {columns}',
  'proposal.updateWhole':
    'no columns tell updates of a record apart; a row that is the same in every cell is the same update',
  'proposal.unknown': 'these stand where nothing is known: {values}',
  'proposal.columnsNamed': 'columns without a name, or with one that another has too, are called {columns}',
  'proposal.system': 'the columns are those of {system}',
  'proposal.noSystem': 'the columns do not tell which system this is from',
  'proposal.oneClass': 'no column says what kind of item a row is; one class for all of them is a guess',
  'proposal.oneRelation': 'no column says what kind of relation it is; one for all of them is a guess',
  'proposal.ownId': '“{column}” is different in every row: the source knows an item by it from now on',
  'proposal.bothEnds': 'a relation is known by its ends and what it is',
  'proposal.sourceName': 'items are recognized again under this name, and rules about sources speak of it',
  'proposal.byAddress': 'people are named by their address',
  'proposal.byPersonName': 'people are named by their name',
} as const

export const says = sayings(english, german)
