import { Refusal } from '../../kernel/refusal.ts'
import { says } from '../platform.reasons.ts'

const maximumDepth = 32
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * Reads a JSON request body strictly: exactly `application/json` (UTF-8), well-formed UTF-8, at most 32 levels deep, no key twice in
 * one object, no `__proto__`, no number that a double cannot hold. Each of these has made two parsers disagree somewhere.
 */
export const parseJsonBody = (body: Buffer, contentType: string): unknown => {
  if (!/^application\/json(?: *; *charset="?utf-8"?)?$/i.test(contentType))
    throw new Refusal('wrong_media_type')
  if (body.length === 0) return undefined
  const text = decode(body)
  checkStructure(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed', says('json.none'))
  }
}

const decode = (body: Buffer): string => {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
    throw new Refusal('malformed', says('json.byteOrderMark'))
  try {
    return utf8.decode(body)
  } catch {
    throw new Refusal('malformed', says('json.notUtf8'))
  }
}

/** One pass over the text: depth, repeated keys, forbidden keys, numbers. Syntax itself is left to JSON.parse. */
const checkStructure = (text: string): void => {
  // One set of keys per open object, undefined for arrays.
  const open: (Set<string> | undefined)[] = []
  let expectKey = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 0x22) {
      const end = endOfString(text, at)
      const keys = open.at(-1)
      const raw = text.slice(at, end + 1)
      const value = raw.includes('\\') ? unescape(raw) : raw.slice(1, -1)
      // Neither PostgreSQL nor canonical JSON can hold these.
      if (value.includes('\0') || !value.isWellFormed()) throw new Refusal('malformed', says('json.badText'))
      if (expectKey && keys !== undefined) {
        const key = value
        if (key === '__proto__') throw new Refusal('malformed', says('json.badKey'))
        if (keys.has(key)) throw new Refusal('malformed', says('json.keyTwice'))
        keys.add(key)
        expectKey = false
      }
      at = end
    } else if (char === 0x7b || char === 0x5b) {
      open.push(char === 0x7b ? new Set() : undefined)
      expectKey = char === 0x7b
      if (open.length > maximumDepth)
        throw new Refusal('malformed', says('json.tooDeep', { most: maximumDepth }))
    } else if (char === 0x7d || char === 0x5d) {
      open.pop()
      expectKey = false
    } else if (char === 0x2c) {
      expectKey = open.at(-1) !== undefined
    } else if (char === 0x2d || (char >= 0x30 && char <= 0x39)) {
      const end = endOfNumber(text, at)
      const value = Number(text.slice(at, end))
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        throw new Refusal('malformed', says('json.bigNumber'))
      }
      at = end - 1
    }
  }
}

const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 0x5c) at += 1
    else if (char === 0x22) return at
  }
  throw new Refusal('malformed', says('json.none'))
}

const endOfNumber = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length && '0123456789.eE+-'.includes(text.charAt(at))) at += 1
  return at
}

const unescape = (raw: string): string => {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'string' ? value : raw
  } catch {
    throw new Refusal('malformed', says('json.none'))
  }
}
