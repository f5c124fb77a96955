import { refusals } from '@evenkeel/contract/refusal'
import { describe, expect, test } from 'vitest'
import { argumentsOf, parseMessage, speak } from '@evenkeel/server/kernel/language/catalogue'
import { de } from './de.ts'
import { en } from './en.ts'
import { pseudo } from './pseudo.ts'
import { spokenHere } from './say.ts'

const translations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de,
  'en-XA': pseudo(en),
}
const english: Readonly<Record<string, string>> = en

describe.each(Object.entries(translations))('the catalogue in %s', (_, catalogue) => {
  test('has exactly the texts of the English one', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(en).toSorted())
  })

  test('fills in what the English text fills in', () => {
    for (const [key, message] of Object.entries(catalogue))
      expect(argumentsOf(message), key).toEqual(argumentsOf(english[key] ?? ''))
  })

  test('has the forms of a choice that English has', () => {
    for (const [key, message] of Object.entries(catalogue))
      expect(choicesOf(message), key).toEqual(choicesOf(english[key] ?? ''))
  })
})

test('every message of the pages can be read, and none shouts or begs', () => {
  for (const [key, message] of Object.entries(en)) {
    expect(() => parseMessage(message), key).not.toThrow()
    expect(message, key).not.toMatch(/!|\bplease\b/i)
    expect(message.trim(), key).toBe(message)
  }
})

/** What a `select` can be asked for; the forms of a plural are each language's own. */
const choicesOf = (message: string): readonly string[] => {
  const visit = (parts: ReturnType<typeof parseMessage>): string[] =>
    parts.flatMap((part) => {
      if (typeof part === 'string' || !('kind' in part)) return []
      const own =
        part.kind === 'select' ? [`${part.name}: ${[...part.branches.keys()].toSorted().join(' ')}`] : []
      return [...own, ...[...part.branches.values()].flatMap(visit)]
    })
  return [...new Set(visit(parseMessage(message)))].toSorted()
}

test('every refusal of the contract has its words here', () => {
  for (const [code, { title }] of Object.entries(refusals))
    expect(english[`refusal.${code}`], code).toBe(title)
})

test('no German text shouts, begs, or quotes as English does', () => {
  for (const [key, message] of Object.entries(de)) {
    expect(message, key).not.toMatch(/!|\bbitte\b|[“"][^“”"]*[”]/i)
    expect(message.trim(), key).toBe(message)
  }
})

test('a German reader gets German, with numbers as German writes them', () => {
  const say = speak(en, 'de', de)
  expect(say('list.selected', { count: 1200 })).toBe('1.200 ausgewählt')
  expect(say('account.dropsDrafts', { count: 1 })).toBe('1 Entwurf, der nicht gesendet wurde, wird verworfen')
})

test('the pseudo-language is longer by a third, in brackets, and leaves arguments alone', () => {
  const texts = {
    a: 'Nothing to do here today',
    b: '{n, plural, one {# file} other {# files}} of {who}',
  } as const
  const say = speak(texts, 'en', pseudo(texts))
  expect(say('a')).toMatch(/^\[.*\]$/)
  expect(say('a').length).toBeGreaterThan(texts.a.length * 1.3)
  expect(say('a')).not.toContain('Nothing')
  expect(say('b', { n: 2, who: 'Rita' })).toMatch(/^\[2 \D+Rita\]$/)
})

test('the first language of a browser that is spoken here wins, with its region', () => {
  expect(spokenHere(['fr-FR', 'de-AT', 'en'])).toBe('de-AT')
  expect(spokenHere(['fr-FR', 'it'])).toBe('en')
  expect(spokenHere(['en-XA'])).toBe('en-XA')
})
