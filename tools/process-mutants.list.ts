import { itemProcess } from '../server/src/practices/configuration/item.process.ts'
import { incidentProcess, incidentTasks } from '../server/src/practices/incident/incident.process.ts'
import { priorityPolicy } from '../server/src/practices/incident/incident.priority.ts'

/** One thing changed in one table. `value` replaces what is at `path`; null at a guard's rule means "always true". */
export type Mutant = {
  readonly name: string
  readonly table: keyof typeof tables
  readonly path: readonly string[]
  readonly value: string | number | boolean | null | readonly string[]
}

const tables = {
  incident: incidentProcess,
  item: itemProcess,
  tasks: incidentTasks,
  matrix: priorityPolicy.initial.matrix,
} as const

/** Every single fault of the tables that a test has to notice. */
export const mutants = (): Mutant[] => [
  ...processMutants('incident', incidentProcess, 'incident.commented'),
  ...processMutants('item', itemProcess, 'item.edited'),
  ...taskMutants(),
  ...matrixMutants(),
]

type Table = {
  readonly states: Readonly<Record<string, unknown>>
  readonly moves: Readonly<Record<string, TableMove>>
  readonly guards: Readonly<Record<string, unknown>>
}
type TableMove = { readonly from: readonly string[]; readonly to: string; readonly needs?: readonly string[] }

/** @param otherEvent a type of entry that no move writes */
const processMutants = (table: 'incident' | 'item', { states, moves, guards }: Table, otherEvent: string) => [
  ...Object.keys(guards).map((guard): Mutant => ({
    name: `${table}: guard ${guard} always lets pass`,
    table,
    path: ['guards', guard],
    value: null,
  })),
  ...Object.entries(moves).flatMap(([action, { from, to, needs = [] }]): Mutant[] => {
    const at = (key: string) => ({ table, path: ['moves', action, key] }) as const
    const name = `${table}: ${action}`
    const beyond = (...known: readonly string[]) =>
      Object.keys(states).filter((state) => !known.includes(state))
    return [
      ...from.map((state) => ({
        name: `${name} not from ${state}`,
        ...at('from'),
        value: from.filter((one) => one !== state),
      })),
      ...beyond(...from).map((state) => ({
        name: `${name} also from ${state}`,
        ...at('from'),
        value: [...from, state],
      })),
      ...needs.map((guard) => ({
        name: `${name} without ${guard}`,
        ...at('needs'),
        value: needs.filter((one) => one !== guard),
      })),
      ...beyond(to).map((state) => ({ name: `${name} to ${state}`, ...at('to'), value: state })),
      { name: `${name} by anybody who reads`, ...at('by'), value: `${table}.read` },
      { name: `${name} announced as something else`, ...at('emits'), value: otherEvent },
    ]
  }),
]

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
      ...Object.keys(incidentProcess.states)
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
