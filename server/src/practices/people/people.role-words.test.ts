import { expect, test } from 'vitest'
import { builtInRoles } from './people.access.ts'
import { roleIn } from './people.role-words.ts'

test('roles that came with the product are German for German readers, until somebody calls them something else', () => {
  for (const [key, { name, description }] of Object.entries(builtInRoles)) {
    const german = roleIn('de', { key, name, description })
    expect(german.name).not.toBe(name)
    expect(german.description).not.toBe(description)
    expect(roleIn('en', { key, name, description })).toEqual({ key, name, description })
    expect(roleIn('de', { key, name: 'Wir', description: 'alle' })).toEqual({
      key,
      name: 'Wir',
      description: 'alle',
    })
  }
})
