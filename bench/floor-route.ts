import Fastify from 'fastify'
import { Pool } from 'pg'
import { sameInserts, type Place } from './same-inserts.ts'

// The floor: Fastify, a pool of 16, one statement a request.
const place: Place = JSON.parse(process.env['BENCH_PLACE'] ?? '{}')
const pool = new Pool({
  connectionString: process.env['BENCH_DATABASE'],
  max: 16,
  options: `-c evenkeel.tenant=${place.tenantId}`,
})
const app = Fastify()
app.post<{ Body: { title: string; description: string } }>('/incidents', async (request, reply) => {
  const { id, number, ...statement } = sameInserts(place, request.body.title, request.body.description)
  await pool.query(statement)
  return reply.status(201).send({ id, number, version: 1 })
})
process.stdout.write(`${await app.listen({ port: 0 })}\n`)
