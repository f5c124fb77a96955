import { says } from './incident.reasons.ts'
import { replyVariables } from '@evenkeel/contract/choices'
import type { ReplyVariable } from '@evenkeel/contract/template'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { parseTemplate, templateToText, type Variables } from '../../platform/mail/mail.template.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { incidentProcess } from './incident.process.ts'
import type { IncidentRow } from './incident.repo.ts'
import type { Policies } from './incident.rules.ts'

const variables: Variables<ReplyVariable> = {
  'incident.number': 'text',
  'incident.title': 'text',
  'incident.service': 'text',
  'incident.state': 'text',
  'caller.name': 'text',
  'me.name': 'text',
  'team.name': 'text',
}

/**
 * Refuses a text with variables that do not exist, before anybody relies on it.
 *
 * @throws Refusal `invalid` with the place of each fault
 */
export const mustBeReply = (field: string, body: string): void => {
  const parsed = parseTemplate(body, variables)
  if (parsed.ok) return
  throw new Refusal(
    'invalid',
    parsed.faults.map(({ line, column, message }) => ({
      code: 'template',
      field,
      message: says('template.place', { line, column, fault: message }),
    })),
  )
}

/** The text with its variables filled in. Values are printed literally: they are neither templates nor Markdown again. */
export const filledIn = (body: string, values: Readonly<Record<ReplyVariable, string>>): string => {
  const parsed = parseTemplate(body, variables)
  // Checked when it was saved; what no longer parses is shown as it is, for a person to see.
  if (!parsed.ok) return body
  const literal = Object.fromEntries(replyVariables.map((name) => [name, literally(values[name])]))
  // One member per variable, by the line above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return templateToText(parsed.template, literal as Record<ReplyVariable, string>, { origin: '' })
}

/** Words that Markdown leaves as they are, on one line. */
const literally = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>~|#&!]/g, String.raw`\$&`)

export const replyValues = async (
  q: Reader,
  caller: Caller,
  row: IncidentRow,
  { services }: Policies,
): Promise<Record<ReplyVariable, string>> => {
  const names = await q.one<{ requester: string; team: string }>({
    name: 'incident_reply_names',
    text: `select p.name as requester, t.name as team from person p, team t
           where p.tenant_id = $1 and p.id = $2 and t.tenant_id = $1 and t.id = $3`,
    values: [q.tenantId, row.requester_id, row.team_id],
  })
  return {
    'incident.number': row.number,
    'incident.title': row.title,
    'incident.service': row.service_id === null ? '' : (services.get(row.service_id)?.name ?? ''),
    'incident.state': incidentProcess.states[row.state].label,
    'caller.name': names.requester,
    'me.name': caller.personName,
    'team.name': names.team,
  }
}
