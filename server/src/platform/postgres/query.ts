import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type QueryExecutorProvider,
} from 'kysely'
import type { DB } from './schema.generated.ts'

/**
 * The typed query builder. It only builds: statements are run by a Reader or a Tx, which decide on which connection, for which tenant
 * and in which flush.
 */
export const from = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** Anything Kysely can compile: a builder, or a `sql` template. */
export type Buildable<Row> = { compile(provider: QueryExecutorProvider): CompiledQuery<Row> }

/** SQL written out, with the values apart. `name` makes it a prepared statement: for texts that never vary. */
export type Written<Row> = {
  readonly text: string
  readonly values: readonly unknown[]
  readonly name?: string
  /** Never set; carries the type of a row. */
  readonly row?: Row
}

export type Query<Row> = Buildable<Row> | Written<Row>

export const written = <Row>(query: Query<Row>): Written<Row> => {
  if ('text' in query) return query
  const compiled = query.compile(from)
  return { text: compiled.sql, values: compiled.parameters }
}
