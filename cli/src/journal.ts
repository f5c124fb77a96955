import type { Config } from '@evenkeel/server/app/config'
import { earlierKeysFile } from '@evenkeel/server/app/backup'
import { conformanceOf } from '@evenkeel/server/app/conformance'
import {
  exportJournal,
  newestHead,
  verifyFile,
  verifyStored,
  type Fault,
  type Outside,
  type Sound,
} from '@evenkeel/server/app/evidence'
import {
  journalAsOperator,
  tenantNamed,
  tenantsOf,
  withInstance,
  type Opened,
} from '@evenkeel/server/app/operator'
import { textOf, textsOf, UsageFault, type Command, type Given } from './command.ts'
import { answer, counted, mention, say } from './print.ts'
import { settings } from './settings.ts'

type Told = {
  readonly ok: boolean
  readonly tenant: string
  readonly words: string
  readonly verdict: object
}

const outsideOf = (given: Given): Outside => ({ heads: textsOf(given, 'head'), keys: textsOf(given, 'key') })

const soundInWords = (verdict: Sound): string =>
  [
    `sound: ${counted(verdict.size, 'entry', 'entries')} under ${counted(verdict.heads, 'signed head')}`,
    verdict.unsealed > 0 ? `${counted(verdict.unsealed, 'entry', 'entries')} not sealed yet` : '',
    verdict.personal.erased > 0 ? `${counted(verdict.personal.erased, 'personal value')} erased` : '',
    verdict.heldAgainst === null
      ? 'not held against a head from outside, so a missing tail or a whole rebuild would not show'
      : `held against a head from outside of ${counted(verdict.heldAgainst, 'entry', 'entries')}`,
  ]
    .filter((part) => part !== '')
    .join('; ')

const faultInWords = ({ words, entry, line, kind, first }: Fault): string =>
  [
    `NOT SOUND (${kind}), first bad entry ${first}: ${words}`,
    entry === undefined
      ? ''
      : `found there: ${entry.type} of ${entry.subject.kind} ${entry.subject.id} at ${entry.at}, id ${entry.id}`,
    line === undefined ? '' : `line ${line} of the file`,
  ]
    .filter((part) => part !== '')
    .join('\n  ')

/** The verdict on every tenant's journal, or on one. */
export const verifyAll = async (
  config: Config,
  database: Opened['database'],
  slug: string | undefined,
  outside: Outside,
): Promise<Told[]> => {
  const tenants = slug === undefined ? await tenantsOf(database) : [await tenantNamed(database, slug)]
  const told: Told[] = []
  for (const tenant of tenants) {
    const keys = [config.signingKeyFile, earlierKeysFile(config)]
    const verdict = await verifyStored(database, tenant.id, keys, outside)
    const words = `${tenant.slug}: ${verdict.ok ? soundInWords(verdict) : faultInWords(verdict.fault)}`
    told.push({ ok: verdict.ok, tenant: tenant.slug, words, verdict })
  }
  return told
}

const outsideOptions = {
  head: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
} as const

export const journalVerify: Command = {
  name: 'journal verify',
  summary: 'prove that no entry of the journal was changed, removed, added or moved',
  usage: '[--tenant SLUG | --file EXPORT] [--head FILE]… [--key FILE]…',
  help: [
    '--tenant SLUG  only this one; with several tenants, --head belongs to one of them',
    '--file EXPORT  an exported journal, offline: no database and no settings are needed',
    '--head FILE    a head that was kept outside (journal head prints it): shows a missing tail and a whole rebuild as well',
    '--key FILE     the public key to trust, in PEM or as name+id+key; without it the instance’s own, or those in the export',
    '',
    'Exit codes: 0 sound, 1 not sound, and the first bad entry is named.',
  ].join('\n'),
  options: { tenant: { type: 'string' }, file: { type: 'string' }, ...outsideOptions },
  run: async (given) => {
    const file = textOf(given, 'file')
    if (file !== undefined) {
      const verdict = await verifyFile(file, outsideOf(given))
      const words = verdict.ok
        ? [
            soundInWords(verdict),
            ...(verdict.keysFrom === 'export'
              ? [
                  'no --key was given, so its signatures were held against the keys that the file names itself',
                ]
              : []),
          ].join('; ')
        : faultInWords(verdict.fault)
      answer(given, verdict, `${file}: ${words}`)
      return verdict.ok ? 0 : 1
    }
    const [config, slug, outside] = [settings(), textOf(given, 'tenant'), outsideOf(given)]
    const told = await withInstance(config, async ({ database }) => {
      if (slug === undefined && outside.heads.length > 0 && (await tenantsOf(database)).length > 1)
        throw new UsageFault('--head belongs to one tenant: name it with --tenant')
      return verifyAll(config, database, slug, outside)
    })
    const lines = told.length === 0 ? ['There is no tenant yet.'] : told.map(({ words }) => words)
    answer(given, { journals: told.map(({ tenant, verdict }) => ({ tenant, ...verdict })) }, ...lines)
    return told.every(({ ok }) => ok) ? 0 : 1
  },
}

export const journalExport: Command = {
  name: 'journal export',
  summary: 'write a tenant’s journal into a file that proves itself',
  usage: '[--tenant SLUG] [--file FILE]',
  help: [
    'One JSON object a line, personal values included: keep it as you keep the database. The export itself is journalled.',
    'journal verify --file checks it on any machine.',
  ].join('\n'),
  options: { tenant: { type: 'string' }, file: { type: 'string', short: 'f' } },
  run: async (given) => {
    const config = settings()
    return withInstance(config, async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      const file = textOf(given, 'file') ?? `journal-${tenant.slug}.jsonl`
      const counts = await exportJournal(database, tenant.id, config.signingKeyFile, file)
      await journalAsOperator(database, tenant.id, 'journal.exported', counts)
      answer(
        given,
        { file, tenant: tenant.slug, ...counts },
        `${file}: ${counted(counts.entries, 'entry', 'entries')} under ${counted(counts.heads, 'signed head')}`,
      )
      return 0
    })
  },
}

export const journalConformance: Command = {
  name: 'journal conformance',
  summary: 'check that the journal holds no move that the process does not allow',
  usage: '[--tenant SLUG]',
  help: [
    'Follows every incident through its states, as the journal tells them, and holds each move against the process table.',
    '',
    'Exit codes: 0 none was found, 1 there are some, and each is named with its entry.',
  ].join('\n'),
  options: { tenant: { type: 'string' } },
  run: async (given) => {
    const slug = textOf(given, 'tenant')
    const checked = await withInstance(settings(), async ({ database }) => {
      const tenants = slug === undefined ? await tenantsOf(database) : [await tenantNamed(database, slug)]
      const results = []
      for (const tenant of tenants)
        results.push({ tenant: tenant.slug, ...(await conformanceOf(database, tenant.id)) })
      return results
    })
    const lines = checked.flatMap(({ tenant, incidents, imported, flagged, illegal, named }) => [
      illegal === 0
        ? `${tenant}: no illegal move in ${counted(incidents, 'incident')}`
        : `${tenant}: ILLEGAL MOVES in ${counted(illegal, 'incident')} of ${counted(incidents, 'incident')}`,
      ...(imported === 0
        ? []
        : [
            `  ${counted(imported, 'incident')} of them imported, with ${counted(flagged, 'entry', 'entries')} flagged as what the process would not have allowed`,
          ]),
      ...named.flatMap(({ id, number, faults }) =>
        faults.map(({ entryId, message }) => `  ${number ?? id}: ${message} (entry ${entryId})`),
      ),
      ...(named.length < illegal ? [`  and ${counted(illegal - named.length, 'incident')} more`] : []),
    ])
    if (lines.length === 0) lines.push('There is no tenant yet.')
    answer(given, { journals: checked }, ...lines)
    return checked.every(({ illegal }) => illegal === 0) ? 0 : 1
  },
}

export const journalHead: Command = {
  name: 'journal head',
  summary: 'print the newest signed head, to be kept where nobody who reaches the database reaches it',
  usage: '[--tenant SLUG]',
  help: 'Kept outside, it later proves that no tail went missing and that nothing was rebuilt: journal verify --head FILE.',
  options: { tenant: { type: 'string' } },
  run: async (given) =>
    withInstance(settings(), async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      const head = await newestHead(database, tenant.id)
      if (head === null) {
        mention('Nothing is sealed yet: a running instance seals within a second.')
        return 1
      }
      // As it is, to the byte: a signature covers it.
      if (given.values['json'] === true) say(JSON.stringify({ tenant: tenant.slug, head }))
      else process.stdout.write(head)
      return 0
    }),
}
