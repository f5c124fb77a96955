import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Saying } from '../../kernel/language/saying.ts'
import type { Ground } from '../../kernel/refusal.ts'
import { says } from '../platform.reasons.ts'

/** What a password must not be made of. */
export type Owner = { readonly name: string; readonly email: string }

let common: ReadonlySet<string> | undefined
const commonPasswords = (): ReadonlySet<string> =>
  (common ??= new Set(
    readFileSync(join(import.meta.dirname, 'common-passwords.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  ))

/** PCI DSS 8.3.6; a tenant's policy may ask for more, never for less. */
const leastCharacters = 12
const leet = new Map(
  Object.entries({ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }),
)
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
]

/**
 * Why this password is not good enough, or nothing. Length counts, and what attackers try first does; character classes do not
 * (OWASP ASVS 5.0 6.2.1, 6.2.4, 6.2.5, 6.2.11; PCI DSS 8.3.6 asks for 12 characters).
 */
export const passwordFault = (
  password: string,
  owner: Owner,
  shortest: number = leastCharacters,
): Ground | undefined => {
  const fault = (code: string, message: Saying): Ground => ({ code, field: 'password', message })
  const lower = password.normalize('NFKC').toLowerCase()
  const least = Math.max(shortest, leastCharacters)
  if (Array.from(lower).length < least) return fault('too_short', says('password.tooShort', { least }))
  if (isMonotonous(lower)) return fault('too_simple', says('password.tooSimple'))
  if (isCommon(lower)) return fault('too_common', says('password.tooCommon'))
  if (isAbout(lower, owner)) return fault('about_you', says('password.aboutYou'))
  return undefined
}

const lettersOnly = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
const unleet = (text: string): string => Array.from(text, (char) => leet.get(char) ?? char).join('')

const isCommon = (lower: string): boolean => {
  const known = commonPasswords()
  // A common word with digits around it, or written with digits in it, is the common word.
  return [lower, lettersOnly(lower), lettersOnly(unleet(lower)), unleet(lettersOnly(lower))].some((text) =>
    known.has(text),
  )
}

const isMonotonous = (lower: string): boolean => {
  if (new Set(lower).size < 5) return true
  for (let period = 1; period <= lower.length / 2; period += 1) {
    const piece = lower.slice(0, period)
    if (piece.repeat(Math.ceil(lower.length / period)).slice(0, lower.length) === lower) return true
  }
  const backwards = Array.from(lower).toReversed().join('')
  return rows.some((row) => row.includes(lower) || row.includes(backwards))
}

/** Whether little is left once the owner's name and address are taken out. */
const isAbout = (lower: string, { name, email }: Owner): boolean => {
  const words = `${name} ${email}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length)
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), lower)
  return rest.length < lower.length && Array.from(rest).length < 6
}
