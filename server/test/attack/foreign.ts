import { uuidv7 } from '../../src/kernel/uuid.ts'
import { canaries, type Stage, type Thing } from './stage.ts'
import type { Kind } from './things.ts'
import { openBrowser } from '../browser.ts'
import { read } from '../../src/platform/postgres/database.ts'

/** A tenant that nobody visits, with a canary in every row: what of it turns up anywhere was leaked. */
export const foreignThings = async (
  stage: Stage,
): Promise<{ tenantId: string; slug: string; things: Readonly<Record<Kind, Thing>> }> => {
  const { world } = stage
  const word = canaries.foreign
  const tenant = await world.tenant(word)
  const [victim, colleague, boss] = [
    await tenant.person(`Vera ${word}`, 'requester'),
    await tenant.person(`Kim ${word}`, 'agent'),
    await tenant.person(`Bea ${word}`, 'administrator'),
  ]
  const teamId = await tenant.team(`Team ${word}`, colleague)
  const serviceId = await tenant.service(`Service ${word}`, teamId)
  const raise = async () => {
    const raised = await victim.api.raiseIncident({
      body: { title: `Printer ${word}`, description: word, category: word, serviceId },
    })
    await colleague.api.commentIncident({ params: { id: raised.id }, body: { audience: 'team', body: word } })
    await victim.api.commentIncident({ params: { id: raised.id }, body: { audience: 'public', body: word } })
    return raised.id
  }
  const [incidentId, otherId] = [await raise(), await raise()]
  await colleague.api.linkIncident({ params: { id: incidentId }, body: { type: 'related', toId: otherId } })
  await colleague.api.watchIncident({ params: { id: incidentId }, body: { personId: boss.id } })
  await colleague.api.addAffected({ params: { id: incidentId }, body: { personId: boss.id } })
  const { items } = await colleague.api.addToChecklist({
    params: { id: incidentId },
    body: { items: [word] },
  })
  const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
  const key = await victim.api.createApiKey({
    body: { name: word, permissions: ['incident.raise'], expiresAt },
  })
  const role = await boss.api.createRole({
    body: { key: word, name: word, description: word, permissions: [] },
  })
  const field = await boss.api.createCustomField({
    body: { key: word, label: word, type: 'text', isInternal: false },
  })
  const view = await boss.api.createView({
    body: { name: word, audience: 'everyone', filter: { field: 'title', op: 'contains', value: word } },
  })
  await boss.api.createPerson({ body: { name: word, email: `${word}@${word}.test`, title: word } })
  await boss.api.publishPolicy({
    params: { kind: 'routing' },
    body: { document: { catchAllTeamId: teamId }, note: word, basedOn: 1 },
  })
  const template = await boss.api.createTemplate({
    body: { kind: 'quick_reply', name: word, document: { audience: 'public', body: word } },
  })
  const macro = await boss.api.createTemplate({
    body: {
      kind: 'macro',
      name: `Macro ${word}`,
      document: { steps: [{ do: 'comment', audience: 'team', body: word }] },
    },
  })
  const bulk = await boss.api.startBulk({
    body: { ids: [incidentId], steps: [{ do: 'comment', audience: 'team', body: word }] },
  })
  const file = await world.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${incidentId}/attachments?name=${word}.txt`,
    headers: { cookie: victim.cookie, 'content-type': 'application/octet-stream' },
    payload: word,
  })
  const batch = await world.app.inject({
    method: 'POST',
    url: `/api/v1/imports?name=${word}.csv`,
    headers: { cookie: boss.cookie, 'content-type': 'application/octet-stream' },
    payload: `Nr,Word\n1,${word}\n`,
  })
  const noticeId = uuidv7()
  await world.asAdmin(
    `insert into notification (tenant_id, id, person_id, entry_id, event_id, entry_type, kind, rule, reason, policy_version, is_internal, in_application, created_at)
     values ('${tenant.id}', '${noticeId}', '${victim.id}', '${noticeId}', '${noticeId}', 'incident.assigned', 'assigned', 'r', '${word}', 0, false, true, now())`,
  )
  const mail = await read(world.database, tenant.id, (q) =>
    q.one<{ id: string }>({
      text: 'select id from outbound_mail where tenant_id = $1 limit 1',
      values: [tenant.id],
    }),
  )
  const browser = openBrowser(world.app)
  await browser.send('POST', '/session/reset-requests', { tenant: word, email: `vera.${word}@${word}.test` })
  const session = await read(world.database, tenant.id, (q) =>
    q.one<{ id: string }>({
      text: 'select id from session where tenant_id = $1 and person_id = $2',
      values: [tenant.id, victim.id],
    }),
  )
  const of = (id: string, more: Record<string, string> = {}): Thing => ({
    params: { id, ...more },
    version: 1,
  })
  const tagged = (name: string) =>
    boss.api.createItem({
      body: { class: 'server', name: `${name} ${word}`, values: { asset_tag: word } },
    })
  const [upper, lower] = [await tagged('Upper'), await tagged('Lower')]
  const itemBulk = await boss.api.startItemBulk({
    body: { ids: [upper.id], change: { do: 'set', values: { os: word } } },
  })
  const relation = await boss.api.relateItem({
    params: { id: upper.id },
    body: { type: 'runs_on', toId: lower.id },
  })
  const said = { externalId: word, class: 'server', name: word, values: { asset_tag: word } }
  await boss.api.putItemsBySource({ params: { source: 'scan' }, body: { items: [said] } })
  const branch = await boss.api.createBranch({
    body: {
      name: word,
      description: word,
      startsAt: '2030-01-06T02:00:00Z',
      endsAt: '2030-01-06T04:00:00Z',
    },
  })
  const step = await boss.api.addBranchStep({
    params: { id: branch.id },
    body: { kind: 'down', itemId: upper.id, reason: word },
  })
  const attestation = await boss.api.openAttestation({
    body: { name: word, filter: '', dueAt: '2100-01-01T00:00:00.000Z' },
  })
  const audit = await boss.api.openAudit({ body: { name: word, filter: '' } })
  const { conflicts } = await boss.api.listItemConflicts()
  return {
    tenantId: tenant.id,
    slug: word,
    things: {
      incident: of(incidentId),
      person: of(victim.id),
      keyholder: of(victim.id, { keyId: key.id }),
      member: of(teamId, { personId: colleague.id }),
      holder: of(victim.id, { roleId: role.id }),
      team: of(teamId),
      service: of(serviceId),
      configured: of(upper.id),
      related: of(upper.id, { relationId: relation.id }),
      conflict: of(conflicts[0]?.id ?? noticeId),
      attestation: of(attestation.id),
      audit: of(audit.id),
      branch: of(branch.id),
      planned: of(branch.id, { stepId: step.stepId }),
      role: of(role.id),
      field: of(field.id),
      view: of(view.id),
      session: of(session.id),
      key: of(key.id),
      template: of(template.id),
      macro: of(incidentId, { macroId: macro.id }),
      reply: of(incidentId, { replyId: template.id }),
      item: of(incidentId, { itemId: items[0]?.id ?? noticeId }),
      bulk: of(bulk.id),
      itemBulk: of(itemBulk.id),
      file: of((JSON.parse(file.payload) as { id: string }).id),
      import: of((JSON.parse(batch.payload) as { id: string }).id),
      notification: of(noticeId),
      mail: of(mail.id),
      entry: { params: { reaction: 'tell_people', entryId: noticeId }, version: 1 },
      passkey: of(otherId),
      watcher: of(incidentId, { personId: boss.id }),
      affected: of(incidentId, { personId: boss.id }),
      named: of(incidentId, { itemId: upper.id }),
      link: of(incidentId, { type: 'related', toId: otherId }),
    },
  }
}
