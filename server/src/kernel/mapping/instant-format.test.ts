import { describe, expect, test } from 'vitest'
import { instantFormat } from './instant-format.ts'

const read = (format: string, text: string, zone = 'UTC'): string | undefined => {
  const compiled = instantFormat(format, zone)
  if (!compiled.ok) throw new Error(compiled.fault.code)
  const instant = compiled.read(text)
  return instant === undefined ? undefined : new Date(instant).toISOString()
}

test.each([
  ['d/M/yyyy HH:mm', '29/2/2016 01:16', '2016-02-29T01:16:00.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ssXXX", '2016-02-29T01:16:05+02:00', '2016-02-28T23:16:05.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ssXXX", '2016-02-29T01:16:05Z', '2016-02-29T01:16:05.000Z'],
  ['MM/dd/yyyy hh:mm a', '02/29/2016 12:05 AM', '2016-02-29T00:05:00.000Z'],
  ['MM/dd/yyyy hh:mm a', '02/29/2016 12:05 pm', '2016-02-29T12:05:00.000Z'],
  ['dd.MM.yyyy HH:mm', '29.02.2016 23:59', '2016-02-29T23:59:00.000Z'],
  ['d/MMM/yy h:mm a', '5/Mar/16 1:05 PM', '2016-03-05T13:05:00.000Z'],
  ['d. MMMM yyyy', '5. März 2016', '2016-03-05T00:00:00.000Z'],
  ['d. MMM yyyy HH:mm', '24. Dez. 2016 18:00', '2016-12-24T18:00:00.000Z'],
  ['E, d MMM yyyy HH:mm:ss Z', 'Mon, 29 Feb 2016 01:16:05 +0100', '2016-02-29T00:16:05.000Z'],
  ['yyyy-MM-dd HH:mm:ss.SSS', '2016-02-29 01:16:05.123', '2016-02-29T01:16:05.123Z'],
  ['iso', '2016-02-29T01:16:05.123456Z', '2016-02-29T01:16:05.123Z'],
  ['iso', '2016-02-29', '2016-02-29T00:00:00.000Z'],
  ['unix-seconds', '1456708565', '2016-02-29T01:16:05.000Z'],
  ['unix-milliseconds', '1456708565123', '2016-02-29T01:16:05.123Z'],
  ['dd.MM.yy', '29.02.16', '2016-02-29T00:00:00.000Z'],
  ['dd.MM.yy', '01.01.99', '1999-01-01T00:00:00.000Z'],
])('%s reads %s', (format, text, instant) => {
  expect(read(format, text)).toBe(instant)
})

test.each([
  ['d/M/yyyy HH:mm', '31/2/2016 10:00', 'a day that the month does not have'],
  ['d/M/yyyy HH:mm', '29/2/2015 10:00', 'a leap day in another year'],
  ['d/M/yyyy HH:mm', '29/2/16 10:00', 'two digits where four belong'],
  ['d/M/yyyy HH:mm', '29/13/2016 10:00', 'month 13'],
  ['d/M/yyyy HH:mm', '29/2/2016 24:00', 'hour 24'],
  ['d/M/yyyy HH:mm', '29/2/2016 10:00 ', 'something behind it'],
  ['d/M/yyyy HH:mm', '0/2/2016 10:00', 'day 0'],
  ['MM/dd/yyyy hh:mm a', '02/29/2016 13:05 PM', 'hour 13 in the afternoon'],
  ['E, d MMM yyyy', 'Tue, 29 Feb 2016', 'another weekday'],
  ['iso', '2016-02-30', 'a day that the month does not have'],
  ['iso', '0001-01-01', 'a way to say never'],
  ['unix-seconds', '99999999999', 'a time in another age'],
])('%s does not read %s: %s', (format, text) => {
  expect(read(format, text)).toBeUndefined()
})

describe('when clocks are changed', () => {
  const berlin = (text: string) => read('dd.MM.yyyy HH:mm', text, 'Europe/Berlin')

  test('a time that clocks skipped is taken as if they had not been changed yet', () => {
    expect(berlin('27.03.2016 01:59')).toBe('2016-03-27T00:59:00.000Z')
    expect(berlin('27.03.2016 02:30')).toBe('2016-03-27T01:30:00.000Z')
    expect(berlin('27.03.2016 03:00')).toBe('2016-03-27T01:00:00.000Z')
  })

  test('a time that clocks showed twice is the first of both', () => {
    expect(berlin('30.10.2016 02:30')).toBe('2016-10-30T00:30:00.000Z')
    expect(berlin('30.10.2016 03:00')).toBe('2016-10-30T02:00:00.000Z')
  })
})

test.each([
  ['d/M/yyyy', 'Europe/Nowhere', 'zone'],
  ['d/M/yyyy', '+02:00', 'zone'],
  ['d/M/yyyy qq', 'UTC', 'symbol'],
  ['hh:mm dd.MM.yyyy', 'UTC', 'symbol'],
  ["yyyy-MM-dd'T", 'UTC', 'quote'],
  ['HH:mm', 'UTC', 'incomplete'],
])('%s in %s is refused', (format, zone, code) => {
  const compiled = instantFormat(format, zone)
  expect(!compiled.ok && compiled.fault.code).toBe(code)
})
