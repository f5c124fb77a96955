import { readConfig, type Config } from '@evenkeel/server/app/config'

export const settings = (): Config => readConfig(process.env)

/** Everything that comes in, without the newline at its end. */
export const standardInput = async (): Promise<string> => {
  let text = ''
  for await (const chunk of process.stdin) text += String(chunk)
  return text.replace(/\r?\n$/, '')
}
