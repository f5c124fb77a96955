/** Names are shown and kept in mappings. */
const longestName = 200

/**
 * A name for every column, each different: one without a name is called by its place (`column 3`), one whose name was there before gets a
 * number (`Comment (2)`), as some systems export a column per comment. Names that stand alone in the file stay as they are.
 */
export const columnNames = (header: readonly string[]): string[] => {
  const asked = header.map((cell) => {
    const text = cell.replaceAll('\0', '').slice(0, longestName).toWellFormed()
    return text.replaceAll(/\s+/g, ' ').trim()
  })
  const taken = new Set(asked.filter((name) => name !== ''))
  const given = new Set<string>()
  return asked.map((name, place) => {
    if (name !== '' && !given.has(name)) {
      given.add(name)
      return name
    }
    const free = firstFree(name === '' ? `column ${place + 1}` : name, name !== '', taken)
    taken.add(free)
    given.add(free)
    return free
  })
}

const firstFree = (name: string, isTaken: boolean, taken: ReadonlySet<string>): string => {
  if (!isTaken && !taken.has(name)) return name
  for (let number = 2; ; number += 1) {
    const ending = ` (${number})`
    const candidate = `${name.slice(0, longestName - ending.length).toWellFormed()}${ending}`
    if (!taken.has(candidate)) return candidate
  }
}
