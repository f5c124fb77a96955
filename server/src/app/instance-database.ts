import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { contentsOf, faultOf, newestMigration, type Contents } from '../platform/postgres/examine.ts'
import { joinEmbeddedPostgres } from '../platform/postgres/embedded-share.ts'
import { ConfigurationFault, type Config } from './config.ts'

/** The database of an instance as a process uses it, whoever runs the server. */
export type InstanceDatabase = {
  readonly appUrl: string
  readonly ownerUrl: string
  readonly contents: Contents
  /** Stops using it; the embedded server stops with its last user. */
  leave(): Promise<void>
}

/**
 * Finds the database the settings lead to, starting the embedded server where there is no other, and looks at it before anything is
 * changed.
 * @throws ConfigurationFault when it cannot be used, is newer than this code, or is a demo that production may not serve
 */
export const reachDatabase = async (
  config: Config,
  log: (line: string) => void,
): Promise<InstanceDatabase> => {
  const { appUrl, ownerUrl, leave } = await serverOf(config, log)
  try {
    const contents = await contentsOf(ownerUrl)
    const newest = await newestMigration()
    if (contents.newestMigration > newest)
      throw new ConfigurationFault([
        `${placeOf(config)} leads to a database that a newer version of Evenkeel made (migration ${contents.newestMigration}; this version ends at ${newest}). Run that version or a newer one.`,
      ])
    if (config.mode === 'production' && contents.isDemo)
      throw new ConfigurationFault([
        `EVENKEEL_MODE is production, and ${placeOf(config)} leads to a database seeded as a demo, where anybody signs in with one click. Use an empty database, or EVENKEEL_MODE=demo.`,
      ])
    return { appUrl, ownerUrl, contents, leave }
  } catch (error) {
    await leave()
    throw error
  }
}

const placeOf = (config: Config): string => (config.database === undefined ? 'EVENKEEL_DATA' : 'DATABASE_URL')

const serverOf = async (
  config: Config,
  log: (line: string) => void,
): Promise<Omit<InstanceDatabase, 'contents'>> => {
  if (config.database !== undefined) {
    const fault = await faultOf(config.database, { app: 'DATABASE_URL', owner: 'DATABASE_MIGRATION_URL' })
    if (fault !== undefined) throw new ConfigurationFault([fault])
    return { ...config.database, leave: async () => {} }
  }
  await makeDataDirectory(config.dataDirectory)
  try {
    return await joinEmbeddedPostgres({ dataDirectory: join(config.dataDirectory, 'database'), log })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ConfigurationFault([`EVENKEEL_DATA is ${config.dataDirectory}. ${words}`])
  }
}

/** @throws ConfigurationFault when it is not a directory that can be written to */
export const makeDataDirectory = async (directory: string): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ConfigurationFault([
      `EVENKEEL_DATA is ${directory}, which ${userInfo().username} cannot write to (${code}). Choose a directory that belongs to ${userInfo().username}.`,
    ])
  }
}
