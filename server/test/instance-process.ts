import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')

export type InstanceProcess = {
  readonly pid: number
  readonly child: ChildProcess
  /** What it wrote so far, both streams as they came. */
  output(): string
  /** Waits until it wrote something that matches, and returns the match; throws when it ends first. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Waits for its end; -1 when a signal ended it. */
  ended(): Promise<number>
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number>
}

/** `evenkeel …` as its own process, with only these settings. Whoever starts it ends it. */
export const evenkeelProcess = (
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  who: { readonly uid?: number; readonly gid?: number } = {},
): InstanceProcess => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:EVENKEEL_|DATABASE_|SMTP_|OTEL_|VITEST|NODE_)/.test(name),
  )
  const child = spawn(process.execPath, [join(root, 'cli/src/main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...settings },
    ...who,
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  const closed = once(child, 'close').then(() => child.exitCode ?? -1)
  const self: InstanceProcess = {
    pid: child.pid ?? 0,
    child,
    output: () => text,
    says: async (pattern) => {
      for (;;) {
        const match = pattern.exec(text)
        if (match !== null) return match
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended with ${child.exitCode ?? child.signalCode} and said only:\n${text}`)
        await sleep(20)
      }
    },
    ended: () => closed,
    end: (signal) => {
      child.kill(signal)
      return closed
    },
  }
  return self
}

/** A directory that every account can pass through, for a data directory inside it. */
export const scratchDirectory = async (): Promise<{ path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'evenkeel-scratch-'))
  await chmod(path, 0o755)
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** A port nobody listens on at the moment. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
