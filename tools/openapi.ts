import { isDeepStrictEqual } from 'node:util'
import { permissions } from '@evenkeel/contract/permission'
import { RefusalBody } from '@evenkeel/contract/refusal'
import type { Route } from '@evenkeel/contract/route'
import { z } from 'zod'

type JsonSchema = Record<string, unknown>
type Direction = 'input' | 'output'
type Names = ReturnType<typeof z.registry<{ id: string }>>

/**
 * The OpenAPI 3.1 description of the route table.
 * @param schemas schemas that are described once and referred to, by the name they get
 */
export const openApi = (
  routes: Readonly<Record<string, Route>>,
  schemas: ReadonlyMap<string, z.ZodType>,
): object => {
  const names = z.registry<{ id: string }>()
  for (const [id, schema] of schemas) names.add(schema, { id })
  const shared: Shared = { input: new Map(), output: new Map() }
  const describe = (schema: z.ZodType, direction: Direction): JsonSchema =>
    described(schema, direction, names, shared)
  const refusal = described(RefusalBody, 'output', names, shared)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries(routes).toSorted(([, a], [, b]) =>
    a.path.localeCompare(b.path, 'en'),
  )) {
    const path = `/api/v1${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, describe) }
  }
  const { components, renamed } = joined(shared)
  return withNames(
    {
      openapi: '3.1.0',
      info: {
        title: 'Evenkeel',
        version: '1',
        summary: 'Incidents, and everything around them.',
        description: [
          'Every answer that says no is `application/problem+json` (RFC 9457) with a code from the closed list in `refusals.md`.',
          'Fields that are not described are refused. Lists are read page by page with `cursor` and `limit`.',
          'Creating calls take an `Idempotency-Key`; writes to a versioned thing name the version they saw in `If-Match`.',
        ].join('\n\n'),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{ key: [] }, { session: [] }],
      paths,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer ek_…`' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-evenkeel' },
        },
        responses: {
          Refusal: {
            description: 'It says no, and why.',
            content: { 'application/problem+json': { schema: refusal } },
          },
        },
        schemas: components,
      },
    },
    renamed,
  )
}

type Shared = Record<Direction, Map<string, JsonSchema>>

/** A schema with everything that has a name replaced by a reference; what is referred to goes into `shared`. */
const described = (schema: z.ZodType, direction: Direction, names: Names, shared: Shared): JsonSchema => {
  const {
    $schema: _,
    $defs,
    ...root
  } = z.toJSONSchema(schema, {
    metadata: names,
    io: direction,
    unrepresentable: 'any',
  })
  const rewrite = (value: unknown): unknown => mapReferences(value, (name) => `${direction}:${name}`)
  for (const [name, definition] of Object.entries($defs ?? {}))
    shared[direction].set(name, withoutId(asSchema(rewrite(definition))))
  const id = names.get(schema)?.id
  if (id === undefined) return asSchema(rewrite(root))
  // A named schema comes as itself, or as a reference to its own definition above.
  if (!('$ref' in root)) shared[direction].set(id, withoutId(asSchema(rewrite(root))))
  return { $ref: `${direction}:${id}` }
}

const withoutId = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'id'))
// Objects stay objects under `mapReferences`.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asSchema = (value: unknown): JsonSchema => value as JsonSchema

const mapReferences = (value: unknown, rename: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, rename))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, unknown] =>
      key === '$ref' && typeof item === 'string'
        ? [key, rename(item.replace(/^#\/\$defs\//, ''))]
        : [key, mapReferences(item, rename)],
    ),
  )
}

/** One list of components: what is asked for differs from what is answered only where defaults fill in. */
const joined = ({ input, output }: Shared) => {
  const components: Record<string, JsonSchema> = {}
  const renamed = new Map<string, string>()
  // Compared without the directions in their references: a difference deeper down shows at the deeper schema.
  const plain = (schema: JsonSchema | undefined): unknown =>
    mapReferences(schema, (name) => name.replace(/^(?:in|out)put:/, ''))
  const differs = (name: string): boolean =>
    output.has(name) && !isDeepStrictEqual(plain(input.get(name)), plain(output.get(name)))
  for (const [name, schema] of output) {
    components[name] = schema
    renamed.set(`output:${name}`, name)
  }
  // What refers to something that differs, differs as well.
  const different = new Set([...input.keys()].filter(differs))
  for (let grown = true; grown;) {
    grown = false
    for (const [name, schema] of input) {
      if (different.has(name) || !output.has(name)) continue
      if ([...different].some((other) => JSON.stringify(schema).includes(`"input:${other}"`))) {
        different.add(name)
        grown = true
      }
    }
  }
  for (const [name, schema] of input) {
    const final = different.has(name) ? `${name}Input` : name
    components[final] ??= schema
    renamed.set(`input:${name}`, final)
  }
  return {
    components: Object.fromEntries(
      Object.entries(components).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
    ),
    renamed,
  }
}

const withNames = (document: object, renamed: ReadonlyMap<string, string>): object =>
  asSchema(
    mapReferences(document, (name) => {
      const known = renamed.get(name)
      return known === undefined ? name : `#/components/schemas/${known}`
    }),
  )

const operation = (
  name: string,
  route: Route,
  describe: (schema: z.ZodType, direction: Direction) => JsonSchema,
): object => {
  const status = String(
    route.answer === undefined && route.media?.answer === undefined ? 204 : (route.status ?? 200),
  )
  const answered = route.answer === undefined ? {} : { schema: describe(route.answer, 'output') }
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    description: accessOf(route),
    ...(route.access === 'anyone' ? { security: [] } : {}),
    parameters: [
      ...parametersIn('path', route.params, describe),
      ...parametersIn('query', route.query, describe),
      ...headersOf(route),
    ],
    ...(route.body === undefined
      ? route.media?.request === undefined
        ? {}
        : { requestBody: { required: true, content: { [route.media.request]: {} } } }
      : {
          requestBody: {
            required: true,
            content: {
              [route.media?.request ?? 'application/json']: { schema: describe(route.body, 'input') },
            },
          },
        }),
    responses: {
      [status]: {
        description: status === '204' ? 'Done.' : 'The answer.',
        ...(status === '204'
          ? {}
          : {
              content: Object.fromEntries(
                [route.media?.answer ?? 'application/json'].flat().map((media) => [media, answered]),
              ),
            }),
      },
      default: { $ref: '#/components/responses/Refusal' },
    },
  }
}

const accessOf = ({ access, sessionOnly, recentSignIn }: Route): string =>
  [
    access === 'anyone'
      ? 'Open to everybody.'
      : access === 'signed in'
        ? 'For everybody who is signed in.'
        : `Needs the permission \`${access}\`: ${permissions[access]}.`,
    ...(recentSignIn === true
      ? ['Only in a session that proved its person within the last 15 minutes; never by an API key.']
      : sessionOnly === true
        ? ['Only in a session, never by an API key.']
        : []),
  ].join(' ')

const parametersIn = (
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  describe: (schema: z.ZodType, direction: Direction) => JsonSchema,
): object[] => {
  if (schema === undefined || !(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).map(([name, field]) => {
    // What a query may leave out has a default; what it may say is described by what comes out of the parsing.
    const required = place === 'path' || !field.safeParse(undefined).success
    return { name, in: place, required, schema: describe(field, 'output') }
  })
}

const headersOf = (route: Route): object[] => [
  ...(route.idempotent === true
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'The same key with the same request gets the same answer, and the thing is made once.',
          schema: { type: 'string', minLength: 1, maxLength: 200 },
        },
      ]
    : []),
  ...(route.versioned === true
    ? [
        {
          name: 'If-Match',
          in: 'header',
          required: true,
          description: 'The version that was seen, as `ETag` gave it.',
          schema: { type: 'string', examples: ['"3"'] },
        },
      ]
    : []),
]
