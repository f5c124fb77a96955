import { hash, randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length
let lastMillis = 0
let counter = 0

/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then a 12-bit counter (method 1 of section 6.2) so that ids made by
 * one process in one millisecond keep their order, then 62 random bits.
 */
export const uuidv7 = (nowMillis: number = Date.now()): string => {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  if (nowMillis > lastMillis) {
    lastMillis = nowMillis
    counter = pool.readUInt16BE(used) & 0x3ff
  } else {
    counter += 1
    if (counter > 0xfff) {
      lastMillis += 1
      counter = 0
    }
  }
  const hex = lastMillis.toString(16).padStart(12, '0')
  const random = pool.toString('hex', used + 2, used + 10)
  used += 10
  const variant = ((Number.parseInt(random.charAt(0), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${random.slice(1, 4)}-${random.slice(4)}`
}

/** A UUID of version 8 (RFC 9562, section 5.8) made from words: the same words give the same id, in every process. */
export const uuidOf = (...words: readonly string[]): string => {
  const hex = hash('sha256', JSON.stringify(words))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
