import { afterEach, beforeEach, test } from 'vitest'
import * as f01 from '../../../bench/faults/f01-api-killed.ts'
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

test('an API process killed while it writes loses nothing acknowledged and repeats nothing', async () => {
  await f01.hold(place, { rounds: 2, writes: 60 })
}, 180_000)

test('control: a server that answers before it commits is caught', async () => {
  await f01.control(place)
}, 180_000)
