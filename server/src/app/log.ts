import { pino, type DestinationStream, type Logger } from 'pino'
import { sqlState } from '../platform/postgres/database.ts'

/**
 * The log: JSON lines about what the machine does, never about whom. Nothing that somebody sent gets into it: no headers, no addresses
 * with their queries, no bodies, no values that an error message repeats. Who did what is the journal's to tell; a line and an entry
 * find each other by the request's id.
 */
export const createLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // The framework's own lines carry whole requests and answers under these names.
      serializers: { err: describeError, error: describeError, req: () => undefined, res: () => undefined },
    },
    destination,
  )

export type ErrorDescription = {
  readonly name: string
  readonly message: string
  readonly code?: string
  /** What a database error is about: names from the schema, never values. */
  readonly about?: Readonly<Record<string, string>>
  readonly stack?: readonly string[]
  readonly cause?: ErrorDescription
}

const schemaNames = ['table', 'constraint', 'column', 'dataType', 'routine'] as const

/** An error without the values it speaks about. PostgreSQL's detail, hint and context, and a parser's raw bytes, are left out entirely. */
export const describeError = (error: unknown): ErrorDescription => {
  if (!(error instanceof Error))
    return { name: typeof error, message: typeof error === 'string' ? withoutQuotes(error) : '' }
  const code = sqlState(error)
  const about = Object.fromEntries(
    schemaNames.flatMap((name) => {
      const value: unknown = Reflect.get(error, name)
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
  const stack = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return {
    name: error.name,
    message: withoutQuotes(error.message),
    ...(code === '' ? {} : { code }),
    ...(Object.keys(about).length > 0 ? { about } : {}),
    ...(stack.length > 0 ? { stack: stack.slice(0, 12).map((line) => line.trim()) } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/** Values stand in quotes or brackets in the messages of the database, the runtime and the parsers: from the first to the last is cut. */
const withoutQuotes = (message: string): string => message.replace(/["'`[({].*["'`\])}]/s, '…').slice(0, 300)
