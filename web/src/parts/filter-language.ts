import type { FilterField } from '@evenkeel/contract/incident-list'
import type { Field } from '@evenkeel/server/kernel/filter/fields'
import type { QueryClient } from '@tanstack/react-query'
import type { Completions } from '../ui/filter-bar.tsx'
import { readerZone } from '../language/say.ts'
import { client } from './api.ts'

/** Who or what a reference may name, found while typing. */
export type Found = { readonly id: string; readonly name: string; readonly hint: string }
type Kind = NonNullable<FilterField['names']>

const staleTime = 60_000
const mostFound = 20

/** People, teams, services and items whose name begins so or has such a word. */
export const findNamed = async (
  queries: QueryClient,
  kind: Kind,
  text: string,
): Promise<readonly Found[]> => {
  if (kind === 'people') {
    const { rows } = await queries.fetchQuery({
      queryKey: ['people', 'suggestions', text, undefined],
      queryFn: () => client.suggestPeople({ query: { q: text } }),
      staleTime,
    })
    return rows.map(({ id, name, title, email }) => ({ id, name, hint: title || email }))
  }
  if (kind === 'items') {
    const { rows } = await queries.fetchQuery({
      queryKey: ['items', 'found', text],
      queryFn: () => client.listItems({ query: { limit: mostFound, ...sayingWords(text) } }),
      staleTime,
    })
    return rows.map(({ id, name, classLabel }) => ({ id, name, hint: classLabel }))
  }
  const { rows } =
    kind === 'teams'
      ? await queries.fetchQuery({ queryKey: ['teams'], queryFn: () => client.listTeams(), staleTime })
      : await queries.fetchQuery({
          queryKey: ['services'],
          queryFn: () => client.listServices({ query: { active: 'true' } }),
          staleTime,
        })
  const sought = text.toLocaleLowerCase()
  return rows
    .filter(({ name }) => {
      const lower = name.toLocaleLowerCase()
      return lower.startsWith(sought) || lower.includes(` ${sought}`)
    })
    .slice(0, mostFound)
    .map(({ id, name }) => ({ id, name, hint: '' }))
}

/** What was typed as words to find, whatever it looks like. */
const sayingWords = (text: string): { readonly q?: string } =>
  text.trim() === '' ? {} : { q: `"${text.replaceAll('"', ' ').trim()}"` }

/** How the filter writes somebody: by name, or by address where a name is shared. */
const writtenAs = async (queries: QueryClient, kind: Kind, text: string): Promise<readonly string[]> => {
  if (kind !== 'people') return (await findNamed(queries, kind, text)).map(({ name }) => name)
  const { rows } = await queries.fetchQuery({
    queryKey: ['people', 'suggestions', text, undefined],
    queryFn: () => client.suggestPeople({ query: { q: text } }),
    staleTime,
  })
  return rows.map(({ name, email }) => (rows.filter((row) => row.name === name).length > 1 ? email : name))
}

/**
 * Completes a filter with the server's own grammar, which is fetched when somebody types for the first time. The grammar asks for names while
 * it runs; what it asked for is looked up, and it runs again.
 */
export const completeWith =
  (queries: QueryClient, fields: readonly FilterField[]) =>
  async (text: string, cursor: number): Promise<Completions> => {
    const [{ completions }, { fieldsOf }, { messagesIn }] = await Promise.all([
      import('@evenkeel/server/kernel/filter/complete'),
      import('@evenkeel/server/kernel/filter/fields'),
      import('@evenkeel/server/kernel/filter/language'),
    ])
    const answers = new Map<string, readonly string[]>()
    let missing: { readonly kind: Kind; readonly typed: string } | undefined
    const suggest =
      (kind: Kind) =>
      (typed: string): readonly string[] => {
        const known = answers.get(`${kind} ${typed}`)
        if (known === undefined) missing = { kind, typed }
        return known ?? []
      }
    const run = (): Completions =>
      completions(
        text,
        cursor,
        fieldsOf(fields.map((one) => fieldOf(one, suggest))),
        messagesIn(readerZone().language),
      )
    const first = run()
    if (missing === undefined) return first
    const { kind, typed } = missing
    answers.set(`${kind} ${typed}`, await writtenAs(queries, kind, typed).catch(() => []))
    return run()
  }

/** The kernel's field for one that the server told of. */
export const fieldOf = (
  field: FilterField,
  suggest: (kind: Kind) => (typed: string) => readonly string[] = () => () => [],
): Field => {
  const { name, label, aliases, sortable, type } = field
  const named = { name, label, aliases, sortable }
  switch (type) {
    case 'choice':
    case 'ordered choice':
      return { ...named, type, choices: field.choices }
    case 'reference':
    case 'list of references':
      return {
        ...named,
        type,
        relative: field.relative,
        ...(field.names === null
          ? {}
          : { names: { idOf: () => undefined, nameOf: () => undefined, suggest: suggest(field.names) } }),
      }
    case 'number':
      return { ...named, type, whole: field.whole }
    default:
      return { ...named, type }
  }
}
