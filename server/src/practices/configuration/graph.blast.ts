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
import type { Step } from '../../kernel/impact/explanation.ts'
import type { Quorum } from '../../kernel/impact/quorum.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { needOf } from './graph.edges.ts'
import { graphSource, type Linked } from './graph.source.ts'
import { timesOf } from './graph.times.ts'
import { itemsAt, refOf } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import { quorumSentence } from './item.healths.ts'
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
  },
): Promise<BlastRadius> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  const failing = [...new Set(asked.itemIds)]
  return read(database, caller.tenantId, async (q) => {
    const [rights, failed] = await Promise.all([
      rightsOn(q, caller, failing, 'item.read'),
      itemsAt(q, failing, times, force),
    ])
    if (failing.some((id) => rights.get(id)?.read !== true || !failed.has(id))) throw new Refusal('not_found')
    const source = graphSource(q, times, force)
    // Whoever does not see everything must not count, hop by hop, what stands between: they are told of steps that they see.
    const seesAll = caller.grants.get('item.read')?.has('all') === true
    const radius = await blastRadius(source, failing, {
      maxDepth: seesAll ? asked.maxHops : graphCaps.hops,
      maxNodes: asked.maxItems,
      maxEdges: relationsAnItem * asked.maxItems,
    })
    const named = [
      ...new Set([
        ...radius.affected.flatMap(({ node, path }) => [node, ...path.map((step) => step.node)]),
        ...radius.atRisk.map(({ node }) => node),
        ...radius.reduced.map(({ node }) => node),
      ]),
    ]
    const [items, seen] = await Promise.all([
      itemsAt(q, named, times, force),
      rightsOn(q, caller, named, 'item.read'),
    ])
    const visible = (id: string): ItemRow | undefined => {
      const item = items.get(id) ?? failed.get(id)
      return item !== undefined && (seen.get(id) ?? rights.get(id))?.read === true ? item : undefined
    }
    const says = wordsFor(caller, force, source.relations, visible)
    const affected = radius.affected.flatMap((one) => {
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
      }
      return [{ row, answer }]
    })
    const services = affected
      .filter(({ row }) => modelOf(force.models, row.class).isService)
      .map(({ row, answer }) => serviceOf(row, answer))
      .sort((a, b) => a.criticality - b.criticality || order(a) - order(b) || a.hops - b.hops || byName(a, b))
    return {
      validAt: times.validAt,
      knownAt: times.knownAt,
      failed: failing.flatMap((id) => {
        const row = failed.get(id)
        return row === undefined ? [] : [says.ref(row)]
      }),
      services,
      items: affected
        .filter(({ row }) => !modelOf(force.models, row.class).isService)
        .map(({ answer }) => answer),
      atRisk: says.held(radius.atRisk, seesAll),
      reduced: says.held(radius.reduced, seesAll),
      usersServed: services.reduce((sum, { usersServed }) => sum + (usersServed ?? 0), 0),
      cut: cutIn(radius.cut, caller.language),
      sentence: says.sum(services, affected.length - services.length, radius.atRisk.length),
    }
  })
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
  cut: { readonly by: 'depth' | 'nodes' | 'edges'; readonly at: number } | null,
  language: string,
): Cut | null => {
  if (cut === null) return null
  const by = cut.by === 'nodes' ? 'items' : cut.by === 'edges' ? 'relations' : 'depth'
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
