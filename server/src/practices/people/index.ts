export { authenticate, cookieNames } from './people.principal.ts'
export { builtInRoles, type BuiltInRole, type RoleKey } from './people.access.ts'
export { createTenant, createPerson, createTeam } from './people.commands.ts'
