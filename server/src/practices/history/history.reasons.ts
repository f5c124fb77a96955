import { sayings } from '../../kernel/language/saying.ts'
import { german } from './history.reasons.de.ts'

export const english = {
  permission: 'this needs the permission export',
  cursor: 'this is no cursor of the journal',
  unseen: 'something you may not see',
  withheld: '(withheld)',
  erased: '(erased)',
  yes: 'yes',
  no: 'no',
  none: 'none',
  'verify.start': 'The signed head for {count} entries, where this stretch begins, does not hold.',
  'verify.missing': 'Entry {entry} is missing.',
  'verify.content': 'The content of entry {entry} is not what was sealed.',
  'verify.personal': 'A personal value of entry {entry} is not the one that was sealed.',
  'verify.gap': 'Entries from {from} to {to} are missing.',
  'verify.rewritten':
    'The entries up to {to} do not lead to the signed head for {count}: entries and their hashes were changed together.',
  'verify.signature': 'The signature of the head for {count} entries does not hold.',
  'verify.stray': 'No signed head covers entry {entry}.',
} as const

export const says = sayings(english, german)
