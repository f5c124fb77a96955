export const findingStates = ['active', 'retired', 'all'] as const

/** What the address says about a short list: words, and which of its rows. */
export type Finding = {
  readonly q?: string | undefined
  readonly state?: (typeof findingStates)[number] | undefined
}

/** What a list shows unless it is asked for more needs no word in the address. */
export const stateNamed = (value: unknown): Finding['state'] =>
  findingStates.find((one) => one === value && one !== 'active')

export const readFinding = (search: Readonly<Record<string, unknown>>): Finding => {
  const { q, state } = search
  return { ...(typeof q === 'string' && q !== '' ? { q } : {}), ...asked(stateNamed(state)) }
}

const asked = (state: Finding['state']): Finding => (state === undefined ? {} : { state })

/** The rows in that state with those words in them. */
export const found = <Row extends { readonly isActive: boolean }>(
  rows: readonly Row[],
  { q = '', state = 'active' }: Finding,
  wordsOf: (row: Row) => string,
): readonly Row[] => {
  const words = q.toLocaleLowerCase()
  return rows.filter(
    (row) =>
      (state === 'all' || row.isActive === (state === 'active')) &&
      wordsOf(row).toLocaleLowerCase().includes(words),
  )
}
