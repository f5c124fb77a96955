// A commit holds back everybody who reads the journal: steps end well within a second, on slow machines too.
const wished = 400

/** How many at a time, so that a step takes about as long as wished; and how many a second, lately. */
export const paceOf = (first: number, least: number, most: number) => {
  let size = first
  let rate = 0
  return {
    get size(): number {
      return size
    },
    get rate(): number {
      return rate
    },
    /** Tells how long a step of so many took. */
    took: (count: number, milliseconds: number): void => {
      const now = (count * 1000) / Math.max(1, milliseconds)
      rate = rate === 0 ? now : rate * 0.8 + now * 0.2
      if (count < size / 2) return
      const factor = Math.min(2, Math.max(0.5, wished / Math.max(1, milliseconds)))
      size = Math.round(Math.min(most, Math.max(least, size * factor)))
    },
  }
}
