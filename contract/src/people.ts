import { z } from 'zod'
import { Id, Instant, Named, PersonRef, Version, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'
import { ApiKeyRow, Email, Language, PermissionName, ScopeName, SessionRow, TimeZone } from './session.ts'

// One line: names end up in mail headers.
const Name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'one line')
const RoleRef = z.object({ id: Id, key: z.string(), name: z.string() })

export const PersonRow = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  title: z.string(),
  isVip: z.boolean(),
  isActive: z.boolean(),
  teams: z.array(Named),
  /** Null for readers who neither manage people nor explain access. */
  roles: z.array(RoleRef).nullable(),
  version: Version,
})
export type PersonRow = z.infer<typeof PersonRow>

export const PersonView = PersonRow.extend({
  phone: z.string(),
  language: z.string(),
  timeZone: z.string(),
  createdAt: Instant,
  teams: z.array(Named.extend({ isLead: z.boolean() })),
  /** How they sign in; null for readers who do not manage people. */
  account: z
    .object({
      hasPassword: z.boolean(),
      hasTotp: z.boolean(),
      passkeys: z.int(),
      lockedUntil: Instant.nullable(),
      lastSeenAt: Instant.nullable(),
      /** Until when an invitation that nobody used yet works. */
      invitedUntil: Instant.nullable(),
    })
    .nullable(),
  /** What this reader may do here: names of permissions, and `act_as`. */
  allowed: z.array(z.string()),
})
export type PersonView = z.infer<typeof PersonView>

/** A suggestion while typing: for assignment, mentions, "on behalf of". */
export const PersonSuggestion = PersonRef.extend({
  title: z.string(),
  email: z.string(),
  isVip: z.boolean(),
  teams: z.array(Named),
})
export type PersonSuggestion = z.infer<typeof PersonSuggestion>

export const CreatePerson = z.strictObject({
  name: Name,
  email: Email,
  title: z.string().trim().max(120).default(''),
  phone: z.string().trim().max(60).default(''),
  language: Language.optional(),
  timeZone: TimeZone.optional(),
  isVip: z.boolean().default(false),
  /** The requester's role when absent; naming roles needs role.manage as well. */
  roleIds: z.array(Id).max(50).optional(),
  /** Sends a link for setting the first password. */
  invite: z.boolean().default(true),
})
export type CreatePerson = z.infer<typeof CreatePerson>

/** Setting `isActive` to false ends every session and key of the person at once. */
export const EditPerson = z
  .strictObject({
    name: Name,
    email: Email,
    title: z.string().trim().max(120),
    phone: z.string().trim().max(60),
    language: Language,
    timeZone: TimeZone,
    isVip: z.boolean(),
    isActive: z.boolean(),
  })
  .partial()
export type EditPerson = z.infer<typeof EditPerson>

export const RoleRow = z.object({
  id: Id,
  key: z.string(),
  name: z.string(),
  description: z.string(),
  isBuiltIn: z.boolean(),
  /** Active people who have it. */
  people: z.int(),
  permissions: z.array(z.object({ permission: PermissionName, scopes: z.array(ScopeName) })),
  version: Version,
})
export type RoleRow = z.infer<typeof RoleRow>

const RolePermissions = z
  .array(z.strictObject({ permission: PermissionName, scopes: z.array(ScopeName).min(1).max(4) }))
  .max(200)
export const CreateRole = z.strictObject({
  key: z.string().regex(/^[a-z][a-z_]{1,39}$/, 'small letters and underscores'),
  name: Name,
  description: z.string().trim().max(500).default(''),
  permissions: RolePermissions,
})
export type CreateRole = z.infer<typeof CreateRole>
export const EditRole = z
  .strictObject({ name: Name, description: z.string().trim().max(500), permissions: RolePermissions })
  .partial()
export type EditRole = z.infer<typeof EditRole>

export const TeamRow = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  /** Name of the team's working calendar; '' means round the clock. */
  calendar: z.string(),
  isActive: z.boolean(),
  members: z.int(),
  version: Version,
})
export type TeamRow = z.infer<typeof TeamRow>
export const TeamView = TeamRow.omit({ members: true }).extend({
  members: z.array(PersonRef.extend({ title: z.string(), isLead: z.boolean(), isActive: z.boolean() })),
  allowed: z.array(z.string()),
})
export type TeamView = z.infer<typeof TeamView>
export const CreateTeam = z.strictObject({
  name: Name,
  description: z.string().trim().max(500).default(''),
  calendar: z.string().trim().max(80).default(''),
  members: z
    .array(z.strictObject({ personId: Id, isLead: z.boolean().default(false) }))
    .max(1000)
    .default([]),
})
export type CreateTeam = z.infer<typeof CreateTeam>
export const EditTeam = z
  .strictObject({
    name: Name,
    description: z.string().trim().max(500),
    calendar: z.string().trim().max(80),
    isActive: z.boolean(),
  })
  .partial()
export type EditTeam = z.infer<typeof EditTeam>

/** The answer to "why can this person (not) do this", in sentences from the general to the particular. */
export const AccessExplanation = z.object({
  person: PersonRef,
  permission: PermissionName,
  /** What the permission is for, in words. */
  meaning: z.string(),
  allowed: z.boolean(),
  sentences: z.array(z.string()),
  /** Each role that gives it, with the rows it reaches. */
  given: z.array(z.object({ role: Named, scope: ScopeName, reaches: z.boolean().nullable() })),
})
export type AccessExplanation = z.infer<typeof AccessExplanation>

/** What hangs on a person: read before deactivating them. */
export const PersonUse = z.object({
  /** Open sessions and working keys: they end at once. */
  sessions: z.int(),
  keys: z.int(),
  /** What others have to take over, in phrases. */
  reasons: z.array(z.string()),
})
export type PersonUse = z.infer<typeof PersonUse>

export const HeldApiKey = ApiKeyRow.extend({ person: PersonRef.extend({ isActive: z.boolean() }) })
export type HeldApiKey = z.infer<typeof HeldApiKey>

const ById = z.object({ id: Id })
const Ref = z.object({ id: Id, version: Version })
const Member = z.object({ id: Id, personId: Id })
const limit = z.coerce.number().int().min(1).max(200).default(50)

export const peopleRoutes = defineRoutes({
  listPeople: {
    method: 'GET',
    path: '/people',
    summary: 'List people',
    access: 'person.read',
    query: z.strictObject({
      q: z.string().trim().max(100).optional(),
      teamId: Id.optional(),
      roleId: Id.optional(),
      active: z.enum(['true', 'false']).optional(),
      /** Only those who are locked out after failed attempts; for readers who manage people. */
      locked: z.literal('true').optional(),
      cursor: z.string().max(500).optional(),
      limit,
    }),
    answer: pageOf(PersonRow),
  },
  suggestPeople: {
    method: 'GET',
    path: '/people/suggestions',
    summary: 'Find people while typing',
    access: 'person.read',
    query: z.strictObject({
      q: z.string().trim().max(100).default(''),
      /** Only members of this team. */
      teamId: Id.optional(),
      /** Only people who may do this to something: `incident.work` for assignment. */
      may: PermissionName.optional(),
      limit: z.coerce.number().int().min(1).max(20).default(8),
    }),
    answer: z.object({ rows: z.array(PersonSuggestion) }),
  },
  readPerson: {
    method: 'GET',
    path: '/people/{id}',
    summary: 'Read one person',
    access: 'person.read',
    params: ById,
    answer: PersonView,
  },
  createPerson: {
    method: 'POST',
    path: '/people',
    summary: 'Add a person, and invite them',
    access: 'person.manage',
    body: CreatePerson,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  editPerson: {
    method: 'PATCH',
    path: '/people/{id}',
    summary: 'Change or deactivate a person',
    access: 'person.manage',
    params: ById,
    body: EditPerson,
    answer: Ref,
    versioned: true,
  },
  readPersonUse: {
    method: 'GET',
    path: '/people/{id}/use',
    summary: 'What ends and what others have to take over when this person is deactivated',
    access: 'person.manage',
    params: ById,
    answer: PersonUse,
  },
  invitePerson: {
    method: 'POST',
    path: '/people/{id}/invitation',
    summary: 'Send the invitation, or send it again; an earlier link stops working',
    access: 'person.manage',
    params: ById,
  },
  unlockPerson: {
    method: 'POST',
    path: '/people/{id}/unlock',
    summary: 'Let a person try again who is locked out after failed attempts',
    access: 'person.manage',
    params: ById,
  },
  removeSecondFactor: {
    method: 'DELETE',
    path: '/people/{id}/second-factor',
    summary: 'Remove the one-time codes of somebody who lost them; their sessions end',
    access: 'person.manage',
    recentSignIn: true,
    params: ById,
  },
  listSessionsOf: {
    method: 'GET',
    path: '/people/{id}/sessions',
    summary: 'Where a person is signed in',
    access: 'person.manage',
    params: ById,
    answer: z.object({ rows: z.array(SessionRow) }),
  },
  endSessionsOf: {
    method: 'DELETE',
    path: '/people/{id}/sessions',
    summary: 'Sign a person out everywhere',
    access: 'person.manage',
    params: ById,
    answer: z.object({ ended: z.int() }),
  },
  listApiKeysOf: {
    method: 'GET',
    path: '/people/{id}/keys',
    summary: 'API keys of a person that still work',
    access: 'person.manage',
    params: ById,
    answer: z.object({ rows: z.array(ApiKeyRow) }),
  },
  revokeApiKeyOf: {
    method: 'DELETE',
    path: '/people/{id}/keys/{keyId}',
    summary: 'Revoke an API key of a person',
    access: 'person.manage',
    params: z.object({ id: Id, keyId: Id }),
  },
  listAllApiKeys: {
    method: 'GET',
    path: '/keys',
    summary: 'API keys of everybody that still work',
    access: 'person.manage',
    answer: z.object({ rows: z.array(HeldApiKey) }),
  },
  actAs: {
    method: 'POST',
    path: '/people/{id}/acting',
    summary: 'Act as somebody else for an hour, with the rights both have; both names are on record',
    access: 'impersonate',
    recentSignIn: true,
    params: ById,
    body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
    answer: z.object({ person: PersonRef, until: Instant }),
  },
  giveRole: {
    method: 'PUT',
    path: '/people/{id}/roles/{roleId}',
    summary: 'Give a role',
    access: 'role.manage',
    recentSignIn: true,
    params: z.object({ id: Id, roleId: Id }),
  },
  takeRole: {
    method: 'DELETE',
    path: '/people/{id}/roles/{roleId}',
    summary: 'Take a role away',
    access: 'role.manage',
    recentSignIn: true,
    params: z.object({ id: Id, roleId: Id }),
  },
  listRoles: {
    method: 'GET',
    path: '/roles',
    summary: 'Roles and what they may do',
    access: 'person.read',
    answer: z.object({ rows: z.array(RoleRow) }),
  },
  createRole: {
    method: 'POST',
    path: '/roles',
    summary: 'Add a role',
    access: 'role.manage',
    recentSignIn: true,
    body: CreateRole,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  editRole: {
    method: 'PATCH',
    path: '/roles/{id}',
    summary: 'Change a role',
    access: 'role.manage',
    recentSignIn: true,
    params: ById,
    body: EditRole,
    answer: Ref,
    versioned: true,
  },
  deleteRole: {
    method: 'DELETE',
    path: '/roles/{id}',
    summary: 'Remove a role of your own making that nobody has',
    access: 'role.manage',
    recentSignIn: true,
    params: ById,
  },
  listTeams: {
    method: 'GET',
    path: '/teams',
    summary: 'List teams',
    access: 'signed in',
    answer: z.object({ rows: z.array(TeamRow) }),
  },
  readTeam: {
    method: 'GET',
    path: '/teams/{id}',
    summary: 'Read one team with its members',
    access: 'person.read',
    params: ById,
    answer: TeamView,
  },
  readTeamUse: {
    method: 'GET',
    path: '/teams/{id}/use',
    summary: 'What keeps a team from being retired',
    access: 'person.read',
    params: ById,
    answer: z.object({ reasons: z.array(z.string()) }),
  },
  createTeam: {
    method: 'POST',
    path: '/teams',
    summary: 'Add a team',
    access: 'team.manage',
    body: CreateTeam,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  editTeam: {
    method: 'PATCH',
    path: '/teams/{id}',
    summary: 'Change a team',
    access: 'team.manage',
    params: ById,
    body: EditTeam,
    answer: Ref,
    versioned: true,
  },
  setTeamMember: {
    method: 'PUT',
    path: '/teams/{id}/members/{personId}',
    summary: 'Add a member, or say whether they lead',
    access: 'team.manage',
    params: Member,
    body: z.strictObject({ isLead: z.boolean() }),
  },
  removeTeamMember: {
    method: 'DELETE',
    path: '/teams/{id}/members/{personId}',
    summary: 'Remove a member',
    access: 'team.manage',
    params: Member,
  },
  explainAccess: {
    method: 'GET',
    path: '/access/explanation',
    summary: 'Why a person may or may not do something; about oneself, everybody may ask',
    access: 'signed in',
    query: z.strictObject({ personId: Id, permission: PermissionName, recordId: Id.optional() }),
    answer: AccessExplanation,
  },
})
