import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDeviceBarcode, printDeviceBarcode } from './barcode.ts'
import { checkCharacterOf, checkDigitOf } from './check.ts'
import type { DeviceBarcode, Stamp } from './device-barcode.ts'
import { encodeGs1, SEPARATOR } from './gs1.ts'
import { fullYear } from './stamp.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 3000)
const thisYear = 2026

const day = (date: string): Stamp => ({ date, time: null, given: 'day' })
const month = (date: string): Stamp => ({ date, time: null, given: 'month' })
const hour = (date: string, time: string): Stamp => ({ date, time, given: 'hour' })

/** What a text says, without what it does not say. */
const read = (text: string) => {
  const { barcode, faults } = parseDeviceBarcode(text, thisYear)
  expect(faults.map(({ at, saying }) => `${at}: ${saying.in('en')}`)).toEqual([])
  return Object.fromEntries(
    Object.entries(barcode ?? {}).filter(
      ([name, value]) => value !== null && !(name === 'further' && barcode?.further.length === 0),
    ),
  )
}
const refusal = (text: string) => {
  const { faults } = parseDeviceBarcode(text, thisYear)
  return faults.map(({ at, saying }) => `${at}: ${saying.in('en')}`)
}

type Says = Partial<DeviceBarcode>
const gs1: Says = { agency: 'gs1' }
const hibcc: Says = { agency: 'hibcc' }
const iccbba: Says = { agency: 'iccbba' }

const published: readonly (readonly [source: string, text: string, Says])[] = [
  [
    'FDA, UDI formats by FDA-accredited issuing agency, 1.3: GS1',
    '(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234',
    {
      ...gs1,
      deviceIdentifier: '51022222233336',
      made: day('2014-12-31'),
      expires: day('2015-07-07'),
      lot: 'A213B1',
      serial: '1234',
    },
  ],
  [
    'IMDRF/UDI WG/N48, appendix A: GS1',
    '(01)09506000117843(11)141231(17)201231(10)1234AB(21)5678CD',
    {
      ...gs1,
      deviceIdentifier: '09506000117843',
      made: day('2014-12-31'),
      expires: day('2020-12-31'),
      lot: '1234AB',
      serial: '5678CD',
    },
  ],
  [
    'HL7 version 2, PRT-10: GS1',
    '(01)00643169001763(17)160712(21)21A11F4855',
    { ...gs1, deviceIdentifier: '00643169001763', expires: day('2016-07-12'), serial: '21A11F4855' },
  ],
  [
    'AccessGUDID, examples of its API: GS1',
    '(01)10884521062856(11)141231(17)150707(10)A213B1(21)1234',
    {
      ...gs1,
      deviceIdentifier: '10884521062856',
      made: day('2014-12-31'),
      expires: day('2015-07-07'),
      lot: 'A213B1',
      serial: '1234',
    },
  ],
  [
    'IDAutomation, the structure of FDA’s example for HIBCC with a check character that is right',
    '+A123ABCDEFGHI1234567891/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202$',
    {
      ...hibcc,
      deviceIdentifier: 'A123ABCDEFGHI1234567891',
      expires: hour('2020-02-02', '16:00'),
      lot: 'LOT123456789012345',
      serial: 'XYZ456789012345678',
      made: day('2013-02-02'),
    },
  ],
  ['ANSI/HIBC 2.6, appendix B.2', '+A123BJC5D6E71G', { ...hibcc, deviceIdentifier: 'A123BJC5D6E71' }],
  [
    'ANSI/HIBC 2.6, figure 1, as printed',
    '*+A123BJC5D6E71G*',
    { ...hibcc, deviceIdentifier: 'A123BJC5D6E71' },
  ],
  ['ANSI/HIBC 2.6, figure C5', '+H123ABC01234567890D', { ...hibcc, deviceIdentifier: 'H123ABC01234567890' }],
  ['ANSI/HIBC 2.6, 4.3.2', '+$$52001510X3GD', { ...hibcc, expires: day('2020-01-15'), lot: '10X3' }],
  [
    'ANSI/HIBC 2.6, 2.2.1.1',
    '+A99912345/$$52001510X33',
    { ...hibcc, deviceIdentifier: 'A99912345', expires: day('2020-01-15'), lot: '10X3' },
  ],
  [
    'ANSI/HIBC 2.6, 4.3.3',
    '+A123BJC5D6E71/$$52001510X3C',
    { ...hibcc, deviceIdentifier: 'A123BJC5D6E71', expires: day('2020-01-15'), lot: '10X3' },
  ],
  [
    'ANSI/HIBC 2.6, 2.3.2.4',
    '+A99912349/$10X3/16D20111231/14D20200131/Q500Z',
    {
      ...hibcc,
      deviceIdentifier: 'A99912349',
      lot: '10X3',
      made: day('2011-12-31'),
      expires: day('2020-01-31'),
      quantity: 500,
    },
  ],
  [
    'HIBCC, Guide to GUDID Device Identifiers',
    '+A999ABC1230V',
    { ...hibcc, deviceIdentifier: 'A999ABC1230' },
  ],
  [
    'HIBCC, both bar codes of appendix E1.3 scanned into one text',
    '+A123BJC5D6E71G+$$52001510X3GD',
    { ...hibcc, deviceIdentifier: 'A123BJC5D6E71', expires: day('2020-01-15'), lot: '10X3' },
  ],
  [
    'HIBCC, three bar codes of the older form',
    '+J123AQ3451T+25330BC34567T2+S4012TJ',
    { ...hibcc, deviceIdentifier: 'J123AQ3451', expires: day('2025-11-26'), lot: 'BC34567', serial: '4012' },
  ],
  [
    'HIBCC, the same in one symbol',
    '+J123AQ3451/25330BC34567/S4012X',
    { ...hibcc, deviceIdentifier: 'J123AQ3451', expires: day('2025-11-26'), lot: 'BC34567', serial: '4012' },
  ],
  [
    'HIBCC, a quantity, dates of 8 digits and a serial number, behind the sign of a Data Matrix',
    ']d1+A99912345/$$812710X3/16D20111212/14D20200906/S77DEFG453',
    {
      ...hibcc,
      deviceIdentifier: 'A99912345',
      quantity: 12,
      lot: '10X3',
      made: day('2011-12-12'),
      expires: day('2020-09-06'),
      serial: '77DEFG45',
    },
  ],
  [
    'FDA 1.3: ICCBBA',
    '=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123',
    {
      ...iccbba,
      deviceIdentifier: 'A9999XYZ100T0944',
      serial: '000025',
      donation: 'A999713123456',
      expires: day('2014-02-01'),
      made: day('2013-02-01'),
      lot: '000000000000XYZ123',
    },
  ],
  [
    'FDA 1.3: ICCBBA, blood bags only',
    '=)1TE123456A &)RZ12345678',
    { ...iccbba, deviceIdentifier: '1TE123456A', lot: 'RZ12345678' },
  ],
  [
    'ICCBBA ST-011, table 5',
    '=/A9999XYZ100T0476=,000025=A99971712345600=>019032=}017032&,1000000000000XYZ123',
    {
      ...iccbba,
      deviceIdentifier: 'A9999XYZ100T0476',
      serial: '000025',
      donation: 'A999717123456',
      expires: day('2019-02-01'),
      made: day('2017-02-01'),
      lot: '000000000000XYZ123',
    },
  ],
  [
    'ICCBBA ST-011, table 5, as a compound message',
    '=+06000=/A9999XYZ100T0476=,000025=A99971712345600=>019032=}017032&,1000000000000XYZ123',
    {
      ...iccbba,
      deviceIdentifier: 'A9999XYZ100T0476',
      serial: '000025',
      donation: 'A999717123456',
      expires: day('2019-02-01'),
      made: day('2017-02-01'),
      lot: '000000000000XYZ123',
    },
  ],
  [
    'ICCBBA ST-011, 4.3.1',
    '=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>019031',
    {
      ...iccbba,
      deviceIdentifier: 'A9997XYZ100T0479',
      donation: 'A999917123456',
      serial: '000012',
      expires: day('2019-01-31'),
    },
  ],
  [
    'ICCBBA ST-011, 4.3.2',
    '=+04035=/A9997XYZ100T0479,000012=A99991712345600=>019031'.replace('T0479,', 'T0479=,'),
    {
      ...iccbba,
      deviceIdentifier: 'A9997XYZ100T0479',
      serial: '000012',
      donation: 'A999917123456',
      expires: day('2019-01-31'),
    },
  ],
  ['ICCBBA ST-011, figure 1', '=/A9997AB3456T0123', { ...iccbba, deviceIdentifier: 'A9997AB3456T0123' }],
]

describe('published examples', () => {
  test.each(published)('%s: %s', (_, text, says) => {
    expect(read(text)).toEqual(says)
  })
})

/** HIBC's table of secondary structures, written with a link and check character to be filled in. */
const secondary: readonly (readonly [string, Says])[] = [
  ['+05271', { expires: day('2005-09-28') }],
  ['+$3C001', { lot: '3C001' }],
  ['+$$09053C001', { expires: month('2005-09-30'), lot: '3C001' }],
  ['+$$20928053C001', { expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$30509283C001', { expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$4050928223C001', { expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$5052713C001', { expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$605271223C001', { expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$73C001', { lot: '3C001' }],
  ['+$$82409053C001', { quantity: 24, expires: month('2005-09-30'), lot: '3C001' }],
  ['+$$82420928053C001', { quantity: 24, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$82430509283C001', { quantity: 24, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$8244050928223C001', { quantity: 24, expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$8245052713C001', { quantity: 24, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$824605271223C001', { quantity: 24, expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$82473C001', { quantity: 24, lot: '3C001' }],
  ['+$$824', { quantity: 24 }],
  ['+$$90010009053C001', { quantity: 100, expires: month('2005-09-30'), lot: '3C001' }],
  ['+$$90010020928053C001', { quantity: 100, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$90010030509283C001', { quantity: 100, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$9001004050928223C001', { quantity: 100, expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$9001005052713C001', { quantity: 100, expires: day('2005-09-28'), lot: '3C001' }],
  ['+$$900100605271223C001', { quantity: 100, expires: hour('2005-09-28', '22:00'), lot: '3C001' }],
  ['+$$90010073C001', { quantity: 100, lot: '3C001' }],
  ['+$$900100', { quantity: 100 }],
  ['+$+0001', { serial: '0001' }],
  ['+$$+09050001', { expires: month('2005-09-30'), serial: '0001' }],
  ['+$$+20928050001', { expires: day('2005-09-28'), serial: '0001' }],
  ['+$$+30509280001', { expires: day('2005-09-28'), serial: '0001' }],
  ['+$$+4050928200001', { expires: hour('2005-09-28', '20:00'), serial: '0001' }],
  ['+$$+5052710001', { expires: day('2005-09-28'), serial: '0001' }],
  ['+$$+605271200001', { expires: hour('2005-09-28', '20:00'), serial: '0001' }],
  ['+$$+70001', { serial: '0001' }],
]

test.each(secondary)('HIBC, lot and serial formats: %sLC', (text, says) => {
  const linked = `${text}L`
  expect(read(linked + checkCharacterOf(linked))).toEqual({ ...hibcc, ...says })
})

describe('what a scanner sends of GS1', () => {
  const says = {
    ...gs1,
    deviceIdentifier: '09506000117843',
    expires: day('2020-12-31'),
    lot: '1234AB',
    serial: '5678CD',
  }
  const text = `010950600011784317201231101234AB${SEPARATOR}215678CD`

  test('is the same with and without brackets, and whatever the symbol', () => {
    for (const before of ['', ']d2', ']C1', ']Q3', SEPARATOR, `]C1${SEPARATOR}`])
      expect(read(before + text)).toEqual(says)
    expect(read(text.replace(SEPARATOR, '␝'))).toEqual(says)
    expect(read(`${text}\r\n`)).toEqual(says)
    expect(read('(01) 09506000117843 (17) 201231 (10) 1234AB (21) 5678CD')).toEqual(says)
  })

  test('needs no separator behind what has a fixed length, and one behind the rest', () => {
    expect(read(`]d21710020010LOT${SEPARATOR}3012`)).toEqual({
      ...gs1,
      expires: month('2010-02-28'),
      lot: 'LOT',
      quantity: 12,
    })
    expect(refusal('10AVERYLONGLOTINDEED1725010121X')).toEqual([
      '2: (10) takes at most 20 characters, and there are 29: is a separator missing?',
    ])
  })

  test('keeps what needs no understanding', () => {
    expect(read('(01)09506000117843(20)01(240)REF-7(241)C/9(37)24(8012)4.2.1(91)IN-HOUSE')).toEqual({
      ...gs1,
      deviceIdentifier: '09506000117843',
      quantity: 24,
      further: [
        { identifier: '20', value: '01' },
        { identifier: '240', value: 'REF-7' },
        { identifier: '241', value: 'C/9' },
        { identifier: '8012', value: '4.2.1' },
        { identifier: '91', value: 'IN-HOUSE' },
      ],
    })
  })

  test('may be the bare number of the article', () => {
    expect(read('4006381333931')).toEqual({ ...gs1, deviceIdentifier: '04006381333931' })
    expect(read('09506000117843')).toEqual({ ...gs1, deviceIdentifier: '09506000117843' })
  })

  test('gives a time of expiry to the minute', () => {
    expect(read('(7003)2602281630')).toEqual({
      ...gs1,
      expires: { date: '2026-02-28', time: '16:30', given: 'minute' },
    })
  })
})

describe('a date of two-digit years', () => {
  test('is at most 50 years ahead and 49 behind', () => {
    expect([76, 77, 26, 0, 99].map((year) => fullYear(year, 2026))).toEqual([2076, 1977, 2026, 2000, 1999])
    expect([49, 50, 0].map((year) => fullYear(year, 2099))).toEqual([2149, 2050, 2100])
  })

  test('with day 00 is the end of the month, in leap years too', () => {
    expect(read('(17)280200')).toEqual({ ...gs1, expires: month('2028-02-29') })
    expect(read('(17)270200')).toEqual({ ...gs1, expires: month('2027-02-28') })
  })
})

describe('a refusal says what is wrong and where', () => {
  test.each([
    ['', ['0: there is nothing to read']],
    [
      'Ventilator 7',
      [
        '0: this does not begin as the barcode of a device does: with an application identifier or a number (GS1), + (HIBCC), = or & (ICCBBA)',
      ],
    ],
    ['(01)09506000117840', ['17: the check digit is 0, but 3 was expected: a digit was misread or mistyped']],
    ['4006381333930', ['12: the check digit is 0, but 1 was expected: a digit was misread or mistyped']],
    ['(01)0950600011784', ['4: (01) takes 14 digits, and there are 13']],
    ['(01)095060001178X3', ['16: “X” is no digit, and (01) takes only digits']],
    ['(17)251301', ['4: “251301” is no date in the form YYMMDD']],
    ['(17)250230', ['4: “250230” is no date in the form YYMMDD']],
    ['(10)A B', ['5: “ ” cannot stand in (10)']],
    ['(10)', ['4: nothing follows (10), or too little']],
    ['(99999)1', ['0: there is no application identifier in brackets, as (01)']],
    ['(05)1', ['4: “05” is no application identifier that is known here']],
    ['(10)A(10)B', ['9: a second, different lot']],
    [']d205', ['3: “05” is no application identifier that is known here']],
    [
      '+A123BJC5D6E71H',
      ['14: the check character is “H”, but “G” was expected: a character was misread or mistyped'],
    ],
    [
      '+A999ABC123DE1/$+1234567Y',
      ['24: the check character is “Y”, but “Z” was expected: a character was misread or mistyped'],
    ],
    ['+a123BJC5D6E71G', ['1: “a” cannot stand here']],
    ['+', ['0: this ends too early']],
    [
      '+A123BJC5D6E71G+$$52001510X3HE',
      ['28: the link character is “H”, but the other barcode ends with “G”: they are not of the same label'],
    ],
    ['=/A9999XYZ100T094', ['2: =/ takes 16 characters, and there are 15']],
    ['=?123', ['0: “=?” is no data identifier that is known here']],
    ['=>014400', ['2: “014400” is no date in the form cYYJJJ']],
    ['=A9997131234560', ['1: = takes 15 characters, and there are 14']],
    ['=+03000=/A9997XYZ100T0479', ['2: the header announces 3 structures, and there are 1']],
  ])('%s', (text, faults) => {
    expect(refusal(text)).toEqual(faults)
  })

  test('in German as well', () => {
    expect(parseDeviceBarcode('(01)09506000117840', thisYear).faults[0]?.saying.in('de')).toBe(
      'die Prüfziffer ist 0, erwartet war 3: eine Ziffer wurde verlesen oder vertippt',
    )
  })
})

const aDay = fc
  .tuple(
    fc.integer({ min: 1980, max: 2070 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, m, d]) => day(`${year}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`))
const aMonth = fc
  .tuple(fc.integer({ min: 1980, max: 2070 }), fc.integer({ min: 0, max: 11 }))
  .map(([year, m]) => month(new Date(Date.UTC(year, m + 1, 0)).toISOString().slice(0, 10)))
const timed = (given: 'hour' | 'minute') =>
  fc
    .tuple(aDay, fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([{ date }, h, m]): Stamp => ({
      date,
      time: `${String(h).padStart(2, '0')}:${given === 'hour' ? '00' : String(m).padStart(2, '0')}`,
      given,
    }))
const word = (unit: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...unit.split('')), minLength, maxLength })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
const capital = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const number = '0123456789'

const aGs1 = fc.record({
  agency: fc.constant('gs1' as const),
  deviceIdentifier: maybe(word(number, 13).map((digits) => digits + checkDigitOf(digits))),
  // A bracket in a lot reads as the next element where it happens to hold an identifier; raw texts have no such trouble.
  lot: maybe(word(`${capital}${number}abcxyz-/.+_"%&'*,:;<=>?!`, 1, 20)),
  serial: maybe(word(`${capital}${number}-/.`, 1, 20)),
  expires: maybe(fc.oneof(aDay, aMonth, timed('minute'))),
  made: maybe(fc.oneof(aDay, aMonth)),
  donation: fc.constant(null),
  quantity: maybe(fc.nat({ max: 99_999_999 })),
  further: fc.subarray([
    { identifier: '240', value: 'REF-7' },
    { identifier: '8012', value: '4.2.1' },
    { identifier: '91', value: 'x' },
  ]),
})
const aHibcc = fc.record({
  agency: fc.constant('hibcc' as const),
  deviceIdentifier: fc
    .tuple(word(capital, 1), word(capital + number, 4, 21), word(number, 1))
    .map((parts) => parts.join('')),
  lot: maybe(word(capital + number, 1, 18)),
  serial: maybe(word(capital + number, 1, 18)),
  expires: maybe(fc.oneof(aDay, aMonth, timed('hour'))),
  made: maybe(aDay),
  donation: fc.constant(null),
  quantity: maybe(fc.nat({ max: 99_999 })),
  further: fc.constant([]),
})
const anIccbba = fc.record({
  agency: fc.constant('iccbba' as const),
  deviceIdentifier: maybe(fc.oneof(word(capital + number, 16), word(capital + number, 10))),
  lot: maybe(word(capital + number, 1, 10)),
  serial: maybe(word(capital + number, 6)),
  expires: maybe(fc.oneof(aDay, aMonth, timed('minute'))),
  made: maybe(fc.oneof(aDay, timed('minute'))),
  donation: maybe(
    fc.tuple(word('ABCDEFGHIJKLMNPQRSTUVWXYZ123456789', 1), word(number, 12)).map((parts) => parts.join('')),
  ),
  quantity: fc.constant(null),
  further: fc.subarray([{ identifier: '&,2', value: 'SUPPLEMENT7' }]),
})
const anyBarcode: fc.Arbitrary<DeviceBarcode> = fc
  .oneof(aGs1, aHibcc, anIccbba)
  .filter((barcode) => printDeviceBarcode(barcode) !== '')

describe('for any barcode', () => {
  test('what is printed is read back', () => {
    fc.assert(
      fc.property(anyBarcode, (barcode) => {
        expect(parseDeviceBarcode(printDeviceBarcode(barcode), thisYear)).toEqual({ barcode, faults: [] })
      }),
      { numRuns },
    )
  })

  test('what a scanner sends of GS1 is read back', () => {
    fc.assert(
      fc.property(aGs1, fc.constantFrom(']d2', ']C1', ']Q3', SEPARATOR), (barcode, before) => {
        fc.pre(encodeGs1(barcode) !== '')
        expect(parseDeviceBarcode(before + encodeGs1(barcode), thisYear)).toEqual({ barcode, faults: [] })
      }),
      { numRuns },
    )
  })

  test('one wrong character is noticed where there is a check, and the message names the right one', () => {
    fc.assert(
      fc.property(
        aHibcc,
        fc.nat(),
        fc.constantFrom(...(capital + number).split('')),
        (barcode, pick, other) => {
          const text = printDeviceBarcode(barcode)
          const at = 1 + (pick % (text.length - 1))
          fc.pre(text.charAt(at) !== other)
          const wrong = text.slice(0, at) + other + text.slice(at + 1)
          expect(parseDeviceBarcode(wrong, thisYear).barcode).toBeNull()
        },
      ),
      { numRuns },
    )
    fc.assert(
      fc.property(word(number, 13), fc.nat({ max: 13 }), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
        const right = digits + checkDigitOf(digits)
        const wrong = right.slice(0, at) + String((Number(right.charAt(at)) + by) % 10) + right.slice(at + 1)
        expect(refusal(wrong)).toEqual([
          `13: the check digit is ${wrong.charAt(13)}, but ${checkDigitOf(wrong.slice(0, 13))} was expected: a digit was misread or mistyped`,
        ])
      }),
      { numRuns },
    )
  })
})

test('no text whatever makes it throw, and each is read or refused with a place in it', () => {
  const mangled = fc
    .tuple(
      fc.constantFrom(...published.map(([, text]) => text)),
      fc.nat(),
      fc.nat({ max: 4 }),
      fc.string({ maxLength: 4 }),
    )
    .map(([text, at, gone, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + gone)
    })
  const opened = fc.tuple(
    fc.constantFrom('+', '=', '&', '(01)', '(', ']d2', '*+', '+$$', '01', '=+', SEPARATOR),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        opened.map((parts) => parts.join('')),
        mangled,
      ),
      (text) => {
        const { barcode, faults } = parseDeviceBarcode(text, thisYear)
        expect(barcode === null).toBe(faults.length > 0)
        for (const { at, saying } of faults) {
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThanOrEqual(text.length)
          expect(saying.in('en')).not.toBe('')
        }
      },
    ),
    { numRuns: numRuns * 3 },
  )
})
