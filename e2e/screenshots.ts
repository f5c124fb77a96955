/**
 * `node e2e/screenshots.ts [name…]`: every page in 1440×900 and 390×844, light and dark, into test-results/screenshots. `admin*` takes those
 * that begin with it. Looking at them is part of the work.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { tellAuditStory } from './audit-story.ts'
import { tellBranchStory } from './branch-story.ts'
import { tellImportStory } from './import-story.ts'
import { tellItemStory } from './item-story.ts'
import { photograph } from './photograph.ts'
import { tellRecordStory } from './record-story.ts'
import { shotsOf } from './shots.ts'
import { tellStory } from './story.ts'

const wanted = process.argv.slice(2)
const isWanted = (name: string): boolean =>
  wanted.length === 0 ||
  wanted.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'exit').then(() => Promise.reject(new Error('the server ended'))),
  ])
  const story = await tellStory()
  const { rightToLeft } = await tellRecordStory(story)
  const shots = shotsOf({
    ...story,
    rightToLeft,
    batches: await tellImportStory(),
    branches: await tellBranchStory(),
    audits: await tellAuditStory(),
    items: await tellItemStory(),
  })
  const faults = await photograph(
    shots.filter(({ name }) => isWanted(name)),
    join(import.meta.dirname, '../test-results/screenshots'),
  )
  if (faults > 0) process.exitCode = 1
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
}
