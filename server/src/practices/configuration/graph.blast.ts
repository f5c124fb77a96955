import type { ItemRef, QuorumNow } from '@evenkeel/contract/item'
import {
  graphCaps,
  type AffectedItem,
  type AffectedService,
  type BlastRadius,
  type Cut,
  type HeldItem,
  type PathStep,
} from '@evenkeel/contract/item-graph'
import { blastRadius } from '../../kernel/impact/blast-radius.ts'
import { rememberingSource, sharesOf, type Shares } from '../../kernel/impact/joint-loss.ts'
import type { Step } from '../../kernel/impact/explanation.ts'
import type { Quorum } from '../../kernel/impact/quorum.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { needOf } from './graph.edges.ts'
import { graphSource, type Linked } from './graph.source.ts'
import type { Times } from './graph.times.ts'
import { readableWith } from './branch.access.ts'
import { timesWith } from './branch.plan.ts'
import { itemsAt, refOf } from './item.at.ts'
import { findingsAt, type HealthCut, quorumSentence, type Finding } from './item.healths.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { says } from './item.reasons.ts'
import type { ItemRow } from './item.repo.ts'
import { wordsFromAbove } from './relation.words.ts'

/** Relations that are looked at for each item that an answer may name. */
const relationsAnItem = 10

/** What follows when these items fail. */
export const readBlastRadius = async (
  database: Database,
  caller: Caller,
  asked: {
    readonly itemIds: readonly string[]
    readonly maxHops: number
    readonly maxItems: number
    readonly validAt?: string | undefined
    readonly knownAt?: string | undefined
    readonly branchIds: readonly string[]
    readonly withCurrentOutages: boolean
  },
): Promise<BlastRadius> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const failing = [...new Set(asked.itemIds)]
  return read(database, caller.tenantId, async (q) => {
    const times = await timesWith(q, caller, { ...asked, withRunning: asked.withCurrentOutages }, force)
    const { plan } = times
    const [readable, failed, { outages, cut: outagesCut }] = await Promise.all([
      readableWith(q, caller, failing, plan),
      itemsAt(q, failing, times, force),
      outagesAt(q, caller, times, asked.withCurrentOutages, failing),
    ])
    if (failing.some((id) => !readable(id) || !failed.has(id))) throw new Refusal('not_found')
    const graph = graphSource(q, times, force)
    const source = rememberingSource(graph)
    const already = [...outages.values()].flatMap(({ itemId, health }) => (health === 'down' ? [itemId] : []))
    // Whoever does not see everything must not count, hop by hop, what stands between: they are told of steps that they see.
    const seesAll = caller.grants.get('item.read')?.has('all') === true
    const caps = {
      maxDepth: seesAll ? asked.maxHops : graphCaps.hops,
      maxNodes: asked.maxItems,
      maxEdges: relationsAnItem * asked.maxItems,
    }
    const radius = await blastRadius(source, [...failing, ...already], caps)
    const shares =
      failing.length > mostSingles ||
      graph.relations.size > mostShared ||
      (failing.length === 1 && already.length === 0)
        ? undefined
        : await sharesOf(source, { failed: failing, already }, caps)
    const wasSo = already.length === 0 ? () => false : wasSoIn(await blastRadius(source, already, caps))
    const onTop = <One extends Felt>(found: readonly One[]): readonly One[] =>
      found.filter((one) => !wasSo(one))
    const [atRisk, reduced] = [onTop(radius.atRisk), onTop(radius.reduced)]
    const named = [
      ...new Set([
        ...radius.affected.flatMap(({ node, path }) => [node, ...path.map((step) => step.node)]),
        ...atRisk.map(({ node }) => node),
        ...reduced.map(({ node }) => node),
        ...outages.keys(),
      ]),
    ]
    const [items, seen] = await Promise.all([
      itemsAt(q, named, times, force),
      readableWith(q, caller, named, plan),
    ])
    const visible = (id: string): ItemRow | undefined => {
      const item = items.get(id) ?? failed.get(id)
      return item !== undefined && (seen(id) || readable(id)) ? item : undefined
    }
    const says = wordsFor(caller, force, graph.relations, visible)
    const affected = onTop(radius.affected).flatMap((one) => {
      const row = visible(one.node)
      if (row === undefined) return []
      const path = says.path(one.path)
      if (path.length - 1 > asked.maxHops) return []
      const answer: AffectedItem = {
        item: says.ref(row),
        health: one.health,
        hops: seesAll ? one.hops : path.length - 1,
        path,
        sentence: says.chain(path),
        quorum: says.quorum(one.quorums[0], row),
        ...sharedBy(one.node, failing, shares),
      }
      return [{ row, answer }]
    })
    const services = affected
      .filter(({ row }) => modelOf(force.models, row.class).isService)
      .map(({ row, answer }) => serviceOf(row, answer))
      .sort((a, b) => a.criticality - b.criticality || order(a) - order(b) || a.hops - b.hops || byName(a, b))
    return {
      validAt: plan?.at ?? times.validAt,
      knownAt: times.knownAt,
      outages: [...outages.values()].flatMap((one) => {
        const row = visible(one.itemId)
        return row === undefined
          ? []
          : [
              {
                item: says.ref(row),
                health: one.health,
                reason: one.reason,
                until: one.until ?? null,
                branchId: one.branchId ?? null,
              },
            ]
      }),
      failed: failing.flatMap((id) => {
        const row = failed.get(id)
        return row === undefined ? [] : [says.ref(row)]
      }),
      services,
      items: affected
        .filter(({ row }) => !modelOf(force.models, row.class).isService)
        .map(({ answer }) => answer),
      atRisk: says.held(atRisk, seesAll),
      reduced: says.held(reduced, seesAll),
      usersServed: services.reduce((sum, { usersServed }) => sum + (usersServed ?? 0), 0),
      cut: cutIn(radius.cut ?? shares?.cut ?? outagesCut, caller.language),
      sentence: says.sum(services, affected.length - services.length, atRisk.length),
    }
  })
}

/** What is not well then, apart from what is asked about: by word, by open records, by what is planned. */
const outagesAt = async (
  q: Reader,
  caller: Caller,
  times: Times,
  counts: boolean,
  failing: readonly string[],
): Promise<{ readonly outages: ReadonlyMap<string, Finding>; readonly cut: HealthCut | null }> => {
  const { findings, cut } = counts
    ? await findingsAt(q, times, caller.language)
    : { findings: times.plan?.downs ?? new Map<string, Finding>(), cut: null }
  return { outages: new Map([...findings].filter(([id]) => !failing.includes(id))), cut }
}

/** As many failures as are looked at one by one. */
const mostSingles = 25
/** As many relations as are gone over once for each of them. */
const mostShared = 20_000

const sharedBy = (
  node: string,
  failing: readonly string[],
  shares: Shares | undefined,
): Pick<AffectedItem, 'alone' | 'jointly'> => {
  if (shares === undefined)
    return failing.length === 1 ? { alone: [...failing], jointly: false } : { alone: null, jointly: false }
  const alone = [...shares.aloneFor(node)]
  return { alone, jointly: alone.length === 0 }
}

type Felt = {
  readonly node: string
  readonly health?: 'degraded' | 'down'
  readonly quorums?: readonly Quorum[]
}

/** Whether something was as bad without what is asked about. */
const wasSoIn = ({
  affected,
  atRisk,
  reduced,
}: Awaited<ReturnType<typeof blastRadius>>): ((one: Felt) => boolean) => {
  const felt = new Map(affected.map(({ node, health }) => [node, health]))
  const held = new Map([...atRisk, ...reduced].map(({ node, quorums }) => [node, quorums[0]?.alive]))
  return ({ node, health, quorums }) => {
    const was = felt.get(node)
    if (was !== undefined) return was === 'down' || health !== 'down'
    return health === undefined && held.has(node) && held.get(node) === quorums?.[0]?.alive
  }
}

const order = ({ health }: AffectedItem): number => (health === 'down' ? 0 : 1)
const byName = (a: AffectedItem, b: AffectedItem): number => (a.item.name < b.item.name ? -1 : 1)

export const serviceOf = ({ values, criticality }: ItemRow, answer: AffectedItem): AffectedService => {
  const [users, departments] = [values['users_served'], values['departments']]
  return {
    ...answer,
    // The service's own check keeps it between 1 and 4.
    criticality: criticality === 1 || criticality === 2 || criticality === 4 ? criticality : 3,
    usersServed: typeof users === 'number' ? Math.round(users) : null,
    departments: Array.isArray(departments) ? departments.map(String) : [],
    isCriticalOrImportant: values['critical_or_important'] === true,
  }
}

/** What kept an answer from being whole, in a sentence. */
export const cutIn = (
  cut: { readonly by: 'depth' | 'nodes' | 'edges' | 'findings'; readonly at: number } | null,
  language: string,
): Cut | null => {
  if (cut === null) return null
  const by = cut.by === 'nodes' ? 'items' : cut.by === 'edges' ? 'relations' : cut.by
  return { by, at: cut.at, sentence: says(`cut.${by}`, { at: cut.at }).in(language) }
}

export const wordsFor = (
  { language }: Caller,
  force: InForce,
  relations: ReadonlyMap<string, Linked>,
  visible: (id: string) => ItemRow | undefined,
) => {
  const ref = (row: ItemRow): ItemRef => refOf(row, force, language)
  const hidden = says('hidden').in(language)
  const wordsOf = ({ because }: Step): string => {
    if (because.by === 'own') return ''
    if (because.by === 'group') return wordsFromAbove('member_of', language)
    return wordsFromAbove(relations.get(because.edge)?.type ?? 'depends_on', language)
  }
  /** However many stand in a row that this reader may not see: one step, so that nobody can count them. */
  const path = (steps: readonly Step[]): PathStep[] => {
    const told: PathStep[] = []
    for (const step of steps) {
      const row = visible(step.node)
      const before = told.at(-1)
      if (row === undefined && before?.item === null) continue
      const isHidden = row === undefined || before?.item === null
      const words = told.length === 0 ? '' : isHidden ? says('path.through').in(language) : wordsOf(step)
      told.push({ item: row === undefined ? null : ref(row), words })
    }
    return told
  }
  const chain = (steps: readonly PathStep[]): string =>
    steps
      .slice(1)
      .map((step, at) => `${step.item?.name ?? hidden} ${step.words} ${steps[at]?.item?.name ?? hidden}`)
      .toReversed()
      .join(', ')
  const quorum = (found: Quorum | undefined, row: ItemRow): QuorumNow | null =>
    found === undefined
      ? null
      : {
          need: found.need,
          size: found.size,
          alive: found.alive,
          spare: found.spare,
          assumed: needOf(row.values).assumed,
          sentence: quorumSentence(found, language),
        }
  const held = (
    found: readonly {
      readonly node: string
      readonly hops: number
      readonly quorums: readonly Quorum[]
    }[],
    seesAll: boolean,
  ): HeldItem[] =>
    found.flatMap(({ node, hops, quorums }) => {
      const row = visible(node)
      const least = row === undefined ? null : quorum(quorums[0], row)
      return row === undefined || least === null
        ? []
        : [{ item: ref(row), hops: seesAll ? hops : 1, quorum: least }]
    })
  const sum = (services: readonly AffectedService[], items: number, atRisk: number): string => {
    const down = services.filter(({ health }) => health === 'down').length
    const parts = [
      ...(services.length === 0
        ? [says('blast.none')]
        : [says('blast.services', { count: services.length, down })]),
      ...(items === 0 ? [] : [says('blast.items', { count: items })]),
      ...(atRisk === 0 ? [] : [says('blast.risk', { count: atRisk })]),
    ]
    return parts.map((part) => part.in(language)).join('; ')
  }
  return { ref, path, chain, quorum, held, sum }
}
