import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { api } from '@evenkeel/contract/api'
import { defineRoutes, type Route } from '@evenkeel/contract/route'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openApi } from './openapi.ts'

const Id = z.guid()
const Thing = z.object({ id: Id, size: z.int().default(3) })
const Kept = z.object({ of: Thing })
const schemas = new Map<string, z.ZodType>(Object.entries({ Id, Thing, Kept }))
const route = { path: '/things', summary: 'x', access: 'anyone' } as const

const described = (routes: Readonly<Record<string, Route>>) =>
  JSON.parse(JSON.stringify(openApi(routes, schemas)))

test('what is asked for and what is answered share a name, unless a default makes them differ', () => {
  const { components, paths } = described(
    defineRoutes({
      put: { ...route, method: 'PUT', body: Kept, answer: Kept },
      find: { ...route, method: 'GET', answer: Id },
    }),
  )
  expect(Object.keys(components.schemas)).toEqual(
    ['Id', 'Kept', 'KeptInput', 'Reason', 'Thing', 'ThingInput'].filter((name) => name !== 'Reason'),
  )
  expect(components.schemas.Thing.required).toEqual(['id', 'size'])
  expect(components.schemas.ThingInput.required).toEqual(['id'])
  expect(components.schemas.KeptInput.properties.of).toEqual({ $ref: '#/components/schemas/ThingInput' })
  expect(components.schemas.Id).toMatchObject({ type: 'string', format: 'uuid' })
  expect(paths['/api/v1/things'].put.requestBody.content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/KeptInput',
  })
})

test('parameters say whether they are needed and what they default to', () => {
  const { paths } = described(
    defineRoutes({
      list: {
        ...route,
        method: 'GET',
        path: '/things/{id}',
        params: z.object({ id: Id }),
        query: z.strictObject({ limit: z.coerce.number().int().max(200).default(50), q: z.string() }),
        versioned: true,
        idempotent: true,
      },
    }),
  )
  expect(
    paths['/api/v1/things/{id}'].get.parameters.map((parameter: { name: string; required: boolean }) => [
      parameter.name,
      parameter.required,
    ]),
  ).toEqual([
    ['id', true],
    ['limit', false],
    ['q', true],
    ['Idempotency-Key', false],
    ['If-Match', true],
  ])
  expect(paths['/api/v1/things/{id}'].get.responses['204']).toBeDefined()
})

test('the description in the repository names every route, and every reference leads somewhere', async () => {
  const text = await readFile(join(import.meta.dirname, '../docs/generated/openapi.json'), 'utf8')
  const document = JSON.parse(text)
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
  )
  expect(operations.toSorted()).toEqual(Object.keys(api).toSorted())
  const references = [...text.matchAll(/"\$ref": "#\/components\/(\w+)\/(\w+)"/g)]
  expect(references.length).toBe([...text.matchAll(/"\$ref"/g)].length)
  for (const [, kind = '', name = ''] of references)
    expect(document.components[kind], name).toHaveProperty(name)
})
