import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askedBy, bePresentHere, isUncounted } from './at-keyboard.ts'

const background = { 'evenkeel-background': '1' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.advanceTimersByTime(60_000)
  bePresentHere()
  askedBy()
})
afterEach(() => void vi.useRealTimers())

test('what follows from something a person did is theirs, what a page asks for later is its own', () => {
  bePresentHere()
  expect(askedBy()).toEqual({})
  vi.advanceTimersByTime(9000)
  expect(askedBy()).toEqual({})
  vi.advanceTimersByTime(1000)
  expect(askedBy()).toEqual(background)
  vi.advanceTimersByTime(600_000)
  expect(askedBy()).toEqual(background)
})

test('who did something that needed no request is counted with the next one, once', () => {
  vi.advanceTimersByTime(100_000)
  bePresentHere()
  expect(isUncounted()).toBe(true)
  vi.advanceTimersByTime(30_000)
  expect(askedBy()).toEqual({})
  expect(isUncounted()).toBe(false)
  expect(askedBy()).toEqual(background)
})
