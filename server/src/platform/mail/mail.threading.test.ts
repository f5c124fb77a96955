import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createThreading } from './mail.threading.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)

const key = 'a key that lasts as long as the mail'
const threading = createThreading({ domain: 'desk.example.org', key })
const record = { tenantId: 't1', recordId: '0190f3c2-7b1a-7c3d-8e4f-0123456789ab' }

describe('identifiers of messages', () => {
  test('stay the same for a record and for a notification, on every machine and at every attempt', () => {
    const again = createThreading({ domain: 'desk.example.org', key })
    expect(again.root(record)).toBe(threading.root(record))
    expect(again.message(record, 'job-1')).toBe(threading.message(record, 'job-1'))
    expect(threading.root({ ...record, recordId: record.recordId.toUpperCase() })).toBe(
      threading.root(record),
    )
  })

  test('differ for every record, tenant and notification', () => {
    const other = { ...record, recordId: '0190f3c2-7b1a-7c3d-8e4f-0123456789ac' }
    const all = [
      threading.root(record),
      threading.root(other),
      threading.root({ ...record, tenantId: 't2' }),
      threading.message(record, 'job-1'),
      threading.message(record, 'job-2'),
      threading.message(other, 'job-1'),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('fit on a header line and hold nothing but plain characters, whatever the job key is', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (recordId, jobKey) => {
        const id = threading.message({ tenantId: 't1', recordId }, jobKey)
        expect(id).toMatch(/^<[0-9a-f-]{36}\.[0-9a-f]{32}\.[0-9a-f]{32}@desk\.example\.org>$/)
        expect(threading.recordOf('t1', id)).toBe(recordId)
      }),
      { numRuns: runs },
    )
  })

  test('lead back to the record, also after a relay changed case or added spaces', () => {
    expect(threading.recordOf('t1', threading.root(record))).toBe(record.recordId)
    expect(threading.recordOf('t1', ` ${threading.message(record, 'job-1').toUpperCase()} `)).toBe(
      record.recordId,
    )
  })

  test('that we did not make lead nowhere', () => {
    const root = threading.root(record)
    const foreign = createThreading({ domain: 'desk.example.org', key: 'another key, just as long' })
    for (const id of [
      foreign.root(record),
      foreign.message(record, 'job-1'),
      root.replace('89ab', '89ac'),
      root.replace('.root.', `.${'0'.repeat(32)}.`),
      root.replace(/[0-9a-f](?=@)/, (digit) => (digit === '0' ? '1' : '0')),
      root.slice(1, -1),
      `${root}${root}`,
      `<${record.recordId}@desk.example.org>`,
      '',
      '<>',
    ]) {
      expect([id, threading.recordOf('t1', id)]).toEqual([id, undefined])
    }
    expect(threading.recordOf('t2', root)).toBeUndefined()
  })

  test('are made with a host name and a real key only', () => {
    expect(() => createThreading({ domain: 'desk.example.org\r\nBcc: x', key })).toThrow(/host name/)
    expect(() => createThreading({ domain: '', key })).toThrow(/host name/)
    expect(() => createThreading({ domain: 'desk.example.org', key: 'short' })).toThrow(/16/)
  })
})
