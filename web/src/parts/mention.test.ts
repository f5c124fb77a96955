import { expect, test } from 'vitest'
import { handleOf, mentionAt, putIn, isMeant } from './mention.ts'

const at = (text: string) => mentionAt(text, text.length)

test('a mention begins with an @ at the beginning of a word', () => {
  expect(at('@')).toEqual({ from: 0, words: '' })
  expect(at('Ask @noo')).toEqual({ from: 4, words: 'noo' })
  expect(at('(@noor de v')).toEqual({ from: 1, words: 'noor de v' })
  expect(at('Ask\n@José')).toEqual({ from: 4, words: 'José' })
})

test('an address, a finished sentence and another line are no mention', () => {
  expect(at('rita@harbor')).toBeUndefined()
  expect(at('@noor\n')).toBeUndefined()
  expect(at('@noor could you look at this')).toBeUndefined()
  expect(at('Nothing here')).toBeUndefined()
})

test('only what stands before the caret counts', () => {
  expect(mentionAt('@noor and more', 3)).toEqual({ from: 0, words: 'no' })
})

test('somebody is mentioned by what stands before the @ of their address', () => {
  expect(handleOf('Noor.de-Vries@harbor.example')).toBe('noor.de-vries')
  expect(handleOf('noor+desk@harbor.example')).toBeUndefined()
  expect(handleOf('')).toBeUndefined()
})

test('what is put in replaces what was typed, and the caret stands behind it', () => {
  expect(putIn('Ask @noo today', 4, 8, '@noor.devries ')).toEqual({
    text: 'Ask @noor.devries  today',
    caret: 18,
  })
})

test('only who is meant by what was typed is offered, whatever an earlier answer holds', () => {
  expect(isMeant('', 'Ada Silva', 'ada.silva')).toBe(true)
  expect(isMeant('noor', 'Ada Silva', 'ada.silva')).toBe(false)
  expect(isMeant('noor', 'Noor de Vries', 'noor.de.vries')).toBe(true)
  expect(isMeant('vri no', 'Noor de Vries', 'noor.de.vries')).toBe(true)
  expect(isMeant('noor.de', 'Noor de Vries', 'noor.de.vries')).toBe(true)
  expect(isMeant('celine', 'Céline Roux', 'c.roux')).toBe(true)
})
