import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../src/app/log.ts'
import { read } from '../../src/platform/postgres/database.ts'
import { suspendTenant } from '../../src/practices/people/index.ts'
import { openBrowser, type Answer } from '../browser.ts'
import { castOf, type Cast } from '../incidents.ts'
import { openLinkRoom, tokenIn } from '../link-room.ts'
import { accountKey, deskUrl } from '../mail-room.ts'
import { createWorld, type World } from '../world.ts'

// Attack tests A41 and A42 for the links that the mail about a resolution carries: whoever gets hold of one can say one thing about one
// record, and learns nothing that the mail did not say.

const canary = 'zzcanaryzz'
let world: World
let room: ReturnType<typeof openLinkRoom>
let log = ''
beforeAll(async () => {
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      log += chunk.toString()
      done()
    },
  })
  world = await createWorld({ publicUrl: deskUrl, logger: createLog('trace', destination) })
  room = openLinkRoom(world)
})
afterAll(() => world.end())

const open = () => openBrowser(world.app)
const look = (token: unknown): Promise<Answer> => open().send('POST', '/answers/look', { token })
const answer = (token: unknown, more: Record<string, unknown> = {}): Promise<Answer> =>
  open().send('POST', '/answers', { token, answer: 'still_broken', ...more })
const essence = ({ status, body }: Answer) => ({ status, body: { ...body, request: undefined } })
const stateOf = async (cast: Cast, id: string) => {
  const { state, version } = await cast.read(id)
  return { state, version }
}

describe('A42: the mail is forwarded, put on CC, or read by somebody else', () => {
  test('A42: the link signs nobody in, sets no cookie, and no password can be set with it', async () => {
    const cast = await castOf(world, 'forwarded')
    const { token } = await room.resolved(cast, 'forwarded')
    const stranger = open()
    expect((await stranger.send('POST', '/answers/look', { token })).status).toBe(200)
    expect((await stranger.send('POST', '/answers', { token, answer: 'still_broken' })).status).toBe(200)
    expect(stranger.setCookies).toEqual([])
    expect((await stranger.send('GET', '/me')).status).toBe(401)
    for (const where of ['resets', 'invitations'])
      expect(
        await stranger.send('POST', `/session/${where}`, { token, password: 'eleven lanterns in the fog' }),
      ).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    for (const authorization of [`Bearer ${token}`, `Bearer ek_${token}`])
      expect((await stranger.send('GET', '/me', undefined, { authorization })).status).toBe(401)
    expect((await stranger.send('GET', '/me', undefined, { cookie: `evenkeel=${token}` })).status).toBe(401)
  })
  test('A42: it shows the number and the title, and of the record, its people and what they wrote nothing', async () => {
    const cast = await castOf(world, 'canaries')
    const { rita, amir } = cast
    const id = await cast.inState('in_progress', { description: `${canary} on ward 4` })
    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: `${canary} said` } })
    await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: `${canary} noted` } })
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: `${canary} done` })
    await room.run(cast.tenant.id)
    const token = tokenIn(room.mailTo(rita, 'canaries'))
    const shown = await look(token)
    const said = await answer(token, { text: `${canary} again` })
    for (const { body, text, headers } of [shown, said]) {
      expect(Object.keys(body).toSorted()).toEqual(
        ['answers', 'number', 'said', 'standing', 'tenant', 'title', 'until'].toSorted(),
      )
      for (const secret of [canary, 'Amir', 'Rita', id, rita.id, '@']) {
        expect(text).not.toContain(secret)
        expect(JSON.stringify(headers)).not.toContain(secret)
      }
    }
  })
  test('A42: whoever may no longer read the incident shows nothing of it to who holds their link', async () => {
    const cast = await castOf(world, 'no-longer')
    const id = await cast.inState('in_progress')
    const ann = await cast.tenant.person('Ann', 'requester')
    await cast.amir.api.addAffected({ params: { id }, body: { personId: ann.id } })
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.run(cast.tenant.id)
    const token = tokenIn(room.mailTo(ann, 'no-longer'))
    expect((await look(token)).status).toBe(200)
    await cast.lena.api.removeAffected({ params: { id, personId: ann.id } })
    expect(await look(token)).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    expect(await answer(token)).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    expect((await cast.read(id)).state).toBe('resolved')
  })
  test('A42: another site cannot have a browser say it', async () => {
    const cast = await castOf(world, 'cross')
    const { id, token } = await room.resolved(cast, 'cross')
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ] as Record<string, string>[])
      expect(await open().send('POST', '/answers', { token, answer: 'still_broken' }, headers)).toMatchObject(
        { status: 403, body: { code: 'cross_site' } },
      )
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect(
        (
          await open().send('POST', '/answers', JSON.stringify({ token, answer: 'still_broken' }), {
            'content-type': type,
          })
        ).status,
      ).toBe(415)
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const path of ['/answers', '/answers/look', `/answers/${token}`, `/answers?token=${token}`])
        expect((await open().send(method, path)).status).toBeGreaterThanOrEqual(400)
    expect((await cast.read(id)).state).toBe('resolved')
  })
})

describe('A41: what is wrong with a link is never said', () => {
  test('A41: used, expired, of another purpose, person or tenant, bent in any way: one answer, and nothing changed', async () => {
    const cast = await castOf(world, 'wrong')
    const other = await castOf(world, 'elsewhere')
    const { id, token } = await room.resolved(cast, 'wrong')
    const foreign = await room.resolved(other, 'elsewhere')
    const used = await room.resolved(cast, 'wrong')
    await answer(used.token)
    const ada = await cast.tenant.person('Ada', 'administrator')
    await ada.api.createPerson({ body: { name: 'Nils', email: 'nils@wrong.test' } })
    await room.run(cast.tenant.id)
    const invitation = /welcome#([A-Za-z0-9_-]+)/.exec(room.sent.map(({ text }) => text).join(' '))?.[1] ?? ''
    expect(invitation).toHaveLength(86)
    const before = await stateOf(cast, id)
    const gone = essence(await answer('x'))
    expect(gone).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    const flipped = token.slice(0, 85) + (token.endsWith('A') ? 'Q' : 'A')
    const wrong: readonly (readonly [string, string])[] = [
      ['a space', ' '],
      ['an escaped space', '%20'],
      ['an escaped NUL', '%00'],
      ['truncated', token.slice(0, -1)],
      ['a prefix', token.slice(0, 43)],
      ['longer', `${token}A`],
      ['in small letters', token.toLowerCase()],
      ['in capitals', token.toUpperCase()],
      ['with a space behind', `${token} `],
      ['with the last sign changed', flipped],
      ['with the secret of another', token.slice(0, 43) + used.token.slice(43)],
      ['of another tenant with this one’s secret', foreign.token.slice(0, 43) + token.slice(43)],
      ['of another purpose', invitation],
      ['padded', `${token}==`],
      ['wildcards', '%'.repeat(86)],
      ['nothing but zeros', Buffer.alloc(64).toString('base64url')],
    ]
    for (const [name, text] of wrong) {
      expect([name, essence(await answer(text))]).toEqual([name, gone])
      expect([name, essence(await look(text))]).toEqual([name, gone])
    }
    expect(essence(await answer(used.token))).toEqual(gone)
    for (const text of ['', null, [token], { $ne: '' }, 7, true, undefined, 'A'.repeat(201)])
      for (const knock of [look, answer]) expect((await knock(text)).status).toBe(422)
    expect(await stateOf(cast, id)).toEqual(before)
    world.clock.advance(60 * 86_400_000)
    expect(essence(await answer(token))).toEqual(gone)
    expect(essence(await look(token))).toEqual(gone)
    expect(await stateOf(cast, id)).toEqual(before)
  })
  test('A41: of a person who left, whose address was corrected, or whose organization is suspended: gone', async () => {
    const cast = await castOf(world, 'left')
    const first = await room.resolved(cast, 'left')
    const ada = await cast.tenant.person('Ada', 'administrator')
    await ada.api.editPerson({
      params: { id: cast.rita.id },
      body: { email: 'rita.o@left.test' },
      version: 1,
    })
    expect((await look(first.token)).status).toBe(410)
    await ada.api.editPerson({ params: { id: cast.rita.id }, body: { email: 'rita@left.test' }, version: 2 })
    expect((await answer(first.token)).status).toBe(410)
    const second = await room.resolved(cast, 'left')
    expect((await look(second.token)).status).toBe(200)
    await ada.api.editPerson({ params: { id: cast.rita.id }, body: { isActive: false }, version: 3 })
    expect((await look(second.token)).status).toBe(410)
    expect(essence(await answer(second.token))).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    expect((await cast.read(second.id)).state).toBe('resolved')
    // However they came to be no longer active: nobody withdrew this one.
    const unnoticed = await castOf(world, 'unnoticed')
    const still = await room.resolved(unnoticed, 'unnoticed')
    await world.asAdmin(`update person set is_active = false where id = '${unnoticed.rita.id}'`)
    for (const said of [await look(still.token), await answer(still.token)])
      expect(essence(said)).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    const asleep = await castOf(world, 'asleep')
    const third = await room.resolved(asleep, 'asleep')
    await suspendTenant(world.database, asleep.tenant.author(), true)
    expect((await look(third.token)).status).toBe(410)
    expect((await answer(third.token)).status).toBe(410)
  })
  test('A41: its secret is 256 bits that the database does not hold, and it is in no entry, job, mail row, outbox or log', async () => {
    const cast = await castOf(world, 'nowhere')
    const { token } = await room.resolved(cast, 'nowhere')
    await look(token)
    await answer(token, { text: 'Again.' })
    const secret = Buffer.from(token, 'base64url').subarray(32)
    expect(secret).toHaveLength(32)
    const everything = await read(world.database, cast.tenant.id, async (q) => {
      const tables = await q.rows<{ name: string }>({
        text: `select table_name as name from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'
               and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')`,
        values: [],
      })
      const rows = await Promise.all(
        tables.map(({ name }) =>
          q.rows<{ row: string }>({
            text: `select t::text as row from "${name}" t where tenant_id = $1`,
            values: [q.tenantId],
          }),
        ),
      )
      return rows.flat().map(({ row }) => row)
    })
    expect(everything.length).toBeGreaterThan(50)
    const forms = [token, token.slice(43), secret.toString('hex'), secret.toString('base64')]
    for (const form of forms) {
      expect(everything.filter((row) => row.includes(form))).toEqual([])
      expect(log).not.toContain(form)
    }
    // Nor can it be made without the instance's key, from what the database holds.
    expect(accountKey.equals(secret)).toBe(false)
    const ada = await cast.tenant.person('Ada', 'administrator')
    const { rows } = await ada.api.listOutbox()
    for (const { id } of rows)
      expect(JSON.stringify(await ada.api.readMail({ params: { id } }))).not.toContain(token.slice(43))
  })
  test('A41: who only guesses is turned away, and who holds a link is not', async () => {
    const cast = await castOf(world, 'guesses')
    const { token } = await room.resolved(cast, 'guesses')
    const guesser = open()
    const statuses: number[] = []
    for (let round = 0; round < 55; round += 1)
      statuses.push((await guesser.send('POST', '/answers/look', { token: 'A'.repeat(86) })).status)
    expect(statuses.filter((status) => status === 410)).toHaveLength(50)
    expect(statuses.at(-1)).toBe(429)
    expect((await look(token)).status).toBe(200)
    const patient = open()
    for (let round = 0; round < 60; round += 1)
      expect((await patient.send('POST', '/answers/look', { token })).status).toBe(200)
  })
})
