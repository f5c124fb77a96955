import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type Answer } from '../../../test/browser.ts'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { openLinkRoom, tokenIn } from '../../../test/link-room.ts'
import { deskUrl, openMailRoom } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'

const day = 86_400_000
let world: World
let room: ReturnType<typeof openLinkRoom>
beforeAll(async () => {
  world = await createWorld({ publicUrl: deskUrl })
  room = openLinkRoom(world)
})
afterAll(() => world.end())

const look = (token: string): Promise<Answer> =>
  openBrowser(world.app).send('POST', '/answers/look', { token })
const answer = (token: string, said: 'still_broken' | 'works', text?: string): Promise<Answer> =>
  openBrowser(world.app).send('POST', '/answers', {
    token,
    answer: said,
    ...(text === undefined ? {} : { text }),
  })
const journalOf = (cast: Cast, id: string) =>
  read(world.database, cast.tenant.id, (q) =>
    q.rows<{ type: string; actor_kind: string; actor_id: string; via: string; request: string | null }>({
      text: 'select type, actor_kind, actor_id, via, request from journal where tenant_id = $1 and subject_id = $2 order by id',
      values: [q.tenantId, id],
    }),
  )

describe('the links in the mail about a resolution', () => {
  test('are two, lead to pages of the application, and carry the token where no server sees it', async () => {
    const cast = await castOf(world, 'two-links')
    const { token } = await room.resolved(cast, 'two-links')
    const mail = room.mailTo(cast.rita, 'two-links')
    expect(token).toMatch(/^[A-Za-z0-9_-]{86}$/)
    expect(tokenIn(mail, 'it-works')).toBe(token)
    expect(mail.html).toContain(
      `<p><a href="${deskUrl}/still-broken#${token}" rel="noopener noreferrer">Still broken? Say so, without signing in</a></p>`,
    )
    expect(mail.html).toContain(`rel="noopener noreferrer">It works, thank you</a></p>`)
    expect(mail.html).toContain(`/incidents/`)
    expect(mail.text).not.toContain('Say so here')
  })
  test('are the same in every copy of a mail, so that a second try makes no second link', async () => {
    const cast = await castOf(world, 'copies')
    const { id } = await cast.raise()
    await cast.assign(cast.amir, id, { personId: cast.amir.id })
    await cast.move(cast.amir, id, { action: 'start' })
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.run(cast.tenant.id)
    const first = room.mailTo(cast.rita, 'copies')
    const mail = (await room.mails(cast.tenant.id)).find(
      ({ message_id, status }) => message_id === first.messageId && status === 'accepted',
    )
    await world.asAdmin(
      `update outbound_mail set status = 'queued', settled_at = null where id = '${mail?.id ?? ''}'`,
    )
    await room.deliver(cast.tenant.id)
    const second = room.mailTo(cast.rita, 'copies')
    expect(second).not.toBe(first)
    expect(second.text).toBe(first.text)
    expect(await answer(tokenIn(second), 'works')).toMatchObject({ status: 200 })
    expect(await answer(tokenIn(first), 'works')).toMatchObject({ status: 410 })
  })
  test('go to each caller by themselves: a child’s caller gets one for the child, who is affected too says only “still broken”, and who watches gets none', async () => {
    const cast = await castOf(world, 'each')
    const { rita, otto, amir, lena } = cast
    const parent = await cast.inState('in_progress')
    const child = (await cast.raise(otto, { title: 'Mine burns too' })).id
    await amir.api.setIncidentParent({
      params: { id: child },
      body: { parentId: parent },
      version: (await cast.read(child)).version,
    })
    const ann = await cast.tenant.person('Ann', 'requester')
    await amir.api.addAffected({ params: { id: parent }, body: { personId: ann.id } })
    await lena.api.watchIncident({ params: { id: parent }, body: {} })
    // Nor does who may answer for everybody: it did not happen to them.
    const wanda = await cast.personWith('Wanda', {
      'incident.read': 'all',
      'incident.watch': 'all',
      'incident.answer': 'all',
    })
    await wanda.api.watchIncident({ params: { id: parent }, body: {} })
    await cast.move(amir, parent, {
      action: 'resolve',
      code: 'fixed',
      notes: 'Put it out.',
      children: { resolve: [child], except: [] },
    })
    await room.run(cast.tenant.id)
    const [ritas, ottos, anns, lenas] = [rita, otto, ann, lena].map((one) => room.mailTo(one, 'each'))
    if (!ritas || !ottos || !anns || !lenas) throw new Error('four mails')
    const tokens = [ritas, ottos, anns].map((mail) => tokenIn(mail))
    expect(new Set(tokens).size).toBe(3)
    expect(tokenIn(lenas)).toBe('')
    expect(tokenIn(room.mailTo(wanda, 'each'))).toBe('')
    expect(tokenIn(anns, 'it-works')).toBe('')
    expect((await look(tokens[1] ?? '')).body).toMatchObject({ title: 'Mine burns too' })
    expect((await look(tokens[2] ?? '')).body).toMatchObject({ answers: ['still_broken'] })
    // A child that is still broken opens alone.
    expect(await answer(tokens[1] ?? '', 'still_broken')).toMatchObject({ status: 200 })
    expect((await cast.read(child)).state).toBe('in_progress')
    expect((await cast.read(parent)).state).toBe('resolved')
    expect(await answer(tokens[2] ?? '', 'still_broken', 'Here too.')).toMatchObject({ status: 200 })
    expect((await cast.read(parent)).state).toBe('in_progress')
  })
})

describe('opening a link', () => {
  test('shows which incident it is and how it stands, and changes nothing, however often a mail scanner does it', async () => {
    const cast = await castOf(world, 'scanner')
    const { id, token } = await room.resolved(cast, 'scanner')
    const { number, version } = await cast.read(id)
    for (let round = 0; round < 5; round += 1) {
      const shown = await look(token)
      expect(shown).toMatchObject({ status: 200 })
      expect(shown.body).toEqual({
        tenant: 'scanner',
        number,
        title: 'The printer is on fire',
        standing: 'asked',
        until: (await cast.read(id)).autoCloseAt,
        answers: ['still_broken', 'works'],
        said: null,
      })
    }
    for (const page of ['/still-broken', '/it-works']) await openBrowser(world.app).send('GET', page)
    expect((await cast.read(id)).version).toBe(version)
    expect((await journalOf(cast, id)).some(({ via }) => via === 'mail_link')).toBe(false)
  })
})

describe('“still broken” by a link', () => {
  test('opens the incident again as its caller, with their words, and the journal says how it came', async () => {
    const cast = await castOf(world, 'broken')
    const { id, token } = await room.resolved(cast, 'broken')
    const { body, status } = await answer(token, 'still_broken', 'It burns again.')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      standing: 'open',
      answers: [],
      said: { answer: 'still_broken', number: null },
    })
    expect(await cast.read(id)).toMatchObject({ state: 'in_progress', reopenCount: 1 })
    const said = (await cast.timeline(id)).find(({ body: words }) => words === 'It burns again.')
    expect(said).toMatchObject({ actor: { id: cast.rita.id }, via: 'mail_link' })
    const reopened = (await journalOf(cast, id)).find(({ type }) => type === 'incident.reopened')
    expect(reopened).toMatchObject({ actor_kind: 'person', actor_id: cast.rita.id, via: 'mail_link' })
    expect(reopened?.request).not.toBeNull()
    await room.run(cast.tenant.id)
    expect(room.mailTo(cast.amir, 'broken').text).toContain('It burns again.')
  })
  test('works once: opened again it says what was said and when, and does nothing more', async () => {
    const cast = await castOf(world, 'once')
    const { id, token } = await room.resolved(cast, 'once')
    const at = world.clock.now()
    await answer(token, 'still_broken')
    world.clock.advance(day)
    expect(await look(token)).toMatchObject({
      status: 200,
      body: { standing: 'open', answers: [], said: { answer: 'still_broken', at, number: null } },
    })
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Again.' })
    expect(await answer(token, 'still_broken')).toMatchObject({ status: 410, body: { code: 'link_gone' } })
    expect((await cast.read(id)).state).toBe('resolved')
  })
  test('of twenty at once one has an effect', async () => {
    const cast = await castOf(world, 'race')
    const { id, token } = await room.resolved(cast, 'race')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => answer(token, 'still_broken', 'Burns.')),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await cast.read(id)).reopenCount).toBe(1)
    expect((await cast.timeline(id)).filter(({ body }) => body === 'Burns.')).toHaveLength(1)
  })
  test('of an earlier resolution says nothing about a later one', async () => {
    const cast = await castOf(world, 'earlier')
    const { id, token } = await room.resolved(cast, 'earlier')
    await cast.move(cast.amir, id, { action: 'reopen', reason: 'Not yet.' })
    expect((await look(token)).body).toMatchObject({ standing: 'open', answers: [] })
    expect(await answer(token, 'still_broken')).toMatchObject({ status: 409 })
    world.clock.advance(60_000)
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Now.' })
    expect((await look(token)).body).toMatchObject({ standing: 'over', answers: [] })
    expect(await answer(token, 'still_broken')).toMatchObject({ status: 409 })
    await room.run(cast.tenant.id)
    const later = tokenIn(room.mailTo(cast.rita, 'earlier'))
    expect(later).not.toBe(token)
    expect(await answer(later, 'still_broken')).toMatchObject({ status: 200 })
  })
  test('until the millisecond the window ends opens this one; after that it makes a new one that follows it; and a month later it is gone', async () => {
    const cast = await castOf(world, 'window')
    const { id, token } = await room.resolved(cast, 'window')
    const late = await room.resolved(cast, 'window')
    const gone = await room.resolved(cast, 'window')
    const end = (await cast.read(id)).autoCloseAt ?? ''
    world.clock.set(new Date(Date.parse(end) - 1).toISOString())
    expect((await answer(token, 'still_broken')).body).toMatchObject({ said: { number: null } })
    world.clock.set(end)
    expect((await look(late.token)).body).toMatchObject({
      standing: 'late',
      answers: ['still_broken'],
      until: null,
    })
    expect(await answer(late.token, 'works')).toMatchObject({ status: 409 })
    const again = await answer(late.token, 'still_broken', 'It came back.')
    expect(again.status).toBe(200)
    const { number } = (again.body as { said: { number: string } }).said
    const { rows } = await cast.rita.api.listIncidents({ query: { q: `number:${number}` } })
    const fresh = await cast.read(rows[0]?.id ?? '')
    expect(fresh).toMatchObject({
      title: 'The printer is on fire',
      description: 'It came back.',
      requester: { id: cast.rita.id },
      links: [{ type: 'follows', id: late.id }],
    })
    expect((await journalOf(cast, fresh.id))[0]).toMatchObject({ type: 'incident.raised', via: 'mail_link' })
    expect((await cast.read(late.id)).state).toBe('resolved')
    expect((await look(late.token)).body).toMatchObject({ said: { number } })
    expect(await answer(late.token, 'still_broken')).toMatchObject({ status: 410 })
    world.clock.set(new Date(Date.parse(end) + 30 * day - 1).toISOString())
    expect(await look(gone.token)).toMatchObject({ status: 200 })
    world.clock.advance(1)
    expect(await look(gone.token)).toMatchObject({ status: 410 })
    expect(await answer(gone.token, 'still_broken')).toMatchObject({ status: 410 })
  })
  test('“it works, thank you” closes it, and only for whom it happened to', async () => {
    const cast = await castOf(world, 'works')
    const { id, token } = await room.resolved(cast, 'works')
    expect(await answer(token, 'works')).toMatchObject({ status: 200, body: { said: { answer: 'works' } } })
    expect((await cast.read(id)).state).toBe('closed')
  })
})

describe('without a mail server', () => {
  test('the link stays with its mail: who may do all that its person may is shown it, on record, and nobody reads it in the words', async () => {
    const cast = await castOf(world, 'kept')
    const kept = openMailRoom({ database: world.database, now: world.clock.now })
    const id = await cast.inState('resolved')
    await kept.run(cast.tenant.id)
    const ada = await cast.tenant.person('Ada', 'administrator')
    const iris = await cast.tenant.person('Iris', 'auditor')
    const { rows } = await ada.api.listOutbox()
    const mails = await Promise.all(rows.map((row) => ada.api.readMail({ params: { id: row.id } })))
    const mail = mails.find(({ allowed }) => allowed.includes('show_link'))
    expect(mail?.to.id).toBe(cast.rita.id)
    expect(mail?.message?.text).toContain(
      'Still broken? Say so, without signing in: (the link is only in the mail itself)',
    )
    const params = { id: mail?.id ?? '' }
    await expect(iris.api.showMailLink({ params })).rejects.toMatchObject({ status: 403 })
    const { link } = await ada.api.showMailLink({ params })
    expect(await answer(link.split('#')[1] ?? '', 'still_broken')).toMatchObject({ status: 200 })
    expect((await cast.read(id)).state).toBe('in_progress')
    expect((await ada.api.readMail({ params })).allowed).toEqual([])
    const shown = await journalOf(cast, params.id)
    expect(shown.filter(({ type }) => type === 'mail.link_shown')).toHaveLength(1)
  })
})
