import { parseArgs } from 'node:util'
import { ConfigurationFault } from '@evenkeel/server/app/config'
import { UsageFault, type Command } from './command.ts'
import { backup, migrate, restore, seed } from './database.ts'
import { journalConformance, journalExport, journalHead, journalVerify } from './journal.ts'
import { importCommand } from './import.ts'
import { organizationExport, organizationImport } from './organization.ts'
import { keyCreate, tenantAdd, userAdd, userPassword } from './people.ts'
import { mention, say } from './print.ts'
import { start } from './start.ts'

const commands: readonly Command[] = [
  start,
  migrate,
  seed,
  backup,
  restore,
  organizationExport,
  organizationImport,
  journalVerify,
  journalConformance,
  journalExport,
  journalHead,
  tenantAdd,
  userAdd,
  userPassword,
  keyCreate,
  importCommand,
]

const overview = (): string[] => {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  return [
    'Usage: evenkeel COMMAND [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'evenkeel COMMAND --help says more. Settings are environment variables, see .env.example; a file .env in the working directory is read.',
    'Exit codes: 0 done, 1 not done or the answer is no, 2 wrong use or settings.',
  ]
}

const helpOf = ({ name, usage, summary, help }: Command): string[] => [
  `Usage: evenkeel ${name}${usage === '' ? '' : ` ${usage}`}`,
  '',
  `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
  ...(help === '' ? [] : ['', help]),
]

/** A command has one or two words; the longest that fits is meant. */
const find = (args: readonly string[]): Command | undefined =>
  commands.find(({ name }) => name === args.slice(0, 2).join(' ')) ??
  commands.find(({ name }) => name === args[0])

const run = async (args: readonly string[]): Promise<number> => {
  const command = find(args)
  if (command === undefined) {
    if (args.length === 0 || ['help', '--help', '-h'].includes(args[0] ?? '')) {
      say(...overview())
      return args.length === 0 ? 2 : 0
    }
    throw new UsageFault(`there is no command ${args.slice(0, 2).join(' ')}; evenkeel --help lists them`)
  }
  const rest = args.slice(command.name.split(' ').length)
  const { values, positionals } = parse(command, rest)
  if (values['help'] === true) {
    say(...helpOf(command))
    return 0
  }
  const { least, most } = command.words ?? { least: 0, most: 0 }
  if (positionals.length < least || positionals.length > most)
    throw new UsageFault(`it is used as: evenkeel ${command.name} ${command.usage}`)
  return command.run({ values, words: positionals })
}

const parse = (command: Command, args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
      allowPositionals: true,
    })
  } catch (error) {
    // parseArgs says in a sentence what it did not understand.
    throw new UsageFault(error instanceof Error ? error.message : String(error))
  }
}

const readEnvironmentFile = (): void => {
  try {
    process.loadEnvFile()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

/** Runs the command that the arguments name; returns the exit code. */
export const evenkeel = async (args: readonly string[]): Promise<number> => {
  try {
    readEnvironmentFile()
    return await run(args)
  } catch (error) {
    const ours = error instanceof ConfigurationFault || error instanceof UsageFault
    mention(error instanceof Error ? error.message : String(error))
    if (!ours && process.env['EVENKEEL_LOG_LEVEL'] === 'debug' && error instanceof Error)
      mention(error.stack ?? '')
    return ours ? 2 : 1
  }
}
