import { expect, test } from 'vitest'
import { argumentsOf, parseMessage, speak } from './catalogue.ts'

const messages = {
  plain: 'Nothing to do',
  who: '{name} has it',
  count: '{count, plural, =0 {nobody yet} one {# person} other {# people}}',
  nested:
    '{kind, select, mail {{name} wrote {count, plural, one {# mail} other {# mails}}} other {{name} was here}}',
  number: 'Sign # of {count}',
} as const
const say = speak(messages, 'en')

test('an argument stands where its name was, numbers as the language writes them', () => {
  expect(say('plain')).toBe('Nothing to do')
  expect(say('who', { name: 'Amélie' })).toBe('Amélie has it')
  expect(say('number', { count: 12_345 })).toBe('Sign # of 12,345')
})

test('a plural takes the exact value first, then the form of the language', () => {
  expect([0, 1, 2, 1000].map((count) => say('count', { count }))).toEqual([
    'nobody yet',
    '1 person',
    '2 people',
    '1,000 people',
  ])
  const slavic = speak({ few: '{n, plural, one {# a} few {# b} many {# c} other {# d}}' }, 'pl')
  expect([1, 2, 5].map((n) => slavic('few', { n }))).toEqual(['1 a', '2 b', '5 c'])
})

test('forms nest, and an unknown kind takes the last one', () => {
  expect(say('nested', { kind: 'mail', name: 'Rita', count: 2 })).toBe('Rita wrote 2 mails')
  expect(say('nested', { kind: 'call', name: 'Rita', count: 2 })).toBe('Rita was here')
})

test('arguments are required by the type of the message', () => {
  // @ts-expect-error -- the name is missing
  expect(say('who')).toBe(' has it')
  // @ts-expect-error -- there is nothing to fill in
  expect(say('plain', { name: 'x' })).toBe('Nothing to do')
})

test.each(['{name', 'a } b', '{n, plural, one {x}}', '{n, date}', '{}', '{n, plural, other {x}'])(
  '%s is no message',
  (text) => {
    expect(() => parseMessage(text)).toThrow()
  },
)

test('the arguments of a message can be listed, to hold translations to them', () => {
  expect(argumentsOf(messages.nested)).toEqual(new Set(['kind, select', 'name', 'count, plural']))
})
