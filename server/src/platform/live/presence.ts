import { presenceEndsMilliseconds } from '@evenkeel/contract/live'

export type Present = { readonly id: string; readonly name: string; readonly writing: boolean }

type Page = Present & { readonly recordId: string; readonly key: string; readonly seenAt: number }

/** More pages than anybody looks at: an older one is dropped for a newer one. */
const mostPagesOfOne = 30

/**
 * Who looks at which record right now. Kept by each process for itself and told by pages again and again, so it needs no table and
 * forgets nothing that matters when a process ends. With several processes somebody sees those whose pages talk to the same one.
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
      { tenantId, recordId, page }: { tenantId: string; recordId: string; page: string },
      person: { readonly id: string; readonly name: string },
      doing: 'reading' | 'writing' | 'leaving',
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
      })
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
