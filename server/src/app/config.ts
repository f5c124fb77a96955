import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'

const flag = z
  .enum(['true', 'false'], { error: () => 'is true or false' })
  .transform((value) => value === 'true')
const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `is a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `is a whole number from ${from} to ${to}`)
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: () => `is one of ${values.join(', ')}` })
const url = (...protocols: string[]) =>
  z.string().refine(
    // PostgreSQL's own form for a socket (postgres://role@/database?host=/run) is no URL to the WHATWG, hence the replacement.
    (text) =>
      protocols.some((name) => text.startsWith(`${name}://`)) &&
      URL.canParse(text.replace('@/', '@localhost/')),
    `is an address that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`,
  )

/** Every setting is an environment variable; `.env.example` explains them in the same order. */
const Environment = z.object({
  /** demo: a hospital and a bank to try things on. production: starts empty and refuses a database seeded as a demo. */
  EVENKEEL_MODE: oneOf('demo', 'production').default('demo'),
  EVENKEEL_HOST: z.string().default('127.0.0.1'),
  EVENKEEL_PORT: whole(0, 65_535).default(4600),
  /** The address people use, for links in mail: never taken from a request. */
  EVENKEEL_PUBLIC_URL: url('http', 'https').optional(),
  /** Where the embedded database, attachments and the signing key are. */
  EVENKEEL_DATA: z.string().optional(),
  /** An existing PostgreSQL 15 or newer instead of the embedded one: the role the server works as. */
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  /** The role that owns the tables and runs migrations; needed with DATABASE_URL. */
  DATABASE_MIGRATION_URL: url('postgres', 'postgresql').optional(),
  EVENKEEL_DATABASE_CONNECTIONS: whole(2, 200).default(16),
  /** What this process does. */
  EVENKEEL_ROLE: oneOf('all', 'api', 'worker').default('all'),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: z.string().min(3).default('Evenkeel <evenkeel@localhost.localdomain>'),
  EVENKEEL_TRUST_PROXY: flag.default(false),
  EVENKEEL_ATTACHMENT_LIMIT_MB: whole(1, 10_240).default(50),
  /** Of a file that is imported. */
  EVENKEEL_IMPORT_LIMIT_MB: whole(1, 1_048_576).default(8192),
  /** Per session or API key; per address for everybody else. */
  EVENKEEL_RATE_LIMIT_PER_MINUTE: whole(10, 1_000_000).default(1200),
  /** PEM file of the Ed25519 key that signs the journal's heads; made on first start in the data directory. */
  EVENKEEL_SIGNING_KEY_FILE: z.string().optional(),
  /** 32 bytes in base64 that encrypt one-time-code seeds; made on first start in the data directory. */
  EVENKEEL_ACCOUNT_KEY_FILE: z.string().optional(),
  /** warn in demo mode, so that a terminal stays readable; info in production. */
  EVENKEEL_LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').optional(),
  /** Bearer token of whoever reads /metrics from another machine; without one it answers to this machine only. */
  EVENKEEL_METRICS_TOKEN: z.string().min(16, 'has at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https').optional(),
})

export type Config = {
  readonly mode: 'demo' | 'production'
  readonly host: string
  readonly port: number
  readonly publicUrl: string | undefined
  readonly dataDirectory: string
  readonly database: { readonly appUrl: string; readonly ownerUrl: string } | undefined
  readonly databaseConnections: number
  readonly role: 'all' | 'api' | 'worker'
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly trustProxy: boolean
  readonly attachmentLimitBytes: number
  readonly importLimitBytes: number
  readonly rateLimitPerMinute: number
  readonly signingKeyFile: string
  readonly accountKeyFile: string
  readonly logLevel: string
  readonly metricsToken: string | undefined
  readonly telemetryUrl: string | undefined
}

/** What is wrong with the settings or with what they lead to: a sentence per setting, each naming it. Nothing was changed. */
export class ConfigurationFault extends Error {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'ConfigurationFault'
    this.lines = lines
  }
}

/** In the order in which `.env.example` explains them. */
export const settingNames: readonly string[] = Object.keys(Environment.shape)
const known = new Set(settingNames)
const clone = resolve(import.meta.dirname, '../../..')

/** @throws ConfigurationFault naming each setting that is wrong, and settings of ours that do not exist. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  // An empty value is one that was not given: that is how compose files leave a setting out.
  const given = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => known.has(name) && value !== undefined && value !== '',
    ),
  )
  const result = Environment.safeParse(given)
  const faults = [
    ...strangersIn(environment),
    // Values are not repeated: some of them are secrets.
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}.`),
  ]
  if (!result.success || faults.length > 0) throw new ConfigurationFault(faults)
  const values = result.data
  if ((values.DATABASE_URL === undefined) !== (values.DATABASE_MIGRATION_URL === undefined))
    faults.push(
      'DATABASE_URL and DATABASE_MIGRATION_URL go together: the role that works, and the role that owns the tables.',
    )
  if (values.EVENKEEL_MODE === 'production' && values.EVENKEEL_PUBLIC_URL === undefined)
    faults.push('EVENKEEL_PUBLIC_URL is needed in production: the address people use, for links in mail.')
  if (faults.length > 0) throw new ConfigurationFault(faults)
  const dataDirectory =
    values.EVENKEEL_DATA === undefined
      ? resolve(clone, '.evenkeel')
      : resolve(values.EVENKEEL_DATA.replace(/^~(?=\/|$)/, homedir()))
  return {
    mode: values.EVENKEEL_MODE,
    host: values.EVENKEEL_HOST,
    port: values.EVENKEEL_PORT,
    publicUrl: values.EVENKEEL_PUBLIC_URL?.replace(/\/$/, ''),
    dataDirectory,
    database:
      values.DATABASE_URL === undefined || values.DATABASE_MIGRATION_URL === undefined
        ? undefined
        : { appUrl: values.DATABASE_URL, ownerUrl: values.DATABASE_MIGRATION_URL },
    databaseConnections: values.EVENKEEL_DATABASE_CONNECTIONS,
    role: values.EVENKEEL_ROLE,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    trustProxy: values.EVENKEEL_TRUST_PROXY,
    attachmentLimitBytes: values.EVENKEEL_ATTACHMENT_LIMIT_MB * 1_048_576,
    importLimitBytes: values.EVENKEEL_IMPORT_LIMIT_MB * 1_048_576,
    rateLimitPerMinute: values.EVENKEEL_RATE_LIMIT_PER_MINUTE,
    signingKeyFile: resolve(values.EVENKEEL_SIGNING_KEY_FILE ?? resolve(dataDirectory, 'signing-key.pem')),
    accountKeyFile: resolve(values.EVENKEEL_ACCOUNT_KEY_FILE ?? resolve(dataDirectory, 'account-key')),
    logLevel: values.EVENKEEL_LOG_LEVEL ?? (values.EVENKEEL_MODE === 'demo' ? 'warn' : 'info'),
    metricsToken: values.EVENKEEL_METRICS_TOKEN,
    telemetryUrl: values.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}

// Names that tests and the benchmark use; everything else of ours that is not a setting is a slip of the pen.
const notSettings = /^EVENKEEL_(?:TEST_|BENCH_|PROPERTY_RUNS$|SERVER$|API_KEY$)/

const strangersIn = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith('EVENKEEL_') && !known.has(name) && !notSettings.test(name))
    .map((name) => `${name} is not a setting.`)
