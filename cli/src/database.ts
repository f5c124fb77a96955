import { makeBackup, restoreInto } from '@evenkeel/server/app/backup'
import { reachDatabase } from '@evenkeel/server/app/instance-database'
import { tenantsOf, withInstance } from '@evenkeel/server/app/operator'
import { prepareDatabase } from '@evenkeel/server/app/prepare'
import { seedOnce, seeds } from '@evenkeel/server/app/seed'
import { textOf, UsageFault, type Command } from './command.ts'
import { verifyAll } from './journal.ts'
import { answer, counted, mention } from './print.ts'
import { settings } from './settings.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'bring the database to this version',
  usage: '',
  help: 'Done by every start as well. Run it apart where the processes that serve may not change tables.',
  options: {},
  run: async (given) => {
    const reached = await reachDatabase(settings(), () => {})
    try {
      const applied = await prepareDatabase(reached.ownerUrl)
      const lines =
        applied.length === 0
          ? ['The database is on this version already.']
          : applied.map((file) => `applied ${file}`)
      answer(given, { applied }, ...lines)
      return 0
    } finally {
      await reached.leave()
    }
  },
}

export const seed: Command = {
  name: 'seed',
  summary: 'fill an empty instance',
  usage: 'demo|base',
  help: 'demo: a hospital and a bank with a story, in demo mode only. base: what every instance may begin with.\nAn instance that has tenants is left alone: exit code 1.',
  options: {},
  words: { least: 1, most: 1 },
  run: async (given) => {
    const seed = seeds.find((name) => name === given.words[0])
    if (seed === undefined) throw new UsageFault(`the seeds are: ${seeds.join(', ')}`)
    const config = settings()
    if (seed === 'demo' && config.mode === 'production')
      throw new UsageFault(
        'EVENKEEL_MODE is production: an instance with people in it is no place for a demo',
      )
    const outcome = await withInstance(config, ({ database, ownerUrl }) => seedOnce(seed, database, ownerUrl))
    const words = {
      seeded: 'Done.',
      kept: 'It was complete already.',
      'in use': 'The instance has tenants: it is left alone.',
      missing: `This installation does not come with the seed ${seed}.`,
    }
    answer(given, { seed, outcome }, words[outcome])
    return outcome === 'seeded' || outcome === 'kept' ? 0 : 1
  },
}

const fileName = (): string =>
  `evenkeel-backup-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.tar.zst`

export const backup: Command = {
  name: 'backup',
  summary: 'write everything the instance knows into one file, while it runs',
  usage: '[--file FILE]',
  help: [
    '--file FILE  where to; - writes to standard output, for encrypting it on the way. Nothing is overwritten.',
    '',
    'The file holds personal data: keep it as you keep the database. The keys are not in it, so that a stolen backup signs',
    'nothing and opens no one-time codes: keep signing-key.pem and account-key of EVENKEEL_DATA somewhere else.',
  ].join('\n'),
  options: { file: { type: 'string', short: 'f' } },
  run: async (given) => {
    const file = textOf(given, 'file') ?? fileName()
    const config = settings()
    const manifest = await withInstance(config, ({ ownerUrl }) =>
      makeBackup(config, ownerUrl, file, process.stdout),
    )
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const { files, missing } = manifest.attachments
    if (missing.length > 0)
      mention(
        `${counted(missing.length, 'attachment')} had no whole file any more: ${missing.slice(0, 5).join(', ')}`,
      )
    const sentence = `${file}: ${counted(rows, 'row')} and ${counted(files, 'attachment')}. The keys are not in it; keep them apart: ${config.signingKeyFile}, ${config.accountKeyFile}`
    if (file === '-') mention(sentence)
    else answer(given, { file, rows, attachments: files, missing }, sentence)
    return missing.length > 0 ? 1 : 0
  },
}

export const restore: Command = {
  name: 'restore',
  summary: 'put a backup into an empty instance',
  usage: '--file FILE',
  help: [
    '--file FILE  the backup; - reads standard input.',
    '',
    'The instance is new and not running: another EVENKEEL_DATA, or an empty database. It is all restored, checked against the',
    'archive and against what was stored, and its journal verified; or nothing is.',
    'Copy signing-key.pem and account-key into EVENKEEL_DATA first: without the one a new key signs from now on, without the other',
    'one-time codes have to be set up again. To try a backup beside the running original, leave SMTP_URL out: no mail is sent twice.',
  ].join('\n'),
  options: { file: { type: 'string', short: 'f' } },
  run: async (given) => {
    const file = textOf(given, 'file') ?? given.words[0]
    if (file === undefined) throw new UsageFault('--file is needed')
    const config = settings()
    const reached = await reachDatabase(config, () => {})
    try {
      const { header, manifest } = await restoreInto(config, reached.ownerUrl, file, process.stdin)
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      const { verdicts, tenants } = await withInstance(config, async ({ database }) => ({
        verdicts: await verifyAll(config, database, undefined, { heads: [], keys: [] }),
        tenants: await tenantsOf(database),
      }))
      answer(
        given,
        {
          madeAt: header.madeAt,
          rows,
          attachments: manifest.attachments,
          tenants: tenants.length,
          journals: verdicts,
        },
        `Restored as it was at ${header.madeAt}: ${counted(tenants.length, 'tenant')}, ${counted(rows, 'row')}, ${counted(manifest.attachments.files, 'attachment')}.`,
        ...verdicts.map(({ words }) => words),
      )
      return verdicts.every(({ ok }) => ok) ? 0 : 1
    } finally {
      await reached.leave()
    }
  },
}
