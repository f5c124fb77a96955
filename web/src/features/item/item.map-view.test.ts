import { expect, test } from 'vitest'
import { fitted, inSight, openedAt, readable, zoomed } from './item.map-view.ts'

test('the point under the pointer stays where it is', () => {
  const before = { x: 10, y: 20, k: 1 }
  const after = zoomed(before, 1.5, { x: 110, y: 220 })
  expect(after.x + after.k * 100).toBeCloseTo(110)
  expect(after.y + after.k * 200).toBeCloseTo(220)
})

test('a large map is made to fit, a small one is not blown up', () => {
  expect(fitted({ left: 0, top: 0, right: 2000, bottom: 500 }, { width: 1064, height: 700 }).k).toBe(0.5)
  expect(fitted({ left: 0, top: 0, right: 100, bottom: 100 }, { width: 1000, height: 700 })).toEqual({
    k: 1,
    x: 450,
    y: 300,
  })
})

test('what is in sight does not move, what is not comes to the edge', () => {
  const view = { x: 0, y: 0, k: 1 }
  const size = { width: 400, height: 300 }
  expect(inSight(view, { left: 50, top: 50, right: 150, bottom: 90 }, size)).toBe(view)
  expect(inSight(view, { left: 500, top: 50, right: 600, bottom: 90 }, size)).toEqual({ x: -224, y: 0, k: 1 })
})

test('a phone begins with what presses most, near enough to be read; a desk with everything', () => {
  const whole = { left: 0, top: 0, right: 4000, bottom: 2000 }
  const pressing = { left: 3000, top: 1000, right: 3184, bottom: 1048 }
  const phone = { width: 390, height: 600 }
  const desk = { width: 1400, height: 800 }
  expect(openedAt(whole, pressing, desk)).toEqual(fitted(whole, desk))
  const { x, y, k } = openedAt(whole, pressing, phone)
  expect(k).toBeGreaterThan(readable)
  expect(x + 3092 * k).toBeCloseTo(195)
  expect(y + 1000 * k).toBeCloseTo(150)
  const small = { left: 0, top: 0, right: 300, bottom: 200 }
  expect(openedAt(small, small, phone)).toEqual(fitted(small, phone))
})
