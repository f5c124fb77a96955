/** Versions that this page's own writes made, so that only what others did is marked as new. The last few hundred are enough. */
const own = new Set<string>()
const remembered = 500

export const noteOwnWrite = (id: string, version: number): void => {
  own.add(`${id} ${version}`)
  if (own.size > remembered) {
    const [oldest] = own
    if (oldest !== undefined) own.delete(oldest)
  }
}

export const isOwnWrite = (id: string, version: number): boolean => own.has(`${id} ${version}`)
