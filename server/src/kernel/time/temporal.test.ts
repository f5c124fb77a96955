import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

// A process of its own, because the choice is made once, when the module is first loaded.
const isNativeAfter = (preparation: string) =>
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `${preparation}
       const { Temporal } = await import(process.argv[1])
       console.log(Temporal === globalThis.Temporal)`,
      new URL('temporal.ts', import.meta.url).href,
    ],
    { encoding: 'utf8' },
  ).trim()

test("Temporal is the runtime's own where it has one", () => {
  expect(isNativeAfter('globalThis.Temporal = { Instant: {} }')).toBe('true')
})

test('Temporal is the polyfill where the runtime has none', () => {
  expect(isNativeAfter('delete globalThis.Temporal')).toBe('false')
})
