import { sayings } from '../../kernel/language/saying.ts'
import { german } from './attestation.reasons.de.ts'

export const english = {
  none: 'the filter finds no item that you manage and that is in use, in stock or in repair',
  most: 'an attestation asks for at most {most} items; narrow the filter',
  due: 'the day it is due is over already',
  closed: 'this attestation is closed',
  changed: 'somebody changed this attestation in the meantime',
  notIn: 'an item is not part of this attestation, or not one that you see',
  notYours: 'only who looks after an item, or manages it, says whether it is right',
  note: 'say what is not right',
  'told.asked':
    'Confirm by {day} that what is known of {count, plural, one {# item} other {# items}} is right',
  'told.again': 'Still to confirm by {day}: {count, plural, one {# item} other {# items}}',
  'told.due': 'Due now, and not confirmed: {count, plural, one {# item} other {# items}}',
} as const

export const says = sayings(english, german)
