/**
 * `node tools/complete-lock.ts [--check]`: adds to package-lock.json the other platforms' binaries that npm left out, and
 * removes what names the registry somebody installed from. With `--check` it changes nothing and exits 1 where it would.
 *
 * npm writes only those optional packages into a new lock that the registry at hand serves, and `npm ci` then refuses
 * the lock on every machine: "Missing: @rolldown/binding-darwin-arm64@ from lock file".
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface LockedPackage {
  version?: string
  resolved?: string
  optional?: boolean
  dev?: boolean
  devOptional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lock {
  packages: Record<string, LockedPackage>
}

/**
 * Completes the lock in place, and returns a line for each change. Packages whose range is not an exact version are
 * left alone: which version they would get is the registry's answer.
 */
export function completeLock(lock: Lock): string[] {
  const changes: string[] = []
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (locked.resolved?.startsWith('http') === true) {
      delete locked.resolved
      changes.push(`without a registry: ${path}`)
    }
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue
      const found = resolutionOf(lock, path, name)
      if (found?.version === version) continue
      const place = found === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`
      lock.packages[place] = inNpmOrder({
        version,
        ...audienceOf(locked),
        optional: true,
        ...platformOf(name),
      })
      changes.push(`added: ${place} ${version}`)
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(alphabetically))
  return changes
}

/** As npm writes it, so that its next change to the lock is only its own. */
function inNpmOrder({ version = '', ...rest }: LockedPackage): LockedPackage {
  return { version, ...Object.fromEntries(Object.entries(rest).toSorted(alphabetically)) }
}

const alphabetically = ([a]: [string, unknown], [b]: [string, unknown]) => a.localeCompare(b, 'en')

/** What the package at `path` gets when it asks for `name`: the nearest node_modules that has one, outwards. */
function resolutionOf(lock: Lock, path: string, name: string): LockedPackage | undefined {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/')))) {
    const found = from.endsWith('node_modules') ? undefined : lock.packages[join(from, 'node_modules', name)]
    if (found !== undefined || from === '') return found
  }
}

function audienceOf({ dev, devOptional }: LockedPackage): Pick<LockedPackage, 'dev' | 'devOptional'> {
  return { ...(dev === true && { dev }), ...(devOptional === true && { devOptional }) }
}

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64'.split(' ')

/** Packages of binaries are named by what they run on: `@oxlint/binding-linux-arm-musleabihf`. */
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.replace('windows', 'win32').split(/[-/]/)
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  const musl = words.some((word) => word.startsWith('musl'))
  const glibc = os.includes('linux') && words.some((word) => word.startsWith('gnu'))
  return {
    ...(os.length > 0 && { os }),
    ...(cpu.length > 0 && { cpu }),
    ...((musl || glibc) && { libc: [musl ? 'musl' : 'glibc'] }),
  }
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '../package-lock.json')
  const lock: Lock = JSON.parse(await readFile(path, 'utf8'))
  const changes = completeLock(lock)
  const checking = process.argv.includes('--check')
  if (changes.length > 0) console.log(changes.join('\n'))
  if (checking && changes.length > 0) {
    console.error('package-lock.json is not complete: run node tools/complete-lock.ts and commit it.')
    process.exitCode = 1
  } else if (changes.length > 0) {
    await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`)
  }
}
