/**
 * Everything somebody may be allowed to do. A role gives permissions, each with the rows it reaches (scope). The sentences are shown
 * in administration and in the answer to "why can this person (not) do this".
 */
export const permissions = {
  'incident.read': 'see incidents',
  'incident.read_internal': 'see work notes and fields meant for the team',
  'incident.raise': 'raise an incident for oneself',
  'incident.raise_for_others': 'raise an incident on behalf of somebody else',
  'incident.comment': 'write comments the caller can read',
  'incident.note': 'write work notes for the team',
  'incident.edit': 'change title, description, service, impact, urgency and custom fields',
  'incident.assign': 'give an incident to a team or a person',
  'incident.work': 'start, hold, resume and resolve incidents',
  'incident.reopen': 'reopen a resolved incident',
  'incident.cancel': 'cancel an incident',
  'incident.override_priority': 'set a priority other than the computed one, with a reason',
  'incident.answer': 'answer as the caller: reply, say "still broken", confirm that it works',
  'incident.affected': 'say of an incident one may see that it affects oneself too',
  'incident.watch': 'watch an incident and hear what happens to it',
  'incident.link': 'link incidents, set a parent, mark duplicates',
  'incident.bulk': 'change many incidents at once and undo it',
  'incident.automatic': 'make the moves that only the system makes',
  'person.read': 'find people and see their names and teams',
  'person.manage': 'invite, change and deactivate people',
  'team.manage': 'create teams and change their members',
  'role.manage': 'change roles and who has them',
  'access.explain': 'ask why somebody may or may not do something',
  impersonate: 'act as somebody else, with the rights both have',
  'service.read': 'see services',
  'service.manage': 'create and change services',
  'item.read': 'see items of the configuration, what they stand on and what stands on them',
  'item.read_restricted': 'see attributes of items that are marked as restricted',
  'item.manage': 'create and change items and what they have to do with each other',
  'item.audit': 'scan what is there in stock-takings',
  'item.plan': 'plan changes of items as a branch, on top of what is there, and see what would follow',
  'policy.read': 'see policies and their versions',
  'policy.publish': 'publish a new version of a policy',
  'template.manage': 'change templates, quick replies and macros',
  'custom_field.manage': 'define custom fields',
  'view.save': 'keep lists as views of one’s own',
  'view.share': 'share saved views with a team or everyone',
  'journal.read': 'read the journal of the whole tenant',
  'import.run': 'bring in records of another system and take a batch back',
  'insight.read': 'see how incidents traveled and where that differs from the process',
  'organization.export': 'take everything the organization has out as files',
  'outbox.read': 'see outgoing mail and dead letters',
  'outbox.manage': 'send dead letters again and let set-aside entries be tried again',
  'instance.read': 'see the health of the instance',
  export: 'export lists',
} as const

export type Permission = keyof typeof permissions

/** Which rows a permission reaches: my own, my teams', those of services my teams support, or all of the tenant. */
export const scopes = ['own', 'team', 'service', 'all'] as const
export type Scope = (typeof scopes)[number]
