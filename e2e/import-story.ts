import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ImportState } from '@evenkeel/contract/import'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { password } from './cast.ts'
import { actor } from './fixture.ts'
import { bringFile } from './import-file.ts'

const root = join(import.meta.dirname, '..')

/** A file of another desk with what goes wrong in such files: a state nobody translated, a day that never was, a row of nothing. */
const oldDesk = [
  'number,short_description,incident_state,opened_at,sys_updated_at,sys_updated_by,assignment_group,priority',
  'OLD1,Printer jams on ward 4,New,1/3/2024 08:00,1/3/2024 08:00,Amir Haddad,Service desk,3 - Moderate',
  'OLD1,Printer jams on ward 4,Active,1/3/2024 08:00,1/3/2024 09:30,Amir Haddad,Service desk,3 - Moderate',
  'OLD2,No network in the east wing since the move of the switch,New,4/3/2024 07:45,4/3/2024 07:45,Noor de Vries,Network,2 - High',
  'OLD2,No network in the east wing since the move of the switch,Parked,4/3/2024 07:45,4/3/2024 08:00,Noor de Vries,Network,2 - High',
  'OLD3,Badge reader dead,New,31/2/2024 11:00,5/3/2024 11:00,Gwendolyn Featherstonehaugh-Cholmondeley,Facilities and medical engineering (external),4 - Low',
  ',Nobody knows which,New,6/3/2024 11:00,6/3/2024 11:00,Amir Haddad,Service desk,4 - Low',
  ...Array.from(
    { length: 20 },
    (_, n) =>
      `OLD${n + 4},Password reset,Resolved,7/3/2024 ${String(n).padStart(2, '0')}:05,7/3/2024 ${String(n).padStart(2, '0')}:20,Amir Haddad,Service desk,4 - Low`,
  ),
  '',
].join('\n')

export type ImportStory = {
  readonly waiting: string
  /** A workbook with several sheets. */
  readonly sheets: string
  readonly examined: string
  readonly imported: string
  readonly voided: string
  readonly failed: string
}

/** Batches of a house that moves in from another desk, one in each state that lasts. */
export const tellImportStory = async (): Promise<ImportStory> => {
  const ada = await actor('Ada Silva')
  const until = async (id: string, ...states: readonly ImportState[]): Promise<void> => {
    while (!states.includes((await ada.api.readImport({ params: { id } })).state)) await setTimeout(300)
  }
  const proposed = async (id: string): Promise<ImportMapping> => {
    const { mapping } = await ada.api.proposeMapping({ params: { id } })
    return { ...mapping, source: 'Old desk', times: { ...mapping.times, zone: 'Europe/Berlin' } }
  }
  const examined = async (name: string, content: string, mapping?: ImportMapping): Promise<string> => {
    const id = await bringFile(ada, name, content)
    await ada.api.examineImport({ params: { id }, body: { mapping: mapping ?? (await proposed(id)) } })
    await until(id, 'examined', 'failed')
    return id
  }
  const ran = async (id: string): Promise<string> => {
    await ada.api.runImport({ params: { id } })
    await until(id, 'imported')
    return id
  }
  const log = ImportMapping.parse(
    JSON.parse(await readFile(join(root, 'bench/mappings/incident-log.json'), 'utf8')),
  )
  const imported = await ran(
    await examined(
      'incident-log.csv',
      await readFile(join(root, 'server/test/samples/incident-log.csv'), 'utf8'),
      log,
    ),
  )
  await ada.api.saveMapping({
    params: { name: 'Old desk, incidents' },
    body: { mapping: log, note: 'With the groups as teams' },
  })
  const voided = await ran(await examined('old-desk-2023.csv', oldDesk.replaceAll('OLD', 'OLDER')))
  const { mapping } = await ada.api.readImport({ params: { id: voided } })
  const failed = await examined(
    'every-incident-of-the-former-regional-hospital-trust-2009-to-2024-export-final-version-2-corrected.csv',
    // Longer than what is looked at before the file is read whole.
    `${oldDesk}${'OLD98,Toner,New,1/3/2024 08:00,1/3/2024 08:00,Amir Haddad,Service desk,4 - Low\n'.repeat(20_000)}OLD99,"A quote that never ends,New,1/3/2024 08:00\n`,
    mapping ?? undefined,
  )
  // Its session gets another cookie by proving who it is, so it is one of its own.
  const proven = await actor('Ada Silva')
  await proven.api.confirmMe({ body: { password } })
  await proven.api.voidImport({
    params: { id: voided },
    body: { reason: 'Brought with the wrong time zone.' },
  })
  return {
    waiting: await bringFile(ada, 'old-desk-2024-new.csv', oldDesk.replaceAll('OLD', 'NEW')),
    sheets: await bringFile(
      ada,
      'quarter.xlsx',
      new Uint8Array(await readFile(join(root, 'server/test/samples/quarter.xlsx'))),
    ),
    examined: await examined('old-desk-2024.csv', oldDesk),
    imported,
    voided,
    failed,
  }
}
