import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asWritten } from '../../kernel/language/saying.ts'
import { positionsOf, type Installed, type License } from './asset.license.ts'

const license = (id: string, given: Partial<License> = {}): License => ({
  id,
  metric: 'device',
  quantity: 10,
  startsOn: null,
  endsOn: null,
  barred: null,
  ...given,
})
const on = (id: string, given: Partial<Installed> = {}): Installed => ({
  id,
  usedBy: null,
  cores: null,
  barred: null,
  ...given,
})
const day = '2026-06-30'
const only = (licenses: readonly License[], installed: readonly Installed[], at = day) => {
  const [position] = positionsOf(licenses, installed, at)
  if (position === undefined) throw new Error('no position')
  return position
}

test('a license counts from its first day to its last, both included', () => {
  const one = license('l', { startsOn: '2026-01-01', endsOn: day })
  expect(only([one], [], '2025-12-31')).toMatchObject({ entitled: 0 })
  expect(only([one], [], '2026-01-01')).toMatchObject({ entitled: 10 })
  expect(only([one], [], day)).toMatchObject({ entitled: 10 })
  expect(only([one], [], '2026-07-01')).toMatchObject({ entitled: 0 })
  expect(only([one], [], '2026-07-01').licenses[0]?.sentence.in('en')).toBe('ended on 30 June 2026')
})

test('by device every device counts, by person nobody twice, by core what each device has', () => {
  const devices = [
    on('a', { usedBy: 'nora', cores: 8 }),
    on('b', { usedBy: 'nora', cores: 4 }),
    on('c', { usedBy: 'amir' }),
    on('d'),
  ]
  expect(only([license('l')], devices)).toMatchObject({ used: 4, balance: 6, standing: 'over', doubt: null })
  const users = only([license('l', { metric: 'user', quantity: 3 })], devices)
  expect(users).toMatchObject({ used: 3, balance: 0, standing: 'exact' })
  expect(users.doubt?.in('en')).toContain('1 device names nobody')
  const cores = only([license('l', { metric: 'core', quantity: 8 })], devices)
  expect(cores).toMatchObject({ used: 12, balance: -4, standing: 'under' })
  expect(cores.doubt?.in('en')).toContain('2 devices do not say how many cores')
})

test('what is barred is listed and not counted, on both sides', () => {
  const gone = asWritten('disposed')
  const position = only([license('l', { barred: gone }), license('m')], [on('a', { barred: gone }), on('b')])
  expect(position).toMatchObject({ entitled: 10, used: 1 })
  expect(position.licenses.map(({ counts }) => counts)).toEqual([false, true])
  expect(position.uses.map(({ counts, adds }) => [counts, adds])).toEqual([
    [false, 0],
    [true, 1],
  ])
})

test('without a license it is counted by device and under-licensed; several metrics are several positions', () => {
  expect(only([], [on('a')])).toMatchObject({ metric: 'device', entitled: 0, used: 1, standing: 'under' })
  expect(
    positionsOf([license('l', { metric: 'user' }), license('m')], [], day).map(({ metric }) => metric),
  ).toEqual(['device', 'user'])
})

test('the lists behind both numbers add up to them, and the order of installations changes neither', () => {
  const anInstall = fc.record({
    usedBy: fc.constantFrom(null, 'p', 'q', 'r'),
    cores: fc.option(fc.nat(64)),
    barred: fc.constantFrom(null, asWritten('lost')),
  })
  const aLicense = fc.record({
    quantity: fc.nat(50),
    startsOn: fc.constantFrom(null, '2026-01-01', '2026-12-31'),
    endsOn: fc.constantFrom(null, '2026-03-01', '2027-01-01'),
  })
  fc.assert(
    fc.property(
      fc.constantFrom('device' as const, 'user' as const, 'core' as const),
      fc.array(aLicense, { minLength: 1, maxLength: 6 }),
      fc.array(anInstall, { maxLength: 30 }),
      (metric, licenses, installs) => {
        const bought = licenses.map((one, at) => license(`l${at}`, { ...one, metric }))
        const devices = installs.map((one, at) => on(`d${at}`, one))
        const position = only(bought, devices)
        const quantity = new Map(bought.map((one) => [one.id, one.quantity]))
        expect(position.entitled).toBe(
          position.licenses.reduce((sum, { id, counts }) => sum + (counts ? (quantity.get(id) ?? 0) : 0), 0),
        )
        expect(position.used).toBe(position.uses.reduce((sum, { adds }) => sum + adds, 0))
        expect(position.balance).toBe(position.entitled - position.used)
        expect(only(bought, devices.toReversed()).used).toBe(position.used)
        if (metric === 'user') {
          const there = devices.filter(({ barred }) => barred === null)
          const people = new Set(there.map(({ usedBy, id }) => usedBy ?? id))
          expect(position.used).toBe(people.size)
        }
      },
    ),
  )
})
