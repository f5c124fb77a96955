import { afterEach, beforeEach, test } from 'vitest'
import * as f18 from '../../../bench/faults/f18-contention.ts'
import { placeOn, type Place } from '../../../bench/faults/place.ts'
import { cloneDatabase, type TestDatabase } from '../database.ts'

let clone: TestDatabase
let place: Place
beforeEach(async () => {
  clone = await cloneDatabase()
  place = await placeOn(clone)
})
afterEach(async () => {
  await place.end()
  await clone.drop()
})

test('eight writers on the same few incidents lose no update and see no error but a conflict', async () => {
  await f18.hold(place, { turns: 12 })
}, 180_000)

test('control: updates without the lock of the row are lost', async () => {
  await f18.control(place)
}, 180_000)
