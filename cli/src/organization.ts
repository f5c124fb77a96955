import { countsOf } from '@evenkeel/server/app/organization.export'
import { exportToFile, importFromFile } from '@evenkeel/server/app/organization-file'
import { tenantNamed, withInstance } from '@evenkeel/server/app/operator'
import { neededText, textOf, UsageFault, type Command } from './command.ts'
import { answer, counted, mention } from './print.ts'
import { settings } from './settings.ts'

export const organizationExport: Command = {
  name: 'organization export',
  summary: 'write everything one organization has into an archive that any program can read',
  usage: '[--tenant SLUG] [--file FILE]',
  help: [
    '--tenant SLUG  whose; may be left out where there is one',
    '--file FILE    where to; - writes to standard output. Nothing is overwritten. SLUG.tar otherwise.',
    '',
    'A tar archive of JSON Lines and attachments; docs/generated/export.md says what every field is. It holds personal data and',
    'confidential records: keep it as you keep the database. Passwords, keys and seals are not in it.',
    'Exit code 1 when attachments were missing: the archive names them and is whole otherwise.',
  ].join('\n'),
  options: { tenant: { type: 'string' }, file: { type: 'string', short: 'f' } },
  run: async (given) => {
    const config = settings()
    return withInstance(config, async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      const file = textOf(given, 'file') ?? `${tenant.slug}.tar`
      const manifest = await exportToFile(config, database, tenant.id, file, process.stdout)
      const { rows, files, bytes } = countsOf(manifest)
      const { missing } = manifest.files
      if (missing.length > 0)
        mention(
          `${counted(missing.length, 'file')} of attachments had no whole content any more: ${missing.slice(0, 5).join(', ')}`,
        )
      const sentence = `${file}: ${counted(rows, 'row')} and ${counted(files, 'file')} of ${tenant.name}.`
      if (file === '-') mention(sentence)
      else answer(given, { file, tenant: tenant.slug, rows, files, bytes, missing }, sentence)
      return missing.length > 0 ? 1 : 0
    })
  },
}

export const organizationImport: Command = {
  name: 'organization import',
  summary: 'put an archive of an organization into this instance, as a tenant of its own',
  usage: '--file FILE [--slug SLUG]',
  help: [
    '--file FILE  the archive; - reads standard input',
    '--slug SLUG  what people type to sign in, where it is not to be that of the archive',
    '',
    'All of it or nothing, as a new tenant: roles and rules are those of the archive, identities are kept, numbers go on after the',
    'highest, the journal is sealed anew. Nobody is written to because of what happened long ago, and nobody can sign in before',
    'they have a password or an invitation. While rows are put in, mail and live pages of other tenants wait.',
  ].join('\n'),
  options: { file: { type: 'string', short: 'f' }, slug: { type: 'string' } },
  words: { least: 0, most: 1 },
  run: async (given) => {
    const file = given.words[0] ?? neededText(given, 'file')
    if (file === '') throw new UsageFault('--file is needed')
    const config = settings()
    return withInstance(config, async ({ database }) => {
      const carried = await importFromFile(config, database, file, textOf(given, 'slug'), process.stdin)
      const { slug, administrators, manifest } = carried
      const { rows, files } = countsOf(manifest)
      const [first] = administrators
      answer(
        given,
        { id: carried.id, tenant: slug, rows, files, missing: manifest.files.missing, administrators },
        `${manifest.organization.name} is here as ${slug}: ${counted(rows, 'row')} and ${counted(files, 'file')}.`,
        'Nobody can sign in yet: no password, key or second factor came along. The first one gets a password here and invites the others:',
        `  npx evenkeel user password --tenant ${slug} --email ${first ?? 'ADDRESS'}`,
      )
      return 0
    })
  },
}
