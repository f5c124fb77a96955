import { itemClassRoutes as classRoutes } from '@evenkeel/contract/item-class'
import { itemGraphRoutes as graphRoutes } from '@evenkeel/contract/item-graph'
import { itemBarcodeRoutes as barcodeRoutes } from '@evenkeel/contract/item-barcode'
import { itemSourceRoutes as sourceRoutes } from '@evenkeel/contract/item-source'
import { itemRoutes as routes } from '@evenkeel/contract/item'
import { mayAtAll } from '../../kernel/access.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import { read } from '../../platform/postgres/database.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import { fileMedia } from '../record/index.ts'
import { branchesServed } from './branch.routes.ts'
import { readBlastRadius } from './graph.blast.ts'
import { readItemMap } from './graph.map.ts'
import { classView } from './item-class.model.ts'
import { itemClassesPolicy } from './item-class.policy.ts'
import { itemBulkServed } from './item.bulk.ts'
import { readBarcode } from './item.barcode.ts'
import { putItemsBySource } from './item.by-source.ts'
import { decideItemConflict, listItemConflicts, reopenItemConflict } from './item.conflict.ts'
import { createItem, editItem, moveItem } from './item.by-hand.ts'
import { readSourceFigures } from './item.source-figures.ts'
import { exportItems } from './item.export.ts'
import { sayItemHealth } from './item.health.ts'
import { countItems, groupItems, itemFilterFields, listItems, readItemFilter } from './item.list.ts'
import { mergeItems, previewMerge, splitItem } from './item.merge.ts'
import { readModelHealth } from './item.model-health.ts'
import { inForce } from './item.model.ts'
import { readItem, readItemHistory, sourceLabel } from './item.page.ts'
import { devicesOf } from './record.named.ts'
import { decideVanishing, finishDelivery } from './source.gone.ts'
import { listItemSources } from './source.states.ts'
import { endItemRelation, relateItem } from './relation.commands.ts'

const classesServed = serve(classRoutes, {
  listItemClasses: async ({ database, caller }) => {
    const [force, policy] = await Promise.all([
      inForce(database, caller.tenantId, caller.now),
      policyInForce(database, caller.tenantId, itemClassesPolicy, caller.now),
    ])
    const restricted = mayAtAll(caller.grants, 'item.read_restricted')
    return {
      version: policy.version,
      effectiveFrom: policy.effectiveFrom,
      classes: force.models.all.map((model) => classView(model, { language: caller.language, restricted })),
      sources: force.sources.sources.map(({ name }) => ({
        name,
        label: sourceLabel(name, force, caller.language),
      })),
    }
  },
})

const graphServed = serve(graphRoutes, {
  relateItem: ({ database, caller, once }, { params, body }) =>
    relateItem(database, caller, params.id, body, once),
  endItemRelation: ({ database, caller }, { params, body }) =>
    endItemRelation(database, caller, params.id, params.relationId, body),
  readItemMap: ({ database, caller }, { query }) => readItemMap(database, caller, query),
  readBlastRadius: ({ database, caller }, { body }) => readBlastRadius(database, caller, body),
})

const itemsServed = serve(routes, {
  listMyDevices: ({ database, caller }) =>
    read(database, caller.tenantId, async (q) => ({ rows: await devicesOf(q, caller, caller.personId) })),
  listItems: ({ database, caller }, { query }) => listItems(database, caller, query),
  countItems: ({ database, caller }, { query }) => countItems(database, caller, query),
  itemFilterFields: ({ database, caller }) => itemFilterFields(database, caller),
  groupItems: ({ database, caller }, { query }) => groupItems(database, caller, query),
  readItemFilter: ({ database, caller }, { query }) => readItemFilter(database, caller, query),
  exportItems: async ({ database, caller, reply }, { query }) => {
    const { format = 'csv' } = query
    return reply
      .type(fileMedia[format])
      .header('content-disposition', `attachment; filename="items-${caller.now.slice(0, 10)}.${format}"`)
      .send(await exportItems(database, caller, query))
  },
  createItem: ({ database, caller, once }, { body }) => createItem(database, caller, body, once),
  readItem: ({ database, caller }, { params, query }) => readItem(database, caller, params.id, query),
  editItem: ({ database, caller }, { params, body, version }) =>
    editItem(database, caller, params.id, version, body),
  moveItem: ({ database, caller }, { params, body, version }) =>
    moveItem(database, caller, params.id, version, body),
  sayItemHealth: ({ database, caller }, { params, body }) => sayItemHealth(database, caller, params.id, body),
  readItemHistory: ({ database, caller }, { params }) => readItemHistory(database, caller, params.id),
  readModelHealth: ({ database, caller }) => readModelHealth(database, caller),
  mergeItems: ({ database, caller }, { params, body, version }) =>
    mergeItems(database, caller, params.id, version, body),
  splitItem: ({ database, caller }, { params, body, version }) =>
    splitItem(database, caller, params.id, version, body),
  putItemsBySource: ({ database, caller }, { params, body }) =>
    putItemsBySource(database, caller, params.source, body),
  listItemConflicts: ({ database, caller }, { query }) => listItemConflicts(database, caller, query),
  readSourceFigures: ({ database, caller }) => readSourceFigures(database, caller),
  reopenItemConflict: async ({ database, caller }, { params }) => {
    await reopenItemConflict(database, caller, params.id)
    return undefined
  },
  previewMerge: ({ database, caller }, { params, body }) =>
    previewMerge(database, caller, params.id, body.fromId),
  decideItemConflict: ({ database, caller }, { params, body }) =>
    decideItemConflict(database, caller, params.id, body),
})

const barcodesServed = serve(barcodeRoutes, {
  readBarcode: ({ database, caller }, { body }) => readBarcode(database, caller, body.text),
})

const sourcesServed = serve(sourceRoutes, {
  listItemSources: ({ database, caller }) => listItemSources(database, caller),
  finishDelivery: ({ database, caller }, { params, body }) =>
    finishDelivery(database, caller, params.source, body.since),
  decideVanishing: ({ database, caller }, { params, body }) =>
    decideVanishing(database, caller, params.id, body.decision),
})

export const itemRoutes: readonly Served[] = [
  ...classesServed,
  ...itemsServed,
  ...itemBulkServed,
  ...graphServed,
  ...branchesServed,
  ...sourcesServed,
  ...barcodesServed,
]
