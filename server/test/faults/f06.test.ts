import { test } from 'vitest'
import * as f06 from '../../../bench/faults/f06-database-restarted.ts'

test('a database server restarted under load loses nothing, and a client that takes "sent" for "done" is caught', async () => {
  await f06.hold({ rounds: 2, writes: 40 })
}, 180_000)
