import { incidentProcess, incidentTasks } from '../server/src/practices/incident/incident.process.ts'
import { priorityPolicy } from '../server/src/practices/incident/incident.priority.ts'

/** One thing changed in one table. `value` replaces what is at `path`; null at a guard's rule means "always true". */
export type Mutant = {
  readonly name: string
  readonly table: 'process' | 'tasks' | 'matrix'
  readonly path: readonly string[]
  readonly value: string | number | boolean | null | readonly string[]
}

const tables = {
  process: incidentProcess,
  tasks: incidentTasks,
  matrix: priorityPolicy.initial.matrix,
} as const

/** Every single fault of the incident's tables that a test has to notice. */
export const mutants = (): Mutant[] => [
  ...guardMutants(),
  ...moveMutants(),
  ...taskMutants(),
  ...matrixMutants(),
]

const states = Object.keys(incidentProcess.states)

const guardMutants = (): Mutant[] =>
  Object.keys(incidentProcess.guards).map((guard) => ({
    name: `guard ${guard} always lets pass`,
    table: 'process',
    path: ['guards', guard],
    value: null,
  }))

const moveMutants = (): Mutant[] =>
  Object.entries(incidentProcess.moves).flatMap(([action, move]): Mutant[] => {
    const from: readonly string[] = move.from
    const needs: readonly string[] = move.needs ?? []
    const at = (...path: string[]) => ({ table: 'process', path: ['moves', action, ...path] }) as const
    return [
      ...from.map((state) => ({
        name: `${action} not from ${state}`,
        ...at('from'),
        value: from.filter((one) => one !== state),
      })),
      ...states
        .filter((state) => !from.includes(state))
        .map((state) => ({ name: `${action} also from ${state}`, ...at('from'), value: [...from, state] })),
      ...needs.map((guard) => ({
        name: `${action} without ${guard}`,
        ...at('needs'),
        value: needs.filter((one) => one !== guard),
      })),
      ...states
        .filter((state) => state !== move.to)
        .map((state) => ({ name: `${action} to ${state}`, ...at('to'), value: state })),
      { name: `${action} by anybody who reads`, ...at('by'), value: 'incident.read' },
      { name: `${action} announced as a comment`, ...at('emits'), value: 'incident.commented' },
    ]
  })

const taskMutants = (): Mutant[] =>
  Object.entries(incidentTasks).flatMap(([task, { in: fits }]): Mutant[] => {
    const inStates: readonly string[] = fits
    const at = (key: string) => ({ table: 'tasks', path: [task, key] }) as const
    return [
      ...inStates.map((state) => ({
        name: `${task} not in ${state}`,
        ...at('in'),
        value: inStates.filter((one) => one !== state),
      })),
      ...states
        .filter((state) => !inStates.includes(state))
        .map((state) => ({ name: `${task} also in ${state}`, ...at('in'), value: [...inStates, state] })),
      { name: `${task} by anybody who reads`, ...at('by'), value: 'incident.read' },
    ]
  })

const matrixMutants = (): Mutant[] =>
  Object.entries(priorityPolicy.initial.matrix).flatMap(([impact, row]) =>
    Object.entries(row).map(([urgency, priority]): Mutant => ({
      name: `impact ${impact} and urgency ${urgency} give ${(priority % 5) + 1} instead of ${priority}`,
      table: 'matrix',
      path: [impact, urgency],
      value: (priority % 5) + 1,
    })),
  )

/** Changes the table in memory, in this process only. Returns what was there before. */
export const apply = ({ table, path, value }: Mutant): unknown => {
  const key = path.at(-1)
  let place: unknown = tables[table]
  for (const step of path.slice(0, -1)) place = Reflect.get(asObject(place), step)
  if (key === undefined) throw new Error('a mutant names a place')
  const before: unknown = Reflect.get(asObject(place), key)
  if (before === undefined) throw new Error(`there is no ${path.join('.')} in the ${table}`)
  Reflect.set(asObject(place), key, path[0] === 'guards' ? () => true : value)
  return before
}

/** Puts back what `apply` returned. */
export const restore = ({ table, path }: Mutant, before: unknown): void => {
  let place: unknown = tables[table]
  for (const step of path.slice(0, -1)) place = Reflect.get(asObject(place), step)
  Reflect.set(asObject(place), path.at(-1) ?? '', before)
}

const asObject = (value: unknown): object => {
  if (typeof value !== 'object' || value === null) throw new Error('a table is made of objects')
  return value
}
