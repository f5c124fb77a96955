/** What somebody looked at last, in this browser: where they most likely want to go again. */
export type Recent = { readonly id: string; readonly number: string; readonly title: string }

const prefix = 'evenkeel-recent:'
const remembered = 8

const isRecent = (value: unknown): value is Recent =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'number', 'title'].every((name) => typeof Reflect.get(value, name) === 'string')

export const recentOf = (personId: string): readonly Recent[] => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(prefix + personId) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isRecent) : []
  } catch {
    return []
  }
}

export const noteRecent = (personId: string, { id, number, title }: Recent): void => {
  const others = recentOf(personId).filter((one) => one.id !== id)
  try {
    localStorage.setItem(
      prefix + personId,
      JSON.stringify([{ id, number, title }, ...others].slice(0, remembered)),
    )
  } catch {
    // Storage is off or full: nothing is remembered.
  }
}

/** Titles are what somebody may read: they go when that person signs out. */
export const forgetRecent = (): void => {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name)
  } catch {
    // Storage is off: there is nothing to forget.
  }
}
