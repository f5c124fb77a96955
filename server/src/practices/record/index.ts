export { nextNumber, type RecordKind } from './record.number.ts'
export {
  insertComment,
  insertRecord,
  updateRecord,
  type RecordChange,
  type RecordRow,
} from './record.repo.ts'
export { mergeOrRefuse } from './record.conflict.ts'
export { accessRows } from './record.access.ts'
