import type { TwoTimes } from '@evenkeel/contract/item'

/** Two times in an address: when it was so, and when we knew it. */
export type TimesSearch = { readonly at?: string | undefined; readonly known?: string | undefined }

export type MapSearch = TimesSearch & {
  /** Around these; around all services when absent. */
  readonly items?: string | undefined
  readonly hops?: string | undefined
  readonly q?: string | undefined
  readonly class?: string | undefined
  readonly health?: string | undefined
  /** The node that is picked. */
  readonly node?: string | undefined
  /** What fails, as a question. */
  readonly fail?: string | undefined
  /** Nodes whose surroundings were opened. */
  readonly open?: string | undefined
  readonly as?: 'list' | undefined
  /** What was not found is hidden, not dimmed. */
  readonly only?: 'yes' | undefined
  /** What is planned is drawn too: ids of branches. */
  readonly branches?: string | undefined
}

const texts = <Name extends string>(
  search: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): { readonly [K in Name]?: string } => {
  const found: { [K in Name]?: string } = {}
  for (const name of names) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') found[name] = value
  }
  return found
}

const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))

/** A time that is none is left out: the page shows now, and does not ask for what no server answers. */
export const readTimesSearch = (search: Readonly<Record<string, unknown>>): TimesSearch =>
  Object.fromEntries(
    Object.entries(texts(search, ['at', 'known'])).filter(
      ([, value]) => value !== undefined && isInstant(value),
    ),
  )

export const readMapSearch = (search: Readonly<Record<string, unknown>>): MapSearch => ({
  ...readTimesSearch(search),
  ...texts(search, ['items', 'hops', 'q', 'class', 'health', 'node', 'fail', 'open', 'branches']),
  ...(search['as'] === 'list' ? { as: 'list' } : {}),
  ...(search['only'] === 'yes' ? { only: 'yes' } : {}),
})

export const timesOf = ({ at, known }: TimesSearch): TwoTimes => ({
  ...(at === undefined ? {} : { validAt: new Date(at).toISOString() }),
  ...(known === undefined ? {} : { knownAt: new Date(known).toISOString() }),
})
