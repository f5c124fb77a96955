import { isSet, type Given } from './command.ts'

/** For people, a line each. */
export const say = (...lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Beside the result: progress and warnings, so that the result can be piped on. */
export const mention = (...lines: readonly string[]): void => {
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** The result of a command: one JSON object with `--json`, else the lines. */
export const answer = (given: Given, result: object, ...lines: readonly string[]): void => {
  if (isSet(given, 'json')) say(JSON.stringify(result))
  else say(...lines)
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
