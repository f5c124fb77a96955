import { test } from 'vitest'
import * as f07 from '../../../bench/faults/f07-database-unreachable.ts'

test('a database that cannot be reached turns readiness red and requests into 503, and nothing needs a restart', async () => {
  await f07.hold({ outageMs: 1000 })
}, 180_000)

test('control: a product that waits without a bound and calls itself ready is caught', async () => {
  await f07.control()
}, 180_000)
