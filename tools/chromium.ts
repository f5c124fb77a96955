import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { watch } from './step.ts'

/** The same browser without what only a window needs: journeys take a fifth less time in it. */
const lightest = 'chromium-headless-shell'
const names = [lightest, 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/**
 * The browser that journeys run in; installed where we may and know how.
 * @throws when there is none, saying how to get one
 */
export async function findChromium(): Promise<string> {
  const found = installedChromium()
  if (found !== undefined && (process.env['CHROMIUM_PATH'] !== undefined || found.endsWith(lightest)))
    return found
  const installed = (await installFromDebian()) ?? found
  if (installed !== undefined) return installed
  throw new Error(
    'The journeys in e2e need Chromium. On Debian run, as root, apt-get install chromium-headless-shell; elsewhere install Chromium or ' +
      'Chrome so that it is found in PATH, or set CHROMIUM_PATH to it.',
  )
}

function installedChromium(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const inPath = names.flatMap((name) => directories.map((directory) => join(directory, name)))
  return [process.env['CHROMIUM_PATH'] ?? '', ...inPath, onMac].find(
    (path) => path !== '' && existsSync(path),
  )
}

async function installFromDebian(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return undefined
  const environment = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', lightest]
  await watch({ name: 'set-up: package lists', command: ['apt-get', 'update', '-q'], environment })
  await watch({ name: 'set-up: Chromium', command: install, environment })
  return installedChromium()
}
