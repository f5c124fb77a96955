import { expect, test } from 'vitest'
import { areChosen, createRowMarks } from './row-marks.ts'

test('marks stand until they are changed, whoever listens hears of it, and nobody after they left', () => {
  const marks = createRowMarks('a')
  const heard: (string | undefined)[] = []
  const leave = marks.subscribe(() => heard.push(marks.now().active))
  marks.set({ active: 'b' })
  marks.set({ chosen: new Set(['b']) })
  leave()
  marks.set({ active: undefined })
  expect(heard).toEqual(['b', 'b'])
  expect(marks.now()).toEqual({
    active: undefined,
    chosen: new Set(['b']),
    everything: false,
    opening: undefined,
  })
})

test('all rows are chosen when each of them is, and no rows never are', () => {
  const rows = [{ id: 'a' }, { id: 'b' }]
  expect(areChosen(rows, new Set(['a', 'b', 'gone']))).toBe(true)
  expect(areChosen(rows, new Set(['a', 'gone']))).toBe(false)
  expect(areChosen([], new Set(['a']))).toBe(false)
})
