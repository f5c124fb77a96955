import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Temporal } from '../time/temporal.ts'
import { reconcile, type Claim } from './reconcile.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 3000)

const now = Temporal.Instant.from('2026-11-22T12:00:00Z')
const daysAgo = (days: number) => now.subtract({ hours: days * 24 })
const claim = (source: string, days: number, value: string): Claim<string> => ({
  source,
  at: daysAgo(days),
  value,
})
const precedence = [
  { source: 'hand', staleAfterDays: null },
  { source: 'discovery', staleAfterDays: 7 },
  { source: 'import', staleAfterDays: 30 },
]

describe('the value of an attribute is', () => {
  test('that of the most trusted source, however much later another one spoke', () => {
    const { winner, lost, disputed } =
      reconcile([claim('import', 0, '32 GB'), claim('discovery', 5, '64 GB')], precedence, now) ?? {}
    expect(winner).toMatchObject({
      source: 'discovery',
      value: '64 GB',
      stale: false,
      ageMilliseconds: 5 * 86_400_000,
    })
    expect(lost).toEqual([
      { ...claim('import', 0, '32 GB'), ageMilliseconds: 0, because: 'outranked', agrees: false },
    ])
    expect(disputed).toBe(true)
  })

  test('that of the next one when the claim is older than its days, to the millisecond', () => {
    const later = [claim('import', 20, '32 GB')]
    expect(reconcile([claim('discovery', 7, '64 GB'), ...later], precedence, now)?.winner.value).toBe('64 GB')
    const stale = reconcile(
      [{ ...claim('discovery', 7, '64 GB'), at: daysAgo(7).subtract({ milliseconds: 1 }) }, ...later],
      precedence,
      now,
    )
    expect(stale?.winner.value).toBe('32 GB')
    expect(stale?.lost).toMatchObject([{ source: 'discovery', because: 'stale' }])
    expect(stale?.disputed).toBe(false)
  })

  test('what somebody set by hand, for ever when nothing else is said', () => {
    expect(
      reconcile([claim('hand', 900, 'ward 4'), claim('discovery', 0, 'ward 5')], precedence, now)?.winner
        .value,
    ).toBe('ward 4')
  })

  test('the latest word of the source, not an earlier one', () => {
    const { winner, lost } =
      reconcile([claim('discovery', 1, '64 GB'), claim('discovery', 3, '32 GB')], precedence, now) ?? {}
    expect(winner?.value).toBe('64 GB')
    expect(lost).toMatchObject([{ value: '32 GB', because: 'superseded' }])
  })

  test('the latest of all when everything is stale, and it says so', () => {
    const { winner, lost } =
      reconcile([claim('discovery', 90, '64 GB'), claim('import', 60, '32 GB')], precedence, now) ?? {}
    expect(winner).toMatchObject({ value: '32 GB', stale: true })
    expect(lost).toMatchObject([{ value: '64 GB', because: 'older' }])
  })

  test('of sources nobody put in order the latest, behind all that are in order', () => {
    const strangers = [claim('scan', 2, '16 GB'), claim('sheet', 1, '8 GB')]
    expect(reconcile(strangers, precedence, now)).toMatchObject({
      winner: { source: 'sheet' },
      lost: [{ source: 'scan', because: 'older' }],
    })
    expect(reconcile([...strangers, claim('import', 29, '32 GB')], precedence, now)?.winner.source).toBe(
      'import',
    )
  })

  test('nothing when nobody says anything', () => {
    expect(reconcile([], precedence, now)).toBeNull()
  })
})

test('who agrees with the winner is told, and does not make a dispute', () => {
  const agreed = reconcile(
    [claim('import', 0, '64 gb'), claim('discovery', 1, '64 GB')],
    precedence,
    now,
    (a, b) => a.toLowerCase() === b.toLowerCase(),
  )
  expect(agreed).toMatchObject({ lost: [{ agrees: true }], disputed: false })
})

const someClaims = fc.array(
  fc.record({
    source: fc.constantFrom('hand', 'discovery', 'import', 'scan', 'sheet'),
    at: fc.integer({ min: -2, max: 60 }).map(daysAgo),
    value: fc.constantFrom('x', 'y', 'z'),
  }),
  { maxLength: 8 },
)

describe('for any claims', () => {
  test('the order in which they arrive does not matter', () => {
    fc.assert(
      fc.property(
        someClaims.chain((claims) =>
          fc.tuple(fc.constant(claims), fc.shuffledSubarray(claims, { minLength: claims.length })),
        ),
        ([claims, shuffled]) => {
          expect(reconcile(shuffled, precedence, now)).toEqual(reconcile(claims, precedence, now))
        },
      ),
      { numRuns },
    )
  })

  test('none vanishes, and none that still counts is trusted more than the winner', () => {
    fc.assert(
      fc.property(someClaims, (claims) => {
        const answer = reconcile(claims, precedence, now)
        expect((answer?.lost.length ?? -1) + 1).toBe(claims.length)
        const order = ['hand', 'discovery', 'import']
        const rank = (source: string) => (order.includes(source) ? order.indexOf(source) : order.length)
        for (const { source, because } of answer?.lost ?? []) {
          if (because === 'superseded' || because === 'stale' || answer?.winner.stale) continue
          expect(rank(source)).toBeGreaterThanOrEqual(rank(answer?.winner.source ?? ''))
        }
      }),
      { numRuns },
    )
  })
})
