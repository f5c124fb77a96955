/**
 * Says without opening a database whether this device keeps something, whose it is, and how many scans the server does not have yet. So pages
 * that have nothing to do with it load nothing for it.
 */
const ownerName = 'evenkeel-kept'
const countName = (owner: string): string => `evenkeel-scans:${owner}`

export const keptFor = (): string | null => {
  try {
    return localStorage.getItem(ownerName)
  } catch {
    return null
  }
}

export const markKept = (owner: string | null): void => {
  try {
    if (owner === null) localStorage.removeItem(ownerName)
    else localStorage.setItem(ownerName, owner)
  } catch {
    // Storage is off: nothing is kept without it.
  }
}

export const unsentScans = (owner: string): number => {
  try {
    return Number(localStorage.getItem(countName(owner)) ?? 0)
  } catch {
    return 0
  }
}

export const countUnsent = (owner: string, count: number): void => {
  try {
    if (count === 0) localStorage.removeItem(countName(owner))
    else localStorage.setItem(countName(owner), String(count))
  } catch {
    // Storage is off: the page of the stock-taking counts by itself.
  }
}
