import { openDatabase } from '../server/src/platform/postgres/database.ts'
import { createApi } from '../server/src/app/api.ts'
import { startWorker } from '../server/src/app/worker.ts'
import { diskStore } from '../server/src/platform/files/disk-store.ts'
import { newSigningKey, signingKey } from '../server/src/kernel/evidence/note.ts'

// The product as `npm start` runs it, without the database's supervisor; BENCH_WORKER adds what works behind the commands.
const url = process.env['BENCH_DATABASE'] ?? ''
const files = diskStore(process.env['BENCH_FILES'] ?? '/nonexistent')
const database = await openDatabase({ url })
const app = await createApi(database, { accountKey: Buffer.alloc(32, 1), files })
if (process.env['BENCH_WORKER'] === 'true') {
  await startWorker({
    database,
    databaseUrl: url,
    files,
    signingKey: signingKey(newSigningKey().privateKeyPem),
    mail: {
      smtpUrl: undefined,
      from: 'Evenkeel <evenkeel@localhost.localdomain>',
      publicUrl: 'http://localhost',
      accountKey: Buffer.alloc(32, 1),
    },
    now: () => new Date().toISOString(),
    log: () => {},
    ...(process.env['BENCH_SUPERVISE'] === undefined
      ? {}
      : { superviseSeconds: Number(process.env['BENCH_SUPERVISE']) }),
  })
}
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
