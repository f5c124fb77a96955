export { continueNumbers, nextNumber, withNumber, type RecordKind } from './record.number.ts'
export {
  insertComment,
  insertRecord,
  recordColumns,
  touchRecord,
  updateRecord,
  type RecordRow,
} from './record.repo.ts'
export { mergeOrRefuse, showPlainly, touchedSince, type Show, type Wish } from './record.conflict.ts'
export { accessRows } from './record.access.ts'
export { followingOf, followsSql, type Following } from './record.followers.ts'
export {
  conditionOf,
  countQuery,
  groupsQuery,
  nextCursor,
  pageQuery,
  readList,
  searchColumn,
  type List,
  type Listed,
  type ListCondition,
  cursorAt,
  filterContext,
  cursorPlace,
} from './record.list.ts'
export { reachSql } from './record.scope.ts'
export { beginning, type IdSet } from './record.list.sets.ts'
export {
  customFields,
  customSet,
  filterColumn,
  filterField,
  type CustomField,
} from './record.custom-fields.ts'
export { csvLine } from './record.csv.ts'
export { exportList, fileMedia, type ExportQuery, type FileColumn } from './record.export.ts'
export { filterInAllForms, offeredFields } from './record.filter.ts'
export { customValues } from './record.custom-values.ts'
export { createCustomField, editCustomField } from './record.fields.commands.ts'
export { createView, deleteView, editView, listViews, setDefaultView } from './record.views.ts'
export type {
  Brought,
  Facts,
  KnownRecord,
  PastBatch,
  PastFault,
  PastKind,
  PastRecord,
  PastUpdate,
} from './record.past.ts'
export { dryRun } from './record.dry-run.ts'
export { listBulk, previewBulk, readBulk, startBulk, undoBulk, type BulkKind } from './record.bulk.ts'
