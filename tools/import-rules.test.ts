import { expect, test } from 'vitest'
import { importFaults, importsOf } from './import-rules.ts'

const faultsIn = (file: string, ...specifiers: string[]) =>
  importFaults(
    new Map([[file, specifiers.map((specifier) => `import { a } from '${specifier}'\n`).join('')]]),
  )

test('every form of import is seen, on one line or several', () => {
  const source = [
    `import a from './a.ts'`,
    `import type { B } from "./b.ts"`,
    `import {\n  c,\n  type D,\n} from './c.ts'`,
    `import * as e from './e.ts'`,
    `import './f.css'`,
    `export { g } from './g.ts'`,
    `export * from './h.ts'`,
    `const lazy = () => import('./i.ts')`,
    `export const from = 'not-an-import'`,
    `const text = "import { x } from './not-an-import'"`,
  ].join('\n')
  expect(importsOf(source).map(({ specifier }) => specifier)).toEqual([
    './a.ts',
    './b.ts',
    './c.ts',
    './e.ts',
    './f.css',
    './g.ts',
    './h.ts',
    './i.ts',
  ])
  expect(importsOf(source).filter(({ reexport }) => reexport)).toHaveLength(2)
})

test.each([
  ['contract/src/a.ts', ['./b.ts', 'zod']],
  ['server/src/kernel/a.ts', ['@evenkeel/contract/a', '../kernel/b.ts', 'temporal-polyfill', 'node:crypto']],
  [
    'server/src/platform/http/a.ts',
    ['../../kernel/a.ts', '@evenkeel/contract/a', 'node:fs', 'fastify', '../jobs/b.ts'],
  ],
  [
    'server/src/practices/change/a.ts',
    ['../../platform/http/a.ts', './b.ts', '../record/index.ts', '../people/index.ts'],
  ],
  ['server/src/practices/routing/a.ts', ['../people/index.ts', '../service-level/index.ts']],
  ['server/src/practices/insight/a.ts', ['../history/index.ts', '../change/index.ts', '../people/index.ts']],
  [
    'server/src/practices/change/change.test.ts',
    ['../incident/index.ts', '../../../test/database.ts', 'fast-check'],
  ],
  ['server/src/kernel/a.test.ts', ['vitest', 'node:fs']],
  ['bench/a.ts', ['../server/src/practices/change/change.repo.ts']],
  ['server/src/app/a.ts', ['../practices/change/index.ts', '../platform/http/a.ts', '../kernel/a.ts']],
  [
    'server/test/world.ts',
    ['../src/app/a.ts', '../src/practices/change/index.ts', '../src/platform/http/a.ts'],
  ],
  [
    'web/src/features/change/a.tsx',
    ['@evenkeel/contract/a', '@evenkeel/server/kernel/process', '../../ui/b.tsx', 'react'],
  ],
  ['cli/src/main.ts', ['@evenkeel/contract/a', '@evenkeel/server/app/a', './b.ts']],
  ['tools/generate.ts', ['../server/src/practices/change/change.process.ts']],
])('%s may import what lies below it', (file, specifiers) => {
  expect(faultsIn(file, ...specifiers)).toEqual([])
})

test.each([
  ['contract/src/a.ts', '@evenkeel/server/kernel/process', 'contract does not import kernel'],
  ['server/src/kernel/a.ts', '../platform/http/a.ts', 'kernel does not import platform'],
  ['server/src/kernel/a.ts', 'node:fs', 'the kernel uses only'],
  ['server/src/kernel/a.ts', 'pg', 'the kernel uses only'],
  ['server/src/platform/http/a.ts', '../../practices/change/index.ts', 'platform does not import practices'],
  ['server/src/platform/http/a.ts', '../../app/a.ts', 'platform does not import app'],
  ['server/src/platform/http/a.ts', '../../../test/database.ts', 'platform does not import harness'],
  ['server/src/platform/http/a.ts', '../../../../tools/a.ts', 'platform does not import tools'],
  ['server/src/platform/http/a.ts', '../../../../e2e/a.ts', 'platform imports only what is listed'],
  ['server/src/practices/change/a.ts', '../people/people.repo.ts', 'entered through its index.ts'],
  ['server/src/practices/change/a.test.ts', '../people/people.repo.ts', 'entered through its index.ts'],
  ['server/src/app/a.ts', '../practices/change/change.repo.ts', 'entered through its index.ts'],
  ['server/src/practices/change/a.ts', '../incident/index.ts', 'react to the journal'],
  ['server/src/practices/people/a.ts', '../routing/index.ts', 'people comes before routing'],
  ['server/src/practices/record/a.ts', '../change/index.ts', 'record comes before change'],
  ['server/src/practices/change/a.ts', '../insight/index.ts', 'change comes before insight'],
  ['server/src/practices/change/a.ts', '../novelty/index.ts', 'novelty has no place'],
  ['server/src/practices/novelty/a.ts', '../people/index.ts', 'novelty has no place'],
  ['web/src/a.ts', '@evenkeel/server/platform/http/a', 'web does not import platform'],
  ['web/src/a.ts', '../../server/src/app/a.ts', 'web does not import app'],
  ['cli/src/main.ts', '@evenkeel/server/kernel/a', 'cli does not import kernel'],
])('%s may not import %s', (file, specifier, fault) => {
  expect(faultsIn(file, specifier)).toEqual([expect.stringContaining(fault)])
})

test("what others export is passed on by a practice's index.ts only", () => {
  const source = "export { a } from './a.ts'\n"
  expect(importFaults(new Map([['server/src/practices/change/index.ts', source]]))).toEqual([])
  expect(
    importFaults(new Map([['server/src/kernel/b.ts', "export { Temporal } from 'temporal-polyfill'"]])),
  ).toEqual([])
  expect(importFaults(new Map([['server/src/kernel/b.ts', source]]))).toEqual([
    expect.stringContaining('passes on'),
  ])
})

test.each(['server/src/kernel/index.ts', 'web/src/ui/index.tsx', 'contract/src/index.ts'])(
  '%s is a barrel',
  (file) => {
    expect(importFaults(new Map([[file, '']]))).toEqual([
      expect.stringContaining('only a practice has an index.ts'),
    ])
  },
)

test.each([
  'server/src/platform/common/a.ts',
  'web/src/shared/a.ts',
  'server/src/kernel/utils.ts',
  'server/src/practices/change/change.helpers.ts',
  'cli/src/misc/a.ts',
  'contract/src/types.ts',
])('%s is a drawer', (file) => {
  expect(importFaults(new Map([[file, '']]))).toEqual([expect.stringContaining('nothing is called')])
})
