import { expect, test } from 'vitest'
import { areas, byArea, changesBetween, permissionNames } from './people.permissions.ts'

test('every permission stands in exactly one area', () => {
  const listed = byArea().flatMap(({ permissions }) => permissions)
  expect(listed.toSorted()).toEqual(permissionNames.toSorted())
  expect(byArea().map(({ area }) => area)).toEqual(areas)
})

test('a draft of a role is compared permission by permission, whatever the order of its scopes', () => {
  expect(
    changesBetween(
      [
        { permission: 'incident.read', scopes: ['own', 'team'] },
        { permission: 'incident.edit', scopes: ['all'] },
        { permission: 'export', scopes: ['all'] },
      ],
      [
        { permission: 'incident.read', scopes: ['team', 'own'] },
        { permission: 'incident.edit', scopes: ['team'] },
        { permission: 'person.read', scopes: ['all'] },
      ],
    ),
  ).toEqual([
    { permission: 'incident.edit', from: ['all'], to: ['team'] },
    { permission: 'person.read', from: [], to: ['all'] },
    { permission: 'export', from: ['all'], to: [] },
  ])
})
