import { enqueue, type Queue } from '../../platform/jobs/jobs.ts'
import type { Tx } from '../../platform/journal/write.ts'

export type BatchPlace = { readonly tenantId: string; readonly batchId: string }

/**
 * What a batch wants done: its state says what. The row of the batch is the truth, and names the worker that has it; a job is only the
 * wish that somebody looks.
 */
export const importQueue: Queue = {
  name: 'import',
  retryLimit: 8,
  retryDelay: 2,
  retryDelayMax: 60,
  // The longest the queue allows for; a file of gigabytes takes hours.
  expireInSeconds: 23 * 3600,
}

/** The same turn again is the same job. */
export const enqueueBatch = (tx: Tx, batchId: string, turn: number): void =>
  enqueue(tx, importQueue, [{ key: `${batchId}/${turn}`, data: { tenantId: tx.tenantId, batchId } }])

export const placeOf = (data: Record<string, unknown>): BatchPlace => {
  const { tenantId, batchId } = data
  if (typeof tenantId !== 'string' || typeof batchId !== 'string')
    throw new TypeError('a job of an import names a tenant and a batch')
  return { tenantId, batchId }
}
