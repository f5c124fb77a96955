import { Refused } from '@evenkeel/contract/client'
import { expect, test } from 'vitest'
import type { KeptScan } from './kept.ts'
import { nextOf, whatItMeans } from './scan-sending.ts'

const scan = (seq: number, auditId: string, state: KeptScan['state'] = 'waiting'): KeptScan => ({
  seq,
  id: String(seq),
  owner: 'me',
  auditId,
  text: 'x',
  placeId: null,
  at: '2026-01-01T09:00:00.000Z',
  state,
  said: null,
  reason: null,
})
const ids = (scans: readonly KeptScan[], most: number) => nextOf(scans, most).map(({ seq }) => seq)

test('scans go in the order in which they were scanned, one stock-taking at a time, only those that wait', () => {
  const all = [scan(5, 'b'), scan(3, 'a'), scan(1, 'a', 'sent'), scan(2, 'a'), scan(4, 'a', 'refused')]
  expect(ids(all, 100)).toEqual([2, 3])
  expect(ids(all, 1)).toEqual([2])
  expect(ids([scan(5, 'b')], 100)).toEqual([5])
  expect(ids([scan(1, 'a'), scan(2, 'b'), scan(3, 'a')], 100)).toEqual([1])
  expect(ids([], 100)).toEqual([])
})

const refused = (status: number, code: string, reason?: { code: string; message: string }) =>
  new Refused(status, {
    type: 'x',
    title: 'Title',
    status,
    code,
    ...(reason === undefined ? {} : { reasons: [reason] }),
  })

test('what may pass by itself leaves scans waiting; only a word about the scans themselves refuses them', () => {
  expect(whatItMeans(new TypeError('no network'), 3)).toEqual({ is: 'away' })
  expect(whatItMeans(refused(503, 'unavailable'), 3)).toMatchObject({ is: 'away' })
  expect(whatItMeans(refused(429, 'too_many_requests'), 3)).toMatchObject({ is: 'away' })
  // A proxy's page in the server's place.
  expect(whatItMeans(refused(404, 'failed'), 3)).toMatchObject({ is: 'away' })
  expect(whatItMeans(refused(401, 'not_signed_in'), 3)).toEqual({ is: 'signed_out' })
  expect(whatItMeans(refused(403, 'second_factor_owed'), 3)).toEqual({ is: 'signed_out' })
  expect(
    whatItMeans(refused(409, 'not_allowed_here', { code: 'other_person', message: 'somebody else' }), 3),
  ).toEqual({ is: 'signed_out' })
  expect(whatItMeans(refused(409, 'not_allowed_here', { code: 'x', message: 'closed' }), 3)).toEqual({
    is: 'refused',
    reason: 'closed',
  })
  expect(whatItMeans(refused(404, 'not_found'), 3)).toEqual({ is: 'refused', reason: 'Title' })
  // One of several is wrong: each by itself says which.
  expect(whatItMeans(refused(422, 'invalid', { code: 'x', message: 'too long' }), 3)).toEqual({
    is: 'one_by_one',
  })
  expect(whatItMeans(refused(422, 'invalid', { code: 'x', message: 'too long' }), 1)).toEqual({
    is: 'refused',
    reason: 'too long',
  })
})
