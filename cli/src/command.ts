import type { ParseArgsOptionsConfig } from 'node:util'

/** What a command got from the command line: `--name value`, `--flag`, and words without dashes. */
export type Given = {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly words: readonly string[]
}

export type Command = {
  /** As typed after `evenkeel`: `journal verify`. */
  readonly name: string
  readonly summary: string
  /** What follows the name: `[--file FILE]`. */
  readonly usage: string
  /** Explains each option and what the exit codes mean, for `--help`. */
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  /** How many words without dashes it takes. */
  readonly words?: { readonly least: number; readonly most: number }
  /** Returns the exit code: 0 done, 1 the answer is no. */
  readonly run: (given: Given) => Promise<number>
}

/** The command was typed in a way that cannot be meant. Exit code 2. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault'
}

/** A text option; undefined when it was not given. */
export const textOf = ({ values }: Given, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** @throws UsageFault when it was not given */
export const neededText = (given: Given, name: string): string => {
  const value = textOf(given, name)
  if (value === undefined || value === '') throw new UsageFault(`--${name} is needed`)
  return value
}

/** Every value of an option that may be repeated. */
export const textsOf = ({ values }: Given, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export const isSet = ({ values }: Given, name: string): boolean => values[name] === true
