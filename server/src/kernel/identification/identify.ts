/** Attributes that have to agree, all of them. */
export type IdentificationRule = { readonly name: string; readonly by: readonly string[] }

export type Values = Readonly<Record<string, string | null | undefined>>

export type KnownThing = { readonly id: string; readonly values: Values }

/** Somebody a rule speaks for. */
export type Likeness = { readonly id: string; readonly rule: string }

export type Identified =
  | {
      readonly is: 'same'
      readonly id: string
      readonly rule: string
      /** Others that agree with a weaker rule, by id: perhaps duplicates of it. */
      readonly alsoLike: readonly Likeness[]
    }
  | { readonly is: 'new' }
  | {
      readonly is: 'undecided'
      readonly because:
        | { readonly why: 'several'; readonly rule: string; readonly ids: readonly string[] }
        | {
            readonly why: 'contradicted'
            readonly rule: string
            readonly id: string
            /** The stronger rule that says it is another one, and the attributes in which they differ. */
            readonly by: string
            readonly attributes: readonly string[]
          }
        | { readonly why: 'nothing_to_go_by' }
    }

/** What makers and installers leave where a number should be. */
const placeholders = new Set([
  '-',
  '0',
  'default string',
  'n/a',
  'na',
  'none',
  'not specified',
  'null',
  'system serial number',
  'to be filled by o.e.m.',
  'unknown',
])

/** A value as it is compared, or null when it says nothing. */
export const comparable = (value: string | null | undefined): string | null => {
  const text = (value ?? '').trim().replace(/\s+/g, ' ').toLowerCase()
  return text === '' || placeholders.has(text) || /^0+$/.test(text) ? null : text
}

/** What to look for among the known things: whoever agrees with one of these is a candidate. Silent rules are left out. */
export const lookupsFor = (
  rules: readonly IdentificationRule[],
  arriving: Values,
): readonly { readonly rule: string; readonly values: Readonly<Record<string, string>> }[] =>
  rules.flatMap(({ name, by }) => {
    const values = by.map((attribute) => [attribute, comparable(arriving[attribute])] as const)
    const spoken = values.filter((pair): pair is readonly [string, string] => pair[1] !== null)
    return by.length > 0 && spoken.length === by.length
      ? [{ rule: name, values: Object.fromEntries(spoken) }]
      : []
  })

export const identify = (
  rules: readonly IdentificationRule[],
  arriving: Values,
  candidates: readonly KnownThing[],
): Identified => {
  const lookups = lookupsFor(rules, arriving)
  if (lookups.length === 0) return { is: 'undecided', because: { why: 'nothing_to_go_by' } }
  const likenesses = lookups.flatMap(({ rule, values }) =>
    candidates
      .filter((candidate) =>
        Object.entries(values).every(
          ([attribute, value]) => comparable(candidate.values[attribute]) === value,
        ),
      )
      .map(({ id }): Likeness => ({ id, rule }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  const [first] = likenesses
  if (first === undefined) return { is: 'new' }
  const { rule } = first
  const ids = [...new Set(likenesses.filter((one) => one.rule === rule).map(({ id }) => id))]
  if (ids.length > 1) return { is: 'undecided', because: { why: 'several', rule, ids } }
  const known = candidates.find(({ id }) => id === first.id)
  for (const stronger of lookups.slice(
    0,
    lookups.findIndex((one) => one.rule === rule),
  )) {
    const attributes = differing(stronger.values, known?.values ?? {})
    if (attributes.length > 0)
      return {
        is: 'undecided',
        because: { why: 'contradicted', rule, id: first.id, by: stronger.rule, attributes },
      }
  }
  const others = likenesses.filter(({ id }) => id !== first.id)
  return {
    is: 'same',
    id: first.id,
    rule,
    alsoLike: others.filter(({ id }, at) => others.findIndex((one) => one.id === id) === at),
  }
}

/** A rule contradicts only when it could have agreed: every one of its attributes is known on both sides. */
const differing = (values: Readonly<Record<string, string>>, known: Values): readonly string[] => {
  const attributes = Object.keys(values)
  if (attributes.some((attribute) => comparable(known[attribute]) === null)) return []
  return attributes.filter((attribute) => comparable(known[attribute]) !== values[attribute])
}
