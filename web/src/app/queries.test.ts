import { QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { createQueries } from './queries.ts'

const answered = () => new Promise((resolve) => setTimeout(resolve))

test('what changes while it is read for the first time is read again, once', async () => {
  const queries = createQueries()
  const asked: ((answer: string) => void)[] = []
  const observer = new QueryObserver(queries, {
    queryKey: ['record', 'files'],
    queryFn: () => new Promise<string>((resolve) => asked.push(resolve)),
  })
  const stop = observer.subscribe(() => {})
  try {
    expect(asked).toHaveLength(1)
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['record'] }),
      answered().then(() => asked[0]?.('before')),
    ])
    await answered()
    expect(asked).toHaveLength(2)
    asked[1]?.('after')
    await answered()
    expect(observer.getCurrentResult()).toMatchObject({ data: 'after', isStale: false })
    expect(asked).toHaveLength(2)
  } finally {
    stop()
    queries.clear()
  }
})

test('what nothing touches is read once', async () => {
  const queries = createQueries()
  let asked = 0
  const observer = new QueryObserver(queries, {
    queryKey: ['record', 'files'],
    queryFn: () => Promise.resolve((asked += 1)),
  })
  const stop = observer.subscribe(() => {})
  await answered()
  await answered()
  expect(asked).toBe(1)
  stop()
  queries.clear()
})
