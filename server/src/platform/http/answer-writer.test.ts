import { expect, test } from 'vitest'
import { z } from 'zod'
import { answerWriter } from './answer-writer.ts'

test('what the contract does not name is not written', () => {
  const person = z.object({ name: z.string(), teams: z.array(z.object({ id: z.string() })) })
  const row = { name: 'Rita', passwordHash: 'secret', teams: [{ id: '1', notes: 'secret' }] }
  expect(answerWriter(person)(row)).toBe('{"name":"Rita","teams":[{"id":"1"}]}')
})

test('of what may have several shapes, the one that fits is written', () => {
  const value = z.object({ value: z.union([z.object({ text: z.string() }), z.number(), z.null()]) })
  expect([{ value: { text: 'a' } }, { value: 3 }, { value: null }].map(answerWriter(value))).toEqual([
    '{"value":{"text":"a"}}',
    '{"value":3}',
    '{"value":null}',
  ])
})
