import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { issueSaying } from '../../kernel/language/issue.ts'
import {
  IncidentTemplate,
  Macro,
  QuickReply,
  type EditTemplate,
  type NewTemplate,
  type TemplateKind,
  type TemplateRef,
  type TemplateView,
} from '@evenkeel/contract/template'
import { isJsonObject, type Json } from '../../kernel/evidence/canonical-json.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { serviceDirectory, type ServiceEntry } from '../configuration/index.ts'
import { mustBeActive } from './incident.command.ts'
import { mustBeReply } from './incident.replies.ts'
import { says } from './incident.reasons.ts'

type Document = TemplateView['document']
type Row = {
  readonly id: string
  readonly kind: TemplateKind
  readonly name: string
  readonly document: unknown
  readonly team_id: string | null
  readonly team_name: string | null
  readonly version: number
  readonly is_active: boolean
  readonly author_id: string
}

const select = `select m.id, m.kind, m.name, m.document, m.team_id, t.name as team_name, m.version, m.is_active, m.author_id
  from template m left join team t on t.tenant_id = m.tenant_id and t.id = m.team_id`

const schemas = { incident: IncidentTemplate, quick_reply: QuickReply, macro: Macro } as const
export type DocumentOf<Kind extends TemplateKind> = ReturnType<(typeof schemas)[Kind]['parse']>

/** May this person change templates of that team (null: everybody's) by that author? */
const mayManage = (caller: Caller, teamId: string | null, authorId: string): boolean => {
  const scopes = caller.grants.get('template.manage')
  if (scopes === undefined) return false
  if (scopes.has('all')) return true
  if (scopes.has('team') && teamId !== null && caller.reach.teamIds.has(teamId)) return true
  return scopes.has('own') && authorId === caller.personId
}

/** Templates are for everybody, or for one team; who manages them sees them all. */
const maySee = (caller: Caller, row: Row): boolean =>
  mayManage(caller, row.team_id, row.author_id) ||
  (row.is_active && (row.team_id === null || caller.reach.teamIds.has(row.team_id)))

export const listTemplates = (
  database: Database,
  caller: Caller,
  kind: TemplateKind | undefined,
): Promise<{ rows: TemplateView[] }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<Row>({
      name: 'template_list',
      text: `${select} where m.tenant_id = $1 and ($2::text is null or m.kind = $2) order by lower(m.name), m.id limit 1000`,
      values: [q.tenantId, kind ?? null],
    })
    return { rows: rows.filter((row) => maySee(caller, row)).map((row) => viewOf(caller, row)) }
  })

const viewOf = (caller: Caller, row: Row): TemplateView => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
  isActive: row.is_active,
  version: row.version,
  document: documentOf(row.kind, row.document),
  mayEdit: mayManage(caller, row.team_id, row.author_id),
})

const documentOf = (kind: TemplateKind, stored: unknown): Document => schemas[kind].parse(stored)

/**
 * A template that this person may use now. One that is for another team, retired, of another kind or of another tenant is not there.
 *
 * @throws Refusal `not_found`
 */
export const templateToUse = async <Kind extends TemplateKind>(
  q: Reader,
  caller: Caller,
  id: string,
  kind: Kind,
): Promise<{ readonly name: string; readonly version: number; readonly document: DocumentOf<Kind> }> => {
  const row = await q.maybe<Row>({
    name: 'template_find',
    text: `${select} where m.tenant_id = $1 and m.id = $2`,
    values: [q.tenantId, id],
  })
  if (row === undefined || row.kind !== kind || !row.is_active || !maySee(caller, row))
    throw new Refusal('not_found')
  // The schema of `kind`, by the index; the compiler does not follow a type parameter through it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const document = schemas[kind].parse(row.document) as DocumentOf<Kind>
  return { name: row.name, version: row.version, document }
}

export const createTemplate = async (
  database: Database,
  caller: Caller,
  draft: NewTemplate,
  once: OnceStore | null,
): Promise<TemplateRef> => {
  const services = await serviceDirectory(database, caller.tenantId)
  const id = uuidv7()
  const answer = { id, version: 1 }
  await write(database, caller, async (tx) => {
    mustManage(caller, draft.teamId, caller.personId)
    await mustHold(tx, services, draft.kind, draft.document, draft.teamId)
    tx.insert('template', {
      tenant_id: tx.tenantId,
      id,
      kind: draft.kind,
      name: draft.name,
      document: JSON.stringify(draft.document),
      team_id: draft.teamId,
      author_id: caller.personId,
      created_at: caller.now,
    })
    keepVersion(tx, caller, { ...answer, kind: draft.kind, name: draft.name, document: draft.document })
    tell(tx, 'template.created', { ...answer, ...draft })
    once?.remember(tx, 201, answer)
  })
  return answer
}

/** Makes the next version. Somebody else's newer one is a conflict: a template is edited as a whole. */
export const editTemplate = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  edit: EditTemplate,
): Promise<TemplateRef> => {
  const services = await serviceDirectory(database, caller.tenantId)
  return write(database, caller, async (tx) => {
    const row = await tx.maybe<Row>({
      name: 'template_lock',
      text: `${select} where m.tenant_id = $1 and m.id = $2 for update of m`,
      values: [tx.tenantId, id],
    })
    if (row === undefined || !maySee(caller, row)) throw new Refusal('not_found')
    mustManage(caller, row.team_id, row.author_id)
    if (seen !== row.version)
      throw new Refusal('changed_meanwhile', says('template.saved', { version: row.version }))
    const teamId = edit.teamId === undefined ? row.team_id : edit.teamId
    mustManage(caller, teamId, row.author_id)
    const document =
      edit.document === undefined ? documentOf(row.kind, row.document) : parsedAs(row.kind, edit.document)
    await mustHold(tx, services, row.kind, document, teamId)
    const next = {
      id,
      kind: row.kind,
      name: edit.name ?? row.name,
      teamId,
      isActive: edit.isActive ?? row.is_active,
      version: row.version + 1,
      document,
    }
    tx.send({
      name: 'template_update',
      text: `update template set name = $3, team_id = $4, is_active = $5, version = $6, document = $7
             where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id, next.name, teamId, next.isActive, next.version, JSON.stringify(document)],
    })
    keepVersion(tx, caller, next)
    tell(tx, 'template.changed', next)
    return { id, version: next.version }
  })
}

export const templateVersions = (database: Database, caller: Caller, id: string) =>
  read(database, caller.tenantId, async (q) => {
    const [row, versions] = await Promise.all([
      q.maybe<Row>({
        name: 'template_find',
        text: `${select} where m.tenant_id = $1 and m.id = $2`,
        values: [q.tenantId, id],
      }),
      q.rows<{
        version: number
        name: string
        document: unknown
        author_id: string
        author: string
        at: string
      }>({
        name: 'template_versions',
        text: `select v.version, v.name, v.document, v.author_id, p.name as author, v.created_at as at
               from template_version v join person p on p.tenant_id = v.tenant_id and p.id = v.author_id
               where v.tenant_id = $1 and v.template_id = $2 order by v.version desc limit 1000`,
        values: [q.tenantId, id],
      }),
    ])
    if (row === undefined || !maySee(caller, row)) throw new Refusal('not_found')
    return {
      rows: versions.map(({ version, name, document, author_id, author, at }) => ({
        version,
        name,
        document: documentOf(row.kind, document),
        author: { id: author_id, name: author },
        at,
      })),
    }
  })

const mustManage = (caller: Caller, teamId: string | null, authorId: string): void => {
  if (mayManage(caller, teamId, authorId)) return
  throw new Refusal('forbidden', [
    {
      code: 'template.manage',
      message: teamId === null ? says('template.everybody') : says('template.team'),
    },
  ])
}

const parsedAs = (kind: TemplateKind, document: unknown): Document => {
  const parsed = schemas[kind].safeParse(document)
  if (parsed.success) return parsed.data
  throw new Refusal(
    'invalid',
    parsed.error.issues.slice(0, 20).map((issue) => ({
      code: issue.code,
      field: ['document', ...issue.path].join('.'),
      message: issueSaying(issue),
    })),
  )
}

/** Refuses a template that could never work: variables, services, teams or people that do not exist. */
const mustHold = async (
  tx: Tx,
  services: ReadonlyMap<string, ServiceEntry>,
  kind: TemplateKind,
  document: Document,
  teamId: string | null,
): Promise<void> => {
  if (teamId !== null) await mustBeTeam(tx, teamId, 'teamId')
  if ('steps' in document) {
    for (const [at, step] of document.steps.entries())
      await mustBeStep(tx, services, step, `document.steps.${at}`)
    return
  }
  if (kind === 'quick_reply' && 'body' in document) mustBeReply('document.body', document.body)
  if ('serviceId' in document) mustBeService(services, document.serviceId, 'document.serviceId')
}

const mustBeStep = async (
  tx: Tx,
  services: ReadonlyMap<string, ServiceEntry>,
  step: IncidentStep,
  field: string,
): Promise<void> => {
  if (step.do === 'set') mustBeService(services, step.fields.serviceId, `${field}.fields.serviceId`)
  if (step.do === 'comment') mustBeReply(`${field}.body`, step.body)
  if (step.do === 'assign') {
    if (step.to.teamId !== undefined) await mustBeTeam(tx, step.to.teamId, `${field}.to.teamId`)
    if (typeof step.to.personId === 'string') await mustBeActive(tx, step.to.personId, `${field}.to.personId`)
  }
  if (step.do === 'add_checklist') {
    const template = await tx.maybe<{ name: string; has: boolean }>({
      name: 'template_checklist',
      text: `select name, coalesce(jsonb_array_length(document->'checklist'), 0) > 0 as has from template
             where tenant_id = $1 and id = $2 and kind = 'incident' and is_active`,
      values: [tx.tenantId, step.templateId],
    })
    if (template === undefined) throw invalid(`${field}.templateId`, says('checklist.noTemplate'))
    if (!template.has) throw invalid(`${field}.templateId`, says('checklist.noneIn', { name: template.name }))
  }
  if (step.do === 'move' && step.move.action === 'cancel' && step.move.reason === 'duplicate')
    throw invalid(`${field}.move.reason`, says('macro.duplicate'))
}

const mustBeService = (
  services: ReadonlyMap<string, ServiceEntry>,
  id: string | null | undefined,
  field: string,
): void => {
  if (id !== null && id !== undefined && services.get(id)?.isActive !== true)
    throw invalid(field, says('service.none'))
}

const mustBeTeam = async (tx: Tx, id: string, field: string): Promise<void> => {
  const team = await tx.maybe<{ id: string }>({
    name: 'template_team',
    text: 'select id from team where tenant_id = $1 and id = $2 and is_active',
    values: [tx.tenantId, id],
  })
  if (team === undefined) throw invalid(field, says('team.none'))
}

type Version = {
  readonly id: string
  readonly kind: TemplateKind
  readonly name: string
  readonly version: number
  readonly document: Document
}

const keepVersion = (tx: Tx, caller: Caller, { id, version, name, document }: Version): void => {
  tx.insert('template_version', {
    tenant_id: tx.tenantId,
    template_id: id,
    version,
    name,
    document: JSON.stringify(document),
    author_id: caller.personId,
    created_at: caller.now,
  })
}

const tell = (tx: Tx, type: string, { id, kind, name, version, document }: Version): void => {
  tx.journal({
    type,
    subject: { kind: 'template', id },
    data: { kind, name, version, document: asJson(document) },
    // What people wrote into it may name people.
    personal: ['/document'],
  })
}

const asJson = (document: Document): Json => {
  const json: Json = JSON.parse(JSON.stringify(document))
  return isJsonObject(json) ? json : {}
}
