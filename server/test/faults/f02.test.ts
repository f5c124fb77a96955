import { test } from 'vitest'
import * as f02 from '../../../bench/faults/f02-database-killed.ts'

test('a database server killed while it writes loses nothing acknowledged, and the API process goes on', async () => {
  await f02.hold({ rounds: 1, writes: 40 })
}, 180_000)

test('control: a database server that answers before it is on disk is caught', async () => {
  await f02.control(1)
}, 180_000)
