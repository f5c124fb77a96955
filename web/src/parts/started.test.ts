import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchOrTake } from './started.ts'

const early = new Response('asked early')
const asked = vi.fn<typeof fetch>()

beforeEach(() => {
  vi.stubGlobal('fetch', asked)
  asked.mockReset().mockImplementation(async () => new Response('asked now'))
  globalThis.evenkeelStarted = new Map([['/api/v1/me', Promise.resolve(early)]])
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  globalThis.evenkeelStarted = undefined
})

test('what was asked before the application was there is taken once, then asked again', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(500)
  expect(await fetchOrTake('/api/v1/me', { method: 'GET' })).toBe(early)
  expect(asked).not.toHaveBeenCalled()
  expect(await (await fetchOrTake('/api/v1/me', { method: 'GET' })).text()).toBe('asked now')
})

test('an answer that nobody took is forgotten, and a wish to change something never takes one', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(500)
  await fetchOrTake('/api/v1/me', { method: 'POST', body: '{}' })
  expect(asked).toHaveBeenCalledOnce()
  vi.spyOn(performance, 'now').mockReturnValue(20_000)
  expect(await (await fetchOrTake('/api/v1/me', { method: 'GET' })).text()).toBe('asked now')
})
