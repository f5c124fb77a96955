import type { ImportMapping, ImportTarget } from '@evenkeel/contract/import-mapping'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import {
  findPeopleNamed,
  findTeamsNamed,
  makePeople,
  makeTeams,
  turnPeople,
  turnTeams,
  type Named,
  type ToMake,
} from '../people/index.ts'
import { findServicesNamed, makeServices, turnServices } from '../configuration/index.ts'
import type { Thing } from './import.repo.ts'

/** Whom or what a word of the file stands for: somebody here, somebody to be made, nobody, or a reason to refuse the row. */
export type Fate =
  | { readonly fate: 'found' | 'made'; readonly id: string }
  | { readonly fate: 'create' | 'leave' | 'refuse'; readonly id: null }

export type Word = { readonly kind: Thing; readonly value: string }

export const keyOf = ({ kind, value }: Word): string => `${kind}\n${value}`

/** The kind of thing a field names; null for fields that name none. */
export const thingOf = (target: ImportTarget | undefined): Thing | null =>
  target?.type === 'person' || target?.type === 'team' || target?.type === 'service' ? target.type : null

const things = ['person', 'team', 'service'] as const

const mostHeld = 20_000

/** Forgets all at once when it is full: what is needed again is looked up again. */
const held = (): Map<string, Fate> & { put(key: string, fate: Fate): void } =>
  Object.assign(new Map<string, Fate>(), {
    put(this: Map<string, Fate>, key: string, fate: Fate): void {
      if (this.size >= mostHeld) this.clear()
      this.set(key, fate)
    },
  })

export type Book = {
  /** Finds out what words mean, with the rows that say them, and keeps it with the batch. */
  readonly look: (tx: Tx, words: ReadonlyMap<string, Word & { rows: number }>) => Promise<Map<string, Fate>>
}

const nameForm = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]{1,120}$/u
const addressForm = /^[^\s@<>"\p{Cc}]{1,64}@[^\s@<>"\p{Cc}]{1,188}$/u

/** Whether somebody or something may be called that. */
const canBeMade = ({ kind, value }: Word, by: 'address' | 'name'): boolean =>
  kind === 'person' && by === 'address' ? addressForm.test(value) : nameForm.test(value)

type MissingReference = ImportMapping['people']['missing']

const missingOf = (mapping: ImportMapping, kind: Thing): MissingReference =>
  ({ person: mapping.people, team: mapping.teams, service: mapping.services })[kind].missing

const find = (
  q: Reader,
  mapping: ImportMapping,
  kind: Thing,
  values: readonly string[],
): Promise<Named[]> => {
  switch (kind) {
    case 'person':
      return findPeopleNamed(q, mapping.people.by, values)
    case 'team':
      return findTeamsNamed(q, values)
    case 'service':
      return findServicesNamed(q, values)
  }
}

/** Of these, those an import made that was taken back since. */
const takenBack = async (q: Reader, ids: readonly string[]): Promise<Set<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await q.rows<{ id: string }>({
    text: `select distinct r.id from import_reference r join import_batch b on b.tenant_id = r.tenant_id and b.id = r.batch_id
           where r.tenant_id = $1 and r.id = any($2) and r.fate = 'retired' and b.state = 'voided'`,
    values: [q.tenantId, ids],
  })
  return new Set(rows.map(({ id }) => id))
}

export const referenceBook = (batchId: string, mapping: ImportMapping): Book => {
  const known = held()

  const decide = async (q: Reader, kind: Thing, values: readonly string[]): Promise<void> => {
    const named = new Map((await find(q, mapping, kind, values)).map((row) => [row.value, row]))
    const inactive = [...named.values()].flatMap(({ id, isActive }) => (isActive ? [] : [id]))
    const gone = await takenBack(q, inactive)
    const missing = missingOf(mapping, kind)
    for (const value of values) {
      const found = named.get(value)
      const isHere = found !== undefined && !found.several && (found.isActive || !gone.has(found.id))
      const makeable = found?.several !== true && canBeMade({ kind, value }, mapping.people.by)
      known.put(keyOf({ kind, value }), isHere ? { fate: 'found', id: found.id } : fateOf(missing, makeable))
    }
  }

  const look: Book['look'] = async (tx, words) => {
    const fates = new Map<string, Fate>()
    for (const kind of things) {
      const values = [...words].flatMap(([key, word]) =>
        word.kind === kind && !known.has(key) ? [word.value] : [],
      )
      if (values.length > 0) await decide(tx, kind, values)
    }
    for (const key of words.keys()) fates.set(key, known.get(key) ?? { fate: 'refuse', id: null })
    const all = [...words]
    if (all.length > 0)
      tx.send({
        name: 'import_reference_seen',
        text: `insert into import_reference as r (tenant_id, batch_id, kind, value, fate, id, rows)
               select $1, $2, v.* from unnest($3::text[], $4::text[], $5::text[], $6::uuid[], $7::bigint[]) v
               on conflict (tenant_id, batch_id, kind, value) do update set rows = r.rows + excluded.rows`,
        values: [
          tx.tenantId,
          batchId,
          all.map(([, word]) => word.kind),
          all.map(([, word]) => word.value),
          all.map(([key]) => fates.get(key)?.fate ?? 'refuse'),
          all.map(([key]) => fates.get(key)?.id ?? null),
          all.map(([, word]) => word.rows),
        ],
      })
    return fates
  }
  return { look }
}

const fateOf = (missing: MissingReference, makeable: boolean): Fate => {
  switch (missing.do) {
    case 'use':
      return { fate: 'found', id: missing.id }
    case 'create':
      return { fate: makeable ? 'create' : 'refuse', id: null }
    default:
      return { fate: missing.do, id: null }
  }
}

/** What the words of a batch turned out to mean, read back as they are needed. */
export const keptBook = (batchId: string) => {
  const known = held()
  return {
    /** Meanings of all these words. */
    read: async (q: Reader, words: ReadonlyMap<string, Word>): Promise<ReadonlyMap<string, Fate>> => {
      const fates = new Map<string, Fate>()
      const unknown: Word[] = []
      for (const [key, word] of words) {
        const fate = known.get(key)
        if (fate === undefined) unknown.push(word)
        else fates.set(key, fate)
      }
      if (unknown.length > 0) {
        const rows = await q.rows<Word & Fate>({
          name: 'import_reference_read',
          text: `select kind, value, fate, id from import_reference
                 where tenant_id = $1 and batch_id = $2 and kind = any($3) and value = any($4)`,
          values: [
            q.tenantId,
            batchId,
            [...new Set(unknown.map(({ kind }) => kind))],
            unknown.map(({ value }) => value),
          ],
        })
        for (const row of rows) {
          known.put(keyOf(row), row)
          fates.set(keyOf(row), row)
        }
      }
      return fates
    },
  }
}

const mostMade = 500

/**
 * Makes the next some hundred people, teams and services that a batch needs, in the transaction of the caller. Somebody may have made
 * them meanwhile: those are found. @returns false once all are here
 */
export const makeMissing = async (
  tx: Tx,
  batchId: string,
  mapping: ImportMapping,
  supportTeamId: string,
): Promise<boolean> => {
  const wanted = await tx.rows<Word>({
    text: `select kind, value from import_reference where tenant_id = $1 and batch_id = $2 and fate = 'create'
           order by kind, value limit ${mostMade}`,
    values: [tx.tenantId, batchId],
  })
  for (const kind of things) {
    const values = wanted.flatMap((word) => (word.kind === kind ? [word.value] : []))
    if (values.length === 0) continue
    const named = new Map((await find(tx, mapping, kind, values)).map((row) => [row.value, row]))
    const back = [...named.values()].filter(({ isActive }) => !isActive)
    await turnOn(
      tx,
      kind,
      back.map(({ id }) => id),
      batchId,
    )
    // Words that differ in their capitals alone are one person, team or service.
    const fresh = new Map<string, ToMake>()
    const idOf = (value: string): string => {
      const id = named.get(value)?.id ?? fresh.get(value.toLowerCase())?.id
      if (id !== undefined) return id
      const made = { value, id: uuidv7() }
      fresh.set(value.toLowerCase(), made)
      return made.id
    }
    const ids = values.map(idOf)
    await make(tx, kind, [...fresh.values()], mapping, supportTeamId, batchId)
    const there = new Set([...named.values()].flatMap(({ id, isActive }) => (isActive ? [id] : [])))
    tx.send({
      text: `update import_reference r set fate = v.fate, id = v.id from unnest($4::text[], $5::uuid[], $6::text[]) v (value, id, fate)
             where r.tenant_id = $1 and r.batch_id = $2 and r.kind = $3 and r.value = v.value`,
      values: [tx.tenantId, batchId, kind, values, ids, ids.map((id) => (there.has(id) ? 'found' : 'made'))],
    })
  }
  return wanted.length === mostMade
}

const turnOn = (tx: Tx, kind: Thing, ids: readonly string[], importId: string): Promise<void> => {
  if (ids.length === 0) return Promise.resolve()
  const turn = { person: turnPeople, team: turnTeams, service: turnServices }[kind]
  return turn(tx, ids, true, importId)
}

const make = (
  tx: Tx,
  kind: Thing,
  fresh: readonly ToMake[],
  mapping: ImportMapping,
  supportTeamId: string,
  importId: string,
): void | Promise<void> => {
  switch (kind) {
    case 'person':
      return makePeople(tx, mapping.people.by, fresh, importId)
    case 'team':
      return makeTeams(tx, fresh, importId)
    case 'service':
      return makeServices(tx, fresh, supportTeamId, importId)
  }
}
