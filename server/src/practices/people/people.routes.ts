import { peopleRoutes as people } from '@evenkeel/contract/people'
import { credentialRoutes as credentials } from '@evenkeel/contract/credential'
import { sessionRoutes as session } from '@evenkeel/contract/session'
import { clearSessionCookie } from '../../platform/auth/cookie.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import { actAs, stopActing } from './people.acting.ts'
import {
  changePassword,
  confirmMe,
  confirmTotp,
  enrolTotp,
  removeTotp,
  renewRecoveryCodes,
} from './people.credentials.ts'
import { explainAccess, type FindRecord } from './people.explain.ts'
import { createApiKey, listAllApiKeys, listApiKeys, revokeApiKey } from './people.keys.ts'
import { acceptLink, requestReset } from './people.links.ts'
import {
  addPerson,
  editMe,
  editPerson,
  invitePerson,
  removeSecondFactor,
  unlockPerson,
} from './people.manage.ts'
import {
  confirmMePasskeyOptions,
  confirmMeWithPasskey,
  listPasskeys,
  passkeyRegistrationOptions,
  passkeySignIn,
  passkeySignInOptions,
  registerPasskey,
  removePasskey,
  renamePasskey,
} from './people.passkeys.ts'
import { listPeople, readMe, readPerson, suggestPeople } from './people.queries.ts'
import { createRole, deleteRole, editRole, giveRole, listRoles, takeRole } from './people.roles.ts'
import {
  endOtherSessions,
  endOwnSession,
  endSessionsOf,
  openSessions,
  ownSession,
  signOut,
} from './people.sessions.ts'
import { demoSignIn, signIn, signInOptions } from './people.sign-in.ts'
import {
  addTeam,
  editTeam,
  listTeams,
  readTeam,
  readTeamUse,
  removeTeamMember,
  setTeamMember,
} from './people.teams.ts'
import { readPersonUse } from './people.use.ts'

export const sessionRoutes: readonly Served[] = serve(session, {
  signInOptions: (context, { query }) => signInOptions(context, query.tenant),
  signIn: (context, { body }) => signIn(context, body),
  demoSignIn: (context, { body }) => demoSignIn(context, body),
  passkeySignInOptions: (context, { body }) => passkeySignInOptions(context, body.tenant),
  passkeySignIn: (context, { body }) => passkeySignIn(context, body),
  signOut: async ({ database, caller, reply, site }) => {
    await signOut(database, caller)
    clearSessionCookie(reply, site.secure)
    return undefined
  },
  requestReset: async (context, { body }) => {
    await requestReset(context, body)
    return undefined
  },
  acceptReset: (context, { body }) => acceptLink(context, 'reset', body),
  acceptInvitation: (context, { body }) => acceptLink(context, 'invitation', body),
  me: ({ database, caller }) => readMe(database, caller),
  editMe: async ({ database, caller }, { body }) => {
    await editMe(database, caller, body)
    return undefined
  },
  confirmMe: (context, { body }) => confirmMe(context, body),
  confirmMePasskeyOptions: (context) => confirmMePasskeyOptions(context),
  confirmMeWithPasskey: (context, { body }) => confirmMeWithPasskey(context, body),
  listSessions: ({ database, caller }) => openSessions(database, caller, caller.personId),
  endSession: async ({ database, caller }, { params }) => {
    await endOwnSession(database, caller, params.id)
    return undefined
  },
  endOtherSessions: ({ database, caller }) => endOtherSessions(database, caller),
  listApiKeys: ({ database, caller }) => listApiKeys(database, caller, caller.personId),
  createApiKey: ({ database, caller }, { body }) => createApiKey(database, caller, body),
  revokeApiKey: async ({ database, caller }, { params }) => {
    ownSession(caller)
    await revokeApiKey(database, caller, caller.personId, params.id)
    return undefined
  },
  stopActing: (context) => stopActing(context),
})

export const credentialRoutes: readonly Served[] = serve(credentials, {
  changePassword: async (context, { body }) => {
    await changePassword(context, body)
    return undefined
  },
  enrolTotp: (context) => enrolTotp(context),
  confirmTotp: (context, { body }) => confirmTotp(context, body.totp),
  removeTotp: async (context) => {
    await removeTotp(context)
    return undefined
  },
  renewRecoveryCodes: (context) => renewRecoveryCodes(context),
  listPasskeys: ({ database, caller }) => listPasskeys(database, caller),
  passkeyRegistrationOptions: (context) => passkeyRegistrationOptions(context),
  registerPasskey: (context, { body }) => registerPasskey(context, body),
  renamePasskey: async (context, { params, body }) => {
    await renamePasskey(context, params.id, body.name)
    return undefined
  },
  removePasskey: async (context, { params }) => {
    await removePasskey(context, params.id)
    return undefined
  },
})

/** @param findRecord how records are found: the practice that keeps them is above this one, so the composition root hands it down */
export const peopleRoutes = (findRecord: FindRecord): readonly Served[] =>
  serve(people, {
    listPeople: ({ database, caller }, { query }) => listPeople(database, caller, query),
    suggestPeople: ({ database, caller }, { query }) => suggestPeople(database, caller, query),
    readPerson: ({ database, caller }, { params }) => readPerson(database, caller, params.id),
    createPerson: ({ database, caller, site, once }, { body }) =>
      addPerson(database, caller, site, body, once),
    editPerson: ({ database, caller }, { params, body, version }) =>
      editPerson(database, caller, params.id, version, body),
    readPersonUse: ({ database, caller }, { params }) => readPersonUse(database, caller, params.id),
    invitePerson: async ({ database, caller, site }, { params }) => {
      await invitePerson(database, caller, site, params.id)
      return undefined
    },
    unlockPerson: async ({ database, caller }, { params }) => {
      await unlockPerson(database, caller, params.id)
      return undefined
    },
    removeSecondFactor: async ({ database, caller }, { params }) => {
      await removeSecondFactor(database, caller, params.id)
      return undefined
    },
    listSessionsOf: ({ database, caller }, { params }) => openSessions(database, caller, params.id),
    endSessionsOf: ({ database, caller }, { params }) => endSessionsOf(database, caller, params.id),
    listApiKeysOf: ({ database, caller }, { params }) => listApiKeys(database, caller, params.id),
    revokeApiKeyOf: async ({ database, caller }, { params }) => {
      await revokeApiKey(database, caller, params.id, params.keyId)
      return undefined
    },
    listAllApiKeys: ({ database, caller }) => listAllApiKeys(database, caller),
    actAs: (context, { params, body }) => actAs(context, params.id, body.reason),
    giveRole: async ({ database, caller }, { params }) => {
      await giveRole(database, caller, params.id, params.roleId)
      return undefined
    },
    takeRole: async ({ database, caller }, { params }) => {
      await takeRole(database, caller, params.id, params.roleId)
      return undefined
    },
    listRoles: ({ database, caller }) => listRoles(database, caller),
    createRole: ({ database, caller, once }, { body }) => createRole(database, caller, body, once),
    editRole: ({ database, caller }, { params, body, version }) =>
      editRole(database, caller, params.id, version, body),
    deleteRole: async ({ database, caller }, { params }) => {
      await deleteRole(database, caller, params.id)
      return undefined
    },
    listTeams: ({ database, caller }) => listTeams(database, caller),
    readTeam: ({ database, caller }, { params }) => readTeam(database, caller, params.id),
    readTeamUse: ({ database, caller }, { params }) => readTeamUse(database, caller, params.id),
    createTeam: ({ database, caller, once }, { body }) => addTeam(database, caller, body, once),
    editTeam: ({ database, caller }, { params, body, version }) =>
      editTeam(database, caller, params.id, version, body),
    setTeamMember: async ({ database, caller }, { params, body }) => {
      await setTeamMember(database, caller, params.id, params.personId, body.isLead)
      return undefined
    },
    removeTeamMember: async ({ database, caller }, { params }) => {
      await removeTeamMember(database, caller, params.id, params.personId)
      return undefined
    },
    explainAccess: ({ database, caller }, { query }) => explainAccess(database, caller, query, findRecord),
  })
