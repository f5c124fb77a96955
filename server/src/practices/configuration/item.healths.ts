import type { HealthNow, ItemHealth } from '@evenkeel/contract/item'
import type { Graph } from '../../kernel/impact/graph.ts'
import { healthOf, type HealthOfAll, type NodeHealth } from '../../kernel/impact/health.ts'
import type { Quorum } from '../../kernel/impact/quorum.ts'
import { recoveryIn } from '../../kernel/impact/recovery.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { tenantMemory } from '../../platform/cache/tenant-cache.ts'
import { committedBehind, type Reader } from '../../platform/postgres/database.ts'
import { graphOver } from './graph.rows.ts'
import { graphSource, type Linked } from './graph.source.ts'
import { heldSql, type Times } from './graph.times.ts'
import { itemsAt } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import type { InForce } from './item.model.ts'
import { says } from './item.reasons.ts'
import { stateIn } from './item.words.ts'
import { wordsFromAbove } from './relation.words.ts'

/** What was found out about an item itself. */
export type Finding = {
  readonly itemId: string
  readonly health: ItemHealth
  readonly reason: string
  /** The record that says so, where one does. */
  readonly recordId?: string
  /** When it ends by itself; null or absent where nobody said. */
  readonly until?: string | null
  /** The branch that plans it. */
  readonly branchId?: string
}

/** What was found, and where it stopped to look. */
type Found = { readonly findings: readonly Finding[]; readonly cut: HealthCut | null }
type Findings = (q: Reader, times: Times) => Promise<Found>
const others: Findings[] = []

/** What kept health from being whole: more that is not well than is followed, more relations, or a longer way. */
export type HealthCut = { readonly by: 'findings' | 'edges' | 'depth'; readonly at: number }

/** Records say which items they make degraded or down, and why: open incidents do. Whoever only knows of now answers nothing for another time. */
export const itemsAreUnwellBy = (findings: Findings): void => {
  others.push(findings)
}

/** As many items that are not well as one answer follows upwards. */
const mostUnwell = 2000
const mostEdges = 50_000
const mostHops = 20

const worst: readonly ItemHealth[] = ['up', 'unknown', 'degraded', 'down']

/** What was said of items themselves, by people, by records and by their state; the worst of each. */
export const findingsAt = async (
  q: Reader,
  times: Times,
  language: string,
): Promise<{ readonly findings: ReadonlyMap<string, Finding>; readonly cut: HealthCut | null }> => {
  const { findings, cut } = await allFindingsAt(q, times, language)
  return { findings: worstOf(findings), cut }
}

/** The first `most` of rows that were asked for with one more, and whether there were more. */
export const upTo = <Row>(
  most: number,
  rows: readonly Row[],
): { readonly kept: readonly Row[]; readonly cut: HealthCut | null } => ({
  kept: rows.slice(0, most),
  cut: rows.length > most ? { by: 'findings', at: most } : null,
})

/** Everything that was said of items themselves, of some by several. */
export const allFindingsAt = async (q: Reader, times: Times, language: string): Promise<Found> => {
  const [saidRows, repairRows, ...more] = await Promise.all([
    q.rows<Finding>({
      name: times.isNow ? 'item_unwell_now' : 'item_unwell_then',
      text: `select x.item_id as "itemId", x.health, x.reason, x.valid_to as "until" from item_health x where x.tenant_id = $1 and x.health <> 'up'
               and ${heldSql(times, 'x', '$2', '$3')} limit $4`,
      values: [q.tenantId, times.plan?.at ?? times.validAt, times.knownAt, mostUnwell + 1],
    }),
    q.rows<{ itemId: string }>({
      name: 'item_in_repair',
      text: `select id as "itemId" from item where tenant_id = $1 and state = 'in_repair' limit $2`,
      values: [q.tenantId, mostUnwell + 1],
    }),
    ...others.map((ask) => ask(q, times)),
  ])
  const [said, inRepair] = [upTo(mostUnwell, saidRows), upTo(mostUnwell, repairRows)]
  const repaired: Finding[] = times.isNow
    ? inRepair.kept
        .filter(({ itemId }) => times.plan?.restored.has(itemId) !== true)
        .map(({ itemId }) => ({ itemId, health: 'down', reason: stateIn('in_repair', language) }))
    : []
  const planned = [...(times.plan?.downs.values() ?? [])].map((one): Finding => ({
    ...one,
    reason: one.reason === '' ? says('plan.down').in(language) : one.reason,
  }))
  return {
    findings: [...said.kept, ...repaired, ...planned, ...more.flatMap(({ findings }) => findings)],
    cut: said.cut ?? (times.isNow ? inRepair.cut : null) ?? more.find(({ cut }) => cut !== null)?.cut ?? null,
  }
}

/** The worst that was said of each item, and by whom first. */
export const worstOf = (all: Iterable<Finding>): ReadonlyMap<string, Finding> => {
  const findings = new Map<string, Finding>()
  for (const finding of all) {
    const known = findings.get(finding.itemId)
    if (known === undefined || weighsMore(finding, known)) findings.set(finding.itemId, finding)
  }
  return findings
}

/** The worse one; of two that are as bad, the one that lasts longer. */
const weighsMore = (one: Finding, known: Finding): boolean => {
  const by = worst.indexOf(one.health) - worst.indexOf(known.health)
  if (by !== 0) return by > 0
  if ((known.until ?? null) === null) return false
  return (one.until ?? null) === null || (one.until ?? '') > (known.until ?? '')
}

/** How each is; `cut` where not everything was followed, which every sentence then says. */
export type Healths = ((id: string) => HealthNow) & { readonly cut: HealthCut | null }

const well: HealthNow = { now: 'up', own: 'up', sentence: '', until: null }

/**
 * The health of these items with everything they stand on: trouble is followed upwards from where it is, so that a model in which all is
 * well costs one question. What this reader may not see has no name in a sentence.
 */
export const healthsAt = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<Healths> => {
  const { language } = caller
  const { findings, cut: cutBefore } = await findingsAt(q, times, language)
  if (findings.size === 0 || ids.length === 0) return Object.assign(() => well, { cut: cutBefore })
  const all = await healthsAbove(q, findings, times, force)
  const cut = cutBefore ?? all.cut
  const unfollowed = cut === null ? '' : cutSentence(cut, language)
  const mentioned = ids.flatMap((id) => supportsOf(all.healths.of(id)))
  const names = await namesFor(q, caller, mentioned, times, force)
  const healths = (id: string): HealthNow => {
    const node = all.healths.of(id)
    const finding = findings.get(id)
    if (node === undefined && finding === undefined) return { ...well, sentence: unfollowed }
    const now = node?.health ?? finding?.health ?? 'up'
    const short = node?.quorums.find(({ spare }) => spare <= 0)
    const because = node?.because
    const sentence =
      because?.by === 'own' || because === undefined || because === null
        ? (finding?.reason ?? '')
        : because.by === 'group'
          ? quorumSentence(because.quorum, language)
          : says('health.because', {
              words: wordsFromAbove(all.relations.get(because.edge)?.type ?? 'depends_on', language),
              name: names(because.support),
              health: healthIn(all.healths.of(because.support)?.health ?? 'down', language),
            }).in(language)
    const why = sentence === '' && short !== undefined ? quorumSentence(short, language) : sentence
    return {
      now,
      own: finding?.health ?? 'up',
      // What is down cannot turn out worse.
      sentence: now === 'down' ? why : [why, unfollowed].filter((one) => one !== '').join('; '),
      until: all.until(id),
    }
  }
  return Object.assign(healths, { cut })
}

export const cutSentence = ({ by, at }: HealthCut, language: string): string =>
  says(`healthCut.${by}`, { at }).in(language)

const supportsOf = (node: NodeHealth | undefined): string[] =>
  node?.because?.by === 'need' || node?.because?.by === 'weak' ? [node.because.support] : []

export const healthIn = (health: ItemHealth, language: string): string =>
  says(`health.${health}`).in(language)

export const quorumSentence = ({ need, size, alive, spare }: Quorum, language: string): string =>
  says('quorum', {
    need,
    size,
    alive,
    spare,
    standing: spare < 0 ? 'short' : spare === 0 ? 'none' : 'some',
  }).in(language)

type Above = {
  readonly healths: HealthOfAll
  readonly relations: ReadonlyMap<string, Linked>
  readonly cut: HealthCut | null
  /** When it gets better by itself. */
  readonly until: (id: string) => string | null
}

/** The last answer, for the findings it is about, until anything of the model changes: pages and lists ask the same again and again. */
const lastAbove = tenantMemory(
  ['item.', 'service.', 'policy.'],
  (): { known: { readonly findings: string; readonly above: Above } | null } => ({ known: null }),
)

/** Everything above what is not well, and how it is. */
const healthsAbove = async (
  q: Reader,
  findings: ReadonlyMap<string, Finding>,
  times: Times,
  force: InForce,
): Promise<Above> => {
  const database = times.isNow && times.plan === undefined ? committedBehind(q) : undefined
  const memory = database === undefined ? undefined : lastAbove(database, q.tenantId)
  const key = [...findings.values()]
    .map(({ itemId, health, until = null }) => `${itemId} ${health} ${until}`)
    .sort()
    .join()
  if (memory?.known?.findings === key) return memory.known.above
  const { graph, relations, cut } = await graphAbove(q, [...findings.keys()], times, force)
  const passing = new Map(
    [...findings].map(([id, { health, until = null }]) => [id, { health, until }] as const),
  )
  const above = {
    healths: healthOf(graph, (id) => findings.get(id)?.health ?? 'up'),
    relations,
    cut,
    until: recoveryIn(graph, passing),
  }
  if (memory !== undefined) memory.known = { findings: key, above }
  return above
}

/** These items and everything above them. */
export const graphAbove = async (
  q: Reader,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<{
  readonly graph: Graph
  readonly relations: ReadonlyMap<string, Linked>
  readonly cut: HealthCut | null
  /** From where it was not followed. */
  readonly cutAt: ReadonlySet<string>
}> => {
  const source = graphSource(q, times, force)
  const { graph, cut, cutAt } = await graphOver(
    source,
    (groups) => itemsAt(q, groups, times, force),
    ids,
    { hops: mostHops, edges: mostEdges },
    times.plan,
  )
  return { graph, relations: source.relations, cut, cutAt }
}

/** Names of items as this reader may know them. */
export const namesFor = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<(id: string) => string> => {
  if (ids.length === 0) return () => says('hidden').in(caller.language)
  const wanted = [...new Set(ids)]
  const [rights, items] = await Promise.all([
    rightsOn(q, caller, wanted, 'item.read'),
    itemsAt(q, wanted, times, force),
  ])
  return (id) =>
    (rights.get(id)?.read === true ? items.get(id)?.name : undefined) ?? says('hidden').in(caller.language)
}
