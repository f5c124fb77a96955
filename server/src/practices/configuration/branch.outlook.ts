import type { ItemHealth, QuorumNow } from '@evenkeel/contract/item'
import { branchCaps, type BranchOutlook, type PlannedService } from '@evenkeel/contract/item-branch'
import {
  differenceOf,
  feltHealth,
  isWorse,
  type Difference,
  type ReserveShift,
  type Standing,
} from '../../kernel/impact/difference.ts'
import { healthOf } from '../../kernel/impact/health.ts'
import type { Quorum } from '../../kernel/impact/quorum.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { readableWith, readBranches } from './branch.access.ts'
import { overlayOf, type Overlay, type PlannedStep } from './branch.overlay.ts'
import { knownOf } from './branch.page.ts'
import { itemsOf, planTimes } from './branch.plan.ts'
import { says } from './branch.reasons.ts'
import { branchesRunning, plannedSteps, type Branch } from './branch.repo.ts'
import { contradictionsIn } from './branch.words.ts'
import { cutIn, serviceOf, wordsFor } from './graph.blast.ts'
import { needOf } from './graph.edges.ts'
import { graphOver, overlaid, remembered, sourceOver, type ModelRows } from './graph.rows.ts'
import { rowsIn, type Linked } from './graph.source.ts'
import type { Times } from './graph.times.ts'
import { groupAvailability, saysAvailability } from './group.availability.ts'
import { refOf } from './item.at.ts'
import { findingsAt, type Finding } from './item.healths.ts'
import { labelIn } from './item-class.model.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { says as itemSays } from './item.reasons.ts'
import type { ItemRow } from './item.repo.ts'
import { relationWords } from './relation.words.ts'

/** What branches would do, compared with the present model. */

export type OutlookAsked = {
  readonly branchIds: readonly string[]
  readonly at?: string | undefined
  readonly knownAt?: string | undefined
  readonly withCurrentOutages: boolean
}

const caps = { hops: 20, edges: 50_000 } as const

type Picture = Standing & { readonly relations: ReadonlyMap<string, Linked> }

/** One stretch of time in which everything planned stays as it is. */
type Moment = {
  readonly from: string
  readonly until: string | null
  readonly plan: Overlay
  readonly after: Picture
  readonly difference: Difference
  /** How each node would be if one branch ran alone. */
  readonly alone: ReadonlyMap<string, Picture>
  readonly outages: ReadonlyMap<string, Finding>
  readonly rows: ModelRows
}

type Findings = ReadonlyMap<string, Pick<Finding, 'health'>>

const pictureOf = async (
  rows: ModelRows,
  seeds: readonly string[],
  groups: readonly string[],
  findings: Findings,
  gone: ReadonlySet<string> = new Set(),
): Promise<{ readonly picture: Picture; readonly cut: Awaited<ReturnType<typeof graphOver>>['cut'] }> => {
  const source = sourceOver(rows, gone)
  const { graph, cut } = await graphOver(source, rows.items, seeds, caps, { groups, gone })
  const healths = healthOf(graph, (id) => findings.get(id)?.health ?? 'up')
  return { picture: { graph, healths, relations: source.relations }, cut }
}

/** The stretches between the times at which something planned begins or ends; the last one has no end. */
const momentsOf = (
  steps: readonly PlannedStep[],
  /** Times at which something ends that is not planned: they count as far as they lie between those that are. */
  ends: readonly string[] = [],
): { readonly from: string; readonly until: string | null }[] => {
  const planned = steps.flatMap(({ from, until }) => (until === null ? [from] : [from, until])).toSorted()
  const [first = '', last = ''] = [planned[0], planned.at(-1)]
  const times = [...new Set([...planned, ...ends.filter((end) => first < end && end < last)])].toSorted()
  return times.map((from, at) => ({ from, until: times[at + 1] ?? null }))
}

export const readBranchOutlook = async (
  database: Database,
  caller: Caller,
  asked: OutlookAsked,
): Promise<BranchOutlook> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, (q) => outlookOf(q, caller, force, asked))
}

/** The same within a transaction at hand. */
export const outlookOf = async (
  q: Reader,
  caller: Caller,
  force: InForce,
  asked: OutlookAsked,
): Promise<BranchOutlook> => {
  const { at, base } = planTimes(asked, caller.now)
  const branches = await readBranches(q, caller, asked.branchIds, base.knownAt)
  const steps = branches.flatMap(plannedSteps)
  const { findings: already, cut: findingsCut } = asked.withCurrentOutages
    ? await findingsAt(q, base, caller.language)
    : { findings: new Map<string, Finding>(), cut: null }
  const all = momentsOf(
    steps,
    [...already.values()].flatMap(({ until }) => until ?? []),
  )
  const ahead =
    asked.at === undefined
      ? all
      : [{ from: at, until: all.map(({ from }) => from).find((from) => from > at) ?? null }]
  const wanted = ahead.slice(0, branchCaps.moments)
  const rows = remembered(rowsIn(q, base, force))
  const moments: Moment[] = []
  let cut: Awaited<ReturnType<typeof graphOver>>['cut'] = null
  for (const stretch of wanted) {
    const found = await momentAt(q, caller, { branches, steps, base, rows, stretch, asked })
    moments.push(found.moment)
    cut ??= found.cut
  }
  const told = await tellerOf(q, caller, force, moments)
  const known = await knownOf(q, caller, branches, force)
  const services = servicesIn(moments, branches, told)
  const reserve = reserveIn(moments, told)
  const better = betterIn(moments, told)
  const { language } = caller
  return {
    at: asked.at === undefined ? null : at,
    knownAt: base.knownAt,
    branches: branches.map(({ row: { id, name, startsAt, endsAt } }) => ({ id, name, startsAt, endsAt })),
    moments: wanted,
    services,
    items: itemsIn(moments, told),
    better,
    reserve,
    usersServed: services.reduce((sum, { usersServed }) => sum + (usersServed ?? 0), 0),
    conflicts: contradictionsIn(branches.map(plannedSteps)).flatMap(({ one, other, because, key }) => {
      const row = known.told.row(one.itemId)
      const target = one.otherId === null ? undefined : known.told.row(one.otherId)
      if (row === undefined || (one.otherId !== null && target === undefined)) return []
      const nameOf = (id: string): string => branches.find((branch) => branch.row.id === id)?.row.name ?? ''
      const attribute = modelOf(force.models, row.class).byKey.get(key ?? '')
      const values = { one: nameOf(one.branchId), other: nameOf(other.branchId), name: row.name }
      const type =
        one.document.kind === 'relate' ? one.document.type : (one.basis.relation?.type ?? 'depends_on')
      const sentence =
        because === 'relation' || because === 'same'
          ? says(`conflict.${because}`, {
              ...values,
              words: relationWords(type, 'out', language),
              target: target?.name ?? '',
            })
          : because === 'attribute'
            ? attribute === undefined
              ? says('conflict.both', values)
              : says('conflict.attribute', { ...values, label: labelIn(attribute.label, language) })
            : says(`conflict.${because}`, values)
      return [
        {
          branchIds: [one.branchId, other.branchId],
          items: [refOf(row, force, language)],
          sentence: sentence.in(language),
        },
      ]
    }),
    drift: [
      ...branches.flatMap((branch) =>
        branch.row.state !== 'open'
          ? []
          : plannedSteps(branch).flatMap((step) => {
              const row = known.told.row(step.itemId)
              const sentence = known.drift(step)
              return row === undefined || sentence === null
                ? []
                : [{ branchId: branch.row.id, stepId: step.id, item: refOf(row, force, language), sentence }]
            }),
      ),
      ...shortIn(moments, steps, told),
    ],
    outages: outagesIn(moments, told),
    cut:
      cutIn(cut ?? findingsCut, language) ??
      (ahead.length > wanted.length
        ? {
            by: 'depth',
            at: branchCaps.moments,
            sentence: says('outlook.moments', { at: branchCaps.moments }).in(language),
          }
        : null),
    sentence: sentenceOf(services, reserve, better, language),
  }
}

const momentAt = async (
  q: Reader,
  caller: Caller,
  given: {
    readonly branches: readonly Branch[]
    readonly steps: readonly PlannedStep[]
    readonly base: Times
    readonly rows: ModelRows
    readonly stretch: { readonly from: string; readonly until: string | null }
    readonly asked: OutlookAsked
  },
): Promise<{ readonly moment: Moment; readonly cut: Awaited<ReturnType<typeof graphOver>>['cut'] }> => {
  const { branches, steps, base, rows, stretch, asked } = given
  const at = stretch.from
  const others = asked.withCurrentOutages
    ? (await branchesRunning(q, at, base.knownAt))
        .filter(({ row }) => !asked.branchIds.includes(row.id))
        .flatMap(plannedSteps)
        .filter(({ document }) => document.kind === 'down')
    : []
  const touched = await rows.items(itemsOf([...steps, ...others]))
  const plan = overlayOf(steps, at, touched)
  const findings = async (planned: readonly PlannedStep[]): Promise<ReadonlyMap<string, Finding>> => {
    const overlay = overlayOf([...planned, ...others], at, touched)
    return asked.withCurrentOutages
      ? (await findingsAt(q, { ...base, plan: overlay }, caller.language)).findings
      : overlay.downs
  }
  const [outages, together] = [await findings([]), await findings(steps)]
  const seeds = [...new Set([...plan.touched, ...outages.keys(), ...together.keys()])]
  const before = await pictureOf(rows, seeds, plan.groups, outages)
  const over = overlaid(rows, plan)
  const after = await pictureOf(over, seeds, plan.groups, together, plan.gone)
  const difference = differenceOf(before.picture, after.picture)
  const alone = new Map<string, Picture>()
  if (branches.length > 1 && difference.worse.length > 0)
    for (const branch of branches) {
      const own = plannedSteps(branch)
      const only = overlayOf(own, at, touched)
      const { picture } = await pictureOf(
        overlaid(rows, only),
        seeds,
        plan.groups,
        await findings(own),
        only.gone,
      )
      alone.set(branch.row.id, picture)
    }
  return {
    moment: { ...stretch, plan, after: after.picture, difference, alone, outages, rows: over },
    cut: before.cut ?? after.cut,
  }
}

/** What may be told to this reader, of everything that any moment speaks of. */
type Teller = {
  readonly caller: Caller
  readonly force: InForce
  readonly visible: (moment: Moment, id: string) => ItemRow | undefined
  readonly words: (moment: Moment) => ReturnType<typeof wordsFor>
}

const membersOf = ({ after }: Moment, group: string): string[] =>
  [...after.relations.values()].flatMap((one) =>
    one.type === 'member_of' && one.aboveId === group ? [one.belowId] : [],
  )

const tellerOf = async (
  q: Reader,
  caller: Caller,
  force: InForce,
  moments: readonly Moment[],
): Promise<Teller> => {
  const rows = new Map<Moment, ReadonlyMap<string, ItemRow>>()
  const ids = new Set<string>()
  for (const moment of moments) {
    const { difference, after, outages } = moment
    const groups = [...difference.lost, ...difference.gained].map(({ group }) => group)
    const named = new Set([
      ...[...difference.worse, ...difference.better].map(({ node }) => node),
      ...difference.worse.flatMap(({ node }) => after.healths.path(node).map((step) => step.node)),
      ...groups,
      ...groups.flatMap((group) => membersOf(moment, group)),
      ...moment.plan.groups,
      ...outages.keys(),
    ])
    for (const id of named) ids.add(id)
    rows.set(moment, await moment.rows.items([...named]))
  }
  const reads = new Map<Moment, (id: string) => boolean>()
  const rights = await readableWith(q, caller, [...ids], undefined)
  for (const moment of moments) {
    const made = await readableWith(q, caller, [...moment.plan.made.keys()], moment.plan)
    reads.set(moment, (id) => (moment.plan.made.has(id) ? made(id) : rights(id)))
  }
  const visible = (moment: Moment, id: string): ItemRow | undefined =>
    reads.get(moment)?.(id) === true ? rows.get(moment)?.get(id) : undefined
  return {
    caller,
    force,
    visible,
    words: (moment) => wordsFor(caller, force, moment.after.relations, (id) => visible(moment, id)),
  }
}

type Felt = { readonly moment: Moment; readonly before: ItemHealth; readonly after: ItemHealth }

/** Each node that is worse at some moment, with the moments at which it is. */
const worseIn = (moments: readonly Moment[]): ReadonlyMap<string, readonly Felt[]> => {
  const found = new Map<string, Felt[]>()
  for (const moment of moments)
    for (const { node, before, after } of moment.difference.worse)
      found.set(node, [...(found.get(node) ?? []), { moment, before, after }])
  return found
}

/** The first of the worst. */
const worstOf = (felt: readonly Felt[]): Felt | undefined =>
  felt.find(({ after }) => after === 'down') ?? felt[0]

const stretchesOf = (felt: readonly Felt[]): { from: string; until: string | null; health: ItemHealth }[] => {
  const joined: { from: string; until: string | null; health: ItemHealth }[] = []
  for (const { moment, after } of felt) {
    const last = joined.at(-1)
    if (last !== undefined && last.until === moment.from && last.health === after) last.until = moment.until
    else joined.push({ from: moment.from, until: moment.until, health: after })
  }
  return joined
}

const servicesIn = (
  moments: readonly Moment[],
  branches: readonly Branch[],
  told: Teller,
): PlannedService[] =>
  [...worseIn(moments)]
    .flatMap(([node, felt]): PlannedService[] => {
      const worst = worstOf(felt)
      if (worst === undefined) return []
      const { moment } = worst
      const row = told.visible(moment, node)
      if (row === undefined || !modelOf(told.force.models, row.class).isService) return []
      const words = told.words(moment)
      const path = words.path(moment.after.healths.path(node))
      const quorum = moment.after.healths.of(node)?.quorums[0]
      const alone = branches.flatMap(({ row: { id } }) => {
        const picture = moment.alone.get(id)
        const health = picture === undefined ? undefined : feltHealth(picture.healths.of(node))
        return health !== undefined && !isWorse(worst.after, health) ? [id] : []
      })
      return [
        {
          ...serviceOf(row, {
            item: words.ref(row),
            health: worst.after === 'down' ? 'down' : 'degraded',
            hops: path.length - 1,
            path,
            sentence: path.length > 1 ? words.chain(path) : ownWords(moment, node, told),
            quorum: words.quorum(quorum, row),
            alone: branches.length > 1 ? alone : branches.map(({ row: { id } }) => id),
            jointly: branches.length > 1 && alone.length === 0,
          }),
          before: worst.before,
          stretches: stretchesOf(felt),
        },
      ]
    })
    .sort(
      (a, b) =>
        a.criticality - b.criticality ||
        Number(a.health !== 'down') - Number(b.health !== 'down') ||
        (a.item.name < b.item.name ? -1 : 1),
    )

const ownWords = ({ plan }: Moment, node: string, { caller }: Teller): string =>
  plan.downs.get(node)?.reason || itemSays('plan.down').in(caller.language)

const mostItems = 500

const itemsIn = (moments: readonly Moment[], told: Teller): BranchOutlook['items'] =>
  [...worseIn(moments)]
    .flatMap(([node, felt]): BranchOutlook['items'] => {
      const worst = worstOf(felt)
      if (worst === undefined || worst.moment.plan.downs.has(node)) return []
      const { moment } = worst
      const row = told.visible(moment, node)
      if (row === undefined || modelOf(told.force.models, row.class).isService) return []
      const words = told.words(moment)
      const path = words.path(moment.after.healths.path(node))
      const [first] = stretchesOf(felt.filter(({ after }) => after === worst.after))
      return [
        {
          item: words.ref(row),
          health: worst.after === 'down' ? 'down' : 'degraded',
          from: first?.from ?? moment.from,
          until: first?.until ?? null,
          path,
          sentence: words.chain(path),
        },
      ]
    })
    .sort((a, b) => a.path.length - b.path.length || (a.item.name < b.item.name ? -1 : 1))
    .slice(0, mostItems)

const betterIn = (moments: readonly Moment[], told: Teller): BranchOutlook['better'] => {
  const seen = new Set<string>()
  return moments.flatMap((moment) =>
    moment.difference.better.flatMap(({ node, before, after }) => {
      const row = told.visible(moment, node)
      if (row === undefined || seen.has(node)) return []
      seen.add(node)
      return [{ item: refOf(row, told.force, told.caller.language), before, after, from: moment.from }]
    }),
  )
}

const sameQuorum = (one: QuorumNow | null, other: QuorumNow | null): boolean =>
  one?.alive === other?.alive && one?.size === other?.size && one?.need === other?.need

const reserveIn = (moments: readonly Moment[], told: Teller): BranchOutlook['reserve'] => {
  const found: BranchOutlook['reserve'] = []
  for (const moment of moments)
    for (const change of ['lost', 'gained'] as const)
      for (const shift of moment.difference[change]) {
        const row = told.visible(moment, shift.group)
        // A group that nothing is a member of any more, or was before, needs nothing: what becomes of its items is told of them.
        if (row === undefined || (shift.before?.size ?? 0) + (shift.after?.size ?? 0) === 0) continue
        const words = told.words(moment)
        const [before, after] = [
          words.quorum(shift.before ?? undefined, row),
          words.quorum(shift.after ?? undefined, row),
        ]
        const earlier = found.find(
          (one) =>
            one.item.id === shift.group &&
            one.until === moment.from &&
            sameQuorum(one.before, before) &&
            sameQuorum(one.after, after),
        )
        if (earlier !== undefined) {
          earlier.until = moment.until
          continue
        }
        found.push({
          item: words.ref(row),
          change,
          from: moment.from,
          until: moment.until,
          before,
          after,
          sentence: reserveSentence(shift, change, told.caller.language),
          availability: availabilityOf(moment, shift, told),
        })
      }
  return found
}

const reserveSentence = (
  { before, after }: ReserveShift,
  change: 'lost' | 'gained',
  language: string,
): string => {
  const [was, is] = [before ?? nothing, after ?? nothing]
  const spare = Math.max(0, is.spare)
  const { need } = is
  if (was.alive === is.alive && was.size === is.size && is.spare >= 0)
    return says('reserve.more', { alive: is.alive, size: is.size, need, was: was.need, spare }).in(language)
  const values = {
    before: was.alive,
    beforeSize: was.size,
    after: is.alive,
    afterSize: is.size,
    need,
  }
  if (is.spare < 0) return says('reserve.down', values).in(language)
  return says(`reserve.${change}`, { ...values, spare }).in(language)
}

const nothing: Pick<Quorum, 'alive' | 'size' | 'need' | 'spare'> = { alive: 0, size: 0, need: 0, spare: 0 }

const availabilityOf = (
  moment: Moment,
  { group, before, after }: ReserveShift,
  { caller, force, visible }: Teller,
): BranchOutlook['reserve'][number]['availability'] => {
  const seen = (id: string): ItemRow | undefined => visible(moment, id)
  const members = membersOf(moment, group)
  if (before === null || after === null || !saysAvailability(members, seen)) return null
  const given = { caller, force, visible: seen }
  const alive = (quorum: Quorum): string[] => members.filter((id) => !quorum.down.includes(id))
  return {
    before: groupAvailability(alive(before), before.need, given),
    after: groupAvailability(alive(after), after.need, given),
  }
}

/** Groups that say they need more members than they would have: the rule that fits a group to its size hides it. */
const shortIn = (
  moments: readonly Moment[],
  steps: readonly PlannedStep[],
  told: Teller,
): BranchOutlook['drift'] => {
  const found = new Map<string, BranchOutlook['drift'][number]>()
  for (const moment of moments)
    for (const { id, need, size } of moment.after.graph.groups) {
      const step = steps.find((one) => one.itemId === id || one.otherId === id)
      const row = told.visible(moment, id)
      if (found.has(id) || step === undefined || row === undefined || needOf(row.values).assumed) continue
      if (!('count' in need) || need.count <= size) continue
      found.set(id, {
        branchId: step.branchId,
        stepId: step.id,
        item: refOf(row, told.force, told.caller.language),
        sentence: says('drift.short', { name: row.name, wanted: need.count, size }).in(told.caller.language),
      })
    }
  return [...found.values()]
}

const outagesIn = (moments: readonly Moment[], told: Teller): BranchOutlook['outages'] => {
  const found = new Map<string, BranchOutlook['outages'][number]>()
  for (const moment of moments)
    for (const [id, { health, reason, until = null, branchId = null }] of moment.outages) {
      const row = told.visible(moment, id)
      if (row !== undefined && !found.has(id))
        found.set(id, { item: refOf(row, told.force, told.caller.language), health, reason, until, branchId })
    }
  return [...found.values()]
}

const sentenceOf = (
  services: readonly PlannedService[],
  reserve: BranchOutlook['reserve'],
  better: BranchOutlook['better'],
  language: string,
): string => {
  const down = services.filter(({ health }) => health === 'down').length
  const jointly = services.filter((one) => one.jointly).length
  const lost = new Set(reserve.filter(({ change }) => change === 'lost').map(({ item }) => item.id)).size
  return [
    services.length === 0 ? says('outlook.none') : says('outlook.services', { count: services.length, down }),
    ...(jointly === 0 ? [] : [says('outlook.jointly', { count: jointly, services: services.length })]),
    ...(lost === 0 ? [] : [says('outlook.reserve', { count: lost })]),
    ...(better.length === 0 ? [] : [says('outlook.better', { count: better.length })]),
  ]
    .map((part) => part.in(language))
    .join('; ')
}
