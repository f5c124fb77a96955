import { sayings } from '../../kernel/language/saying.ts'
import { german } from './notification.reasons.de.ts'

export const english = {
  'mail.status':
    '{status, select, queued {it is queued} accepted {it is accepted} kept {it is kept} other {it is withdrawn}}; only mail that nobody will try again is sent again',
  'mail.linkGone': 'ask for a new link instead; this one is gone',
  'link.none': 'there is no link here that still works',
  'link.more': 'this person may do things that you may not',
  'preferences.own': 'what somebody is told is theirs to say',
  'preferences.fixed':
    '{setting, select, always {this is always so} other {this is never so}}, for everybody',
  'preferences.atOnce': 'this cannot wait for a daily mail',
  'preferences.notMailed': 'what is not mailed is in no daily mail either',
  entryType: 'there are no entries such as {type}',
  cursor: 'the cursor is not one that a page gave',
  'setAside.worker': 'this one is tried again by the worker alone',
  'setAside.failed': 'it failed again: {error}',
  preview: 'On the last {examined} entries, {more} more and {fewer} fewer notices would have been given.',
  'preview.with': 'with {notices}',
  'preview.without': 'without {notices}',
  'preview.none': 'nothing',
  'preview.by': '{count, plural, one {# notice} other {# notices}} by {rules}',
} as const

export const says = sayings(english, german)
