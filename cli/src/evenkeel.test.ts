import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  evenkeelProcess,
  freePort,
  scratchDirectory,
  type InstanceProcess,
} from '../../server/test/instance-process.ts'
import { importSampleTimes, mappingFrom } from '../../server/test/import-room.ts'
import { evenkeel as run } from './evenkeel.ts'

let scratch: Awaited<ReturnType<typeof scratchDirectory>>
let settings: Record<string, string>
let instance: InstanceProcess

const file = (name: string): string => join(scratch.path, name)
/** As a process of its own, the way a shell runs it. */
const typed = async (...args: string[]) => {
  const command = evenkeelProcess(args, settings)
  return { code: await command.ended(), text: command.output() }
}
/** The same command in this process: what it writes, and what the process would end with. */
const evenkeel = async (...args: string[]) => {
  let text = ''
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk)
    return true
  }
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(write),
  )
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  try {
    const code = await run(args)
    return { code, text }
  } finally {
    vi.unstubAllEnvs()
    for (const stream of streams) stream.mockRestore()
  }
}
/** The result of a command that has to work. */
const result = async (...args: string[]) => {
  const { code, text } = await evenkeel(...args, '--json')
  expect(text, text).toMatch(/^\{/)
  return { code, ...JSON.parse(text) }
}
const serve = async (): Promise<InstanceProcess> => {
  const started = evenkeelProcess(['start'], settings)
  await started.says(/Evenkeel answers/)
  return started
}

beforeAll(async () => {
  scratch = await scratchDirectory()
  settings = {
    EVENKEEL_DATA: file('data'),
    EVENKEEL_PORT: String(await freePort()),
    EVENKEEL_MODE: 'production',
    EVENKEEL_PUBLIC_URL: 'http://desk.example',
  }
  instance = await serve()
}, 120_000)
afterAll(async () => {
  await instance.end('SIGTERM')
  await scratch.remove()
})

describe('beside a running instance', () => {
  test('an operator makes a tenant, a person and a key, and the key opens the API', async () => {
    expect((await typed('tenant', 'add', '--slug', 'acme', '--name', 'Acme')).code).toBe(0)
    expect(await typed('tenant', 'add', '--slug', 'acme', '--name', 'Acme')).toEqual({
      code: 1,
      text: 'There is a tenant acme already.\n',
    })
    const user = ['user', 'add', '--name', 'Ana Silva', '--email', 'ana@acme.test', '--role', 'administrator']
    expect(await result(...user)).toMatchObject({
      code: 0,
      tenant: 'acme',
      password: expect.stringMatching(/^(\w{5}-?){4}$/),
    })
    expect((await evenkeel(...user)).text).toBe('ana@acme.test belongs to somebody in acme already.\n')
    const key = [
      'key',
      'create',
      '--email',
      'ana@acme.test',
      '--name',
      'monitor',
      '--permission',
      'incident.read',
    ]
    const { secret } = await result(...key, '--permission', 'incident.raise')
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${settings['EVENKEEL_PORT']}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      })
    expect((await ask('/incidents')).status).toBe(200)
    expect((await ask('/people')).status).toBe(403)
    const raised = await ask('/incidents', { method: 'POST', body: JSON.stringify({ title: 'No heating' }) })
    expect(raised.status).toBe(201)
  }, 120_000)

  test('what cannot be done says so, names what there is, and changes nothing', async () => {
    const person = ['--name', 'Ana', '--email', 'eva@acme.test']
    const sentences: [string[], number, RegExp][] = [
      [['tenant', 'add', '--name', 'Acme'], 2, /^--slug is needed/],
      [['tenant', 'add', '--slug', 'A B', '--name', 'Acme'], 1, /^--slug is 2 to 40 small letters/],
      [
        ['tenant', 'add', '--slug', 'other', '--name', 'x', '--time-zone', 'Mars'],
        1,
        /^--time-zone is a name from the IANA/,
      ],
      [['user', 'add', ...person, '--tenant', 'nope'], 1, /^There is no tenant nope; there are: acme/],
      [
        ['user', 'add', ...person, '--role', 'king'],
        1,
        /^There is no role king; there are: requester, agent/,
      ],
      [['user', 'add', '--name', 'Ana', '--email', 'nowhere'], 1, /^--email is not an e-mail address/],
      [
        ['key', 'create', '--email', 'x@x.test', '--name', 'x', '--permission', 'incident.read'],
        1,
        /^Nobody in acme/,
      ],
      [
        ['key', 'create', '--email', 'ana@acme.test', '--name', 'x', '--permission', 'fly'],
        1,
        /^fly is no permission/,
      ],
      [['key', 'create', '--email', 'ana@acme.test', '--name', 'x'], 2, /^--permission is needed/],
      [['seed', 'demo'], 2, /^EVENKEEL_MODE is production/],
      [['seed', 'everything'], 2, /^the seeds are: base, demo/],
      [['backup', '--flie', 'x'], 2, /Unknown option '--flie'/],
      [['restore'], 2, /^--file is needed/],
      [['nonsense'], 2, /^there is no command nonsense/],
    ]
    for (const [args, code, sentence] of sentences) {
      const outcome = await evenkeel(...args)
      expect(outcome.text).toMatch(sentence)
      expect(outcome.code, outcome.text).toBe(code)
    }
  }, 180_000)

  test('the journal is verified where it is, and as an export anywhere', async () => {
    for (;;) {
      const { journals } = await result('journal', 'verify')
      if (journals[0].unsealed === 0) break
      await sleep(100)
    }
    const head = await evenkeel('journal', 'head')
    expect(head.text).toMatch(/^evenkeel\/[0-9a-f-]{36}\n\d+\n/)
    await writeFile(file('head'), head.text)
    expect(await result('journal', 'verify', '--head', file('head'))).toMatchObject({
      code: 0,
      journals: [{ tenant: 'acme', ok: true, heldAgainst: Number(head.text.split('\n')[1]) }],
    })
    expect(await result('journal', 'export', '--file', file('journal'))).toMatchObject({
      code: 0,
      tenant: 'acme',
    })
    const offline = ['journal', 'verify', '--file', file('journal'), '--key', file('data/signing-key.pem')]
    expect(await result(...offline, '--head', file('head'))).toMatchObject({ code: 0, ok: true })

    expect(await result('journal', 'conformance')).toMatchObject({
      code: 0,
      journals: [{ tenant: 'acme', incidents: 1, illegal: 0, named: [] }],
    })
    expect((await evenkeel('journal', 'conformance')).text).toBe('acme: no illegal move in 1 incident\n')

    const alone = await evenkeel('journal', 'verify', '--file', file('journal'))
    expect(alone.code).toBe(0)
    expect(alone.text).toContain('not held against a head from outside')
    expect(alone.text).toContain('held against the keys that the file names itself')

    const lines = (await readFile(file('journal'), 'utf8')).split('\n')
    const at = lines.findIndex((line) => line.includes('"incident.raised"'))
    await writeFile(
      file('journal'),
      lines.with(at, lines[at]?.replace('"session"', '"seance"').replace('"key"', '"eek"') ?? '').join('\n'),
    )
    const edited = await evenkeel(...offline)
    expect(edited.code).toBe(1)
    expect(edited.text).toMatch(
      new RegExp(`NOT SOUND \\((edited|unreadable)\\), first bad entry ${JSON.parse(lines[at] ?? '').seq}:`),
    )
  }, 120_000)

  test('a backup is made while it runs, and restored into an instance that begins where it was', async () => {
    expect(await result('backup', '--file', file('backup'))).toMatchObject({ code: 0, missing: [] })
    const refused = await evenkeel('restore', '--file', file('backup'))
    expect(refused).toEqual({ code: 1, text: expect.stringMatching(/^The instance is not empty/) })

    const before = settings
    await mkdir(file('copy'))
    settings = { ...settings, EVENKEEL_DATA: file('copy'), EVENKEEL_PORT: String(await freePort()) }
    const restored = await result('restore', '--file', file('backup'))
    expect(restored).toMatchObject({ code: 0, tenants: 1, journals: [{ ok: true }] })
    const copy = await serve()
    expect(await result('journal', 'verify', '--head', file('head'))).toMatchObject({ code: 0 })
    expect(await copy.end('SIGTERM')).toBe(0)
    settings = before
  }, 180_000)

  test('an organization moves: out as an archive, in under another name, and its first person gets a password', async () => {
    await result('tenant', 'add', '--slug', 'mover', '--name', 'Mover')
    const ana = ['--name', 'Ana', '--email', 'ana@mover.example', '--role', 'administrator']
    await result('user', 'add', '--tenant', 'mover', ...ana)
    const archive = file('mover.tar')
    expect(await result('organization', 'export', '--tenant', 'mover', '--file', archive)).toMatchObject({
      code: 0,
      tenant: 'mover',
      missing: [],
    })
    expect(await evenkeel('organization', 'export', '--tenant', 'mover', '--file', archive)).toEqual({
      code: 1,
      text: `${archive} exists already; nothing is overwritten.\n`,
    })
    expect((await evenkeel('organization', 'import', '--file', archive)).text).toMatch(
      /^There is a tenant mover already/,
    )
    const { text } = await evenkeel('organization', 'import', '--file', archive, '--slug', 'moved')
    expect(text).toMatch(/^Mover is here as moved: .*\nNobody can sign in yet/)
    expect(text).toContain('npx evenkeel user password --tenant moved --email ana@mover.example')
    const given = await result('user', 'password', '--tenant', 'moved', '--email', 'ana@mover.example')
    const signIn = await fetch(`http://localhost:${settings['EVENKEEL_PORT'] ?? ''}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://desk.example' },
      body: JSON.stringify({ tenant: 'moved', email: 'ana@mover.example', password: given['password'] }),
    })
    expect(signIn.status, await signIn.text()).toBe(200)
    await writeFile(file('none.tar'), 'no archive')
    expect(await evenkeel('organization', 'import', '--file', file('none.tar'))).toEqual({
      code: 1,
      text: 'The file is not an archive of an organization.\n',
    })
  }, 60_000)

  describe('a file of another system', () => {
    const source = 'the desk of before'
    const rows = 12 * 332
    let options: string[]
    beforeAll(async () => {
      await result('tenant', 'add', '--slug', 'past', '--name', 'Past')
      const who = ['--tenant', 'past', '--email', 'ida@past.test', '--name', 'Ida']
      await result('user', 'add', ...who, '--role', 'administrator')
      const { secret } = await result('key', 'create', ...who, '--permission', 'import.run')
      settings = { ...settings, EVENKEEL_API_KEY: secret }
      await writeFile(file('log.csv'), importSampleTimes(12))
      await writeFile(file('mapping.json'), JSON.stringify(mappingFrom(source)))
      options = ['--mapping', file('mapping.json'), '--url', `http://127.0.0.1:${settings['EVENKEEL_PORT']}`]
    }, 60_000)
    const imported = (...args: string[]) => evenkeel('import', ...args, ...options)
    /** Ctrl-C in a terminal, as soon as it says that it is at it. */
    const stoppedAt = async (doing: RegExp, ...args: string[]) => {
      const command = evenkeelProcess(['import', ...args, ...options], settings)
      await command.says(doing)
      const code = await command.end('SIGINT')
      return {
        code,
        text: command.output(),
        id: /--resume ([0-9a-f-]{36})/.exec(command.output())?.[1] ?? '',
      }
    }

    test('may be one of several sheets: they are named, and one is chosen', async () => {
      const workbook = join(import.meta.dirname, '../../server/test/samples/quarter.xlsx')
      const to = options.slice(2)
      const { code, text } = await evenkeel('import', workbook, '--propose', ...to)
      expect(code, text).toBe(0)
      expect(text).toContain(
        'It holds Read me, Störungen Q1, Störungen Q2. This is for Störungen Q1; --part chooses another one.',
      )
      expect(
        (await evenkeel('import', workbook, '--propose', '--part', 'Störungen Q2', ...to)).text,
      ).toContain('"sheet": "Störungen Q2"')
    }, 60_000)

    test('is only looked through at first', async () => {
      const { code, text } = await imported(file('log.csv'), '--dry-run')
      expect(code, text).toBe(0)
      expect(text).toMatch(/^Sending .*log\.csv \(1\.\d MB\)\.$/m)
      expect(text).toContain('The dry run is finished. Nothing is imported.')
      expect(text).toContain('3,984 rows: 780 new records, 3,984 updates, 0 known already, 0 refused.')
      expect(text).toContain('no translation: incident_state “-100” (state), ')
    }, 60_000)

    test('is stopped by Ctrl-C and gone on with, and a second run doubles nothing', async () => {
      const stopped = await stoppedAt(/Importing \d/, file('log.csv'))
      expect(stopped.code, stopped.text).toBe(3)
      expect(stopped.text).toContain('Stopping at the next whole record.')
      expect(stopped.text).toMatch(/^Paused after [\d,]+ records?\. To go on: evenkeel import --resume /m)
      const whole = await imported('--resume', stopped.id, '--json')
      expect(JSON.parse(/^\{.*$/m.exec(whole.text)?.[0] ?? '')).toMatchObject({
        id: stopped.id,
        state: 'imported',
        records: 12 * 65,
        updates: rows,
        refused: 0,
        known: 0,
      })
      expect(whole.code).toBe(0)
      const again = await imported(file('log.csv'))
      expect(again.text).toContain('Imported: 0 records, 0 updates; 3,984 known already, 0 refused.')
      expect(again.text).toMatch(/^ {2}Records: 780$/m)
    }, 120_000)

    test('whose dry run was stopped is looked through again with the mapping it had', async () => {
      const stopped = await stoppedAt(/(?:Reading|Checking) \d/, file('log.csv'), '--dry-run')
      expect(stopped.code, stopped.text).toBe(3)
      expect(stopped.text).toContain('The dry run was stopped; nothing is imported.')
      const { code, text } = await evenkeel(
        'import',
        '--resume',
        stopped.id,
        '--dry-run',
        ...options.slice(2),
      )
      expect(code, text).toBe(0)
      expect(text).toContain('3,984 rows: 0 new records, 0 updates, 3,984 known already, 0 refused.')
    }, 120_000)

    test('cannot be brought by somebody who may not, or to nowhere, and says so', async () => {
      const { secret } = await result(
        ...['key', 'create', '--tenant', 'past', '--email', 'ida@past.test', '--name', 'other'],
        ...['--permission', 'incident.read'],
      )
      const before = settings
      settings = { ...settings, EVENKEEL_API_KEY: secret }
      const { code, text } = await imported(file('log.csv'))
      settings = before
      expect(code).toBe(1)
      expect(text).toMatch(/import\.run|not allowed|may not/i)
      expect(await imported(file('none.csv'))).toMatchObject({
        code: 1,
        text: expect.stringContaining('none.csv'),
      })
      expect(await evenkeel('import', file('log.csv'))).toMatchObject({ code: 2 })
    }, 60_000)
  })
})

test('every command explains itself', async () => {
  const overview = await evenkeel('--help')
  expect(overview.code).toBe(0)
  const names = [...overview.text.matchAll(/^ {2}(\w+(?: \w+)?) {2,}/gm)].map(([, name = '']) => name)
  expect(names).toEqual(
    expect.arrayContaining(['start', 'backup', 'restore', 'journal verify', 'key create']),
  )
  for (const name of names) {
    const { code, text } = await evenkeel(...name.split(' '), '--help')
    expect(code).toBe(0)
    expect(text).toMatch(new RegExp(`^Usage: evenkeel ${name}`))
  }
}, 120_000)
