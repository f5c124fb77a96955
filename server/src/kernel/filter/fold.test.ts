import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { cyrillic, fold, greek, latin, rarer } from './fold.ts'
import { filterFunctions } from './functions.ts'
import { holdsWords, soughtWords, wordsOf } from './words.ts'

describe('upper and lower case', () => {
  // prettier-ignore
  test.each([
    ['Disk FULL',   'disk full'],
    ['ÄRGER ÉTÉ Ž', 'ärger été ž'],
    // One letter stays one letter: ß is not ss, and its capital is ß.
    ['STRASSE',     'strasse'],
    ['Straße ẞ',    'straße ß'],
    // No dot gets lost or left over: İ is i, ı is not.
    ['İstanbul I ı', 'istanbul i ı'],
    ['ΣΊΣΥΦΟΣ Σίσυφος', 'σίσυφοσ σίσυφοσ'],
    ['ДОМ Ё',       'дом ё'],
    ['Ἀθῆναι',      'ἀθῆναι'],
    ['ԱԲԳ',         'աբգ'],
    // Beyond the four scripts nothing changes, in no engine and no database.
    ['𐐀 Ⅷ Ａ \u212a', '𐐀 Ⅷ Ａ \u212a'],
  ])('%s is folded to %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  test('are the same letters as in the functions that are already in databases', () => {
    // When this fails, the change needs a migration that runs filterFunctions() again and rebuilds what was made with it.
    const letters = [latin, greek, cyrillic, rarer].map(({ capitals, small }) => `${capitals}${small}`).join()
    expect(createHash('sha256').update(letters).digest('hex').slice(0, 16)).toBe('6a5ace77a3acf886')
    expect(createHash('sha256').update(filterFunctions()).digest('hex').slice(0, 16)).toBe('07996d30df391fcf')
  })

  test('map each capital to one letter, and to no capital', () => {
    for (const { capitals, small } of [latin, greek, cyrillic, rarer]) {
      expect(capitals).toHaveLength(small.length)
      expect(new Set(capitals).size).toBe(capitals.length)
      expect(fold(small)).toBe(small)
    }
  })
})

describe('words', () => {
  // prettier-ignore
  test.each([
    ['Disk-full on db_main.01', ['disk', 'full', 'on', 'db', 'main', '01']],
    ['10.2.3.4:8080/tcp',       ['10', '2', '3', '4', '8080', 'tcp']],
    ['l’hôpital «Ärzte»',       ['l', 'hôpital', 'ärzte']],
    ['日本、東京 ＡＢ（ｃ）',      ['日本', '東京', 'ＡＢ', 'ｃ']],
    ['a a A',                   ['a']],
    ['… – !?',                  []],
    ['x'.repeat(61),            ['x'.repeat(60)]],
  ])('of “%s”', (text, words) => {
    expect([...wordsOf(text)]).toEqual(words)
  })

  // prettier-ignore
  test.each([
    ['Disk full',   [['disk', false], ['full', false]]],
    ['disk disk',   [['disk', false]]],
    ['print*',      [['print', true]]],
    ['a*b c* d',    [['a', true], ['b', false], ['c', true], ['d', false]]],
    ['disk-f*',     [['disk', false], ['f', true]]],
    ['print *',     [['print', false]]],
    ['* **',        []],
    [`${'x'.repeat(70)}*`, [['x'.repeat(60), true]]],
  ])('sought by “%s”', (query, expected) => {
    expect(soughtWords(query).map(({ word, beginning }) => [word, beginning])).toEqual(expected)
  })

  test('are found all of them, in any order, whole unless a star is behind', () => {
    const words = wordsOf('The printers on floor 3')
    const finds = (query: string) => holdsWords(words, soughtWords(query))
    expect(finds('3 FLOOR')).toBe(true)
    expect(finds('floor 4')).toBe(false)
    expect(finds('printer')).toBe(false)
    expect(finds('printer*')).toBe(true)
    expect(finds('plotter*')).toBe(false)
  })
})
