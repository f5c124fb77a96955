#!/usr/bin/env node
import { ConfigurationFault, readConfig } from '@evenkeel/server/app/config'
import { startInstance } from '@evenkeel/server/app/start'

const start = async (): Promise<void> => {
  const instance = await startInstance(readConfig(process.env))
  process.stdout.write(`Evenkeel answers at ${instance.address ?? '(worker)'}\n`)
  const stop = (): void => {
    void instance.stop().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

try {
  await start()
} catch (error) {
  if (!(error instanceof ConfigurationFault)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
