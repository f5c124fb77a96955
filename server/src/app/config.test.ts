import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigurationFault, readConfig, settingNames } from './config.ts'

const linesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.lines
    throw error
  }
  return []
}

test('without any setting it is a demo on this machine alone, quiet on the terminal', () => {
  expect(readConfig({})).toMatchObject({
    mode: 'demo',
    host: '127.0.0.1',
    port: 4600,
    database: undefined,
    role: 'all',
    logLevel: 'warn',
  })
  expect(readConfig({}).dataDirectory).toMatch(/\/\.evenkeel$/)
})

test('every wrong setting is named at once, with what it may be', () => {
  expect(
    linesOf({
      EVENKEEL_MODE: 'staging',
      EVENKEEL_PORT: '70000',
      EVENKEEL_TRUST_PROXY: 'yes',
      EVENKEEL_PUBLIC_URL: 'desk.example',
      DATABASE_URL: 'mysql://x',
      EVENKEEL_PROT: '80',
    }),
  ).toEqual([
    'EVENKEEL_PROT is not a setting.',
    'EVENKEEL_MODE is one of demo, production.',
    'EVENKEEL_PORT is a whole number from 0 to 65535.',
    'EVENKEEL_PUBLIC_URL is an address that begins with http:// or https://.',
    'DATABASE_URL is an address that begins with postgres:// or postgresql://.',
    'EVENKEEL_TRUST_PROXY is true or false.',
  ])
})

test.each(['', ' 80', '8e1', '-1', '0x50', '4600.5'])('"%s" is no port, or none at all', (port) => {
  if (port === '') expect(readConfig({ EVENKEEL_PORT: port }).port).toBe(4600)
  else expect(linesOf({ EVENKEEL_PORT: port })).toHaveLength(1)
})

test('a wrong value is not repeated: it may be a secret', () => {
  expect(
    linesOf({ DATABASE_URL: 'mysql://ana:canary@db/x', EVENKEEL_METRICS_TOKEN: 'canary' }).join(),
  ).not.toContain('canary')
})

test('the two database settings come together, and a socket is an address', () => {
  expect(linesOf({ DATABASE_URL: 'postgres://evenkeel_app@db/evenkeel' })).toEqual([
    expect.stringContaining('DATABASE_URL and DATABASE_MIGRATION_URL go together'),
  ])
  const appUrl = 'postgres://evenkeel_app@/evenkeel?host=/run/postgresql'
  const ownerUrl = 'postgresql://evenkeel_owner@db:5433/evenkeel'
  expect(readConfig({ DATABASE_URL: appUrl, DATABASE_MIGRATION_URL: ownerUrl }).database).toEqual({
    appUrl,
    ownerUrl,
  })
})

test('production needs the address people use, and logs more', () => {
  expect(linesOf({ EVENKEEL_MODE: 'production' })).toEqual([
    expect.stringContaining('EVENKEEL_PUBLIC_URL is needed'),
  ])
  const config = readConfig({ EVENKEEL_MODE: 'production', EVENKEEL_PUBLIC_URL: 'https://desk.example/' })
  expect(config).toMatchObject({ publicUrl: 'https://desk.example', logLevel: 'info' })
})

test('.env.example explains every setting, in the same order, and what it shows is accepted', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../.env.example'), 'utf8')
  const shown = [...text.matchAll(/^#([A-Z_]+)=(.*)$/gm)]
  expect(shown.map(([, name]) => name)).toEqual(settingNames)
  expect(linesOf(Object.fromEntries(shown.map(([, name = '', value = '']) => [name, value])))).toEqual([])
})
