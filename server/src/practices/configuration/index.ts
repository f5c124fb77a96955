export { serviceDirectory, type ServiceEntry } from './service.directory.ts'
export { serviceRoutes } from './service.routes.ts'
export { createService } from './service.commands.ts'
export { findServicesNamed, makeServices, turnServices } from './service.brought.ts'
export { itemRoutes } from './item.routes.ts'
export { itemNames, recordItems, servicesReached } from './record.items.ts'
export { namedItems, type NamedItems } from './record.named.ts'
export { itemColumns, itemsSpokenOf } from './item.spoken.ts'
export { itemsHaveRecords } from './item.page.ts'
export { itemPolicies } from './item-class.preview.ts'
export { itemsMatterBy } from './item.model-health.ts'
export { createItem, editItem } from './item.by-hand.ts'
export { putItemsBySource } from './item.by-source.ts'
export { relateItem } from './relation.commands.ts'
export { itemsFollowPolicies } from './item.follow.ts'
export { itemList, itemListFields } from './item.list.ts'
export { itemPage } from './item.list.index.ts'
export { itemsScanned } from './item.barcode.ts'
export { sayAudited } from './item.audited.ts'
export {
  arrivingShape,
  countItemsAnew,
  heardOf,
  noOutcomes,
  nothingExpected,
  takeArrivals,
  takeArrivingRelations,
  type Arrived,
  type Arrival,
  type Expected,
} from './item.arrivals.ts'
export { mustReachAll } from './item.source-saying.ts'
export { deliveryEnds, goneOf, whatIsGoneEnds } from './source.gone.ts'
export { settleItems } from './source.settle.ts'
export { classWords } from './item-class.words.ts'
export { moneyText } from './item.value.ts'
export { endArrivals } from './item.ended.ts'
export { isASource } from './item.source-saying.ts'
export type { Delivery } from './item.source-saying.ts'
export { relationsOf } from './graph.source.ts'
export { timesOf, type Times } from './graph.times.ts'
export { attributesFor } from './item.check.ts'
export { itemReachSql } from './item.access.ts'
export { itemsAt, refOf } from './item.at.ts'
export { rightsOn } from './item.commands.ts'
export { inForce, modelOf, type InForce } from './item.model.ts'
export { labelIn } from './item-class.model.ts'
export { stateWords } from './item.words.ts'
export type { ItemRow } from './item.repo.ts'
export { addBranchStep, createBranch } from './branch.commands.ts'
