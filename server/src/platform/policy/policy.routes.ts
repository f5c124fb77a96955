import { isGerman } from '../../kernel/language/saying.ts'
import { germanMembers } from './policy.members.de.ts'
import { englishMembers } from './policy.members.en.ts'
import { policyRoutes as routes, type PolicyPreview, type PolicyVersionView } from '@evenkeel/contract/policy'
import type { Json } from '../../kernel/evidence/canonical-json.ts'
import { differences, type Difference, type DifferenceReader } from '../../kernel/policy/difference.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../http/caller.ts'
import { mustBeThere, serve, type Served } from '../http/serve.ts'
import type { Site } from '../http/site.ts'
import { write } from '../journal/write.ts'
import { read, type Database } from '../postgres/database.ts'
import { policyInForce, publishPolicy, readDocument, type PolicyKind } from './policy.ts'
import { says } from '../platform.reasons.ts'

/** A kind of policy as administration offers it. */
export type PolicyOffer = {
  readonly kind: string
  readonly title: string
  /** Several of its kind, each under a name (calendars); otherwise there is one. */
  readonly named: boolean
  readonly policy: PolicyKind<unknown>
  /** Publishing changes how safe the tenant is: only by somebody who proved to be there, as with routes marked `recentSignIn`. */
  readonly needsPresence: boolean
  /** Refuses what this instance cannot do. */
  readonly check: (site: Site, document: unknown) => void
  /** What publishing would change, on the last `last` records; also refuses what the schema alone cannot. */
  readonly preview: (
    database: Database,
    caller: Caller,
    document: unknown,
    last: number,
    name: string,
  ) => Promise<PolicyPreview>
}

/**
 * Ties a kind to its preview, with the document typed in between.
 * @param preview reads only, and throws a Refusal `invalid` for a document that refers to what does not exist
 */
export const offerPolicy = <Document>(
  policy: PolicyKind<Document>,
  preview: (
    database: Database,
    caller: Caller,
    document: Document,
    last: number,
    name: string,
  ) => Promise<PolicyPreview>,
  {
    named = false,
    needsPresence = false,
    check,
  }: {
    readonly named?: boolean
    readonly needsPresence?: boolean
    readonly check?: (site: Site, document: Document) => void
  } = {},
): PolicyOffer => ({
  kind: policy.kind,
  title: policy.title,
  named,
  policy,
  needsPresence,
  check: (site, document) => check?.(site, readDocument(policy, document)),
  preview: (database, caller, document, last, name) =>
    preview(database, caller, readDocument(policy, document), last, name),
})

export const policyRoutes = (offers: readonly PolicyOffer[]): Served[] => {
  const offerOf = (kind: string, name: string): PolicyOffer => {
    const offer = offers.find((candidate) => candidate.kind === kind)
    if (offer === undefined) throw new Refusal('not_found')
    if (offer.named !== (name !== '')) {
      const message = offer.named ? says('policy.nameMissing') : says('policy.nameTooMany')
      throw new Refusal('invalid', [{ code: 'name', field: 'name', message }])
    }
    return offer
  }
  return serve(routes, {
    listPolicies: async ({ database, caller }) => {
      const single = await Promise.all(
        offers
          .filter((offer) => !offer.named)
          .map(async (offer) => {
            const { version, effectiveFrom, name } = await policyInForce(
              database,
              caller.tenantId,
              offer.policy,
              caller.now,
            )
            return { kind: offer.kind, title: offer.title, name, version, effectiveFrom }
          }),
      )
      const named = await read(database, caller.tenantId, (q) =>
        q.rows<{ kind: string; name: string; version: number; effectiveFrom: string }>({
          text: `select distinct on (kind, name) kind, name, version, effective_from as "effectiveFrom" from policy_version
                 where tenant_id = $1 and name <> '' and effective_from <= $2 order by kind, name, version desc`,
          values: [caller.tenantId, caller.now],
        }),
      )
      const titled = named.map((row) => ({
        ...row,
        title: offers.find((offer) => offer.kind === row.kind)?.title ?? row.kind,
      }))
      return { policies: [...single, ...titled] }
    },
    readPolicy: async ({ database, caller }, { params, query }) => {
      const offer = offerOf(params.kind, query.name)
      const version =
        query.version ??
        (await policyInForce(database, caller.tenantId, offer.policy, caller.now, query.name)).version
      return versionView(database, caller, offer, query.name, version)
    },
    policyVersions: async ({ database, caller }, { params, query }) => {
      const offer = offerOf(params.kind, query.name)
      const rows = await read(database, caller.tenantId, (q) =>
        q.rows<Stored>(storedVersions(caller.tenantId, offer.kind, query.name, null)),
      )
      return {
        versions: [...rows, initialOf(offer, query.name, caller.language)].map((row) => headOf(offer, row)),
      }
    },
    comparePolicy: async ({ database, caller }, { params, query }) => {
      const offer = offerOf(params.kind, query.name)
      const [from, to] = await Promise.all(
        [query.from, query.to].map((version) => versionView(database, caller, offer, query.name, version)),
      )
      return {
        differences: await inWords(
          database,
          caller,
          differences(jsonOf(from?.document), jsonOf(to?.document), readerOf(caller)),
        ),
      }
    },
    previewPolicy: async ({ database, caller, site }, { params, body }) => {
      const offer = offerOf(params.kind, body.name)
      const document = readDocument(offer.policy, body.document)
      offer.check(site, document)
      const current = await policyInForce(database, caller.tenantId, offer.policy, caller.now, body.name)
      const preview = await offer.preview(database, caller, document, body.last, body.name)
      const found = differences(jsonOf(current.document), jsonOf(document), readerOf(caller))
      return { ...preview, differences: await inWords(database, caller, found) }
    },
    publishPolicy: async ({ database, caller, once, site }, { params, body }) => {
      const offer = offerOf(params.kind, body.name)
      if (offer.needsPresence) mustBeThere(caller)
      offer.check(site, body.document)
      // The preview's checks hold for publishing too: what refers to nothing is refused here as there.
      await offer.preview(database, caller, body.document, 1, body.name)
      return write(database, caller, async (tx) => {
        const version = await publishPolicy(tx, offer.policy, {
          document: body.document,
          name: body.name,
          note: body.note,
          basedOn: body.basedOn,
          ...(body.effectiveFrom === undefined ? {} : { effectiveFrom: body.effectiveFrom }),
        })
        once?.remember(tx, 201, { version })
        return { version }
      })
    },
  })
}

const ids = /"?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"?/g

/** Ids of teams, services and roles are said by their names: nobody knows a team by its id. */
const inWords = async (
  database: Database,
  caller: Caller,
  found: readonly Difference[],
): Promise<Difference[]> => {
  const mentioned = new Set(
    found.flatMap(({ sentence }) => (sentence.match(ids) ?? []).map((id) => id.replaceAll('"', ''))),
  )
  if (mentioned.size === 0) return [...found]
  const rows = await read(database, caller.tenantId, (q) =>
    q.rows<{ id: string; name: string }>({
      text: `select id, name from team where tenant_id = $1 and id = any($2)
             union all select id, name from service where tenant_id = $1 and id = any($2)
             union all select id, name from role where tenant_id = $1 and id = any($2)`,
      values: [caller.tenantId, [...mentioned]],
    }),
  )
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return found.map(({ path, sentence }) => ({
    path,
    sentence: sentence.replaceAll(ids, (id) => {
      const name = names.get(id.replaceAll('"', ''))
      return name === undefined ? id : says('policy.quoted', { name }).in(caller.language)
    }),
  }))
}

const readerOf = ({ language }: Caller): DifferenceReader => ({
  language,
  member: (name) => (isGerman(language) ? germanMembers : englishMembers).get(name) ?? name,
})

type Stored = {
  readonly name: string
  readonly version: number
  readonly document: unknown
  readonly note: string
  readonly author_id: string | null
  readonly author_name: string | null
  readonly published_at: string | null
  readonly effective_from: string
}

const storedVersions = (tenantId: string, kind: string, name: string, version: number | null) => ({
  text: `select v.name, v.version, v.document, v.note, v.author_id, p.name as author_name, v.published_at, v.effective_from
         from policy_version v left join person p on p.tenant_id = v.tenant_id and p.id = v.author_id
         where v.tenant_id = $1 and v.kind = $2 and v.name = $3 and ($4::integer is null or v.version = $4) order by v.version desc limit 500`,
  values: [tenantId, kind, name, version],
})

const initialOf = (offer: PolicyOffer, name: string, language: string): Stored => ({
  name,
  version: 0,
  document: offer.policy.initial,
  note: says('policy.comes').in(language),
  author_id: null,
  author_name: null,
  published_at: null,
  effective_from: '1970-01-01T00:00:00.000Z',
})

const headOf = (offer: PolicyOffer, row: Stored): Omit<PolicyVersionView, 'document'> => ({
  kind: offer.kind,
  title: offer.title,
  name: row.name,
  version: row.version,
  effectiveFrom: row.effective_from,
  note: row.note,
  author: row.author_id === null ? null : { id: row.author_id, name: row.author_name ?? '' },
  publishedAt: row.published_at,
})

const versionView = async (
  database: Database,
  caller: Caller,
  offer: PolicyOffer,
  name: string,
  version: number,
): Promise<PolicyVersionView> => {
  if (version === 0)
    return { ...headOf(offer, initialOf(offer, name, caller.language)), document: offer.policy.initial }
  const row = await read(database, caller.tenantId, (q) =>
    q.one<Stored>(storedVersions(caller.tenantId, offer.kind, name, version)),
  )
  return { ...headOf(offer, row), document: row.document }
}

// Policy documents are JSON by their schemas.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const jsonOf = (document: unknown): Json => (document ?? null) as Json
