import type { ImportBatch, ImportFindings, ImportState } from '@evenkeel/contract/import'
import type { ImportKindName, ImportMapping } from '@evenkeel/contract/import-mapping'
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { useLiveMessages } from '../../parts/live.ts'
import type { Tone } from '../../ui/theme.ts'

export const importsKey = ['imports'] as const

/** The file is being read or its records are being written: what is shown moves on by itself. */
export const isUnderWay = (state: ImportState): boolean => state === 'examining' || state === 'importing'

/** The stream says how far it is; it is asked, too, for the time that the stream is away. */
const often = 5000

export const importsQuery = queryOptions({
  queryKey: [...importsKey, 'list'],
  queryFn: () => client.listImports(),
  refetchInterval: ({ state }) =>
    state.data?.imports.some((batch) => isUnderWay(batch.state)) === true ? often : false,
})

/** What the stream says of a batch goes where the pages look; one that is in another state by now is asked for. */
export const useImportProgress = (): void => {
  const queries = useQueryClient()
  useLiveMessages((message) => {
    if (message.kind !== 'import') return
    const { id, state, progress } = message.batch
    const moved = <Batch extends ImportBatch | undefined>(batch: Batch): Batch =>
      batch?.id === id && batch.state === state ? { ...batch, progress } : batch
    queries.setQueryData<ImportBatch>(batchQuery(id).queryKey, moved)
    queries.setQueryData<{ imports: ImportBatch[] }>(
      importsQuery.queryKey,
      (list) => list && { imports: list.imports.map(moved) },
    )
  })
}

export const batchKey = (id: string) => [...importsKey, 'one', id] as const

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: [...batchKey(id), 'batch'],
    queryFn: () => client.readImport({ params: { id } }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isUnderWay(state.data.state) ? often : false,
  })

/** @param part the sheet or file it is about; null leaves that to the server, which takes the first that is a table */
export const proposalQuery = (id: string, part: string | null, kind?: ImportKindName) =>
  queryOptions({
    queryKey: [...batchKey(id), 'proposal', part, kind ?? null],
    queryFn: () =>
      client.proposeMapping({
        params: { id },
        query: { ...(part === null ? {} : { part }), ...(kind === undefined ? {} : { kind }) },
      }),
    // The file does not change.
    staleTime: Infinity,
    retry: false,
  })

export const previewQuery = (id: string, mapping: ImportMapping) =>
  queryOptions({
    queryKey: [...batchKey(id), 'preview', JSON.stringify(mapping)],
    queryFn: () => client.previewImport({ params: { id }, body: { mapping } }),
    staleTime: 60_000,
  })

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: [...batchKey(id), 'report'],
    queryFn: () => client.readReconciliation({ params: { id } }),
  })

/** A first look; who wants more gets more at once. */
const few = 10
const more = 100

/** Which of the refused rows: those of one reason, and of the column it was found in. */
export type RefusedFor = Pick<ImportFindings['faults'][number], 'code' | 'column'>

export const faultsQuery = (id: string, wanted: RefusedFor | null) =>
  infiniteQueryOptions({
    queryKey: [...batchKey(id), 'faults', wanted],
    queryFn: ({ pageParam }) =>
      client.listImportFaults({
        params: { id },
        query: {
          ...(pageParam === '' ? { limit: few } : { limit: more, cursor: pageParam }),
          ...(wanted === null ? {} : { code: wanted.code, column: wanted.column ?? '' }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })

export const mappingsKey = ['import-mappings'] as const
export const mappingsQuery = queryOptions({
  queryKey: [...mappingsKey, 'list'],
  queryFn: () => client.listMappings(),
})
export const mappingVersionsQuery = (name: string) =>
  queryOptions({
    queryKey: [...mappingsKey, 'versions', name],
    queryFn: () => client.listMappingVersions({ params: { name } }),
  })

export const stateTones = {
  waiting: 'waiting',
  examining: 'open',
  examined: 'waiting',
  importing: 'open',
  paused: 'waiting',
  imported: 'done',
  voided: 'low',
  failed: 'high',
} as const satisfies Record<ImportState, Tone>

/** The way of a batch, in order. */
export const importSteps = ['file', 'mapping', 'dry-run', 'run', 'report'] as const
export type ImportStep = (typeof importSteps)[number]

/** Where a batch stands, which is what its page opens with. */
export const stepNow = {
  waiting: 'mapping',
  examining: 'dry-run',
  examined: 'dry-run',
  importing: 'run',
  paused: 'run',
  imported: 'report',
  voided: 'report',
  failed: 'file',
} as const satisfies Record<ImportState, ImportStep>

export const isStep = (text: string | undefined): text is ImportStep =>
  importSteps.some((step) => step === text)

/** What of a batch is behind it, at hand, or still to come. */
export const standingOf = (batch: ImportBatch, step: ImportStep): 'done' | 'now' | 'open' | 'ahead' => {
  const { state } = batch
  const now = stepNow[state]
  const isOver = state === 'imported' || state === 'voided'
  if (step === now && !(isOver && step === 'report')) return 'now'
  switch (step) {
    case 'file':
      return 'done'
    case 'mapping':
      return state === 'failed' ? (batch.mapping === null ? 'ahead' : 'open') : 'done'
    case 'dry-run':
      return batch.findings === null ? 'ahead' : 'done'
    case 'run':
      return isOver ? 'done' : batch.findings === null || state === 'examining' ? 'ahead' : 'open'
    case 'report':
      return isOver ? 'done' : 'ahead'
  }
}
