const names = [
  'actor',
  'actorName',
  'kind',
  'subject',
  'subjectName',
  'number',
  'type',
  'from',
  'to',
  'entry',
] as const

/** What the journal is filtered by, as the address has it; `…Name` is what stands for an id, `entry` the one that is open. */
export type JournalSearch = { readonly [Name in (typeof names)[number]]?: string | undefined }

export const journalSearchOf = (search: Record<string, unknown>): JournalSearch =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name]
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : []
    }),
  )
