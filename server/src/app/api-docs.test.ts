import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const paths = ['/api/docs', '/api/docs/page.js', '/api/docs/page.css', '/api/v1/openapi.json']

test('strangers get neither the description nor its page', async () => {
  for (const url of paths) expect((await world.app.inject({ url })).statusCode, url).toBe(401)
})

test('who is signed in reads the description, and its page runs under the content security policy', async () => {
  const tenant = await world.tenant('acme')
  const { cookie } = await tenant.person('Rita', 'requester')
  const answers = await Promise.all(paths.map((url) => world.app.inject({ url, headers: { cookie } })))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
  expect(answers.map(({ headers }) => headers['content-type']?.split(';')[0])).toEqual([
    'text/html',
    'text/javascript',
    'text/css',
    'application/json',
  ])
  expect(answers[3]?.json()).toMatchObject({ openapi: '3.1.0' })
  const page = answers[0]?.body ?? ''
  expect(answers[0]?.headers['content-security-policy']).toContain(`script-src 'self';`)
  // No script of its own, no style of its own, nothing from elsewhere.
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|https?:|<script>/)
  expect(answers[1]?.body).not.toMatch(/innerHTML|eval\(|https?:/)
})
