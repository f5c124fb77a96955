import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The identifiers by which mail programs put the messages about one record together, and by which an answer finds its record again.
 *
 * Each carries the record's id and a keyed mark over tenant, record and purpose, so that an answer that names one of them was written
 * by somebody who got the message: a forged `In-Reply-To` proves nothing (attack test A55).
 */
export type Threading = {
  /** What every message about the record refers to. Never sent as a message itself; it only has to stay the same. */
  readonly root: (record: RecordKey) => string
  /** The identifier of one notification. The same job key gives the same identifier, so a repeated delivery is recognised as one. */
  readonly message: (record: RecordKey, jobKey: string) => string
  /** The record that an identifier of this tenant names; undefined when we did not make it. */
  readonly recordOf: (tenantId: string, messageId: string) => string | undefined
}

export type RecordKey = { readonly tenantId: string; readonly recordId: string }

const shape =
  /^<(?<recordId>[0-9a-f-]{36})\.(?<part>root|[0-9a-f]{32})\.(?<mark>[0-9a-f]{32})@(?<domain>[a-z0-9.-]+)>$/

const rootPart = 'root'

/**
 * `domain` is the host of the instance's configured address, never one taken from a request. `key` lasts as long as the mail people
 * keep: a new key starts new threads and forgets the old ones.
 */
export const createThreading = ({ domain, key }: { domain: string; key: string }): Threading => {
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain))
    throw new TypeError('the domain of message identifiers is a host name in lower case')
  if (key.length < 16) throw new TypeError('the key of message identifiers has at least 16 characters')
  // 128 bits: enough against guessing, short enough for one header line.
  const mac = (...words: string[]): string =>
    createHmac('sha256', key).update(JSON.stringify(words)).digest('hex').slice(0, 32)
  const mark = (tenantId: string, recordId: string, part: string): string =>
    mac('thread', tenantId, recordId, part)
  const identifier = ({ tenantId, recordId }: RecordKey, part: string): string => {
    const id = recordId.toLowerCase()
    return `<${id}.${part}.${mark(tenantId, id, part)}@${domain}>`
  }
  return {
    root: (record) => identifier(record, rootPart),
    message: (record, jobKey) => identifier(record, mac('job', jobKey)),
    recordOf: (tenantId, messageId) => {
      const { recordId, part, mark: given } = shape.exec(messageId.trim().toLowerCase())?.groups ?? {}
      if (recordId === undefined || part === undefined || given === undefined) return undefined
      const expected = mark(tenantId, recordId, part)
      return timingSafeEqual(Buffer.from(given), Buffer.from(expected)) ? recordId : undefined
    },
  }
}
