import { expect, test, vi } from 'vitest'
import { askTogether } from './ask-together.ts'

const upper = () => vi.fn((all: string[]) => Promise.resolve(all.map((one) => one.toUpperCase())))

test('what is asked at once is one request, and everybody gets their own answer', async () => {
  const ask = upper()
  const one = askTogether(10, ask)
  expect(await Promise.all([one('a'), one('b'), one('c')])).toEqual(['A', 'B', 'C'])
  expect(ask.mock.calls).toEqual([[['a', 'b', 'c']]])
  expect(await one('d')).toBe('D')
  expect(ask).toHaveBeenCalledTimes(2)
})

test('no request asks more than it may', async () => {
  const ask = upper()
  const one = askTogether(2, ask)
  expect(await Promise.all(['a', 'b', 'c'].map(one))).toEqual(['A', 'B', 'C'])
  expect(ask.mock.calls).toEqual([[['a', 'b']], [['c']]])
})

test('a request that fails fails for all who asked with it, and for nobody after', async () => {
  const ask = upper().mockRejectedValueOnce(new Error('away'))
  const one = askTogether(10, ask)
  const answers = await Promise.allSettled([one('a'), one('b')])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await one('c')).toBe('C')
})
