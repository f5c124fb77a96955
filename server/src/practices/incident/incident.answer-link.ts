import type { Answer, AnswerView } from '@evenkeel/contract/answer'
import { decide } from '../../kernel/process.ts'
import { mayAtAll } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import {
  noteOutcome,
  readToken,
  recallToken,
  useToken,
  type UsedToken,
} from '../../platform/auth/one-time-token.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Credential } from '../../platform/http/credential.ts'
import type { StrangerContext } from '../../platform/http/serve.ts'
import { entriesAt } from '../../platform/journal/position.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Reader } from '../../platform/postgres/database.ts'
import type { LinkWish, LinkAsked } from '../notification/index.ts'
import { addressThrottle, callerAs } from '../people/index.ts'
import { followingOf } from '../record/index.ts'
import { hold, rightsOn, type By } from './incident.command.ts'
import { standingFacts } from './incident.facts.ts'
import { move } from './incident.moves.ts'
import { incidentProcess } from './incident.process.ts'
import { raiseIncident } from './incident.raise.ts'
import { findIncident, type IncidentRow } from './incident.repo.ts'
import { policiesAt } from './incident.rules.ts'
import { says } from './incident.reasons.ts'

/** How the journal names this way in; not a session, and good for these two words only. */
const via = 'mail_link'

/** Whoever comes back from a long leave can still say that it never worked; then it becomes a new incident. */
const daysBeyondTheWindow = 30

/**
 * The links that the mail about a resolution gets for its reader: whoever it happened to. They are bound to the person
 * and to this resolution, by its entry.
 */
export const linksFor = async (q: Reader, { entry, person, now }: LinkAsked): Promise<LinkWish | null> => {
  if (entry.type !== 'incident.resolved') return null
  const [row, following] = await Promise.all([
    findIncident(q, entry.subject_id),
    followingOf(q, entry.subject_id, person.id),
  ])
  if (row === undefined || !(row.requester_id === person.id || following.affected)) return null
  const by = rightsOn(row, { ...person, personId: person.id }, following)
  const answers = answersNow(
    row,
    standingOf(row, entry.at, now),
    by,
    mayAtAll(person.grants, 'incident.raise'),
    now,
  )
  if (answers.length === 0) return null
  const until = Date.parse(row.auto_close_at ?? now) + daysBeyondTheWindow * 86_400_000
  return {
    purpose: 'answer',
    subjectId: entry.id,
    expiresAt: new Date(until).toISOString(),
    pages: {
      ...(answers.includes('still_broken') ? { broken: 'still-broken' } : {}),
      ...(answers.includes('works') ? { works: 'it-works' } : {}),
    },
  }
}

/** What the link is about. Changes nothing: programs that look at mail open every link in it. */
export const readAnswerLink = async (context: StrangerContext, text: string): Promise<AnswerView> =>
  guarded(context, async () => {
    const token = readToken(text)
    const { caller, used } = await holderOf(context, token)
    return read(context.database, token.tenantId, async (q) => viewOf(await matterOf(q, caller, used)))
  })

/** Says it, as the person, in the transaction that uses the link up. */
export const answerByLink = async (
  context: StrangerContext,
  body: { readonly token: string; readonly answer: Answer; readonly text?: string | undefined },
): Promise<AnswerView> =>
  guarded(context, async () => {
    const token = readToken(body.token)
    const { caller, used } = await holderOf(context, token)
    if (used.usedAt !== null) throw new Refusal('link_gone')
    const { database } = context
    const matter = await read(database, token.tenantId, (q) => matterOf(q, caller, used))
    if (!matter.answers.includes(body.answer)) throw new Refusal('not_allowed_here', says('answer.over'))
    const words = body.text === undefined || body.text === '' ? undefined : body.text
    await (matter.standing === 'late'
      ? raiseAgain(context, caller, token, matter.row, words)
      : makeAnswer(context, caller, token, matter.row, body.answer, words))
    return read(database, token.tenantId, async (q) =>
      viewOf(await matterOf(q, caller, await recallToken(q, 'answer', token, context.now))),
    )
  })

const makeAnswer = async (
  { database }: StrangerContext,
  caller: Caller,
  token: Credential,
  { id }: IncidentRow,
  answer: Answer,
  words: string | undefined,
): Promise<void> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  await write(database, caller, async (tx) => {
    const { subjectId } = await useToken(tx, 'answer', token)
    const sheet = await hold(tx, caller, id, 'incident.answer')
    const [entry] = await entriesAt(tx, [subjectId ?? ''])
    // Between the look and the lock it may have been opened and resolved again: then this is about something else.
    if (sheet.row.resolved_at !== entry?.at) throw new Refusal('not_allowed_here', says('answer.over'))
    await move(
      sheet,
      caller,
      answer === 'works'
        ? { action: 'confirm' }
        : { action: 'still_broken', ...(words === undefined ? {} : { reason: words }) },
      policies,
    )
    sheet.finish()
    noteOutcome(tx, token, answer, id)
  })
}

/** What is closed is never opened again: a new incident follows it, with what is known of the old one. */
const raiseAgain = async (
  { database }: StrangerContext,
  caller: Caller,
  token: Credential,
  row: IncidentRow,
  words: string | undefined,
): Promise<void> => {
  const { services } = await policiesAt(database, caller.tenantId, caller.now)
  const service = row.service_id === null ? undefined : services.get(row.service_id)
  await raiseIncident(
    database,
    caller,
    {
      title: row.title,
      description: words ?? '',
      serviceId: service?.isActive === true ? row.service_id : null,
      impact: row.impact,
      urgency: row.urgency,
      channel: 'portal',
      category: row.category,
      confidential: row.confidentiality === 'confidential',
      custom: {},
      followsId: row.id,
    },
    null,
    async (tx: Tx, raised) => {
      await useToken(tx, 'answer', token)
      noteOutcome(tx, token, 'still_broken', raised.id)
    },
  )
}

type Standing = AnswerView['standing']

type Matter = Omit<AnswerView, 'number' | 'title'> & { readonly row: IncidentRow }

const viewOf = ({ row, ...matter }: Matter): AnswerView => ({
  ...matter,
  number: row.number,
  title: row.title,
})

/** How the incident stands towards the resolution that the mail was about. */
const standingOf = (row: IncidentRow, resolvedAt: string, now: string): Standing => {
  if (row.is_open) return 'open'
  if (row.resolved_at !== resolvedAt) return 'over'
  const { withinReopenWindow } = standingFacts(row, { openChildren: 0, byCaller: false, now })
  if (row.state === 'resolved' && withinReopenWindow) return 'asked'
  return incidentProcess.states[row.state].final === true && row.state !== 'closed' ? 'over' : 'late'
}

const moves = { still_broken: 'still_broken', works: 'confirm' } as const satisfies Record<Answer, string>

/** What somebody may say now, by the process itself. */
const answersNow = (
  row: IncidentRow,
  standing: Standing,
  by: By,
  mayRaise: boolean,
  now: string,
): Answer[] => {
  if (standing === 'late') return mayRaise && by.may('incident.answer') ? ['still_broken'] : []
  if (standing !== 'asked') return []
  const facts = standingFacts(row, { openChildren: 0, byCaller: by.personId === row.requester_id, now })
  return (['still_broken', 'works'] as const).filter(
    (answer) => decide(incidentProcess, row.state, moves[answer], facts, by.may).go,
  )
}

/** Everything the page of a link shows; gone for who may no longer read the incident or answer for it. */
const matterOf = async (q: Reader, caller: Caller, used: UsedToken): Promise<Matter> => {
  const [entry] = await entriesAt(q, [used.subjectId ?? ''])
  if (entry === undefined) throw new Refusal('link_gone')
  const [row, following, tenant, raised] = await Promise.all([
    findIncident(q, entry.subject_id),
    followingOf(q, entry.subject_id, caller.personId),
    q.one<{ name: string; suspended: boolean }>({
      name: 'answer_tenant',
      text: 'select name, suspended_at is not null as suspended from tenant where id = $1',
      values: [q.tenantId],
    }),
    used.outcomeId === null || used.outcomeId === entry.subject_id
      ? undefined
      : findIncident(q, used.outcomeId),
  ])
  const by = row === undefined ? undefined : rightsOn(row, caller, following)
  if (row === undefined || by === undefined || tenant.suspended) throw new Refusal('link_gone')
  if (!by.may('incident.read') || !by.may('incident.answer')) throw new Refusal('link_gone')
  const standing = standingOf(row, entry.at, caller.now)
  return {
    row,
    tenant: tenant.name,
    standing,
    until: standing === 'asked' ? row.auto_close_at : null,
    answers:
      used.usedAt === null
        ? answersNow(row, standing, by, mayAtAll(caller.grants, 'incident.raise'), caller.now)
        : [],
    said:
      used.usedAt === null
        ? null
        : {
            answer: used.outcome === 'works' ? 'works' : 'still_broken',
            at: used.usedAt,
            number: raised?.number ?? null,
          },
  }
}

/** Whose link it is, with the rights they have now; gone for who left. */
const holderOf = async (
  { database, request, now }: StrangerContext,
  token: Credential,
): Promise<{ readonly caller: Caller; readonly used: UsedToken }> => {
  const used = await read(database, token.tenantId, (q) => recallToken(q, 'answer', token, now))
  const caller = await callerAs(database, token.tenantId, used.personId, now, via)
  return { caller: { ...caller, request: request.id }, used }
}

const notTheirs = new Set(['not_found', 'forbidden'])

/**
 * Counts guesses by the address they come from, and says of whatever is wrong with a link, or with whose it is, the one thing that can be
 * said: that it is gone.
 */
const guarded = async (
  { database, request, now }: StrangerContext,
  work: () => Promise<AnswerView>,
): Promise<AnswerView> => {
  const throttle = addressThrottle(database, 'answer')
  const wait = throttle.begin(request.ip, Date.parse(now))
  if (wait > 0)
    throw new Refusal('too_many_requests', says('answer.attempts'), {
      'retry-after': String(wait),
    })
  try {
    const view = await work()
    throttle.undecided(request.ip)
    return view
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (notTheirs.has(error.code)) throw new Refusal('link_gone')
    if (error.code !== 'link_gone') throttle.undecided(request.ip)
    throw error
  }
}
