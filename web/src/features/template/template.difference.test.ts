import { expect, test } from 'vitest'
import { differences } from './template.difference.ts'
import { draftOf, emptyDraft, missingIn } from './template.api.ts'
import { stepWords } from './template.words.ts'

test('versions differ by what was there, what is there, and what changed', () => {
  expect(
    differences(
      [
        ['Name', 'Hand over'],
        ['Step 1', 'Given to Network.'],
        ['Step 2', 'Start work'],
      ],
      [
        ['Name', 'Hand over'],
        ['Step 1', 'Given to Service desk.'],
        ['Step 3', 'Resume'],
      ],
    ),
  ).toEqual([
    { what: 'Step 1', from: 'Given to Network.', to: 'Given to Service desk.' },
    { what: 'Step 2', from: 'Start work', to: null },
    { what: 'Step 3', from: null, to: 'Resume' },
  ])
})

test('a new template says what is missing until it can be saved', () => {
  expect(missingIn(emptyDraft('macro'))).toEqual(['name', 'steps'])
  expect(missingIn(emptyDraft('quick_reply'))).toEqual(['name', 'body'])
  expect(missingIn(emptyDraft('incident'))).toEqual(['name', 'anything'])
  expect(
    missingIn(
      draftOf('macro', {
        name: 'x',
        teamId: null,
        document: { steps: [{ do: 'move', move: { action: 'start' } }] },
      }),
    ),
  ).toEqual([])
})

test('a step says what it does, with names instead of ids', () => {
  const nameOf = (id: string): string => ({ n: 'Network', a: 'Amir' })[id] ?? id
  expect(stepWords({ do: 'assign', to: { teamId: 'n', personId: 'a' } }, nameOf)).toBe(
    'Give it to Amir, Network',
  )
  expect(stepWords({ do: 'assign', to: { personId: null } }, nameOf)).toBe('Give it back to its team')
  expect(
    stepWords({ do: 'move', move: { action: 'resolve', code: 'fixed', notes: 'Restarted it' } }, nameOf),
  ).toBe('Resolve: Fixed. Restarted it')
  expect(stepWords({ do: 'set', fields: { impact: 1, category: 'Fire' } }, nameOf)).toBe(
    'Set Impact: High, Category: Fire',
  )
})
