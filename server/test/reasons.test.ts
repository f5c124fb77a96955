import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { argumentsOf } from '../src/kernel/language/catalogue.ts'

type Catalogue = Readonly<Record<string, string>>
const source = join(import.meta.dirname, '../src')
const files = await Array.fromAsync(glob('**/*.reasons.ts', { cwd: source }))

test('practices and platform have reasons', () => {
  expect(files.length).toBeGreaterThan(5)
})

describe.each(files.toSorted())('%s', async (file) => {
  const { english }: { english: Catalogue } = await import(join(source, file))
  const { german }: { german: Catalogue } = await import(join(source, file.replace(/\.ts$/, '.de.ts')))

  test('has every reason in German, with the same arguments', () => {
    expect(Object.keys(german).toSorted()).toEqual(Object.keys(english).toSorted())
    for (const [key, message] of Object.entries(english))
      expect(argumentsOf(german[key] ?? ''), key).toEqual(argumentsOf(message))
  })

  test('says it in German: other words, German quotes, nobody begs', () => {
    for (const [key, message] of Object.entries(german)) {
      expect(message, key).not.toMatch(/!|\bbitte\b|[“"][^“”"]*[”"]/i)
      expect(message.trim(), key).toBe(message)
      expect(message, key).not.toMatch(/\b(?:the|this|there|is|are|you|your|not|and|somebody|nobody)\b/)
      if (message === english[key])
        expect(message.replaceAll(/\{[^}]*\}|\b(?:Team|Name)\b/g, ''), key).not.toMatch(/\p{L}/u)
    }
  })
})
