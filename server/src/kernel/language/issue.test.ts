import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shapeFaults } from '@evenkeel/contract/filter'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseCalendar } from '../time/calendar.ts'
import { germanOf, issueSaying } from './issue.ts'

const contract = join(import.meta.dirname, '../../../../contract/src')
const english = /\b(?:the|is|to|of|with|expected|must|name)\b/i

describe('what schemas say has its German', () => {
  test('every sentence that the contract gives a schema', async () => {
    const sentences = new Set<string>()
    for await (const file of glob('*.ts', { cwd: contract })) {
      const source = await readFile(join(contract, file), 'utf8')
      // The last argument of `regex`, `refine`, `min` and the like.
      for (const [, text = ''] of source.matchAll(/,\s*'([a-z][^'\n]* [^'\n]*)',?\s*\)/g)) sentences.add(text)
    }
    expect(sentences.size).toBeGreaterThan(10)
    for (const sentence of sentences)
      expect([sentence, germanOf(sentence)]).toEqual([sentence, expect.any(String)])
  })

  test('values of another kind, size or form', () => {
    const schema = z.strictObject({
      text: z.string().min(2),
      long: z.string().max(3),
      list: z.array(z.string()).max(1),
      whole: z.int().min(5),
      choice: z.enum(['a', 'b']),
      id: z.uuid(),
      at: z.iso.datetime(),
      yes: z.boolean(),
      missing: z.string(),
    })
    const given = {
      text: 'x',
      long: 'xxxx',
      list: ['a', 'b'],
      whole: 1,
      choice: 'c',
      id: '1',
      at: 'now',
      yes: 1,
    }
    const { error } = schema.safeParse({ ...given, strange: 1 })
    expect(error?.issues.length).toBe(10)
    for (const issue of error?.issues ?? []) {
      expect(germanOf(issue.message), issue.message).toBeDefined()
      expect(issueSaying(issue).in('de')).not.toMatch(english)
      expect(issueSaying(issue).in('en')).toBe(issue.message)
    }
    expect(germanOf('Too small: expected string to have >=2 characters')).toBe('mindestens 2 Zeichen')
  })

  test('filters that are none', () => {
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ not: inner }), {})
    for (const filter of [
      1,
      {},
      deep,
      { all: 1 },
      { all: [], strange: 1 },
      { field: 1, op: '=' },
      { field: 'a', op: 'like' },
      { field: 'a', op: 'in', value: 1 },
      { field: 'a', op: 'in', value: [] },
      { field: 'a', op: 'within', value: [1] },
      { field: 'a', op: '=', value: null },
      { field: 'a', op: '=', value: '' },
      { field: 'a', op: '=', value: 'x'.repeat(100_000) },
    ])
      for (const { message } of shapeFaults(filter))
        expect([message, germanOf(message)]).toEqual([message, expect.any(String)])
  })

  test('working hours that make no sense', () => {
    const week = {
      monday: [{ from: '09:00', to: '08:00' }],
      tuesday: [{ from: '9', to: '10:00' }],
      someday: [],
    }
    const holiday = { date: '2026-02-30', name: '', hours: 1 }
    const twice = { date: '05-01', name: 'Erster Mai', hours: [], firstYear: 2030, lastYear: 2020 }
    const overlapping = {
      friday: ['08:00-12:00', '11:00-13:00'].map((hours) => ({
        from: hours.slice(0, 5),
        to: hours.slice(6),
      })),
    }
    for (const document of [
      1,
      { zone: 1, week: 1 },
      {
        zone: 'Europe/Nowhere',
        week,
        holidays: [holiday],
        yearlyHolidays: [twice, { ...twice, firstYear: 'x', date: 'x' }],
      },
      {
        zone: 'europe/berlin',
        week: overlapping,
        holidays: [
          { ...holiday, date: '2026-05-01', name: 'A', hours: [] },
          { ...holiday, date: '2026-05-01', name: 'B', hours: [] },
        ],
      },
    ]) {
      const parsed = parseCalendar(document)
      expect(parsed.ok).toBe(false)
      for (const { reason } of parsed.ok ? [] : parsed.faults)
        expect([reason, germanOf(reason)]).toEqual([reason, expect.any(String)])
    }
  })
})
