import { setTimeout } from 'node:timers/promises'
import { actor } from './fixture.ts'
import { bringFile } from './import-file.ts'

/** A small estate: a service and what it stands on, what was bought, devices of a caller, and an incident with items. */
export type ItemStory = {
  readonly service: string
  /** With a cost, a warranty, a contract and a supplier. */
  readonly server: string
  /** With a name that is as long as a name may be, and nothing else. */
  readonly long: string
  /** In use, stores patient data. */
  readonly inUse: string
  /** Retired, stores patient data: it may be disposed of. */
  readonly retired: string
  /** A group with two of which one has to be alive. */
  readonly group: string
  readonly contract: string
  readonly provider: string
  /** A product that is installed more often than it was bought. */
  readonly product: string
  /** Names items with each of the effects, one with a long name. */
  readonly incident: string
  /** A file of an inventory, tried and not yet brought in. */
  readonly inventory: string
  /** When all of it was there. */
  readonly complete: string
}

const longName =
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungs-Workstation on ward 4, at the window beside the ice machine'

/** @param inHouse who does it in another house of the cast */
export const tellItemStory = async (
  inHouse = (name: string): string => name,
  word = 'imaging',
): Promise<ItemStory> => {
  const [ada, rita, lena] = [
    await actor(inHouse('Ada Silva')),
    await actor(inHouse('Rita Okafor')),
    await actor(inHouse('Lena Brandt')),
  ]
  const { api } = ada
  const team = (await api.listTeams()).rows[0]?.id ?? ''
  type Values = NonNullable<Parameters<typeof api.createItem>[0]['body']['values']>
  const make = async (kind: string, name: string, values: Values = {}): Promise<string> =>
    (await api.createItem({ body: { class: kind, name, values } })).id
  const relate = (
    id: string,
    type: 'depends_on' | 'runs_on' | 'member_of' | 'installed_on',
    toId: string,
  ): Promise<unknown> => api.relateItem({ params: { id }, body: { type, toId } })
  const day = (after: number): string => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10)

  const chain = await make('provider', `Cooling and power for ${word}`, { country: 'DE' })
  const provider = await make('provider', `North ${word}`, {
    country: 'NL',
    lei: '894500NORTHWIND00B93',
    exit_plan: true,
    subcontractors: [chain],
  })
  await make('provider', `${longName} GmbH & Co. KG`.slice(0, 120))
  const agreed = async (name: string, ends: number | null, number: string): Promise<string> =>
    make('contract', name, {
      provider,
      ...(number !== '' && { contract_number: number }),
      starts_on: day(-700),
      ...(ends !== null && { ends_on: day(ends) }),
      renewal: 'automatic',
      notice_days: 30,
      annual_cost: { amount: '72000', currency: 'EUR' },
    })
  const contract = await agreed(`Maintenance of ${word}`, 41, 'NW-M-204')
  await agreed(`Cabling of ${word}`, -20, 'NW-C-1')
  await agreed(
    `Support of ${word}, around the clock, with somebody on the premises within two hours`,
    500,
    '',
  )
  await agreed(`Lines of ${word}`, null, 'NW-L-9')

  const service = await make('business_service', `${word} for all wards`, {
    criticality: '1',
    support_team: team,
    users_served: 3200,
    critical_or_important: true,
    provider,
    contracts: [contract],
  })
  const application = await make('application', `${word} archive`)
  const group = await make('group', `${word} storage`, { members_needed: 1 })
  await relate(service, 'depends_on', application)
  await relate(application, 'depends_on', group)
  const server = await make('server', `${word}-1`, {
    supplier: provider,
    contracts: [contract],
    cost: { amount: '18400', currency: 'EUR' },
    bought_on: day(-500),
    useful_life: 60,
    warranty_until: day(20),
    patient_data: true,
  })
  const other = await make('server', `${word}-2`)
  for (const one of [server, other]) await relate(one, 'member_of', group)
  const [inUse, retired] = [
    await make('server', `${word}-3`, { patient_data: true }),
    await make('server', `${word}-old`, { patient_data: true }),
  ]
  await api.moveItem({ params: { id: retired }, version: 1, body: { action: 'retire' } })

  const product = await make('software', `Viewer for ${word}`, { license_needed: true })
  await make('license', `Viewer for ${word}, ten devices`, { product, metric: 'device', quantity: 1 })
  await make('license', `Viewer for ${word}, last year`, {
    product,
    metric: 'device',
    quantity: 5,
    ends_on: day(-30),
  })
  const long = await make('workstation', longName.slice(0, 120), { owner: rita.id, asset_tag: 'WS-40417' })
  const tablet = await make('workstation', `${word} tablet`, { owner: rita.id, serial: 'R52T90ABCDE' })
  for (const device of [long, tablet]) await relate(product, 'installed_on', device)

  const { id: incident } = await lena.api.raiseIncident({
    body: {
      title: `Pictures of ${word} come late`,
      items: [
        { id: server, effect: 'down' },
        { id: other, effect: 'degraded' },
        { id: long, effect: 'involved' },
      ],
    },
  })
  for (const twin of ['left', 'right'])
    await make('server', `${word} twin, ${twin}`, { asset_tag: `TWIN-${word}`, bought_on: day(-900) })
  await api.putItemsBySource({
    params: { source: 'network-scan' },
    body: {
      items: [
        {
          externalId: `${word}-4c:5e:0c:11:22:33`,
          class: 'server',
          name: `${word} twin`,
          values: {
            asset_tag: `TWIN-${word}`,
            hostname: `${word}-twin.harbor.example`,
            bought_on: day(-899),
          },
        },
      ],
    },
  })
  const inventory = await bringFile(
    ada,
    `inventory-${word}.csv`,
    [
      'inventory,kind,name,status,serial number,asset tag,location',
      `${word}-R,room,Cellar of ${word},in use,,,`,
      `${word}-1,server,db ${word},Installed,SN1-${word},,Cellar of ${word}`,
      `${word}-2,server,web ${word},In stock,SN2-${word},,Rack nobody knows`,
      `${word}-3,server,twin ${word},Installed,,TWIN-${word},`,
      '',
    ].join('\n'),
  )
  const { mapping } = await api.proposeMapping({ params: { id: inventory } })
  await api.examineImport({
    params: { id: inventory },
    body: { mapping: { ...mapping, source: `inventory-${word}` } },
  })
  while (!['examined', 'failed'].includes((await api.readImport({ params: { id: inventory } })).state))
    await setTimeout(300)
  return {
    service,
    server,
    long,
    inUse,
    retired,
    group,
    contract,
    provider,
    product,
    incident,
    inventory,
    complete: new Date().toISOString(),
  }
}
