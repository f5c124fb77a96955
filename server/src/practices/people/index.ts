export { cookieNames } from '../../platform/auth/cookie.ts'
export { securityOffer } from './people.security-preview.ts'
export { endUnusedAccounts } from './people.unused.ts'
export { authenticate } from './people.principal.ts'
export { builtInRoles, type RoleKey } from './people.access.ts'
export { createTenant, createPerson, createTeam } from './people.commands.ts'
export { setPassword } from './people.credentials.ts'
export { createApiKeyFor } from './people.keys.ts'
export { findTenant, suspendTenant, type Tenant } from './people.tenant.ts'
export { teamsAreUsedBy } from './people.teams.ts'
export { peopleAreUsedBy } from './people.use.ts'
export { journalRefusal } from './people.refusals.ts'
export { sweepAccess } from './people.sweep.ts'
export { credentialRoutes, peopleRoutes, sessionRoutes } from './people.routes.ts'
export type { FindRecord } from './people.explain.ts'
export { directory, type Directory } from './people.directory.ts'
export { rightsOf, type PersonRights } from './people.rights.ts'
export { openLink, queueMail, type AccountMail } from './people.mail.ts'
export { addressThrottle } from './people.attempts.ts'
export { callerAs } from './people.caller.ts'
export { rolesIn } from './people.role-words.ts'
export {
  findPeopleNamed,
  findTeamsNamed,
  leadsNowhere,
  makePeople,
  makeTeams,
  peopleInUse,
  teamsWithMembers,
  turnPeople,
  turnTeams,
  type Named,
  type ToMake,
} from './people.brought.ts'
