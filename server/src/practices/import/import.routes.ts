import type { Readable } from 'node:stream'
import { importRoutes as routes } from '@evenkeel/contract/import'
import { Refusal } from '../../kernel/refusal.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import { read } from '../../platform/postgres/database.ts'
import {
  createImport,
  examineImport,
  listImports,
  pauseImport,
  readImport,
  runImport,
  voidImport,
} from './import.commands.ts'
import { exportFaults, listFaults } from './import.faults.ts'
import { listMappings, listMappingVersions, saveMapping } from './import.mappings.ts'
import { preview, proposal } from './import.reading.ts'
import { says } from './import.reasons.ts'
import { findBatch } from './import.repo.ts'
import { reportIn } from './import.report.ts'

export const importRoutes = (files: FileStore, limitBytes: number): readonly Served[] =>
  serve(routes, {
    listImports: ({ database, caller }) => listImports(database, caller),
    createImport: ({ database, caller, request }, { query }) =>
      // The parser of application/octet-stream hands the stream on; `serve` lets nothing else through to this route.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      createImport(database, caller, files, limitBytes, query.name, request.body as Readable),
    readImport: ({ database, caller }, { params }) => readImport(database, caller, params.id),
    proposeMapping: ({ database, caller }, { params, query }) =>
      proposal(database, caller, files, params.id, query.part, query.kind),
    previewImport: ({ database, caller }, { params, body }) =>
      preview(database, caller, files, params.id, body.mapping),
    examineImport: ({ database, caller }, { params, body }) =>
      examineImport(database, caller, files, params.id, body),
    runImport: ({ database, caller }, { params }) => runImport(database, caller, params.id),
    pauseImport: ({ database, caller }, { params }) => pauseImport(database, caller, params.id),
    voidImport: ({ database, caller }, { params, body }) =>
      voidImport(database, caller, params.id, body.reason),
    listImportFaults: ({ database, caller }, { params, query }) =>
      listFaults(database, caller, params.id, query),
    exportImportFaults: async ({ database, caller, reply }, { params }) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="import-faults.csv"')
        .send(await exportFaults(database, caller, params.id)),
    readReconciliation: ({ database, caller }, { params }) =>
      read(database, caller.tenantId, async (q) => {
        const { report } = await findBatch(q, params.id)
        if (report === null) throw new Refusal('not_allowed_here', says('report.none'))
        return reportIn(report, caller.language)
      }),
    listMappings: ({ database, caller }) => listMappings(database, caller),
    listMappingVersions: ({ database, caller }, { params }) =>
      listMappingVersions(database, caller, params.name),
    saveMapping: ({ database, caller }, { params, body }) => saveMapping(database, caller, params.name, body),
  })
