export type Difference = { readonly what: string; readonly from: string | null; readonly to: string | null }

/** What differs between two lists of named lines; null where one of them has none. */
export const differences = (
  before: readonly (readonly [what: string, text: string])[],
  after: readonly (readonly [what: string, text: string])[],
): readonly Difference[] => {
  const [was, is] = [new Map(before), new Map(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((what) => {
    const [from, to] = [was.get(what) ?? null, is.get(what) ?? null]
    return from === to ? [] : [{ what, from, to }]
  })
}
