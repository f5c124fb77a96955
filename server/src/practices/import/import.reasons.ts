import { sayings } from '../../kernel/language/saying.ts'
import { german } from './import.reasons.de.ts'

export const english = {
  'state.examine':
    '{state, select, examining {it is being examined already} importing {it is being imported: pause it, and take back what is here, before it is read another way} paused {a part of it is here: go on with it, or take it back} imported {it is imported: bring the file again to read it another way} voided {it was taken back: bring the file again} other {this cannot be examined now}}',
  'state.run':
    '{state, select, waiting {it was not examined yet: the dry run comes first} examining {the dry run is not finished yet} importing {it is being imported already} imported {it is imported already} voided {it was taken back: bring the file again} failed {the file could not be read: nothing of it can be imported} other {this cannot be imported now}}',
  'state.pause':
    '{state, select, waiting {nothing is running: it waits for a mapping} examined {nothing is running: the dry run is finished} paused {it is paused already} imported {nothing is running: it is imported} voided {nothing is running: it was taken back} failed {nothing is running: the file could not be read} other {nothing is running}}',
  'state.void':
    '{state, select, examining {the dry run is under way: stop it first} importing {it is being imported: pause it first} voided {it was taken back already} other {this cannot be taken back now}}',
  'void.continued':
    '{count, plural, one {this file went on with # record} other {this file went on with # records}} that an earlier batch brought: what it added there is not taken back alone; take the earlier batch back, then bring both files again as needed',
  'state.worker': 'the batch is in another state by now',
  'mapping.column': 'the file has no column named {column}',
  'mapping.none': 'there is no mapping of this name',
  'standIn.team':
    'routing names no team for everything else: publish a routing policy with one, so that records without a team have somebody',
  'standIn.gone': 'this is not active here, so it cannot stand in for others',
  'file.gone': 'the file is no longer kept: bring it again',
  'file.damaged': 'what is stored is not the file that was brought: bring it again',
  'failed.ours':
    'something went wrong on our side, several times: what is here stays; go on, and if it stops again, the log of the instance says why',
  'failed.examine': 'something went wrong on our side while the file was examined: nothing of it is here',
  'report.none': 'there is a report once the batch is imported',
  'column.line': 'Line',
  'column.record': 'Record',
  'column.column': 'Column',
  'column.value': 'Value',
  'column.code': 'Code',
  'column.reason': 'Reason',
  'fact.rows': 'Rows',
  'fact.rows.means':
    'Rows of the file below its header, and those of them that became updates, were here already or were refused.',
  'fact.records': 'Records',
  'fact.records.means': 'Different identities in the file, and records here that came from them.',
  'fact.updates': 'Updates',
  'fact.updates.means': 'Different rows of all records, and updates that are in their history here.',
  'fact.item': 'Configuration items',
  'fact.item.means': 'Different identities in the file, and items here that the source knows by them.',
  'fact.item_relation': 'Relations',
  'fact.item_relation.means': 'Different relations in the file, and those of them that are here.',
  'fact.missed': 'Missed their target',
  'fact.missed.means': 'Records whose last row says that the other system counted the target as missed.',
  'fact.reassigned': 'Reassigned at least once',
  'fact.reassigned.means': 'Records whose last row counts one reassignment or more.',
  'fact.reopened': 'Reopened at least once',
  'fact.reopened.means': 'Records whose last row counts one reopening or more.',
  'fact.withoutResolved': 'Without a resolved time',
  'fact.withoutResolved.means': 'Records whose last row gives no time at which they were resolved.',
  'fact.share': '{count} ({share} %)',
  'because.refused': '{count, plural, one {# row was refused} other {# rows were refused}}',
  'because.known':
    '{count, plural, one {# row was here already, in a record of an earlier batch} other {# rows were here already, in records of earlier batches}}',
  'because.conflict':
    '{count, plural, one {# waits} other {# wait}} for somebody to decide which item is meant',
  'source.name':
    '“{source}” cannot name a source of items: lower-case letters, digits, - and _, beginning with a letter; hand and import are taken',
  'because.stopped':
    'nothing in the batch explains it: look at the faults and at who changed these records since',
} as const

export const says = sayings(english, german)
