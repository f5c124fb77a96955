import type { Permission, Scope } from '@evenkeel/contract/permission'

export type BuiltInRole = {
  readonly name: string
  readonly description: string
  readonly permissions: { readonly [permission in Permission]?: readonly Scope[] }
}

const own = ['own'] as const
const team = ['own', 'team'] as const
const all = ['all'] as const

/**
 * What nobody may do while acting as somebody else, whatever both may: take data out, decide in their name, change who may do what.
 * Credentials are closed by their routes.
 */
export const neverWhileActing: ReadonlySet<Permission> = new Set<Permission>([
  'export',
  'impersonate',
  'person.manage',
  'team.manage',
  'role.manage',
  'policy.publish',
])

/** What everybody may do. */
const requester: BuiltInRole['permissions'] = {
  'incident.read': own,
  'incident.raise': own,
  'incident.comment': own,
  'incident.answer': own,
  'incident.affected': own,
  'incident.watch': own,
  'view.save': own,
  'service.read': all,
}

const agent: BuiltInRole['permissions'] = {
  ...requester,
  'incident.read': all,
  'incident.read_internal': all,
  'incident.raise_for_others': all,
  'incident.comment': all,
  'incident.affected': all,
  'incident.watch': all,
  'incident.note': all,
  'incident.edit': all,
  'incident.assign': all,
  'incident.work': all,
  'incident.reopen': all,
  'incident.cancel': team,
  'incident.link': all,
  'person.read': all,
  'policy.read': all,
  'item.read': all,
  'item.audit': all,
  export: all,
}

const lead: BuiltInRole['permissions'] = {
  ...agent,
  'incident.cancel': all,
  'incident.override_priority': all,
  'incident.bulk': all,
  'template.manage': all,
  'view.share': all,
  'access.explain': all,
  'insight.read': all,
}

/** The roles every tenant starts with. They are rows from then on: an administrator may change all but who administers. */
export const builtInRoles = {
  requester: {
    name: 'Requester',
    description: 'raises incidents and follows their own',
    permissions: requester,
  },
  agent: { name: 'Agent', description: 'works on incidents', permissions: agent },
  team_lead: {
    name: 'Team lead',
    description: 'an agent who also sets priorities and works on many at once',
    permissions: lead,
  },
  problem_manager: { name: 'Problem manager', description: 'finds and removes causes', permissions: agent },
  change_manager: {
    name: 'Change manager',
    description: 'makes changes safe',
    permissions: { ...agent, 'item.plan': all },
  },
  major_incident_manager: {
    name: 'Major incident manager',
    description: 'leads when much is broken',
    permissions: lead,
  },
  approver: {
    name: 'Approver',
    description: 'decides on changes',
    permissions: { ...requester, 'person.read': all },
  },
  knowledge_author: {
    name: 'Knowledge author',
    description: 'writes what helps',
    permissions: { ...requester, 'incident.read': all, 'incident.watch': all, 'person.read': all },
  },
  configuration_manager: {
    name: 'Configuration manager',
    description: 'keeps the picture of services true',
    permissions: {
      ...agent,
      'service.manage': all,
      'item.manage': all,
      'item.plan': all,
      'item.read_restricted': all,
    },
  },
  auditor: {
    name: 'Auditor',
    description: 'reads everything, changes nothing',
    permissions: {
      // A bookmark of their own is all they leave behind; watching would be noticed by those they look at.
      'view.save': own,
      'incident.read': all,
      'incident.read_internal': all,
      'person.read': all,
      'service.read': all,
      'item.read': all,
      'item.read_restricted': all,
      'policy.read': all,
      'journal.read': all,
      'outbox.read': all,
      'instance.read': all,
      'access.explain': all,
      'insight.read': all,
      export: all,
    },
  },
  administrator: {
    name: 'Administrator',
    description: 'sets the tenant up',
    permissions: {
      ...lead,
      'person.manage': all,
      'team.manage': all,
      'role.manage': all,
      impersonate: all,
      'service.manage': all,
      'item.manage': all,
      'item.plan': all,
      'item.read_restricted': all,
      'policy.publish': all,
      'custom_field.manage': all,
      'journal.read': all,
      'outbox.read': all,
      'outbox.manage': all,
      'instance.read': all,
      'import.run': all,
      'organization.export': all,
    },
  },
} as const satisfies Record<string, BuiltInRole>
export type RoleKey = keyof typeof builtInRoles
