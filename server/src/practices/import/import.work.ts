import { randomUUID } from 'node:crypto'
import { FileDamaged } from '../../platform/files/file-store.ts'
import type { Saying } from '../../kernel/language/saying.ts'
import type { Handler } from '../../platform/jobs/jobs.ts'
import { write, type Author } from '../../platform/journal/write.ts'
import { read } from '../../platform/postgres/database.ts'
import type { ImportState } from '@evenkeel/contract/import'
import { examineFile } from './import.examine.ts'
import { placeOf, type BatchPlace } from './import.queue.ts'
import { says } from './import.reasons.ts'
import { findBatch, lockBatch, setBatch, type BatchRow, type Kept } from './import.repo.ts'
import { runBatch } from './import.run.ts'
import { moved } from './import.states.ts'
import { FileFault } from '../../platform/tabular/table.ts'
import { Stopping, Superseded, type ImportSettings, type Turn } from './import.turn.ts'
import { tidyBatch } from './import.tidy.ts'

const systemFor = ({ now }: ImportSettings, tenantId: string): Author => ({
  tenantId,
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'import' },
  request: null,
  now: now(),
})

/** What is written on behalf of the person who let the batch run. */
const authorOf = (settings: ImportSettings, tenantId: string, batch: BatchRow): Author => ({
  ...systemFor(settings, tenantId),
  actor: { kind: 'person', id: batch.started_by ?? batch.created_by, onBehalfOf: null, via: 'import' },
})

export const keptSentence = (saying: Saying): Kept => ({ en: saying.in('en'), de: saying.in('de') })

/** Takes the batch: from now on another worker that still has it stops at its next step. */
const take = (
  settings: ImportSettings,
  { tenantId, batchId }: BatchPlace,
  token: string,
): Promise<BatchRow> =>
  write(settings.database, systemFor(settings, tenantId), async (tx) => {
    const batch = await lockBatch(tx, batchId)
    setBatch(tx, batchId, { worker: token, seen_at: tx.author.now })
    return batch
  })

const turnOf = (
  settings: ImportSettings,
  { tenantId, batchId }: BatchPlace,
  batch: BatchRow,
  token: string,
  signal: AbortSignal,
): Turn => {
  const step: Turn['step'] = async (work) => {
    if (signal.aborted) throw new Superseded()
    if (settings.stopping?.aborted === true) throw new Stopping()
    const author = authorOf(settings, tenantId, batch)
    const result = await write(settings.database, author, async (tx) => {
      const now = await lockBatch(tx, batchId)
      if (now.worker !== token || now.state !== batch.state) throw new Superseded()
      setBatch(tx, batchId, { seen_at: author.now })
      return work(tx, now)
    })
    // Requests that waited get their turn between two steps.
    await new Promise((resolve) => setImmediate(resolve))
    return result
  }
  return {
    settings,
    tenantId,
    batchId,
    batch,
    signal,
    step,
    end: (move, set, data) =>
      step(async (tx, now) => {
        const { to, emits } = moved(now.state, move)
        setBatch(tx, batchId, { ...set, state: to, worker: null, rate: 0 })
        tx.journal({ type: emits, subject: { kind: 'import', id: batchId }, data: { ...data, state: to } })
      }),
  }
}

const works: Partial<Record<ImportState, (turn: Turn) => Promise<void>>> = {
  examining: examineFile,
  importing: runBatch,
  imported: tidyBatch,
  voided: tidyBatch,
}

/** Does what the batch's state asks for, and what its next state asks for then; goes on where a worker before it stopped. */
export const workOnImport =
  (settings: ImportSettings): Handler =>
  async (data, signal) => {
    const place = placeOf(data)
    let worked: ImportState | null = null
    for (;;) {
      const { state, tidied } = await read(settings.database, place.tenantId, (q) =>
        findBatch(q, place.batchId),
      )
      if (works[state] === undefined || tidied || state === worked) return
      worked = state
      if (!(await takeTurn(settings, place, signal))) return
    }
  }

/** @returns whether its work was done to its end */
const takeTurn = async (
  settings: ImportSettings,
  place: BatchPlace,
  signal: AbortSignal,
): Promise<boolean> => {
  const token = randomUUID()
  const batch = await take(settings, place, token)
  const turn = turnOf(settings, place, batch, token, signal)
  try {
    await works[batch.state]?.(turn)
    return true
  } catch (error) {
    if (error instanceof Superseded) return false
    const why = sentenceOf(error)
    if (why === null || batch.state !== 'examining') throw error
    await failed(turn, why)
    return false
  }
}

/** What is wrong with the file itself is no failure of ours, and trying again would not help. */
const sentenceOf = (error: unknown): Saying | null => {
  if (error instanceof FileFault) return error.saying
  return error instanceof FileDamaged ? says('file.damaged') : null
}

const failed = async (turn: Turn, why: Saying): Promise<void> => {
  try {
    await turn.end('fail', { failure: keptSentence(why), findings: null }, {})
  } catch (error) {
    if (!(error instanceof Superseded)) throw error
  }
}

/** A job that never worked: the batch says so where people see it, and can be tried again. */
export const buryImport =
  (settings: ImportSettings): Handler =>
  async (data) => {
    const { tenantId, batchId } = placeOf(data)
    await write(settings.database, systemFor(settings, tenantId), async (tx) => {
      const batch = await lockBatch(tx, batchId)
      if (batch.state !== 'examining' && batch.state !== 'importing') return
      const move = batch.state === 'examining' ? 'fail' : 'halt'
      const { to, emits } = moved(batch.state, move)
      const failure = keptSentence(says(move === 'fail' ? 'failed.examine' : 'failed.ours'))
      setBatch(tx, batchId, { state: to, failure, worker: null, rate: 0 })
      tx.journal({ type: emits, subject: { kind: 'import', id: batchId }, data: { state: to } })
    })
    settings.log('an import stopped', { tenantId, batchId })
  }
