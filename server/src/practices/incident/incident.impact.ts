import { Level as LevelSchema, type Level } from '@evenkeel/contract/incident'
import { ImpactRules } from '@evenkeel/contract/policy'
import { z } from 'zod'
import type { Json, JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { definePolicy } from '../../platform/policy/policy.ts'

export const impactRules = definePolicy<ImpactRules>({
  kind: 'impact_rules',
  title: 'Impact rules',
  schema: ImpactRules,
  initial: {
    // prettier-ignore
    down:     { 1: 1, 2: 1, 3: 2, 4: 3 },
    degraded: { 1: 2, 2: 2, 3: 3, 4: 3 },
    people: { medium: 5, high: 25 },
  },
})

/** A service that the incident's items reach, and how it is because of them. */
export type AffectedService = {
  readonly id: string
  readonly criticality: 1 | 2 | 3 | 4
  readonly health: 'down' | 'degraded'
}

/** One thing that speaks for a level. */
export type ImpactGround =
  | (AffectedService & { readonly by: 'service'; readonly level: Level })
  | { readonly by: 'people'; readonly count: number; readonly level: Level }
  // Not all that is not well was followed, so that it may be more.
  | { readonly by: 'cut'; readonly cut: Cut['by']; readonly at: number; readonly level: 3 }

type Cut = { readonly by: 'findings' | 'edges' | 'depth'; readonly at: number }

export type WeighedImpact = {
  readonly level: Level
  /** What speaks for more than low impact, the heaviest first; no more than 20 services, which always hold the heaviest. */
  readonly grounds: readonly ImpactGround[]
}

const mostGrounds = 20

/** Pure: the impact that an incident's services and people make, and why (INC-07). */
export const impactOf = (
  rules: ImpactRules,
  {
    services,
    people,
    cut = null,
  }: {
    readonly services: readonly AffectedService[]
    readonly people: number
    readonly cut?: Cut | null
  },
): WeighedImpact => {
  const byPeople: Level = people >= rules.people.high ? 1 : people >= rules.people.medium ? 2 : 3
  const grounds: Weighing[] = [
    { by: 'people', count: people, level: byPeople },
    ...services.map((service): Weighing => ({
      by: 'service',
      ...service,
      level: rules[service.health][service.criticality],
    })),
  ]
  const heavy = grounds.filter(({ level }) => level < 3).toSorted(heaviestFirst)
  return { level: heavy[0]?.level ?? 3, grounds: [...heavy.slice(0, mostGrounds + 1), ...unfollowed(cut)] }
}

type Weighing = Exclude<ImpactGround, { readonly by: 'cut' }>

const unfollowed = (cut: Cut | null): ImpactGround[] =>
  cut === null ? [] : [{ by: 'cut', cut: cut.by, at: cut.at, level: 3 }]

const heaviestFirst = (one: Weighing, other: Weighing): number => {
  if (one.level !== other.level) return one.level - other.level
  if (one.by === 'people') return -1
  if (other.by === 'people') return 1
  return one.criticality - other.criticality || (one.id < other.id ? -1 : 1)
}

/**
 * Pure: whether impact rises by itself. It does when more is affected than the last time somebody looked, and more than is in force; so
 * what a person set lower stays lower until things get worse, and what got better lowers nothing by itself.
 */
export const impactRises = (
  { impact, impact_computed: before }: { readonly impact: Level; readonly impact_computed: Level | null },
  now: Level,
): boolean => now < impact && now < (before ?? 3)

/** What an entry or a row tells of what spoke for an impact. */
export const groundsIn = (data: JsonObject): readonly ImpactGround[] => {
  const { grounds } = data
  return Array.isArray(grounds) ? grounds.flatMap((ground: Json) => readGround(ground) ?? []) : []
}

const Ground = z.union([
  z.object({
    by: z.literal('cut'),
    cut: z.enum(['findings', 'edges', 'depth']),
    at: z.number(),
    level: z.literal(3),
  }),
  z.object({ by: z.literal('people'), count: z.number(), level: LevelSchema }),
  z.object({
    by: z.literal('service'),
    id: z.string(),
    criticality: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    health: z.enum(['down', 'degraded']),
    level: LevelSchema,
  }),
])

const readGround = (ground: Json): ImpactGround | undefined => Ground.safeParse(ground).data
