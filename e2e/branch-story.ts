import { actor } from './fixture.ts'

/**
 * What is planned of the story: two branches that are harmless alone, one with a long name that does not fit any
 * more, one that contradicts it, an empty one, one that was applied.
 */
export type BranchStory = {
  readonly first: string
  readonly second: string
  readonly long: string
  readonly empty: string
  readonly against: string
  readonly applied: string
  readonly service: string
}

/** @param inHouse who does it in another house of the cast */
export const tellBranchStory = async (
  inHouse = (name: string): string => name,
  word = 'archives',
): Promise<BranchStory> => {
  const ada = await actor(inHouse('Ada Silva'))
  const { api } = ada
  const team = (await api.me()).teams[0]?.id ?? (await api.listTeams()).rows[0]?.id ?? ''
  const make = async (klass: string, name: string, values: Record<string, string | number> = {}) =>
    (await api.createItem({ body: { class: klass, name, values } })).id
  const relate = async (id: string, type: 'depends_on' | 'member_of', toId: string) =>
    (await api.relateItem({ params: { id }, body: { type, toId } })).id
  const service = await make('business_service', `Electronic ${word}`, {
    criticality: '1',
    support_team: team,
    users_served: 3200,
  })
  const application = await make('application', `${word} application`)
  const group = await make('group', `${word} database`, { members_needed: 2 })
  await relate(service, 'depends_on', application)
  await relate(application, 'depends_on', group)
  const nodes: string[] = []
  const members: string[] = []
  for (let at = 1; at <= 4; at += 1) {
    const node = await make('server', `${word}-db-${at}`, { availability: 99.5 })
    nodes.push(node)
    members.push(await relate(node, 'member_of', group))
  }
  const [a = '', b = '', c = '', d = ''] = nodes
  const branch = async (name: string, hours: readonly [number, number]): Promise<string> => {
    const at = (hour: number): string => `2030-01-06T${String(hour).padStart(2, '0')}:00:00Z`
    return (await api.createBranch({ body: { name, startsAt: at(hours[0]), endsAt: at(hours[1]) } })).id
  }
  const first = await branch(`Replace the power supplies of ${word}`, [2, 5])
  const second = await branch(`Patch ${word}`, [3, 6])
  const long = await branch(
    `${word} first: move all that stands in the old computer room to the new building before winter`,
    [4, 8],
  )
  const against = await branch(`Another system for ${word}`, [5, 7])
  const applied = await branch(`Say the system of ${word}`, [1, 2])
  const empty = await branch(`Not thought through yet (${word})`, [1, 2])
  const step = (id: string, body: Parameters<typeof api.addBranchStep>[0]['body']) =>
    api.addBranchStep({ params: { id }, body })
  for (const itemId of [a, b]) await step(first, { kind: 'down', itemId, reason: 'Both hang on one supply' })
  await step(second, { kind: 'down', itemId: c })
  const made = await step(long, { kind: 'make', class: 'server', name: `${word}-db-5`, values: {} })
  await step(long, { kind: 'relate', fromId: made.itemId, type: 'member_of', toId: group })
  await step(long, { kind: 'unrelate', relationId: members[3] ?? '' })
  await step(long, { kind: 'move', itemId: d, action: 'retire' })
  await step(long, { kind: 'quorum', itemId: group, need: { count: 3 } })
  await step(long, { kind: 'edit', itemId: a, values: { os: 'North OS 12, long term support' } })
  await step(against, { kind: 'edit', itemId: a, values: { os: 'East OS 4' } })
  await step(against, { kind: 'down', itemId: d, effect: 'degraded' })
  await step(applied, { kind: 'edit', itemId: b, values: { os: 'West OS 7' } })
  const { version: appliedVersion } = await api.readBranch({ params: { id: applied } })
  await api.applyBranch({ params: { id: applied }, version: appliedVersion, body: {} })
  // Somebody said otherwise since.
  const { version } = await api.readItem({ params: { id: a } })
  await api.editItem({ params: { id: a }, version, body: { values: { os: 'South OS 11' } } })
  return { first, second, long, against, applied, empty, service }
}
