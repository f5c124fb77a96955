import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApi } from '../../server/src/app/api.ts'
import { databaseProbe, serveHealth } from '../../server/src/platform/http/health.ts'
import { openDatabase } from '../../server/src/platform/postgres/database.ts'

// The API process as `npm start` composes it, to be killed. A rejection that nobody handles ends it, as it ends the product.
const url = process.env['FAULT_DATABASE'] ?? ''
const port = Number(process.env['FAULT_PORT'] ?? 0)
/** A worse design, to prove that the checker would notice: see each fault's control. */
const control = process.env['FAULT_CONTROL'] ?? ''

const never = 2_000_000_000
const database = await openDatabase({ url, ...(control === 'patient' ? { openingTimeout: never } : {}) })
const app = await createApi(database, { accountKey: Buffer.alloc(32, 1) })
const probe = databaseProbe(url)
serveHealth(app, {
  notReady: async () =>
    control === 'patient' || (await probe.answers()) ? null : 'the database does not answer',
})
app.server.keepAliveTimeout = 1000

if (control === 'answers first') {
  await app.ready()
  // Thanks the caller and does the work at leisure, one after the other: whenever it dies, some is left.
  let leisure = Promise.resolve()
  const eager = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"later"}')
      const { url = '/', headers } = request
      const before = leisure
      const work = async (): Promise<void> => {
        await before
        await app.inject({ method: 'POST', url, headers, payload: Buffer.concat(chunks) })
        await sleep(50)
      }
      leisure = work()
    })
  })
  eager.listen(port, '127.0.0.1', () => {
    const address = eager.address()
    if (address !== null && typeof address === 'object') say(`http://127.0.0.1:${address.port}`)
  })
} else say(await app.listen({ port, host: '127.0.0.1' }))

function say(address: string): void {
  process.stdout.write(`${address}\n`)
}
