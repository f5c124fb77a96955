/**
 * `node tools/generate.ts [--check]`: writes what is made from the code: docs/generated and the row types of the database. With
 * `--check` it changes nothing, names the files that are stale, and exits 1 when there is one.
 */
import { execFile } from 'node:child_process'
import { chmod, glob, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { api } from '@evenkeel/contract/api'
import { z } from 'zod'
import { startEmbeddedPostgres } from '../server/src/platform/postgres/embedded.ts'
import { migrate } from '../server/src/platform/postgres/migrate.ts'
import { documents } from './documents.ts'
import { openApi } from './openapi.ts'
import { root } from './step.ts'

const run = promisify(execFile)

const generatedDirectory = 'docs/generated'
const rowTypes = 'server/src/platform/postgres/schema.generated.ts'

/** Everything that is generated: text by path from the project's root. */
async function everything(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const [name, text] of documents()) files.set(join(generatedDirectory, name), text)
  const description = openApi(api, await contractSchemas())
  files.set(join(generatedDirectory, 'openapi.json'), `${JSON.stringify(description, null, 2)}\n`)
  files.set(rowTypes, await typesOfRows())
  return files
}

/** Every schema the contract exports, by its name; where two modules use one name, the later one says whose it is. */
async function contractSchemas(): Promise<Map<string, z.ZodType>> {
  const schemas = new Map<string, z.ZodType>()
  const known = new Set<z.ZodType>()
  const modules: string[] = []
  for await (const file of glob('contract/src/*.ts', { cwd: root })) modules.push(file)
  for (const file of modules.toSorted()) {
    if (file.endsWith('.test.ts')) continue
    const exported: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href)
    for (const [name, value] of Object.entries(exported)) {
      if (!(value instanceof z.ZodType) || known.has(value)) continue
      const prefix = basename(file, '.ts').replace(/(?:^|-)([a-z])/g, (_, letter: string) =>
        letter.toUpperCase(),
      )
      schemas.set(schemas.has(name) ? `${prefix}${name}` : name, value)
      known.add(value)
    }
  }
  return schemas
}

/** The tables as TypeScript types, read off a database that the migrations made a moment ago. */
async function typesOfRows(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'evenkeel-generate-'))
  await chmod(directory, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database'), ephemeral: true })
  try {
    await migrate(server.ownerUrl)
    const output = join(directory, 'schema.ts')
    const mapping = { timestamptz: 'string', int8: 'number', xid8: 'string', tsvector: 'string' }
    await run(
      join(root, 'node_modules/.bin/kysely-codegen'),
      [
        '--dialect=postgres',
        `--url=${server.ownerUrl}`,
        `--out-file=${output}`,
        `--type-mapping=${JSON.stringify(mapping)}`,
        '--exclude-pattern=(evenkeel_migration|pgboss.*)',
      ],
      {
        cwd: root,
        env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
      },
    )
    return await readFile(output, 'utf8')
  } finally {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

const files = await everything()
const present = (await readdir(join(root, generatedDirectory)).catch(() => [])).map((name) =>
  join(generatedDirectory, name),
)
const changed: string[] = []
for (const [path, text] of files) {
  if ((await readFile(join(root, path), 'utf8').catch(() => undefined)) !== text) changed.push(path)
}
const leftOver = present.filter((path) => !files.has(path))

if (!process.argv.includes('--check')) {
  await mkdir(join(root, generatedDirectory), { recursive: true })
  for (const path of changed) await writeFile(join(root, path), files.get(path) ?? '')
  for (const path of leftOver) await rm(join(root, path))
  console.log([...changed, ...leftOver].map((path) => `written: ${path}`).join('\n') || 'Nothing was stale.')
} else if (changed.length + leftOver.length > 0) {
  console.error(`Stale, run npm run generate and commit:\n${[...changed, ...leftOver].join('\n')}`)
  process.exitCode = 1
}
