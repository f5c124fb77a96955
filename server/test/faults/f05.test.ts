import { afterEach, beforeEach, test } from 'vitest'
import * as f05 from '../../../bench/faults/f05-repeated.ts'
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

test('fifty repetitions of one write, and a repetition after a kill, have one effect and one answer', async () => {
  await f05.hold(place, { rounds: 1 })
}, 180_000)

test('control: without their key the fifty are many', async () => {
  await f05.control(place)
}, 180_000)
