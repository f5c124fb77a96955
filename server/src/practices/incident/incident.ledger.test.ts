import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdsOf, minutesOf, spansOf, valueAt, type Turn } from './incident.ledger.ts'

const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 2, 9) + minutes * 60_000).toISOString()
const turn = (minutes: number, from: string | null, to: string | null): Turn => ({
  at: at(minutes),
  from,
  to,
})
const shown = (turns: readonly Turn[], end: number, now: string | null) => {
  const spans = spansOf(turns, { start: at(0), end: at(end), now })
  const minutes = minutesOf(spans)
  return spans.map((span, index) => `${span.value ?? '-'} ${minutes[index]}`)
}

describe('where an incident was', () => {
  test('it stays where it is while nobody moves it', () => {
    expect(shown([], 90, 'desk')).toEqual(['desk 90'])
  })

  test('each team has it until the next one gets it, there and back', () => {
    const turns = [turn(10, 'desk', 'mail'), turn(25, 'mail', 'network'), turn(85, 'network', 'mail')]
    expect(shown(turns, 100, 'mail')).toEqual(['desk 10', 'mail 15', 'network 60', 'mail 15'])
  })

  test('a command that waited for the lock counts from where the one before it ended', () => {
    expect(shown([turn(30, 'desk', 'mail'), turn(29, 'mail', 'network')], 60, 'network')).toEqual([
      'desk 30',
      'mail 0',
      'network 30',
    ])
  })

  test('parts of minutes are not lost between spans', () => {
    const turns = [turn(0.5, 'a', 'b'), turn(1, 'b', 'c'), turn(1.5, 'c', 'd')]
    expect(shown(turns, 2, 'd')).toEqual(['a 0', 'b 1', 'c 0', 'd 1'])
  })

  test('property: the spans follow one another from the beginning to the end, and their minutes add up', () => {
    const turns = fc.array(
      fc.record({ at: fc.integer({ min: -5_000_000, max: 20_000_000 }), to: fc.constantFrom('a', 'b', 'c') }),
    )
    fc.assert(
      fc.property(turns, fc.integer({ min: 0, max: 15_000_000 }), (raw, length) => {
        const start = Date.UTC(2026, 2, 29)
        let from = 'first'
        const chain = raw.map((one): Turn => {
          const made = { at: new Date(start + one.at).toISOString(), from, to: one.to }
          from = one.to
          return made
        })
        const end = start + length
        const spans = spansOf(chain, {
          start: new Date(start).toISOString(),
          end: new Date(end).toISOString(),
          now: from,
        })
        expect(spans[0]?.from).toBe(start)
        expect(spans.at(-1)?.to).toBe(end)
        for (const [index, span] of spans.entries()) {
          expect(span.to).toBeGreaterThanOrEqual(span.from)
          if (index > 0) expect(span.from).toBe(spans[index - 1]?.to)
        }
        expect(minutesOf(spans).reduce((sum, one) => sum + one, 0)).toBe(Math.floor(length / 60_000))
        expect(minutesOf(spans).every((minutes) => minutes >= 0)).toBe(true)
        expect(spans.map((span) => span.value)).toEqual(['first', ...raw.map((one) => one.to)])
      }),
    )
  })
})

describe('what it waited for', () => {
  const held = (...turns: Turn[]) =>
    spansOf(turns, { start: at(0), end: at(200), now: turns.at(-1)?.to ?? null })
  const silent = (turns: readonly Turn[], outbound: readonly number[]) =>
    holdsOf(held(...turns), outbound.map(at)).map(
      ({ reason, from, to, silentTo }) =>
        `${reason} ${(to - from) / 60_000}, silent ${(silentTo - from) / 60_000}`,
    )

  test('a wait without a word is silent as long as it lasts', () => {
    expect(silent([turn(10, null, 'vendor'), turn(70, 'vendor', null)], [])).toEqual(['vendor 60, silent 60'])
  })

  test('the question that a hold comes with ends its silence before it begins', () => {
    expect(silent([turn(10, null, 'caller'), turn(70, 'caller', null)], [10])).toEqual([
      'caller 60, silent 0',
    ])
  })

  test('a word in the middle ends the silence; one before or after does not', () => {
    const turns = [turn(10, null, 'parts'), turn(70, 'parts', null)]
    expect(silent(turns, [40, 60])).toEqual(['parts 60, silent 30'])
    expect(silent(turns, [5])).toEqual(['parts 60, silent 60'])
    expect(silent(turns, [70, 100])).toEqual(['parts 60, silent 60'])
  })

  test('a wait that goes on is counted up to now, and each wait for itself', () => {
    const turns = [turn(10, null, 'parts'), turn(20, 'parts', null), turn(100, null, 'change')]
    expect(silent(turns, [15])).toEqual(['parts 10, silent 5', 'change 100, silent 100'])
  })

  test('who had it when a wait began', () => {
    const spans = spansOf([turn(10, 'desk', 'mail')], { start: at(0), end: at(30), now: 'mail' })
    expect([0, 9.9, 10, 30].map((minutes) => valueAt(spans, Date.parse(at(minutes))))).toEqual([
      'desk',
      'desk',
      'mail',
      'mail',
    ])
  })
})
