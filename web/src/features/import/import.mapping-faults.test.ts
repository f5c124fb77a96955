import type { ImportMapping } from '@evenkeel/contract/import-mapping'
import { expect, test } from 'vitest'
import { columnsIn, faultsHere, placeOf } from './import.mapping-faults.ts'

const mapping: ImportMapping = {
  kind: 'incident',
  source: 'Old desk',
  format: { type: 'csv', delimiter: ',', encoding: 'utf-8' },
  inside: null,
  unknown: ['?'],
  times: { format: 'd/M/yyyy HH:mm', zone: 'Europe/Berlin' },
  record: ['number'],
  update: null,
  isWhole: false,
  fields: {
    title: {
      from: { is: 'text', text: '{category} / {symptom}' },
      translate: {},
      untranslated: { do: 'refuse' },
      unknown: { do: 'leave' },
    },
    createdAt: {
      from: { is: 'column', column: 'opened_at' },
      translate: {},
      untranslated: { do: 'refuse' },
      unknown: { do: 'leave' },
    },
  },
  people: { by: 'name', missing: { do: 'create' } },
  teams: { missing: { do: 'create' } },
  services: { missing: { do: 'create' } },
}

test('the columns of a text are what stands in its braces', () => {
  expect(columnsIn('{category} / {u_symptom}: {}')).toEqual(['category', 'u_symptom'])
})

test('a mapping made for another file says which columns this one lacks, each at its field', () => {
  expect(faultsHere(mapping, new Set(['number', 'category', 'symptom', 'opened_at']))).toEqual([])
  expect(faultsHere(mapping, new Set(['category', 'opened_at'])).map(({ at }) => at)).toEqual([
    'record',
    'fields.title',
  ])
})

test('what is still empty is said where it is', () => {
  const empty = {
    ...mapping,
    source: ' ',
    record: [],
    fields: {
      createdAt: mapping.fields['createdAt'],
      state: { ...mapping.fields['title'], from: { is: 'column', column: '' } },
    },
  }
  // A rule without a column is what the form holds until one is chosen.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(faultsHere(empty as ImportMapping, new Set(['opened_at'])).map(({ at }) => at)).toEqual([
    'source',
    'record',
    'fields.title',
    'fields.state',
  ])
})

test('a reason of the server finds the field that it is about', () => {
  expect(placeOf('mapping.state')).toBe('fields.state')
  expect(placeOf('mapping.custom.ward')).toBe('fields.custom.ward')
  expect(placeOf('mapping.team')).toBe('fields.team')
  expect(placeOf('mapping.teams.missing.id')).toBe('teams')
  expect(placeOf('mapping.times.zone')).toBe('times')
  expect(placeOf(undefined)).toBe('')
})
