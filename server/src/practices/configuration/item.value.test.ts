import { ClassAttribute } from '@evenkeel/contract/item-class'
import { expect, test } from 'vitest'
import { filedText, textOf } from './item.value.ts'

const attribute = (type: ClassAttribute['type'], of?: 'date'): ClassAttribute =>
  ClassAttribute.parse({ key: 'one', label: 'One', from: 'item', type, ...(of && { of }) })
const nobody = (): undefined => undefined

test('a reader sees days and money as their language writes them, a file has them as programs take them', () => {
  const [day, days, cost] = [attribute('date'), attribute('list', 'date'), attribute('money')]
  const price = { amount: '18400', currency: 'EUR' }
  expect(textOf(day, '2026-03-01', 'en', nobody)).toBe('Mar 1, 2026')
  expect(textOf(day, '2026-03-01', 'de', nobody)).toBe('01.03.2026')
  expect(textOf(days, ['2026-03-01', '2026-04-02'], 'de', nobody)).toBe('01.03.2026, 02.04.2026')
  expect(textOf(cost, price, 'en', nobody)).toBe('€18,400.00')
  expect(textOf(cost, price, 'de', nobody)).toBe('18.400,00\u00a0€')
  expect(filedText(day, '2026-03-01', 'de', nobody)).toBe('2026-03-01')
  expect(filedText(days, ['2026-03-01', '2026-04-02'], 'de', nobody)).toBe('2026-03-01, 2026-04-02')
  expect(filedText(cost, price, 'de', nobody)).toBe('18400 EUR')
})

test('what is no day, and an amount with more digits than a number holds, stay as they were said', () => {
  expect(textOf(attribute('date'), 'some day', 'de', nobody)).toBe('some day')
  expect(textOf(attribute('text'), '2026-03-01', 'de', nobody)).toBe('2026-03-01')
  const much = { amount: '123456789012345.6789', currency: 'EUR' }
  expect(textOf(attribute('money'), much, 'en', nobody)).toBe('123456789012345.6789 EUR')
})
