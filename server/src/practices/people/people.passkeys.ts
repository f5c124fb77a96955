import type { SignedIn } from '@evenkeel/contract/session'
import type { PasskeyRow } from '@evenkeel/contract/credential'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import {
  beginAuthentication,
  beginRegistration,
  finishAuthentication,
  finishRegistration,
  relyingParty,
  userHandleOf,
  type Begun,
  type RelyingParty,
  type StoredPasskey,
} from '../../platform/auth/passkey.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Context, StrangerContext } from '../../platform/http/serve.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { confirmed, startOver, tellFactorAdded } from './people.credentials.ts'
import { journalRefusedSignIn } from './people.refusals.ts'
import { keepRequiredFactor } from './people.security.ts'
import { giveCookie, ownSession } from './people.sessions.ts'
import { authorOf, begin, refusePlainHttp, signedIn, takeAddressAttempt } from './people.sign-in.ts'
import { findTenant } from './people.tenant.ts'
import { says } from './people.reasons.ts'

type Ask = Pick<Context, 'database' | 'caller' | 'reply' | 'request' | 'site'>
type Purpose = 'register' | 'sign_in' | 'confirm'
type Ceremony = { readonly ceremony: string; readonly options: Record<string, unknown> }

/** What a browser answers with, as the contract reads it. */
type Used = {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string | null | undefined
  }
}
type Created = {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string }
}

const ceremonyMinutes = 5
const most = 20

const partyOf = (site: Site): RelyingParty => {
  const party = relyingParty(site.publicUrl)
  if (party === undefined) throw new Refusal('not_available_here', says('passkey.address'))
  return party
}

const keepCeremony = async (
  database: Database,
  author: Author,
  purpose: Purpose,
  personId: string | null,
  begun: Begun,
): Promise<Ceremony> => {
  const id = uuidv7()
  await write(database, author, async (tx) => {
    // What nobody finished goes with the next one that begins.
    tx.send({
      text: 'delete from passkey_ceremony where tenant_id = $1 and expires_at <= $2',
      values: [tx.tenantId, author.now],
    })
    tx.send({
      text: 'insert into passkey_ceremony (tenant_id, id, purpose, person_id, challenge, expires_at) values ($1, $2, $3, $4, $5, $6)',
      values: [
        tx.tenantId,
        id,
        purpose,
        personId,
        begun.challenge,
        new Date(Date.parse(author.now) + ceremonyMinutes * 60_000).toISOString(),
      ],
    })
  })
  return { ceremony: id, options: begun.options }
}

/** Takes the challenge away, so that it is answered once, right or wrong. */
const takeChallenge = (
  database: Database,
  author: Author,
  id: string,
  purpose: Purpose,
  personId: string | null,
): Promise<string | undefined> =>
  write(database, author, async (tx) => {
    const row = await tx.maybe<{ challenge: string }>({
      text: `delete from passkey_ceremony where tenant_id = $1 and id = $2 and purpose = $3 and person_id is not distinct from $4 and expires_at > $5
             returning challenge`,
      values: [tx.tenantId, id, purpose, personId, author.now],
    })
    return row?.challenge
  })

type Candidate = StoredPasskey & {
  readonly id: string
  readonly personId: string
  readonly name: string
}

const findPasskey = (
  database: Database,
  tenantId: string,
  credentialId: string,
): Promise<Candidate | undefined> =>
  read(database, tenantId, (q) =>
    q.maybe<Candidate>({
      text: `select k.id, k.person_id as "personId", p.name, k.credential_id as "credentialId", k.public_key as "publicKey", k.counter
             from passkey k join person p on p.tenant_id = k.tenant_id and p.id = k.person_id where k.tenant_id = $1 and k.credential_id = $2`,
      values: [q.tenantId, credentialId],
    }),
  )

/** The passkey that answered the challenge, with its new counter; undefined when anything about the answer is wrong. */
const answered = async (
  ask: { database: Database; site: Site },
  author: Author,
  ceremony: string,
  purpose: 'sign_in' | 'confirm',
  personId: string | null,
  used: Used,
): Promise<{ passkey: Candidate; counter: number } | undefined> => {
  const [challenge, passkey] = await Promise.all([
    takeChallenge(ask.database, author, ceremony, purpose, personId),
    findPasskey(ask.database, author.tenantId, used.id),
  ])
  if (challenge === undefined || passkey === undefined) return undefined
  if (personId !== null && passkey.personId !== personId) return undefined
  const handle = used.response.userHandle ?? undefined
  if (handle !== undefined && handle !== userHandleOf(passkey.personId)) return undefined
  const { clientDataJSON, authenticatorData, signature } = used.response
  const counter = await finishAuthentication(partyOf(ask.site), challenge, passkey, {
    id: used.id,
    rawId: used.rawId,
    type: used.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON,
      authenticatorData,
      signature,
      ...(handle === undefined ? {} : { userHandle: handle }),
    },
  })
  return counter === null ? undefined : { passkey, counter }
}

/** Notes the use; false when the passkey is gone, its person deactivated, or its counter used by somebody at the same moment (a cloned key). */
const noteUsed = async (tx: Tx, passkey: Candidate, counter: number): Promise<boolean> => {
  const row = await tx.maybe({
    text: `update passkey set counter = $3, last_used_at = $4 where tenant_id = $1 and id = $2 and (counter < $3 or (counter = 0 and $3 = 0))
             and exists (select 1 from person p where p.tenant_id = $1 and p.id = passkey.person_id and p.is_active)
           returning 1`,
    values: [tx.tenantId, passkey.id, counter, tx.author.now],
  })
  return row !== undefined
}

export const passkeySignInOptions = async (
  context: StrangerContext,
  slug: string | undefined,
): Promise<Ceremony> => {
  const { database, request, site } = context
  refusePlainHttp(site, request)
  const party = partyOf(site)
  const tenant = await findTenant(database, slug, request.hostname)
  // Each one is a row, made by a stranger.
  await takeAddressAttempt(context, tenant?.id, 'passkey_options')
  if (tenant === undefined) throw new Refusal('not_found')
  return keepCeremony(
    database,
    authorOf(tenant.id, {}, context),
    'sign_in',
    null,
    await beginAuthentication(party),
  )
}

/** A passkey is two factors in one: having it, and the fingerprint, face or PIN that it asked for. */
export const passkeySignIn = async (
  context: StrangerContext,
  body: { tenant?: string | undefined; ceremony: string; credential: Used },
): Promise<SignedIn> => {
  const { database, request, reply, site } = context
  refusePlainHttp(site, request)
  const tenant = await findTenant(database, body.tenant, request.hostname)
  const address = await takeAddressAttempt(context, tenant?.id)
  if (tenant === undefined) throw new Refusal('wrong_credentials')
  const stranger = authorOf(tenant.id, {}, context)
  const good = await answered(context, stranger, body.ceremony, 'sign_in', null, body.credential)
  const refuse = async (): Promise<never> => {
    await journalRefusedSignIn(database, stranger, {
      reason: tenant.isSuspended ? 'suspended' : 'wrong_passkey',
      personId: good?.passkey.personId,
      address: request.ip,
      by: request.ip,
    })
    throw new Refusal('wrong_credentials')
  }
  if (good === undefined || tenant.isSuspended) return refuse()
  const { personId, name } = good.passkey
  const author = authorOf(tenant.id, { kind: 'person', id: personId, via: 'passkey' }, context)
  const session = await write(database, author, async (tx) =>
    (await noteUsed(tx, good.passkey, good.counter))
      ? begin(tx, request, site, personId, 'passkey', 'passkey')
      : undefined,
  )
  if (session === undefined) return refuse()
  address.worked(personId)
  return signedIn(reply, site, tenant, { id: personId, name }, null, session)
}

const idsOf = (database: Database, caller: Caller): Promise<string[]> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<{ credential_id: string }>({
      text: 'select credential_id from passkey where tenant_id = $1 and person_id = $2',
      values: [q.tenantId, caller.personId],
    })
    return rows.map((row) => row.credential_id)
  })

export const confirmMePasskeyOptions = async ({ database, caller, site }: Ask): Promise<Ceremony> => {
  ownSession(caller)
  const party = partyOf(site)
  const ids = await idsOf(database, caller)
  if (ids.length === 0) throw new Refusal('not_ready', says('passkey.none'))
  return keepCeremony(database, caller, 'confirm', caller.personId, await beginAuthentication(party, ids))
}

export const confirmMeWithPasskey = async (
  ask: Ask,
  body: { ceremony: string; credential: Used },
): Promise<{ until: string }> => {
  const { database, caller, request, reply, site } = ask
  const sessionId = ownSession(caller)
  const good = await answered(ask, caller, body.ceremony, 'confirm', caller.personId, body.credential)
  const session =
    good === undefined
      ? undefined
      : await write(database, caller, async (tx) =>
          (await noteUsed(tx, good.passkey, good.counter))
            ? confirmed(tx, sessionId, caller.personId, 'passkey')
            : undefined,
        )
  if (session === undefined) {
    await journalRefusedSignIn(database, caller, {
      reason: 'wrong_passkey',
      personId: caller.personId,
      address: request.ip,
      by: caller.personId,
    })
    throw new Refusal('wrong_credentials')
  }
  giveCookie(reply, site, session)
  return { until: new Date(Date.parse(caller.now) + 15 * 60_000).toISOString() }
}

export const listPasskeys = (database: Database, caller: Caller): Promise<{ rows: PasskeyRow[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<PasskeyRow>({
      text: `select id, name, created_at as "createdAt", last_used_at as "lastUsedAt" from passkey
             where tenant_id = $1 and person_id = $2 order by created_at`,
      values: [q.tenantId, caller.personId],
    }),
  }))

export const passkeyRegistrationOptions = async ({ database, caller, site }: Ask): Promise<Ceremony> => {
  ownSession(caller)
  const party = partyOf(site)
  const [ids, person] = await Promise.all([
    idsOf(database, caller),
    read(database, caller.tenantId, (q) =>
      q.one<{ id: string; name: string; email: string }>({
        text: 'select id, name, email from person where tenant_id = $1 and id = $2',
        values: [q.tenantId, caller.personId],
      }),
    ),
  ])
  if (ids.length >= most) throw new Refusal('not_ready', says('passkey.most', { most }))
  return keepCeremony(
    database,
    caller,
    'register',
    caller.personId,
    await beginRegistration(party, person, ids),
  )
}

export const registerPasskey = async (
  { database, caller, reply, site }: Ask,
  body: { ceremony: string; name: string; credential: Created },
): Promise<{ id: string }> => {
  const sessionId = ownSession(caller)
  const challenge = await takeChallenge(database, caller, body.ceremony, 'register', caller.personId)
  const { clientDataJSON, attestationObject } = body.credential.response
  const stored =
    challenge === undefined
      ? null
      : await finishRegistration(partyOf(site), challenge, {
          id: body.credential.id,
          rawId: body.credential.rawId,
          type: body.credential.type,
          clientExtensionResults: {},
          response: { clientDataJSON, attestationObject },
        })
  if (stored === null) {
    throw new Refusal('invalid', [
      {
        code: 'wrong_passkey',
        field: 'credential',
        message: says('passkey.wrong'),
      },
    ])
  }
  const id = uuidv7()
  const session = await write(database, caller, async (tx) => {
    tx.send({
      text: `insert into passkey (tenant_id, id, person_id, credential_id, public_key, counter, name, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        tx.tenantId,
        id,
        caller.personId,
        stored.credentialId,
        stored.publicKey,
        stored.counter,
        body.name,
        caller.now,
      ],
    })
    const entryId = tx.journal({
      type: 'credential.passkey_added',
      subject: { kind: 'person', id: caller.personId },
      data: { passkey: id, name: body.name },
      personal: ['/name'],
    })
    await tellFactorAdded(tx, caller.personId, entryId)
    return startOver(tx, caller, sessionId, 'passkey')
  })
  giveCookie(reply, site, session)
  return { id }
}

/** A name is how its person tells their passkeys apart; it opens nothing, so no fresh proof is asked for. */
export const renamePasskey = async (
  { database, caller }: Pick<Ask, 'database' | 'caller'>,
  id: string,
  name: string,
): Promise<void> => {
  ownSession(caller)
  await write(database, caller, async (tx) => {
    const row = await tx.maybe({
      text: 'update passkey set name = $4 where tenant_id = $1 and person_id = $2 and id = $3 returning 1',
      values: [tx.tenantId, caller.personId, id, name],
    })
    if (row === undefined) throw new Refusal('not_found')
    tx.journal({
      type: 'credential.passkey_renamed',
      subject: { kind: 'person', id: caller.personId },
      data: { passkey: id, name },
      personal: ['/name'],
    })
  })
}

/** Removes a passkey, unless it is the only way in that is left, or the only second factor where one is required. */
export const removePasskey = async ({ database, caller, reply, site }: Ask, id: string): Promise<void> => {
  const sessionId = ownSession(caller)
  const session = await write(database, caller, async (tx) => {
    const rows = await tx.rows<{ id: string }>({
      text: 'select id from passkey where tenant_id = $1 and person_id = $2 for update',
      values: [tx.tenantId, caller.personId],
    })
    if (!rows.some((row) => row.id === id)) throw new Refusal('not_found')
    const password = await tx.maybe({
      text: 'select 1 from password where tenant_id = $1 and person_id = $2',
      values: [tx.tenantId, caller.personId],
    })
    if (rows.length === 1 && password === undefined) {
      throw new Refusal('not_ready', says('passkey.only'))
    }
    tx.send({
      text: 'delete from passkey where tenant_id = $1 and person_id = $2 and id = $3',
      values: [tx.tenantId, caller.personId, id],
    })
    tx.journal({
      type: 'credential.passkey_removed',
      subject: { kind: 'person', id: caller.personId },
      data: { passkey: id },
    })
    await keepRequiredFactor(tx, caller.personId)
    return startOver(tx, caller, sessionId)
  })
  giveCookie(reply, site, session)
}
