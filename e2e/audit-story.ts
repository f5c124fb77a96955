import { actor } from './fixture.ts'

/** Stock-takings: one that is under way with everything that can come of an item, and one that is closed. */
export type AuditStory = {
  readonly open: string
  readonly closed: string
  readonly room: string
  /** Asks of all of it; some is answered, one as not right, most by nobody. */
  readonly attestation: string
}

const long =
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungs-Workstation on ward 4, at the window beside the ice machine'

/** @param inHouse who does it in another house of the cast */
export const tellAuditStory = async (
  inHouse = (name: string): string => name,
  word = Date.now().toString(36),
): Promise<AuditStory> => {
  const [{ api }, amir] = [await actor(inHouse('Ada Silva')), await actor(inHouse('Amir Haddad'))]
  const make = async (kind: string, name: string, values: Record<string, string> = {}): Promise<string> =>
    (await api.createItem({ body: { class: kind, name, values }, idempotencyKey: crypto.randomUUID() })).id
  const site = await make('location', `Ward 4 ${word}`)
  const room = await make('location', `Nurses' station ${word}`, { location: site })
  const store = await make('location', `Store ${word}`, { location: site })
  const label = (at: number): string => `HH-${word}-${String(at).padStart(4, '0')}`
  for (const at of [1, 2, 3, 4, 5, 6])
    await make('workstation', at === 5 ? long : `PC ${label(at)}`, {
      asset_tag: label(at),
      location: at === 4 ? store : room,
      ...(at < 4 ? { owner: amir.id } : {}),
    })
  await make('workstation', `Cart ${word}`, { asset_tag: `C-${word}` })
  const begin = async (name: string, placeId: string): Promise<string> =>
    (await api.openAudit({ body: { name, placeId }, idempotencyKey: crypto.randomUUID() })).id
  const open = await begin(`Ward 4, spring ${word}`, site)
  const closed = await begin(`Store, winter ${word}`, store)
  await api.closeAudit({ params: { id: closed }, version: 1, body: {} })
  const at = new Date().toISOString()
  const scan = (text: string, placeId: string | null) => ({ id: crypto.randomUUID(), text, placeId, at })
  await amir.api.deliverScans({
    params: { id: open },
    body: {
      scans: [
        scan(label(1), room),
        scan(label(2), room),
        scan(label(3), store),
        scan(`C-${word}`, room),
        scan('0123 smudged', room),
      ],
    },
  })
  const { id: attestation } = await api.openAttestation({
    body: {
      name: `Workstations of ward 4 ${word}`,
      filter: 'class:workstation',
      dueAt: new Date(Date.now() + 20 * 86_400_000).toISOString(),
    },
    idempotencyKey: crypto.randomUUID(),
  })
  const { rows } = await amir.api.readAttestation({ params: { id: attestation }, query: { show: 'mine' } })
  const ids = rows.map(({ item }) => item.id)
  const answer = { params: { id: attestation } }
  await amir.api.answerAttestation({ ...answer, body: { itemIds: ids.slice(0, 1), answer: 'right' } })
  await api.answerAttestation({
    ...answer,
    body: {
      itemIds: ids.slice(1, 2),
      answer: 'wrong',
      note: 'It has 32 GB of memory since March, and stands in the store.',
    },
  })
  return { open, closed, room, attestation }
}
