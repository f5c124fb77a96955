import { sayings } from '../../kernel/language/saying.ts'
import { german } from './asset.reasons.de.ts'

export const english = {
  'end.open': 'has no end',
  'end.over': 'ended on {day}',
  'end.ends': 'ends on {day}',
  'end.endsNotice': 'ends on {day}; notice is possible until {by}',
  'end.renews': 'renews after {day}',
  'end.renewsUnless': 'renews after {day} unless notice is given by {by}',
  'end.noticeGone': 'renews after {day}; notice had to be given by {by}',
  'warranty.until': 'under warranty until {day}',
  'warranty.over': 'the warranty ended on {day}',
  'book.sentence':
    '{cost} written off in equal parts over {life, plural, one {# month} other {# months}}; {passed, plural, one {# month has} other {# months have}} passed since {day}',
  'license.entitled':
    '{count, plural, one {# license counts} other {# licenses count}} on {day}: bought, begun and not over',
  'license.none': 'no license counts on {day}',
  'license.counts': 'counts {quantity}',
  'license.notYet': 'begins on {day}',
  'license.over': 'ended on {day}',
  'license.state': 'does not count: {state}',
  'used.device':
    'each device it is installed on counts one: {count, plural, one {# device} other {# devices}}',
  'used.user':
    'each person who uses a device it is installed on counts one, however many devices: {users, plural, one {# person} other {# persons}} on {count, plural, one {# device} other {# devices}}',
  'used.core':
    'the processor cores of each device it is installed on: {count, plural, one {# device} other {# devices}}',
  'used.none': 'it is installed nowhere',
  'used.state': 'not counted: {state}',
  'used.one': 'counts {adds}',
  'used.known': 'the person is counted already',
  'doubt.cores':
    '{count, plural, one {# device does} other {# devices do}} not say how many cores it has and counts none: the use is at least this',
  'doubt.users':
    '{count, plural, one {# device names} other {# devices name}} nobody who uses it and counts as a person of its own: the use is at most this',
  'doubt.cut': 'more than {most} installations: the rest is not counted',
  permission: 'this needs the permission {permission} for everything',
  'gap.lei': 'LEI',
  'gap.country': 'country',
  'gap.contract': 'contract',
  'gap.substitutability': 'substitutability',
  'gap.exit': 'exit plan',
  'gap.kind': 'kind of ICT service',
} as const

export const says = sayings(english, german)
