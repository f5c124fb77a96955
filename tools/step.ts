import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** One command of the check, from the project's root; tools of the project are found by their bare name. */
export interface Step {
  readonly name: string
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

interface Outcome {
  readonly exitCode: number
  readonly output: string
}

/** Runs a step with its output on the terminal as it comes; returns the exit code. */
export async function watch(step: Step): Promise<number> {
  heading(step.name)
  return (await execute(step, 'inherit')).exitCode
}

/**
 * Runs steps that do not depend on each other, two at a time, and prints each one's output whole, in the order given.
 * Returns the exit code of the first that failed, and starts no further one.
 */
export async function together(steps: readonly Step[]): Promise<number> {
  const waiting = [...steps]
  const outcomes = new Map<Step, Outcome>()
  const failure = () => [...outcomes.values()].find(({ exitCode }) => exitCode !== 0)?.exitCode
  const worker = async (): Promise<void> => {
    const step = waiting.shift()
    if (step === undefined || failure() !== undefined) return
    outcomes.set(step, await execute(step, 'pipe'))
    await worker()
  }
  await Promise.all([worker(), worker()])
  for (const step of steps) {
    const outcome = outcomes.get(step)
    if (outcome === undefined) continue
    heading(outcome.exitCode === 0 ? step.name : `${step.name}: FAILED`)
    process.stdout.write(outcome.output)
  }
  return failure() ?? 0
}

export function heading(name: string): void {
  console.log(`\n== ${name} ==`)
}

function execute({ command, environment }: Step, stdio: 'inherit' | 'pipe'): Promise<Outcome> {
  const [program = '', ...args] = command
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', stdio, stdio],
    env: {
      ...process.env,
      ...environment,
      PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
    },
  })
  const output: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
  child.once('error', (error) => resolve({ exitCode: 127, output: `${error.message}\n` }))
  child.once('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(output).toString() }))
  return promise
}
