import { sayings } from '../language/saying.ts'
import { german } from './barcode.reasons.de.ts'

export const english = {
  'barcode.nothing': 'there is nothing to read',
  'barcode.unknown':
    'this does not begin as the barcode of a device does: with an application identifier or a number (GS1), + (HIBCC), = or & (ICCBBA)',
  'barcode.name.deviceIdentifier': 'device identifier',
  'barcode.name.lot': 'lot',
  'barcode.name.serial': 'serial number',
  'barcode.name.expires': 'expiry date',
  'barcode.name.made': 'date of manufacture',
  'barcode.name.donation': 'donation number',
  'barcode.name.quantity': 'quantity',
  'barcode.twice': 'a second, different {name}',
  'barcode.date': '“{value}” is no date in the form {form}',
  'barcode.checkDigit':
    'the check digit is {found}, but {expected} was expected: a digit was misread or mistyped',
  'barcode.checkCharacter':
    'the check character is “{found}”, but “{expected}” was expected: a character was misread or mistyped',
  'barcode.gs1.noIdentifier': 'there is no application identifier in brackets, as (01)',
  'barcode.gs1.unknown': '“{identifier}” is no application identifier that is known here',
  'barcode.gs1.character': '“{character}” cannot stand in ({identifier})',
  'barcode.gs1.digit': '“{character}” is no digit, and ({identifier}) takes only digits',
  'barcode.gs1.length': '({identifier}) takes {most} digits, and there are {length}',
  'barcode.gs1.empty': 'nothing follows ({identifier}), or too little',
  'barcode.gs1.long':
    '({identifier}) takes at most {most} characters, and there are {length}: is a separator missing?',
  'barcode.hibcc.short': 'this ends too early',
  'barcode.hibcc.character': '“{character}” cannot stand here',
  'barcode.hibcc.labeler': 'the labeler begins with a letter',
  'barcode.hibcc.shortPrimary':
    'labeler, product and unit of measure take at least 6 characters, and there are {length}',
  'barcode.hibcc.longPrimary':
    'labeler, product and unit of measure take at most 23 characters, and there are {length}',
  'barcode.hibcc.product': 'labeler and product consist of letters and digits',
  'barcode.hibcc.unit': 'the unit of measure is a digit, not “{found}”',
  'barcode.hibcc.link':
    'the link character is “{found}”, but the other barcode ends with “{expected}”: they are not of the same label',
  'barcode.hibcc.long': 'the {name} has at most 18 characters, and there are {length}',
  'barcode.hibcc.quantity': '“{value}” does not begin with a quantity',
  'barcode.hibcc.segment': '“{text}” begins with no flag that is known',
  'barcode.hibcc.dateForm': 'after $$ a digit says how the date is written; “{found}” does not',
  'barcode.isbt.header': 'the header of a compound message stands at its beginning',
  'barcode.isbt.headerForm': '“{text}” is no header of a compound message, as =+06000',
  'barcode.isbt.count': 'the header announces {said} structures, and there are {found}',
  'barcode.isbt.unknown': '“{identifier}” is no data identifier that is known here',
  'barcode.isbt.length': '{identifier} takes {most} characters, and there are {length}',
  'barcode.isbt.content': '“{content}” cannot be what follows {identifier}',
} as const

export const says = sayings(english, german)
