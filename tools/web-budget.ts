/**
 * `node tools/web-budget.ts`: how much JavaScript a browser fetches, compressed as it is served, for the first page (the shell) and for
 * each route or part that comes later. Prints all of it; exits 1 when something is over its budget.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { buildWeb } from './build-web.ts'
import { root } from './step.ts'

/**
 * Kilobytes of 1000 bytes, as browsers show them. A worker is no part of a route: it is fetched once the page stands, read beside it on
 * another processor, and the page works without it. It has a budget of its own, so that it does not grow unseen.
 */
const budget = { shell: 250_000, route: 120_000, worker: 400_000 } as const

type Chunk = {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}
/** What the bundler says it made, by source. */
export type Manifest = Readonly<Record<string, Chunk>>

export type Load = { readonly name: string; readonly files: readonly string[] }

/** A chunk and everything that has to be there before it runs. */
const closure = (manifest: Manifest, from: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(from)) return found
  found.add(from)
  for (const one of manifest[from]?.imports ?? []) closure(manifest, one, found)
  return found
}

const filesOf = (manifest: Manifest, chunks: Iterable<string>): string[] =>
  [...new Set([...chunks].flatMap((name) => manifest[name]?.file ?? []))].filter((file) =>
    file.endsWith('.js'),
  )

/** The shell first; then each part that is fetched on demand, with what it needs beyond the shell. */
export const loadsOf = (manifest: Manifest): readonly [Load, ...Load[]] => {
  const entries = Object.keys(manifest).filter((name) => manifest[name]?.isEntry === true)
  const shell = new Set(entries.flatMap((entry) => [...closure(manifest, entry)]))
  const later = new Set(
    Object.values(manifest).flatMap(({ dynamicImports = [] }) =>
      dynamicImports.filter((name) => !shell.has(name)),
    ),
  )
  return [
    { name: 'shell', files: filesOf(manifest, shell) },
    ...[...later].toSorted().map((name) => ({
      name,
      files: filesOf(
        manifest,
        [...closure(manifest, name)].filter((chunk) => !shell.has(chunk)),
      ),
    })),
    ...Object.keys(manifest)
      .filter((name) => isWorker(name) && !shell.has(name) && !later.has(name))
      .map((name) => ({ name, files: filesOf(manifest, [name]) })),
  ]
}

const isWorker = (name: string): boolean => /[.-]worker(?:\.min)?\.[jt]s$/.test(name)

const limitOf = ({ name }: Load): number => {
  if (name === 'shell') return budget.shell
  return isWorker(name) ? budget.worker : budget.route
}

/** A line for each load that is too heavy. */
export const budgetFaults = (loads: readonly Load[], sizes: ReadonlyMap<string, number>): string[] =>
  loads.flatMap((load) => {
    const size = sizeOf(load, sizes)
    return size <= limitOf(load)
      ? []
      : [`${load.name} is ${kilobytes(size)}; its budget is ${kilobytes(limitOf(load))}`]
  })

export const sizeOf = ({ files }: Load, sizes: ReadonlyMap<string, number>): number =>
  files.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0)

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

/** What a file weighs on its way: what the build compressed goes compressed, the rest as it is. */
const transferred = async (file: string): Promise<number> => {
  const path = join(root, 'web/dist', file)
  const info = await stat(`${path}.br`).catch(() => stat(path))
  return info.size
}

export const measureWeb = async () => {
  await buildWeb()
  // The bundler wrote it a moment ago.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const manifest = JSON.parse(await readFile(join(root, 'web/dist/.vite/manifest.json'), 'utf8')) as Manifest
  const loads = loadsOf(manifest)
  const files = new Set(loads.flatMap((load) => load.files))
  const sizes = new Map(
    await Promise.all([...files].map(async (file) => [file, await transferred(file)] as const)),
  )
  return { loads, sizes }
}

if (import.meta.main) {
  const { loads, sizes } = await measureWeb()
  for (const load of loads) console.log(`${kilobytes(sizeOf(load, sizes)).padStart(9)}  ${load.name}`)
  const faults = budgetFaults(loads, sizes)
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
