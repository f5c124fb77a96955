import { presenceEndsMilliseconds } from '@evenkeel/contract/live'

export type Present = { readonly id: string; readonly name: string; readonly writing: boolean }

export type Doing = 'reading' | 'writing' | 'leaving'
export type Place = { readonly tenantId: string; readonly recordId: string; readonly page: string }

/** A page that talks to another process. */
export type PresentElsewhere = Present & {
  readonly recordId: string
  readonly page: string
  readonly agoMilliseconds: number
}

type Page = Present & {
  readonly recordId: string
  readonly key: string
  readonly seenAt: number
  readonly isElsewhere: boolean
}

/** More pages than anybody looks at: an older one is dropped for a newer one. */
export const mostPagesOfOne = 30

/**
 * Who looks at which record right now: those whose pages talk to this process, and those that other processes told of. Pages say it again
 * and again, so nothing that matters is forgotten when a process ends.
 */
export const createPresence = (now: () => number = () => performance.now()) => {
  const pages = new Map<string, Page>()

  const on = (tenantId: string, recordId: string): Present[] => {
    const people = new Map<string, Present>()
    const since = now() - presenceEndsMilliseconds
    for (const [key, page] of pages) {
      if (page.seenAt < since || page.recordId !== recordId || !key.startsWith(`${tenantId} `)) continue
      const { id, name, writing } = page
      people.set(id, { id, name, writing: writing || people.get(id)?.writing === true })
    }
    return [...people.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  return {
    on,
    /** A page says what it does. */
    tell: (
      { tenantId, recordId, page }: Place,
      person: { readonly id: string; readonly name: string },
      doing: Doing,
    ): void => {
      const owner = `${tenantId} ${person.id} `
      const key = `${owner}${page}`
      // Set anew, so that the map keeps the order in which pages were heard of.
      pages.delete(key)
      if (doing === 'leaving') return
      const own = [...pages.keys()].filter((one) => one.startsWith(owner))
      if (own.length >= mostPagesOfOne && own[0] !== undefined) pages.delete(own[0])
      pages.set(key, {
        id: person.id,
        name: person.name,
        writing: doing === 'writing',
        recordId,
        key,
        seenAt: now(),
        isElsewhere: false,
      })
    },
    /** What other processes know of these records, all of it. A page that spoke here since is where it spoke last. */
    hear: (tenantId: string, recordIds: readonly string[], told: readonly PresentElsewhere[]): void => {
      const asked = new Set(recordIds)
      for (const [key, { isElsewhere, recordId }] of pages)
        if (isElsewhere && asked.has(recordId) && key.startsWith(`${tenantId} `)) pages.delete(key)
      for (const { id, name, writing, recordId, page, agoMilliseconds } of told) {
        const key = `${tenantId} ${id} ${page}`
        const seenAt = now() - agoMilliseconds
        if ((pages.get(key)?.seenAt ?? Number.NEGATIVE_INFINITY) > seenAt) continue
        pages.set(key, { id, name, writing, recordId, key, seenAt, isElsewhere: true })
      }
    },
    /** Records that pages of this process are on, by tenant. */
    watched: (): ReadonlyMap<string, readonly string[]> => {
      const records = new Map<string, Set<string>>()
      for (const [key, { isElsewhere, recordId }] of pages) {
        if (isElsewhere) continue
        const tenantId = key.slice(0, key.indexOf(' '))
        records.set(tenantId, (records.get(tenantId) ?? new Set()).add(recordId))
      }
      return new Map([...records].map(([tenantId, ids]) => [tenantId, [...ids]]))
    },
    /** Forgets pages that were not heard of for long; returns the records that somebody left by it. */
    sweep: (): { readonly tenantId: string; readonly recordId: string }[] => {
      const left = new Map<string, { tenantId: string; recordId: string }>()
      const since = now() - presenceEndsMilliseconds
      for (const [key, { seenAt, recordId }] of pages) {
        if (seenAt >= since) continue
        pages.delete(key)
        const tenantId = key.slice(0, key.indexOf(' '))
        left.set(`${tenantId} ${recordId}`, { tenantId, recordId })
      }
      return [...left.values()]
    },
  }
}
