import { presenceEndsMilliseconds } from '@evenkeel/contract/live'
import { expect, test } from 'vitest'
import { createPresence } from './presence.ts'

const record = '018f0000-0000-7000-8000-000000000001'
const amir = { id: 'amir', name: 'Amir' }
const noor = { id: 'noor', name: 'Noor' }

const room = () => {
  let now = 0
  const presence = createPresence(() => now)
  const at = (page: string, recordId = record, tenantId = 't') => ({ tenantId, recordId, page })
  return {
    ...presence,
    at,
    wait: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

test('somebody with two pages open is there once, and writes when one of them does', () => {
  const { tell, on, at } = room()
  tell(at('1'), noor, 'reading')
  tell(at('2'), noor, 'writing')
  tell(at('3'), amir, 'reading')
  expect(on('t', record)).toEqual([
    { ...amir, writing: false },
    { ...noor, writing: true },
  ])
  tell(at('2'), noor, 'leaving')
  expect(on('t', record)).toEqual([
    { ...amir, writing: false },
    { ...noor, writing: false },
  ])
})

test('who is not heard of any more is gone, and the record is named once', () => {
  const { tell, on, at, wait, sweep } = room()
  tell(at('1'), noor, 'reading')
  tell(at('2'), amir, 'reading')
  wait(presenceEndsMilliseconds - 1)
  tell(at('2'), amir, 'reading')
  wait(2)
  expect(on('t', record)).toEqual([{ ...amir, writing: false }])
  expect(sweep()).toEqual([{ tenantId: 't', recordId: record }])
  expect(sweep()).toEqual([])
})

test('a page is on one record, and a record in one tenant', () => {
  const { tell, on, at } = room()
  tell(at('1'), noor, 'reading')
  tell(at('1', 'another'), noor, 'reading')
  expect(on('t', record)).toEqual([])
  expect(on('t', 'another')).toHaveLength(1)
  expect(on('u', 'another')).toEqual([])
})

test('nobody fills the memory with pages', () => {
  const { tell, on, at } = room()
  for (let page = 0; page < 1000; page += 1) tell(at(String(page), `record ${page}`), noor, 'reading')
  expect(on('t', 'record 0')).toEqual([])
  expect(on('t', 'record 999')).toHaveLength(1)
})

test('pages of other processes are there too, each where it spoke last, and are gone when they are not told of', () => {
  const { tell, hear, on, at, wait, watched } = room()
  const told = (page: string, person: typeof noor, agoMilliseconds: number, writing = false) => ({
    ...person,
    page,
    writing,
    recordId: record,
    agoMilliseconds,
  })
  tell(at('1'), amir, 'reading')
  expect([...watched()]).toEqual([['t', [record]]])
  hear('t', [record], [told('2', noor, 100, true)])
  expect(on('t', record)).toEqual([
    { ...amir, writing: false },
    { ...noor, writing: true },
  ])
  expect([...watched()]).toEqual([['t', [record]]])
  // Amir's page spoke here after the other process heard of it.
  hear('t', [record], [told('1', amir, 5000, true)])
  expect(on('t', record)).toEqual([{ ...amir, writing: false }])
  // Then it went over.
  wait(10)
  hear('t', [record], [told('1', amir, 0, true)])
  expect(on('t', record)).toEqual([{ ...amir, writing: true }])
  expect([...watched()]).toEqual([])
  hear('t', ['another'], [])
  expect(on('t', record)).toHaveLength(1)
  hear('t', [record], [])
  expect(on('t', record)).toEqual([])
})
