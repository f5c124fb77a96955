import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { createGate } from './gate.ts'
import { hashPassword, isOutdated, verifyPassword } from './password.hash.ts'
import { passwordFault } from './password.policy.ts'
import { newRecoveryCode, recoveryCodeHash } from './recovery-code.ts'
import { open, seal } from './secret-box.ts'
import { createAddressThrottle } from './throttle.ts'
import { base32, newTotpSecret, totpAddress, totpStep } from './totp.ts'
import { isLoopbackName } from './cookie.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)

describe('passwords', () => {
  const owner = { name: 'Rita Castellanos', email: 'rita.c@harbor.example' }
  test('are hashed as OWASP asks: argon2id, 19 MiB, two passes, one lane', async () => {
    const hash = await hashPassword('correct horse battery')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(isOutdated(hash)).toBe(false)
    expect(isOutdated(hash.replace('m=19456', 'm=4096'))).toBe(true)
    expect(isOutdated(hash.replace('t=2', 't=1'))).toBe(true)
  })
  test('are the same however the keyboard composed their letters', async () => {
    const hash = await hashPassword('Zu\u0308rich am See im Winter')
    expect(await verifyPassword(hash, 'Z\u00fcrich am See im Winter')).toBe(true)
    expect(await verifyPassword(hash, 'Zurich am See im Winter')).toBe(false)
  })
  test('of somebody who has none are never right', async () => {
    expect(await verifyPassword(null, '')).toBe(false)
    expect(await verifyPassword(null, 'anything at all')).toBe(false)
  })
  test('shorter than twelve characters are refused, counted in characters', () => {
    expect(passwordFault('elevenchars', owner)?.code).toBe('too_short')
    expect(passwordFault('🦉🦉🦉🦉🦉🦉', owner)?.code).toBe('too_short')
    expect(passwordFault('twelve chars', owner)).toBeUndefined()
  })
  test.each([
    ['Password2024!', 'too_common'],
    ['P4ssw0rd!!!!!!', 'too_common'],
    ['1q2w3e4r5t6y', 'too_common'],
    ['Administrator', 'too_common'],
    ['00football2026', 'too_common'],
    ['aaaaaaaaaaaaaaaa', 'too_simple'],
    ['abcabcabcabcabc', 'too_simple'],
    ['passwordpassword', 'too_simple'],
    ['234567890123', 'too_simple'],
    ['abcdefghijklmn', 'too_simple'],
    ['poiuytrewqlkjh', undefined],
    ['RitaCastellanos', 'about_you'],
    ['castellanos1985', 'about_you'],
    ['harbor.example', 'about_you'],
    ['castellanos eats seven limes', undefined],
    ['correct horse battery', undefined],
    ['ünÜsual Wörter', undefined],
  ])('%s is %s', (password, code) => {
    expect(passwordFault(password, owner)?.code).toBe(code)
  })
})

describe('one-time codes', () => {
  // RFC 6238 appendix B, truncated to six digits.
  const secret = Buffer.from('12345678901234567890')
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ])('at %s seconds the code is %s (RFC 6238)', async (seconds, code) => {
    const now = new Date(seconds * 1000).toISOString()
    expect(await totpStep(secret, code, now, 0)).toBe(Math.floor(seconds / 30))
  })
  test('of the step before and after are good, of two steps away not', async () => {
    const at = (seconds: number) => new Date(seconds * 1000).toISOString()
    expect(await totpStep(secret, '287082', at(59 + 30), 0)).toBe(1)
    expect(await totpStep(secret, '287082', at(59 - 30), 0)).toBe(1)
    expect(await totpStep(secret, '287082', at(59 + 61), 0)).toBeNull()
  })
  test('work once: the step of the last one is used up', async () => {
    expect(await totpStep(secret, '287082', new Date(59_000).toISOString(), 0)).toBe(1)
    expect(await totpStep(secret, '287082', new Date(59_000).toISOString(), 1)).toBeNull()
  })
  test('have a seed of 160 bits, and an address that authenticators read', () => {
    expect(newTotpSecret()).toHaveLength(20)
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
    expect(totpAddress(Buffer.from('foobar'), 'Evenkeel', 'rita@h.test')).toMatch(
      /^otpauth:\/\/totp\/Evenkeel:rita%40h\.test\?secret=MZXW6YTBOI&issuer=Evenkeel/,
    )
  })
})

describe('recovery codes', () => {
  test('are sixteen characters that nobody confuses, hashed however they are typed', () => {
    const code = newRecoveryCode()
    expect(code).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/)
    expect(recoveryCodeHash(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toEqual(recoveryCodeHash(code))
    expect(recoveryCodeHash(newRecoveryCode())).not.toEqual(recoveryCodeHash(code))
  })
})

describe('sealed secrets', () => {
  const key = Buffer.alloc(32, 1)
  test('open again for the same key and person only, and unchanged only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(), (bytes, at) => {
        const sealed = seal(key, 'rita', Buffer.from(bytes))
        expect(open(key, 'rita', sealed)).toEqual(Buffer.from(bytes))
        expect(() => open(Buffer.alloc(32, 2), 'rita', sealed)).toThrow()
        expect(() => open(key, 'otto', sealed)).toThrow()
        const flipped = Buffer.from(sealed)
        const index = at % flipped.length
        flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index)
        expect(() => open(key, 'rita', flipped)).toThrow()
      }),
      { numRuns: runs },
    )
  })
})

describe('the gate', () => {
  test('lets so many in at once, so many wait, and turns the rest away', async () => {
    const gate = createGate(2, 3)
    let running = 0
    let mostRunning = 0
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const work = async (): Promise<void> => {
      running += 1
      mostRunning = Math.max(mostRunning, running)
      await held
      running -= 1
    }
    const all = Array.from({ length: 7 }, () =>
      gate(work).then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      ),
    )
    await Promise.resolve()
    release()
    expect(await Promise.all(all)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
      'too_many_requests',
      'too_many_requests',
    ])
    expect(mostRunning).toBe(2)
    await expect(gate(async () => 'again')).resolves.toBe('again')
  })
  test('work that fails leaves its place', async () => {
    const gate = createGate(1, 0)
    await expect(gate(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(gate(async () => 1)).resolves.toBe(1)
  })
})

describe('an address that only guesses', () => {
  test('is stopped after its allowance, until the window is over', () => {
    const throttle = createAddressThrottle(3, 60_000)
    expect([1, 2, 3].map(() => throttle.begin('192.0.2.1', 0))).toEqual([0, 0, 0])
    expect(throttle.begin('192.0.2.1', 15_000)).toBe(45)
    expect(throttle.begin('192.0.2.2', 15_000)).toBe(0)
    expect(throttle.begin('192.0.2.1', 60_000)).toBe(0)
  })
  test('is allowed more where people do sign in, once for each of them', () => {
    const throttle = createAddressThrottle(1, 60_000)
    throttle.begin('192.0.2.1', 0)
    throttle.succeeded('192.0.2.1', 'rita')
    throttle.begin('192.0.2.1', 0)
    throttle.succeeded('192.0.2.1', 'rita')
    const failures = [1, 2, 3, 4, 5].map(() => throttle.begin('192.0.2.1', 0))
    expect(failures).toEqual([0, 0, 0, 0, 60])
  })
  test('an attempt that was neither right nor wrong does not count', () => {
    const throttle = createAddressThrottle(1, 60_000)
    for (let round = 0; round < 3; round += 1) {
      expect(throttle.begin('192.0.2.1', 0)).toBe(0)
      throttle.undecided('192.0.2.1')
    }
  })
  test('is one customer of IPv6, whichever of its addresses it uses', () => {
    const throttle = createAddressThrottle(1, 60_000)
    expect(throttle.begin('2001:db8:1:2::1', 0)).toBe(0)
    expect(throttle.begin('2001:0db8:1:2:aaaa:bbbb:cccc:dddd', 0)).toBe(60)
    expect(throttle.begin('2001:db8:1:2:ffff::9', 0)).toBe(60)
    expect(throttle.begin('2001:db8::1', 0)).toBe(0)
    expect(throttle.begin('2001:db8:1:3::1', 0)).toBe(0)
    expect(throttle.begin('::ffff:192.0.2.1', 0)).toBe(0)
    expect(throttle.begin('192.0.2.1', 0)).toBe(60)
  })
  test('with too many addresses the oldest are forgotten, not memory filled', () => {
    const throttle = createAddressThrottle(1, 60_000, 2)
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) throttle.begin(address, 0)
    expect(throttle.begin('192.0.2.3', 0)).toBe(60)
    expect(throttle.begin('192.0.2.1', 0)).toBe(0)
  })
})

test('a browser talks to its own machine under these names only', () => {
  expect(
    ['localhost', 'harbor.localhost', '127.0.0.1', '127.3.2.1', '[::1]', '::1'].every(isLoopbackName),
  ).toBe(true)
  expect(
    ['evenkeel.example', 'localhost.example', '128.0.0.1', '10.0.0.1', '127.0.0.1.example', '[::2]', ''].some(
      isLoopbackName,
    ),
  ).toBe(false)
})
