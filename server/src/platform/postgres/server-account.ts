import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The account the database server runs under. */
export interface ServerAccount {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Tried in this order when Evenkeel runs as root; the second is what macOS calls the first. */
const unprivileged = ['postgres', '_postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root, and refuses a data directory of somebody else. So an ordinary user runs it as
 * themself, and root hands it to whoever owns the data directory already, or else to an unprivileged account.
 * @throws when root finds no account to hand it to, or the user has no entry in the user database
 */
export async function serverAccount(dataDirectory: string): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) {
    const { username: name, uid, gid } = userInfo()
    return { name, uid, gid }
  }
  const owner = await stat(dataDirectory).then(
    ({ uid }) => uid,
    () => 0,
  )
  const candidates = owner === 0 ? unprivileged : [String(owner)]
  for (const candidate of candidates) {
    const account = await lookUp(candidate)
    if (account !== undefined) return account
  }
  throw new Error(
    `PostgreSQL does not run as root, and none of the accounts ${candidates.join(', ')} exists on this machine. ` +
      'Create one (useradd --system postgres), or start Evenkeel as an ordinary user.',
  )
}

async function lookUp(nameOrUid: string): Promise<ServerAccount | undefined> {
  const ask = async (flag: string) => (await run('id', [flag, nameOrUid])).stdout.trim()
  try {
    return { name: await ask('-un'), uid: Number(await ask('-u')), gid: Number(await ask('-g')) }
  } catch {
    return undefined
  }
}
