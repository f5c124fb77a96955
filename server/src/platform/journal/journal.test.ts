import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { originOf } from '../../kernel/evidence/checkpoint.ts'
import { writeExport } from '../../kernel/evidence/export-format.ts'
import { newSigningKey, signingKey, verifierKey } from '../../kernel/evidence/note.ts'
import { verifyExport } from '../../kernel/evidence/verify-export.ts'
import { verifyJournal } from '../../kernel/evidence/verify.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../postgres/database.ts'
import type { StoredEntry } from './position.ts'
import { runReactions, type Reactions } from './runner.ts'
import type { Reaction } from './reactions.ts'
import { sealerWith } from './sealer.ts'
import { storedJournal } from './stored-journal.ts'
import { write, type Author, type NewEntry } from './write.ts'

type Tenant = Awaited<ReturnType<World['tenant']>>

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const note = (author: Author, text: string, held?: Promise<void>): Promise<string> =>
  write(world.database, author, async (tx) => {
    // The transaction has its id from here on; what is held back commits later than what begins later.
    await tx.rows({ text: 'select pg_current_xact_id()', values: [] })
    await held
    return tx.journal({
      type: 'test.noted',
      subject: { kind: 'test', id: uuidv7() },
      data: { text },
      personal: ['/text'],
    })
  })

const reader = (tenantId: string): { reaction: Reaction; seen: string[] } => {
  const seen: string[] = []
  const reaction: Reaction = {
    name: `test_${uuidv7()}`,
    to: ['test.'],
    react: async (tx, entries) => {
      if (tx.tenantId === tenantId) seen.push(...entries.map((entry) => entry.id))
    },
  }
  return { reaction, seen }
}

/** Transactions of other databases on the server hold the horizon back for a moment too. */
const drained = async (reactions: Reactions, done: () => boolean): Promise<void> => {
  for (let round = 0; round < 500 && !done(); round += 1) {
    await reactions.drain()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const settings = () => ({ database: world.database, now: world.clock.now, pause: 60_000 })

describe('reading the journal', () => {
  test('an entry that commits late is not lost to a reader that has already seen later ones', async () => {
    const tenant = await world.tenant('late')
    const { reaction, seen } = reader(tenant.id)
    const reactions = runReactions([reaction], settings())
    let letGo: () => void = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const slow = note(tenant.author(), 'begun first, committed last', held)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const quick = await note(tenant.author(), 'begun last, committed first')
    await reactions.drain()
    expect(seen).not.toContain(quick)
    letGo()
    const late = await slow
    await drained(reactions, () => seen.length === 2)
    expect(seen).toEqual([late, quick])
    await reactions.stop()
  })

  test('a reader by "id greater than the last one" would have lost it: the control', async () => {
    const tenant = await world.tenant('control')
    let letGo: () => void = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const early = write(world.database, tenant.author(), async (tx) => {
      const id = tx.journal({ type: 'test.noted', subject: { kind: 'test', id: uuidv7() }, data: {} })
      await tx.rows({ text: 'select pg_current_xact_id()', values: [] })
      await held
      return id
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const later = await note(tenant.author(), 'later')
    const naive = (after: string) =>
      read(world.database, tenant.id, (q) =>
        q.rows<{ id: string }>({
          text: `select id from journal where tenant_id = $1 and type = 'test.noted' and id > $2 order by id`,
          values: [tenant.id, after],
        }),
      )
    const first = await naive('00000000-0000-0000-0000-000000000000')
    expect(first.map((row) => row.id)).toEqual([later])
    letGo()
    const lost = await early
    expect((await naive(later)).map((row) => row.id)).not.toContain(lost)
  })

  test('two runners of one reaction handle each entry once', async () => {
    const tenant = await world.tenant('twins')
    const { reaction, seen } = reader(tenant.id)
    const [one, two] = [runReactions([reaction], settings()), runReactions([reaction], settings())]
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, index) => note(tenant.author(), `n${index}`)),
    )
    await Promise.all([drained(one, () => seen.length >= 40), drained(two, () => seen.length >= 40)])
    expect([...seen].sort()).toEqual([...ids].sort())
    await Promise.all([one.stop(), two.stop()])
  })

  test('a reader gets the types it names, to the letter, and none besides', async () => {
    const tenant = await world.tenant('letters')
    const types = ['test_a.noted', 'testxa.noted', 'test_a.noted_more', 'test_a_b.noted'] as const
    const heard: string[] = []
    const listen = (to: readonly string[]): Reaction => ({
      name: `test_${uuidv7()}`,
      to,
      react: async (tx, entries) => {
        if (tx.tenantId === tenant.id) heard.push(...entries.map(({ type }) => `${to[0]}: ${type}`))
      },
    })
    const reactions = runReactions([listen(['test_a.']), listen(['test_a.noted'])], settings())
    await write(world.database, tenant.author(), async (tx) => {
      for (const type of types) tx.journal({ type, subject: { kind: 'test', id: uuidv7() }, data: {} })
    })
    await drained(reactions, () => heard.length >= 3)
    expect(heard.toSorted()).toEqual([
      'test_a.: test_a.noted',
      'test_a.: test_a.noted_more',
      'test_a.noted: test_a.noted',
    ])
    await reactions.stop()
  })

  test('an entry that cannot be handled is set aside after five tries and the ones behind it are handled', async () => {
    const tenant = await world.tenant('poison')
    const { reaction, seen } = reader(tenant.id)
    const poison = { id: '', tries: 0 }
    const picky: Reaction = {
      ...reaction,
      react: async (tx, entries) => {
        if (entries.some((entry: StoredEntry) => entry.id === poison.id)) {
          if (entries.length === 1) poison.tries += 1
          throw new Error('cannot digest')
        }
        await reaction.react(tx, entries)
      },
    }
    const before = await note(tenant.author(), 'before')
    poison.id = await note(tenant.author(), 'poison')
    const after = await note(tenant.author(), 'after')
    const reactions = runReactions([picky], settings())
    await drained(reactions, () => seen.length === 2)
    await reactions.stop()
    expect(seen).toEqual([before, after])
    expect(poison.tries).toBe(5)
    const set = await read(world.database, tenant.id, (q) =>
      q.rows({
        text: 'select reaction, entry_id, failure from reaction_setback where tenant_id = $1',
        values: [tenant.id],
      }),
    )
    expect(set).toEqual([{ reaction: reaction.name, entry_id: poison.id, failure: 'Error: cannot digest' }])
  })

  test('what a reaction writes and where its cursor stands are one: a failure leaves neither', async () => {
    const tenant = await world.tenant('both')
    const { reaction } = reader(tenant.id)
    let failing = true
    let done = false
    const writer: Reaction = {
      ...reaction,
      react: async (tx, entries) => {
        for (const entry of entries)
          tx.journal({
            type: 'echo.heard',
            subject: { kind: 'test', id: entry.id },
            data: {},
            cause: entry.id,
          })
        await tx.rows({ text: 'select 1', values: [] })
        if (failing) throw new Error('killed after the write')
        done ||= tx.tenantId === tenant.id
      },
    }
    const id = await note(tenant.author(), 'once')
    const first = runReactions([writer], { ...settings(), pause: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    failing = false
    await drained(first, () => done)
    await first.stop()
    const echoes = await read(world.database, tenant.id, (q) =>
      q.rows({
        text: `select cause from journal where tenant_id = $1 and type = 'echo.heard'`,
        values: [tenant.id],
      }),
    )
    expect(echoes).toEqual([{ cause: id }])
  })

  test('a new era does not hide what an older one left unread, nor the other way round', async () => {
    const tenant = await world.tenant('restored')
    const { reaction, seen } = reader(tenant.id)
    const old = await note(tenant.author(), 'written in the old cluster, whose transaction ids ran far ahead')
    await world.asAdmin(`update journal set tx = '4000000000' where id = '${old}'`)
    await world.asAdmin(
      `insert into journal_era (era, system_identifier) values (${world.database.era + 1}, 'elsewhere')`,
    )
    const restored = { ...world.database, era: world.database.era + 1 }
    const fresh = await write(restored, tenant.author(), async (tx) =>
      tx.journal({ type: 'test.noted', subject: { kind: 'test', id: uuidv7() }, data: {} }),
    )
    const reactions = runReactions([reaction], settings())
    await drained(reactions, () => seen.length === 2)
    await reactions.stop()
    expect(seen).toEqual([old, fresh])
    await world.asAdmin(`delete from journal where id = '${fresh}'`)
    await world.asAdmin(`delete from journal_era where era = ${restored.era}`)
  })
})

describe('sealing', () => {
  const pair = newSigningKey()
  const backlog = async (tenantId: string): Promise<number> => {
    const items = await read(world.database, tenantId, (q) => Array.fromAsync(storedJournal(q)))
    return items.reduce((sum, item) => sum + (item.kind === 'unsealed' ? item.count : 0), 0)
  }
  const seal = async (tenantId: string): Promise<void> => {
    const reactions = runReactions([sealerWith(signingKey(pair.privateKeyPem))], settings())
    while ((await backlog(tenantId)) > 0) await reactions.drain()
    await reactions.stop()
  }
  const verify = (tenantId: string) =>
    read(world.database, tenantId, (q) =>
      verifyJournal(storedJournal(q), {
        tenant: tenantId,
        keys: [verifierKey(`evenkeel/${tenantId}`, pair.publicKeyPem)],
      }),
    )

  test('every entry gets a dense number and the stored journal verifies', async () => {
    const tenant = await world.tenant('sealed')
    const rita = await tenant.person('Rita', 'requester')
    await rita.api.raiseIncident({ body: { title: 'Sealed ünïcödé 😀' } })
    await seal(tenant.id)
    const verdict = await verify(tenant.id)
    expect(verdict).toMatchObject({ ok: true, unsealed: 0 })
    await rita.api.raiseIncident({ body: { title: 'Second batch' } })
    expect(await verify(tenant.id)).toMatchObject({ ok: true, unsealed: 2 })
    await seal(tenant.id)
    expect(await verify(tenant.id)).toMatchObject({
      ok: true,
      unsealed: 0,
      personal: { erased: 0, withheld: 0 },
    })
  })

  test('A69: the server cannot change, delete or truncate the journal; a superuser can, and the entry is named', async () => {
    const tenant = await world.tenant('tampered')
    const id = await note(tenant.author(), 'what was said')
    await seal(tenant.id)
    for (const attempt of ['update journal set type = $1', 'delete from journal where type = $1']) {
      await expect(
        write(world.database, tenant.author(), (tx) => tx.rows({ text: attempt, values: ['x.y'] })),
      ).rejects.toMatchObject({ code: '42501' })
    }
    await expect(
      write(world.database, tenant.author(), (tx) => tx.rows({ text: 'truncate journal', values: [] })),
    ).rejects.toMatchObject({ code: '42501' })
    await world.asAdmin(`update journal set data = jsonb_set(data, '{extra}', '1') where id = '${id}'`)
    const verdict = await verify(tenant.id)
    expect(verdict).toMatchObject({ ok: false, fault: { kind: 'edited' } })
    expect(JSON.stringify(verdict)).toContain(id)
  })

  test('A69: when the journal cannot be written, the command fails and changes nothing', async () => {
    const tenant = await world.tenant('unwritten')
    const rita = await tenant.person('Rita', 'requester')
    await world.asAdmin(
      `alter table journal add constraint no_more check (tenant_id <> '${tenant.id}') not valid`,
    )
    await expect(rita.api.raiseIncident({ body: { title: 'Unheard' } })).rejects.toMatchObject({
      status: 500,
    })
    await world.asAdmin('alter table journal drop constraint no_more')
    expect((await rita.api.listIncidents()).rows).toEqual([])
  })
})

describe('what could not be sealed later is not written', () => {
  const nested = (levels: number): Json => (levels === 0 ? 'x' : { in: nested(levels - 1) })
  const journal = (tenant: Tenant, entry: Partial<NewEntry>, author: Partial<Author> = {}) =>
    write(world.database, { ...tenant.author(), ...author }, async (tx) => {
      tx.send({
        text: `update tenant set name = 'changed' where id = $1`,
        values: [tenant.id],
      })
      return tx.journal({ type: 'test.noted', subject: { kind: 'test', id: uuidv7() }, data: {}, ...entry })
    })
  // What types forbid, and what arrives all the same when somebody's cast was wrong.
  const unsound = (value: unknown): JsonObject => ({ value: value as Json })

  test('the command fails with the place, and changes nothing', async () => {
    const tenant = await world.tenant('unsealable')
    const refused: readonly (readonly [Partial<NewEntry>, string])[] = [
      [{ data: unsound(Number.NaN) }, '/entry/data/value is NaN'],
      [{ data: unsound(undefined) }, 'undefined'],
      [{ data: unsound(new Date()) }, 'instance of a class'],
      [{ data: unsound(10n) }, 'bigint'],
      [{ data: { value: 'half \ud83d of it' } }, 'lone surrogate'],
      [{ data: { value: 'half \ud83d of it' }, personal: ['/value'] }, 'lone surrogate'],
      [{ data: { value: nested(200) } }, 'levels deep'],
      [{ data: { value: nested(127) }, personal: ['/value'] }, 'levels deep'],
      [{ data: { value: 'x'.repeat(5_000_000) } }, 'bytes long'],
      [{ data: { value: 'x'.repeat(5_000_000) }, personal: ['/value'] }, 'bytes long'],
      [{ data: { value: { $erased: true } } }, '$erased'],
      [{ type: 'Noted' }, '/type'],
      [{ subject: { kind: 'test', id: 'not-an-id' } }, '/subject/id'],
      [{ cause: 'not-an-id' }, '/cause'],
    ]
    for (const [entry, words] of refused) await expect(journal(tenant, entry), words).rejects.toThrow(words)
    await expect(journal(tenant, {}, { request: 'x'.repeat(201) })).rejects.toThrow('/request')
    await expect(journal(tenant, {}, { now: '2026-02-30T09:00:00.000Z' })).rejects.toThrow('/at')
    const left = await read(world.database, tenant.id, (q) =>
      Promise.all([
        q.one<{ name: string }>({ text: 'select name from tenant where id = $1', values: [tenant.id] }),
        q.rows({
          text: `select 1 from journal where tenant_id = $1 and type = 'test.noted'`,
          values: [tenant.id],
        }),
      ]),
    )
    expect(left).toEqual([{ name: 'unsealable' }, []])
  })

  test('property: whatever is written is sealed, exported and found sound', async () => {
    const tenant = await world.tenant('sealable')
    const keys = newSigningKey()
    const reactions = runReactions([sealerWith(signingKey(keys.privateKeyPem))], settings())
    const written = { count: 0 }
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), async (data) => {
        try {
          await journal(tenant, { data: { value: data as Json }, personal: ['/value/a'] })
          written.count += 1
        } catch (error) {
          // NUL is what the database does not hold; markers are the journal's own.
          if (!/\$personal|\$erased|u0000|surrogate|depth/.test(String(error))) throw error
        }
      }),
      { numRuns: 60 },
    )
    const actor = { kind: 'person', id: uuidv7(), onBehalfOf: null, via: 'password+totp' } as const
    await journal(tenant, {}, { actor })
    const size = await read(world.database, tenant.id, (q) =>
      q.one<{ count: number }>({
        text: 'select count(*)::int as count from journal where tenant_id = $1',
        values: [tenant.id],
      }),
    )
    const sealed = { count: 0 }
    // Nothing is sealed while an older transaction runs anywhere in the cluster, and tests beside this one have long ones.
    for (let round = 0; round < 1000 && sealed.count < size.count; round += 1) {
      if (round > 0) await sleep(30)
      await reactions.drain()
      sealed.count = (
        await read(world.database, tenant.id, (q) =>
          q.one<{ count: number }>({
            text: 'select count(*)::int as count from journal_seal where tenant_id = $1',
            values: [tenant.id],
          }),
        )
      ).count
    }
    await reactions.stop()
    expect(written.count).toBeGreaterThan(40)
    const key = verifierKey(originOf(tenant.id), keys.publicKeyPem)
    const lines: Buffer[] = []
    await read(world.database, tenant.id, async (q) => {
      for await (const line of writeExport({ tenant: tenant.id, publicKeys: [key] }, storedJournal(q)))
        lines.push(Buffer.from(line))
    })
    expect(await verifyExport(lines)).toMatchObject({ ok: true, size: size.count, unsealed: 0 })
  }, 60_000)
})
