import { expect, test } from 'vitest'
import { monthQuery } from './import.month.ts'

test('a month of the report is the month in UTC, across the end of a year too', () => {
  expect(monthQuery('2016-03')).toBe('created:>=2016-03-01T00:00Z created:<2016-04-01T00:00Z')
  expect(monthQuery('2016-12')).toBe('created:>=2016-12-01T00:00Z created:<2017-01-01T00:00Z')
})
