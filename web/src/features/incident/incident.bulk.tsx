import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { aboutOf, type Bulk, type BulkDoing } from '../../parts/bulk.ts'
import { listKey } from './incident.api.ts'

const stepNames = {
  set: 'bulk.edit',
  assign: 'bulk.assign',
  override_priority: 'bulk.priority',
  comment: 'bulk.comment',
  add_checklist: 'checklist.title',
  tick: 'checklist.title',
  start: 'bulk.start',
  hold: 'bulk.hold',
  resume: 'bulk.resume',
  resolve: 'bulk.resolve',
  cancel: 'bulk.cancel',
} as const

const isStep = (kind: string): kind is keyof typeof stepNames => Object.hasOwn(stepNames, kind)

export const bulkOfIncidents: Bulk = {
  kind: 'incident',
  list: () => client.listBulk(),
  read: (id) => client.readBulk({ params: { id } }),
  undo: (id) => client.undoBulk({ params: { id } }),
  stale: [listKey, ['record']],
  stepWords: (kind) => (isStep(kind) ? say(stepNames[kind]) : kind),
  renderLink: (id, words) => (
    <Link to="/incidents/$id" params={{ id }}>
      {words}
    </Link>
  ),
}

export const changingIncidents: BulkDoing<readonly IncidentStep[]> = {
  bulk: bulkOfIncidents,
  preview: (about, steps) => client.previewBulk({ body: { ...aboutOf(about), steps: [...steps] } }),
  start: (ids, steps) =>
    client.startBulk({
      body: { ids: [...ids], steps: [...steps] },
      idempotencyKey: crypto.randomUUID(),
    }),
  title: (count) => say('bulk.title', { count }),
  submit: (count) => say('bulk.change', { count }),
}
