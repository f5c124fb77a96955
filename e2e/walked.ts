import { actor } from './fixture.ts'
import { tellBranchStory } from './branch-story.ts'
import { tellAuditStory } from './audit-story.ts'
import { bringFile } from './import-file.ts'
import { attach, picture } from './picture.ts'
import { description } from './story.ts'

/** What the walk through all pages and dialogs looks at. */
export type Walked = {
  /** New, nobody's, with a picture, a checklist and comments of both kinds; raised by Rita Okafor. */
  readonly record: string
  /** In progress with Amir Haddad, and the parent of another. */
  readonly begun: string
  /** Resolved; its caller, Rita Okafor, is asked whether it works. */
  readonly resolved: string
  readonly team: string
  readonly role: string
  readonly otto: string
  readonly template: string
  /** A file that was brought, with its proposal and nothing more. */
  readonly batch: string
  /** Plans something that together with another one takes a service down. */
  readonly branch: string
  /** Under way, with everything that can come of an item. */
  readonly audit: string
  /** Under way; some of it is answered. */
  readonly attestation: string
  /** In use. */
  readonly item: string
  /** Retired; it stored patient data. */
  readonly retired: string
}

export const macro = 'By macro'

const walkedFile = [
  'ticket_id,short_description,incident_state,opened_at,assignment_group,priority',
  ...Array.from(
    { length: 12 },
    (_, n) =>
      `OLD${n},Printer ${n},${['New', 'Active', 'Parked'][n % 3] ?? ''},${n + 1}/3/2024 08:00,Network,3 - Moderate`,
  ),
].join('\n')

/** @param inHouse who does it in another house of the cast, by who does it at Harbor Hospital */
export const prepareWalk = async (
  inHouse = (name: string): string => name,
  about = description,
): Promise<Walked> => {
  const [rita, amir, lena, ada] = [
    await actor(inHouse('Rita Okafor')),
    await actor(inHouse('Amir Haddad')),
    await actor(inHouse('Lena Brandt')),
    await actor(inHouse('Ada Silva')),
  ]
  const desk = (await amir.api.me()).teams[0]?.id ?? ''
  const raise = async (title: string): Promise<string> =>
    (await rita.api.raiseIncident({ body: { title, description: about } })).id
  const seen = async (id: string) => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })
  const begin = async (id: string): Promise<void> => {
    await amir.api.assignIncident({ ...(await seen(id)), body: { personId: amir.id, teamId: desk } })
    await amir.api.moveIncident({ ...(await seen(id)), body: { action: 'start' } })
  }
  const record = await raise('Walked through')
  await amir.api.commentIncident({
    params: { id: record },
    body: { audience: 'team', body: 'Only the team.' },
  })
  await amir.api.commentIncident({
    params: { id: record },
    body: { audience: 'public', body: 'For the caller.' },
  })
  await amir.api.addToChecklist({ params: { id: record }, body: { items: ['Call the vendor'] } })
  await attach(rita, record, 'screen.png', picture(3))
  const [begun, child, resolved] = [
    await raise('Walked, begun'),
    await raise('Walked, child'),
    await raise('Walked, resolved'),
  ]
  await begin(begun)
  await amir.api.setIncidentParent({ ...(await seen(child)), body: { parentId: begun } })
  await begin(resolved)
  await amir.api.moveIncident({
    ...(await seen(resolved)),
    body: { action: 'resolve', code: 'fixed', notes: 'A new fuser.' },
  })
  const known = (await lena.api.listTemplates({ query: {} })).rows.find(({ name }) => name === macro)
  const template =
    known ??
    (await lena.api.createTemplate({
      body: {
        kind: 'macro',
        name: macro,
        document: { steps: [{ do: 'comment', audience: 'team', body: 'Written by a macro.' }] },
      },
    }))
  const planned = await tellBranchStory(inHouse, `walk${Date.now().toString(36)}`)
  const make = async (name: string): Promise<string> =>
    (await ada.api.createItem({ body: { class: 'server', name, values: { patient_data: true } } })).id
  const audits = await tellAuditStory(inHouse)
  const [item, retired] = [await make('walked-1'), await make('walked-2')]
  await ada.api.moveItem({ params: { id: retired }, version: 1, body: { action: 'retire' } })
  return {
    branch: planned.long,
    audit: audits.open,
    attestation: audits.attestation,
    item,
    retired,
    batch: await bringFile(ada, 'walked.csv', walkedFile),
    record,
    begun,
    resolved,
    template: template.id,
    team: (await ada.api.listTeams()).rows[0]?.id ?? '',
    role: (await ada.api.listRoles()).rows.find(({ key }) => key === 'agent')?.id ?? '',
    otto: (await actor(inHouse('Otto Lindqvist'))).id,
  }
}
