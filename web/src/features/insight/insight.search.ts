import type { Activity, Lens } from '@evenkeel/contract/insight'

export const activityNames = [
  'new',
  'in_progress',
  'on_hold',
  'resolved',
  'closed',
  'canceled',
  'handed_over',
] as const satisfies readonly Activity[]

export const shares = [50, 80, 90, 95, 99, 100] as const
const usualShare = 95

/** What somebody looks at, as the address says it; what is missing is as usual. */
export type InsightSearch = {
  readonly q?: string | undefined
  readonly team?: string | undefined
  readonly priority?: string | undefined
  readonly category?: string | undefined
  /** Months, both inside: `2026-03`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly lens?: 'handovers' | undefined
  readonly share?: string | undefined
  /** The number whose incidents are shown beside it: `edge:new>in_progress`. */
  readonly behind?: string | undefined
}

const monthForm = /^\d{4}-(?:0[1-9]|1[0-2])$/
export const isMonth = (text: unknown): text is string => typeof text === 'string' && monthForm.test(text)
const said = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

export const readInsightSearch = (search: Readonly<Record<string, unknown>>): InsightSearch => {
  const { from, to } = search
  const share = shares.find((one) => one === Number(search['share']))
  const texts = (['q', 'team', 'priority', 'category', 'behind'] as const).flatMap((name) => {
    const text = said(search[name])
    return text === undefined ? [] : [[name, text] as const]
  })
  return {
    ...Object.fromEntries(texts),
    ...(isMonth(from) ? { from } : {}),
    ...(isMonth(to) ? { to } : {}),
    ...(search['lens'] === 'handovers' ? { lens: 'handovers' } : {}),
    ...(share === undefined ? {} : { share: String(share) }),
  }
}

export const lensOf = ({ lens }: InsightSearch): Lens => lens ?? 'states'
export const shareOf = ({ share }: InsightSearch): number =>
  shares.find((one) => String(one) === share) ?? usualShare

/** Pure: the question behind a page, as the server takes it. */
export const askedOf = (search: InsightSearch) => {
  const { q, team, priority, category, from, to } = search
  const conditions = [
    ...(team === undefined ? [] : [{ field: 'team', op: '=', value: team }]),
    ...(priority === undefined ? [] : [{ field: 'priority', op: '=', value: priority }]),
    ...(category === undefined ? [] : [{ field: 'category', op: '=', value: category }]),
  ]
  // Two months the wrong way round are still the months between them.
  const [first, last] = from !== undefined && to !== undefined && from > to ? [to, from] : [from, to]
  return {
    ...(q === undefined ? {} : { q }),
    ...(conditions.length === 0 ? {} : { filter: JSON.stringify({ all: conditions }) }),
    ...(first === undefined ? {} : { from: first }),
    ...(last === undefined ? {} : { to: last }),
  }
}
export type Asked = ReturnType<typeof askedOf>

/** What a list of incidents stands behind. */
export type Behind =
  | { readonly behind: 'all' | 'fitting' | 'bounced' }
  | { readonly behind: 'variant'; readonly path: string }
  | { readonly behind: 'node'; readonly activity: Activity }
  | { readonly behind: 'edge'; readonly fromStep: Activity; readonly toStep: Activity }
  | { readonly behind: 'unfit'; readonly fromStep?: Activity; readonly toStep: Activity }
  | { readonly behind: 'pair'; readonly home: string; readonly other: string }

const activityIn = (text: string | undefined): Activity | undefined =>
  activityNames.find((activity) => activity === text)
const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Pure: `edge:new>in_progress` and its like; undefined for what stands for nothing. */
export const readBehind = (text: string | undefined): Behind | undefined => {
  if (text === 'all' || text === 'fitting' || text === 'bounced') return { behind: text }
  const [kind, rest = ''] = text?.split(':') ?? []
  const [one, other] = rest.split('>')
  const [first, second] = [activityIn(one), activityIn(other)]
  if (kind === 'way' && /^[a-z]{1,2000}$/.test(rest)) return { behind: 'variant', path: rest }
  if (kind === 'node' && first !== undefined) return { behind: 'node', activity: first }
  if (kind === 'edge' && first !== undefined && second !== undefined)
    return { behind: 'edge', fromStep: first, toStep: second }
  if (kind === 'unfit' && second !== undefined && (first !== undefined || one === ''))
    return { behind: 'unfit', toStep: second, ...(first === undefined ? {} : { fromStep: first }) }
  if (kind === 'pair' && idForm.test(one ?? '') && idForm.test(other ?? ''))
    return { behind: 'pair', home: one ?? '', other: other ?? '' }
  return undefined
}

export const behindText = (behind: Behind): string => {
  switch (behind.behind) {
    case 'variant':
      return `way:${behind.path}`
    case 'node':
      return `node:${behind.activity}`
    case 'edge':
      return `edge:${behind.fromStep}>${behind.toStep}`
    case 'unfit':
      return `unfit:${behind.fromStep ?? ''}>${behind.toStep}`
    case 'pair':
      return `pair:${behind.home}>${behind.other}`
    default:
      return behind.behind
  }
}
