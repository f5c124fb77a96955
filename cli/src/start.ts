import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig, type Config } from '@evenkeel/server/app/config'
import { createLog } from '@evenkeel/server/app/log'
import { startInstance, type Instance } from '@evenkeel/server/app/start'
import type { Command } from './command.ts'
import { mention, say } from './print.ts'

export const start: Command = {
  name: 'start',
  summary: 'start Evenkeel: database, API, web and background work',
  usage: '',
  help: [
    'Ctrl-C or SIGTERM finishes what is under way and stops; a second one ends at once.',
    'Exit codes: 0 stopped when asked to, 1 failed, 2 a setting is wrong; nothing was changed then.',
  ].join('\n'),
  options: {},
  run: async () => {
    const config = readConfig(process.env)
    const log = createLog(config.logLevel)
    process.on('uncaughtException', (error) => {
      log.fatal({ err: error }, 'ended by a fault of ours; the next start carries on from what was committed')
      process.exit(1)
    })
    const tell = config.mode === 'demo' ? say : (sentence: string) => log.info(sentence)
    const web = { directory: join(root, 'web/dist'), built: buildWeb() }
    const asked = new AbortController()
    const whenAsked = listenForSignals(asked)
    try {
      const instance = await startInstance(config, { log, tell, web, signal: asked.signal })
      whenAsked.abandon = () => instance.abandon()
      for (const sentence of greeting(config, instance)) tell(sentence)
      if (!asked.signal.aborted) await once(asked.signal, 'abort')
      await instance.stop()
      return 0
    } catch (error) {
      // Stopped while it was starting: that is what was asked for.
      if (asked.signal.aborted) return 0
      throw error
    }
  },
}

const greeting = (config: Config, instance: Instance): string[] => {
  if (config.role === 'worker')
    return [`Evenkeel works in the background; its health is at ${instance.address}.`]
  const address = config.publicUrl ?? instance.address
  if (!instance.hasTenants)
    return [
      `Evenkeel answers at ${address}, and has no tenant yet. Make one, and its first person:`,
      '  npx evenkeel tenant add --slug acme --name "Acme" --time-zone Europe/Berlin',
      '  npx evenkeel user add --tenant acme --name "Ana Silva" --email ana@acme.example --role administrator',
    ]
  if (config.mode === 'production') return [`Evenkeel answers at ${address}.`]
  return [
    `Evenkeel is ready: ${address}`,
    'Open it and choose who you want to be: one click signs you in, there is no password in the demo.',
    'Ctrl-C stops it.',
  ]
}

/** Two signals this close together are one: npm passes on the Ctrl-C that the terminal has sent already. */
const onePressMs = 400
const abandonMs = 500

/** The first signal aborts; a second one ends the process at once, after `abandon` or half a second. */
const listenForSignals = (asked: AbortController): { abandon: () => Promise<void> } => {
  const atOnce = { abandon: async () => {} }
  let since = 0
  const onSignal = (): void => {
    if (!asked.signal.aborted) {
      since = performance.now()
      asked.abort()
    } else if (performance.now() - since > onePressMs) {
      mention('Ending at once.')
      void Promise.race([atOnce.abandon(), sleep(abandonMs)]).finally(() => process.exit(1))
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return atOnce
}

const root = join(import.meta.dirname, '../..')

/** In a clone the web application is built when its sources are newer than what was built; an image comes with it. */
const buildWeb = async (): Promise<void> => {
  const script = join(root, 'tools/build-web.ts')
  if (!existsSync(script)) return
  const child = spawn(process.execPath, [script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code]: unknown[] = await once(child, 'exit')
  if (code !== 0) mention('The web application was not built; the API works without it.')
}
