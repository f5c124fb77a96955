/**
 * `node tools/build-web.ts`: builds the web application into web/dist when its sources changed since the last build, and says so in one
 * line. Quick when there is nothing to do. A build that fails or is stopped leaves the earlier one in place.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { root } from './step.ts'

const web = join(root, 'web')
const output = join(web, 'dist')
/** What the last build was made from. */
const stamp = join(output, '.sources')

/** What ends up in the application: its own sources, the contract, and the kernel that the browser shares with the server. */
const sources = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'contract/src',
  'server/src/kernel',
  'package-lock.json',
]

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

async function filesIn(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) return []
  if (info.isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Changes when a source is changed, added or removed; by size and time, so that nothing has to be read. */
async function stateOfSources(): Promise<string> {
  const files = (await Promise.all(sources.map((path) => filesIn(join(root, path))))).flat()
  const hash = createHash('sha256').update(process.version)
  for (const file of files.filter((path) => !isTest(path)).toSorted()) {
    const { size, mtimeMs } = await stat(file)
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Compressed once, here, so that the server never has to: it sends these to browsers that take them. */
async function compress(directory: string): Promise<void> {
  const files = (await filesIn(directory)).filter((path) => /\.(?:js|css|html|svg)$/.test(path))
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file)
      if (content.length < 1024) return
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      }
      await writeFile(`${file}.br`, await brotli(content, { params }))
      await writeFile(`${file}.gz`, await gzipped(content, { level: 9 }))
    }),
  )
}

/** Returns whether there was something to build. */
export async function buildWeb(): Promise<boolean> {
  const state = await stateOfSources()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === state) return false
  const { build } = await import('vite')
  // What is built is what people get, also where a test asked for it.
  const { NODE_ENV: environment } = process.env
  process.env['NODE_ENV'] = 'production'
  const next = join(web, 'node_modules', `.build-${process.pid}`)
  try {
    await build({
      configFile: join(web, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: next, emptyOutDir: true },
    })
    await compress(next)
    await writeFile(join(next, '.sources'), state)
    await mkdir(output, { recursive: true })
    const old = `${next}-before`
    await rename(output, old)
    await rename(next, output)
    await rm(old, { recursive: true, force: true })
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
    await rm(next, { recursive: true, force: true })
  }
  return true
}

if (import.meta.main) {
  const started = performance.now()
  const built = await buildWeb()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(built ? `The web application was built in ${seconds} s.` : 'The web application is up to date.')
}
