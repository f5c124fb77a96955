import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { read } from '../../platform/postgres/database.ts'
import { renderMarkdown } from '../../kernel/markdown/markdown.ts'
import { filledIn } from './incident.replies.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const macro = async (steps: IncidentStep[], name = 'Hand over') =>
  cast.lena.api.createTemplate({ body: { kind: 'macro', name, document: { steps } } })
const reply = (body: string, by: TestPerson = cast.lena, teamId: string | null = null) =>
  by.api.createTemplate({
    body: { kind: 'quick_reply', name: 'Reply', teamId, document: { audience: 'public', body } },
  })

describe('templates, quick replies and macros', () => {
  test('are made by who may, read by everybody who works, and not by callers', async () => {
    const { id } = await cast.lena.api.createTemplate({
      body: { kind: 'incident', name: 'Printer', document: { title: 'Printer does not print', impact: 2 } },
    })
    const { rows } = await cast.amir.api.listTemplates({ query: { kind: 'incident' } })
    expect(rows.find((row) => row.id === id)).toEqual({
      id,
      kind: 'incident',
      name: 'Printer',
      team: null,
      isActive: true,
      version: 1,
      document: { title: 'Printer does not print', impact: 2 },
      mayEdit: false,
    })
    expect(await refusalOf(cast.rita.api.listTemplates())).toBe('forbidden')
    expect(await refusalOf(reply('Hello.', cast.amir))).toBe('forbidden')
  })

  test('one of a team is there for the team, and retired ones for nobody but who manages them', async () => {
    const { id } = await reply('For mail only.', cast.lena, cast.mailId)
    const seenBy = async (by: TestPerson) => (await by.api.listTemplates()).rows.some((row) => row.id === id)
    expect([await seenBy(cast.amir), await seenBy(cast.nora), await seenBy(cast.lena)]).toEqual([
      true,
      false,
      true,
    ])
    await cast.lena.api.editTemplate({ params: { id }, body: { isActive: false }, version: 1 })
    expect([await seenBy(cast.amir), await seenBy(cast.lena)]).toEqual([false, true])
    const incident = await cast.raise()
    const use = (by: TestPerson) => by.api.readQuickReply({ params: { id: incident.id, replyId: id } })
    expect(await refusalOf(use(cast.amir))).toBe('not_found')
    // Who manages it sees it and may bring it back, but uses it no more than others.
    expect(await refusalOf(use(cast.lena))).toBe('not_found')
  })

  test('are used as what they are: a macro is no reply, and a reply no macro', async () => {
    const { id: macroId } = await macro([{ do: 'move', move: { action: 'start' } }])
    const { id: replyId } = await reply('Hello.')
    const { id } = await cast.raise()
    const asReply = cast.amir.api.readQuickReply({ params: { id, replyId: macroId } })
    expect(await refusalOf(asReply)).toBe('not_found')
    const asMacro = cast.amir.api.previewMacro({ params: { id, macroId: replyId } })
    expect(await refusalOf(asMacro)).toBe('not_found')
  })

  test('every version is kept; two who edit at once do not overwrite each other', async () => {
    const { id } = await reply('First.')
    const edit = (body: string) =>
      cast.lena.api.editTemplate({
        params: { id },
        body: { document: { audience: 'public', body } },
        version: 1,
      })
    const answers = await Promise.all([refusalOf(edit('Second.')), refusalOf(edit('Other.'))])
    expect(answers.sort()).toEqual(['changed_meanwhile', 'none'])
    const { rows } = await cast.amir.api.templateVersions({ params: { id } })
    expect(rows.map((row) => [row.version, row.author.name])).toEqual([
      [2, 'Lena'],
      [1, 'Lena'],
    ])
    expect(rows[1]?.document).toEqual({ audience: 'public', body: 'First.' })
  })

  test('a document of another kind is refused', async () => {
    const { id } = await reply('First.')
    const edit = cast.lena.api.editTemplate({
      params: { id },
      body: { document: { title: 'An incident' } },
      version: 1,
    })
    expect(await refusalOf(edit)).toBe('invalid')
  })

  // A26: a variable outside the list fails when it is saved.
  test('variables that do not exist are refused when it is saved, with their place', async () => {
    await expect(reply('Dear {{caller.name}},\n{{constructor}}')).rejects.toMatchObject({
      body: {
        code: 'invalid',
        reasons: [{ field: 'document.body', message: expect.stringMatching(/^line 2, column 1: /) }],
      },
    })
    for (const body of ['{{7*7}}', '{{caller.password}}', '{{ caller.name', '{{__proto__}}'])
      expect(await refusalOf(reply(body))).toBe('invalid')
  })

  test('services, teams and people that are not there, or of another tenant, are refused', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const foreign = await elsewhere.tenant.service('Mail', elsewhere.mailId)
    for (const step of [
      { do: 'set', fields: { serviceId: foreign } },
      { do: 'assign', to: { teamId: elsewhere.mailId } },
      { do: 'assign', to: { personId: elsewhere.amir.id } },
      { do: 'move', move: { action: 'cancel', reason: 'duplicate', duplicateOf: foreign } },
    ] as const)
      expect(await refusalOf(macro([step]))).toBe('invalid')
    expect(await refusalOf(reply('x', cast.lena, elsewhere.mailId))).toBe('invalid')
    const { id } = await elsewhere.lena.api.createTemplate({
      body: { kind: 'quick_reply', name: 'x', document: { audience: 'public', body: 'x' } },
    })
    const edit = cast.lena.api.editTemplate({ params: { id }, body: { name: 'y' }, version: 1 })
    expect(await refusalOf(edit)).toBe('not_found')
    expect(await refusalOf(cast.lena.api.templateVersions({ params: { id } }))).toBe('not_found')
  })
})

describe('a quick reply', () => {
  test('comes with the words of this incident, and is sent by nobody yet', async () => {
    const { id: replyId } = await reply(
      'Dear {{caller.name}}, {{incident.number}} "{{incident.title}}" is {{incident.state}} with {{team.name}}. {{me.name}}',
    )
    const incident = await cast.raise()
    const filled = await cast.amir.api.readQuickReply({ params: { id: incident.id, replyId } })
    expect(filled).toEqual({
      audience: 'public',
      body: `Dear Rita, ${incident.number} "The printer is on fire" is New with Service desk. Amir`,
    })
    expect(await cast.timeline(incident.id, cast.rita)).toHaveLength(1)
  })

  test('is not for callers, nor for incidents out of reach', async () => {
    const { id: replyId } = await reply('Hello.')
    const hidden = await cast.raise(cast.rita, { confidential: true })
    const use = (by: TestPerson, id: string) => by.api.readQuickReply({ params: { id, replyId } })
    expect(await refusalOf(use(cast.rita, hidden.id))).toBe('forbidden')
    expect(await refusalOf(use(cast.amir, hidden.id))).toBe('not_found')
  })

  // A26: nested templates and Markdown in values are words.
  test('prints values literally: no second template, no markup, no link, no second line', () => {
    const title = '{{me.name}} **bold** [x](https://evil.test) <b>\n# head `code` ~~no~~ a_b_c &lt; ![i](u)'
    const values = {
      'incident.number': 'INC1',
      'incident.title': title,
      'incident.service': '',
      'incident.state': 'New',
      'caller.name': 'Rita',
      'me.name': 'Amir',
      'team.name': 'Mail',
    }
    const html = renderMarkdown(filledIn('Title: {{incident.title}}', values))
    expect(html).not.toMatch(/<(strong|b|h1|code|del|em|img)\b/)
    expect(html).not.toContain('href="https://evil.test"')
    const text = html
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
    expect(text.trim()).toBe(`Title: ${title.replaceAll(/\s+/g, ' ')}`)
  })
})

describe('a macro with a checklist', () => {
  const outage = (name: string, checklist: string[], teamId: string | null = null) =>
    cast.lena.api.createTemplate({ body: { kind: 'incident', name, teamId, document: { checklist } } })
  const checklistOf = async (id: string) =>
    (await cast.read(id)).checklist?.map(({ text, done }) => [text, done?.by.name ?? null])

  test('puts a template’s things to do on it and ticks them, as one, and what was tried is what is done', async () => {
    const template = await outage('Outage', ['Call the ward', 'Check the switch', 'Tell the caller'])
    const { id: macroId } = await macro([
      { do: 'add_checklist', templateId: template.id },
      { do: 'tick', text: 'check the switch', done: true },
      { do: 'set', fields: { category: 'Network' } },
    ])
    const { id } = await cast.raise()
    const before = [await cast.read(id), await cast.timeline(id)]
    const preview = await cast.amir.api.previewMacro({ params: { id, macroId } })
    expect([await cast.read(id), await cast.timeline(id)]).toEqual(before)
    await cast.amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 })
    expect(await checklistOf(id)).toEqual([
      ['Call the ward', null],
      ['Check the switch', 'Amir'],
      ['Tell the caller', null],
    ])
    const made = (await cast.timeline(id)).slice(2)
    expect(made.map(({ type, sentence }) => [type, sentence]).slice(0, 3)).toEqual([
      ['incident.macro_used', 'Macro "Hand over", version 1.'],
      ['incident.checklist_added', 'To do: Call the ward; Check the switch; Tell the caller.'],
      ['incident.checklist_ticked', 'Done: Check the switch.'],
    ])
    expect(preview.items.map(({ type, sentence }) => [type, sentence])).toEqual(
      made.map(({ type, sentence }) => [type, sentence]),
    )
    const [entry] = await read(world.database, cast.tenant.id, (q) =>
      q.rows<{ version: number; template: string }>({
        text: `select (data->>'templateVersion')::int as version, data->>'templateId' as template from journal
               where tenant_id = $1 and subject_id = $2 and type = 'incident.checklist_added'`,
        values: [cast.tenant.id, id],
      }),
    )
    expect(entry).toEqual({ version: 1, template: template.id })

    const { id: untick } = await macro([{ do: 'tick', text: 'Check the switch', done: false }])
    await cast.amir.api.runMacro({
      params: { id, macroId: untick },
      body: { macroVersion: 1 },
      version: (await cast.read(id)).version,
    })
    expect((await checklistOf(id))?.[1]).toEqual(['Check the switch', null])
  })

  test('does nothing at all when one of its things is not there, and says which', async () => {
    const template = await outage('Short', ['Look at it'])
    const { id: macroId } = await macro([
      { do: 'add_checklist', templateId: template.id },
      { do: 'tick', text: 'Call the vendor', done: true },
    ])
    const { id } = await cast.raise()
    const reason = { code: 'checklist_item', message: /nothing on the checklist that says “Call the vendor”/ }
    const preview = await cast.amir.api.previewMacro({ params: { id, macroId } })
    expect(preview).toMatchObject({ ready: false, items: [] })
    expect(preview.reasons[0]?.message).toMatch(reason.message)
    const run = cast.amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 })
    expect(await refusalOf(run)).toBe('not_ready')
    expect(await checklistOf(id)).toEqual([])
  })

  test('is for those who may edit the incident, with templates that are theirs, and that have a checklist', async () => {
    const empty = await cast.lena.api.createTemplate({
      body: { kind: 'incident', name: 'Bare', document: { category: 'x' } },
    })
    const add = (templateId: string) => macro([{ do: 'add_checklist', templateId }])
    expect(await refusalOf(add(empty.id))).toBe('invalid')
    expect(await refusalOf(add(uuidv7()))).toBe('invalid')
    const elsewhere = await castOf(world, 'checklists-elsewhere')
    const foreign = await elsewhere.lena.api.createTemplate({
      body: { kind: 'incident', name: 'Theirs', document: { checklist: ['Nothing'] } },
    })
    expect(await refusalOf(add(foreign.id))).toBe('invalid')

    const template = await outage('Retired', ['Once'])
    const { id: macroId } = await add(template.id)
    const { id } = await cast.raise()
    const run = (by: TestPerson) =>
      by.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 })
    expect(await refusalOf(run(cast.rita))).toBe('forbidden')
    expect(await refusalOf(run(elsewhere.lena))).toBe('not_found')
    const auditor = await cast.tenant.person('Iris', 'auditor')
    expect(await refusalOf(run(auditor))).toBe('forbidden')
    await cast.lena.api.editTemplate({
      params: { id: template.id },
      body: { isActive: false },
      version: template.version,
    })
    expect(await refusalOf(run(cast.amir))).toBe('invalid')
    expect(await checklistOf(id)).toEqual([])
  })
})

describe('a macro', () => {
  const handOver = (): IncidentStep[] => [
    { do: 'set', fields: { impact: 1, category: 'Fire' } },
    { do: 'assign', to: { personId: cast.nora.id } },
    { do: 'move', move: { action: 'start' } },
    { do: 'comment', audience: 'public', body: '{{team.name}} is on it, {{caller.name}}.' },
  ]

  test('makes its changes as one version, each an entry of its own with the macro as the cause', async () => {
    const { id: macroId } = await macro(handOver())
    const { id } = await cast.raise()
    expect(
      await cast.amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 }),
    ).toMatchObject({ version: 2 })
    expect(await cast.read(id)).toMatchObject({
      version: 2,
      state: 'in_progress',
      impact: 1,
      priority: 3,
      category: 'Fire',
      team: { name: 'Network' },
      assignee: { name: 'Nora' },
    })
    expect((await cast.timeline(id)).slice(2).map((item) => [item.type, item.sentence ?? item.body])).toEqual(
      [
        ['incident.macro_used', 'Macro "Hand over", version 1.'],
        ['incident.edited', null],
        ['incident.assigned', 'Given to Nora in Network.'],
        ['incident.started', 'Work started.'],
        ['incident.commented', 'Network is on it, Rita.'],
      ],
    )
    expect((await cast.timeline(id, cast.rita)).map((item) => item.type)).toEqual([
      'incident.raised',
      'incident.started',
      'incident.commented',
    ])
    const causes = await read(world.database, cast.tenant.id, (q) =>
      q.rows<{ cause: string | null }>({
        text: `select c.type as cause from journal j left join journal c on c.tenant_id = j.tenant_id and c.id = j.cause
               where j.tenant_id = $1 and j.subject_id = $2 order by j.id offset 3`,
        values: [cast.tenant.id, id],
      }),
    )
    expect(causes).toEqual(Array.from({ length: 4 }, () => ({ cause: 'incident.macro_used' })))
  })

  test('can be tried out: the same items, and nothing is written', async () => {
    const { id: macroId } = await macro(handOver())
    const { id } = await cast.raise()
    const before = [await cast.read(id), await cast.timeline(id)]
    const preview = await cast.amir.api.previewMacro({ params: { id, macroId } })
    expect(preview.ready).toBe(true)
    expect([await cast.read(id), await cast.timeline(id)]).toEqual(before)
    await cast.amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 })
    const made = (await cast.timeline(id)).slice(2)
    expect(preview.items).toEqual(
      made.map(({ type, audience, body, changes, sentence }) => ({
        type,
        audience,
        body,
        changes,
        sentence,
      })),
    )
  })

  test('can be tried out while it is still being written: the same answer, and no macro is needed', async () => {
    const { id: macroId } = await macro(handOver())
    const { id } = await cast.raise()
    const before = await cast.timeline(id)
    const preview = await cast.amir.api.previewSteps({ params: { id }, body: { steps: handOver() } })
    const saved = await cast.amir.api.previewMacro({ params: { id, macroId } })
    expect(preview.ready).toBe(true)
    expect(preview.items.slice(1)).toEqual(saved.items.slice(1))
    expect(await cast.timeline(id)).toEqual(before)
    expect(
      await cast.amir.api.previewSteps({
        params: { id },
        body: { steps: [{ do: 'move', move: { action: 'resolve', code: 'fixed', notes: 'Done.' } }] },
      }),
    ).toMatchObject({ ready: false, reasons: [{ code: 'state' }], items: [] })
  })

  test('is all or nothing: a step that is refused refuses the whole, and the preview says why', async () => {
    const { id: macroId } = await macro([
      { do: 'comment', audience: 'public', body: 'Done.' },
      { do: 'move', move: { action: 'resolve', code: 'fixed', notes: 'Done.' } },
    ])
    const { id } = await cast.raise()
    const before = [await cast.read(id), await cast.timeline(id)]
    expect(await cast.amir.api.previewMacro({ params: { id, macroId } })).toMatchObject({
      ready: false,
      reasons: [{ code: 'state' }],
      items: [],
    })
    const run = cast.amir.api.runMacro({
      params: { id, macroId },
      body: { macroVersion: 1 },
      version: 1,
    })
    expect(await refusalOf(run)).toBe('not_allowed_here')
    expect([await cast.read(id), await cast.timeline(id)]).toEqual(before)
  })

  // A19: what it does takes the rights of who runs it.
  test('does nothing that who runs it may not do', async () => {
    const { id: macroId } = await macro([{ do: 'override_priority', priority: 1, reason: 'Always first.' }])
    const { id } = await cast.raise()
    const run = (by: TestPerson) =>
      by.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: 1 })
    expect(await refusalOf(run(cast.amir))).toBe('forbidden')
    expect(await refusalOf(run(cast.rita))).toBe('forbidden')
    expect(await refusalOf(run(cast.lena))).toBe('none')
  })

  test('that was changed since it was looked at is not run', async () => {
    const { id: macroId } = await macro(handOver())
    await cast.lena.api.editTemplate({ params: { id: macroId }, body: { name: 'Else' }, version: 1 })
    const { id } = await cast.raise()
    const run = cast.amir.api.runMacro({
      params: { id, macroId },
      body: { macroVersion: 1 },
      version: 1,
    })
    expect(await refusalOf(run)).toBe('changed_meanwhile')
  })

  test('collides with what somebody else did to the same fields, and merges with the rest', async () => {
    const { id: macroId } = await macro(handOver())
    const { id } = await cast.raise()
    await cast.nora.api.editIncident({ params: { id }, body: { title: 'Smoke' }, version: 1 })
    const run = (version: number) =>
      cast.amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version })
    const other = await cast.raise()
    await cast.nora.api.editIncident({ params: { id: other.id }, body: { impact: 2 }, version: 1 })
    const colliding = cast.amir.api.runMacro({
      params: { id: other.id, macroId },
      body: { macroVersion: 1 },
      version: 1,
    })
    await expect(colliding).rejects.toMatchObject({
      body: { code: 'changed_meanwhile', reasons: [{ field: 'impact', theirs: '2', yours: '1' }] },
    })
    expect(await run(1)).toMatchObject({ version: 3 })
  })
})
