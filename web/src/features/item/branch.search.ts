/** A branch as its address says it: with which others, at which instant, on top of what is down now. */
export type BranchSearch = {
  readonly with?: string | undefined
  readonly at?: string | undefined
  readonly outages?: 'true' | undefined
}

const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))

export const readBranchSearch = (search: Readonly<Record<string, unknown>>): BranchSearch => {
  const [others, at] = [search['with'], search['at']]
  return {
    ...(typeof others === 'string' && others !== '' ? { with: others } : {}),
    ...(typeof at === 'string' && isInstant(at) ? { at } : {}),
    ...(search['outages'] === 'true' || search['outages'] === true ? { outages: 'true' } : {}),
  }
}
