import { describe, expect, test } from 'vitest'
import { conditionText } from './policy.condition.ts'
import { hoursIn, hoursText, partOfDay } from './policy.hours.ts'

describe('hours as people write them', () => {
  test('are read, tidied and written back', () => {
    const hours = hoursIn('8-12, 13:00 – 17.30')
    expect(hours).toEqual([
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '17:30' },
    ])
    expect(hoursText(hours ?? [])).toBe('08:00-12:00, 13:00-17:30')
    expect(hoursIn('')).toEqual([])
    expect(hoursIn('0-24')).toEqual([{ from: '00:00', to: '24:00' }])
  })
  test('are refused when they end before they begin, or are none', () => {
    for (const text of ['17-8', '8', '8-25', '08:70-09:00', 'closed']) expect(hoursIn(text)).toBeNull()
    expect(partOfDay('12:00')).toBe(0.5)
    expect(partOfDay('24:01')).toBeNull()
  })
})

describe('a condition that was chosen instead of typed', () => {
  const title = {
    name: 'title',
    label: 'title',
    type: 'text' as const,
    operators: ['contains', 'starts with', '='],
    choices: [],
  }
  test('is written as the filter bar takes it', () => {
    expect(conditionText(title, 'contains', 'printer')).toBe('title:printer')
    expect(conditionText(title, 'starts with', 'say "hi"')).toBe(String.raw`title:^"say \"hi\""`)
    expect(conditionText(title, '=', 'empty')).toBe('title:="empty"')
    expect(conditionText(title, 'is set', '')).toBe('title:set')
  })
})
