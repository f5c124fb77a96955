import { expect, test } from 'vitest'
import { languageChoices, zoneTime } from './profile.region.ts'

const spoken = { en: 'English', de: 'Deutsch', 'en-XA': 'Pseudo' }
const values = (current: string, developing: boolean) =>
  languageChoices(spoken, current, developing).map(({ value }) => value)

test('people choose between what is spoken here; the made-up language is for developers', () => {
  expect(values('de', false)).toEqual(['en', 'de'])
  expect(values('en', true)).toEqual(['en', 'de', 'en-XA'])
})

test('whoever has a regional form keeps it, under its own name', () => {
  expect(languageChoices(spoken, 'de-AT', false)[0]).toEqual({
    value: 'de-AT',
    label: 'Österreichisches Deutsch',
  })
  expect(values('en-XA', false)).toContain('en-XA')
})

test('the hour is that of the zone', () => {
  expect(zoneTime(Date.parse('2026-03-02T09:05:00Z'), { language: 'de', timeZone: 'Asia/Tokyo' })).toBe(
    '18:05',
  )
})
