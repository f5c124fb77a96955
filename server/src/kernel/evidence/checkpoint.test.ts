import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { originOf, parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { emptyFrontier, leafHashOf, rootOf } from './merkle.ts'
import {
  newSigningKey,
  openNote,
  parseNote,
  signingKey,
  signNote,
  verifierKey,
  verifierKeyFromText,
  verifierKeyText,
  type SigningKey,
} from './note.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)

// The worked example of https://c2sp.org/signed-note.
const example = {
  key: verifierKeyFromText('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'),
  note: 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
}

// The vectors of the note package of Go's checksum database (golang.org/x/mod/sumdb/note), which the format comes from.
const peter = verifierKeyFromText('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
const enoch = verifierKeyFromText('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop')
const text =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const peterSignature =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const enochSignature =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'

/** The private key of a seed, as it stands in the published signer keys: "…+<base64 of 0x01 and the seed>". */
const keyOfSeed = (encoded: string): SigningKey => {
  const seed = Buffer.from(encoded, 'base64').subarray(1)
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  })
  return signingKey(String(pem))
}

// A checkpoint of the public checksum database, signed by its real key.
const sumdb = {
  key: verifierKeyFromText('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'),
  note: 'go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n',
}

describe('the published notes', () => {
  test('the example of the specification opens', () => {
    expect(openNote(example.note, [example.key])).toEqual({
      ok: true,
      text: 'This is an example message.\n',
      signedBy: [example.key],
    })
  })

  test('signing the same text with the same key gives the same note, byte for byte', () => {
    const key = keyOfSeed('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz')
    expect(signNote(text, 'PeterNeumann', key)).toBe(`${text}\n${peterSignature}`)
  })

  test('a checkpoint of a public log verifies', () => {
    const verified = verifyCheckpoint(sumdb.note, [sumdb.key])
    expect(verified).toMatchObject({
      ok: true,
      checkpoint: { origin: 'go.sum database tree', size: 6_476_701 },
      signedBy: [sumdb.key],
    })
    expect(verified.ok && Buffer.from(verified.checkpoint.root).toString('base64')).toBe(
      'mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=',
    )
  })

  test('the example of the checkpoint specification is read', () => {
    const note =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
    expect(parseCheckpoint(note)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
    expect(parseNote(note)?.signatures).toMatchObject([
      { name: 'example.com/behind-the-sofa', id: '033de0ae' },
    ])
  })
})

describe('signatures on a note', () => {
  const both = `${text}\n${peterSignature}${enochSignature}`

  test('of unknown keys are passed over, so that keys rotate and witnesses cosign', () => {
    expect(openNote(both, [peter])).toMatchObject({ ok: true, signedBy: [peter] })
    expect(openNote(both, [enoch])).toMatchObject({ ok: true, signedBy: [enoch] })
    expect(openNote(both, [enoch, peter])).toMatchObject({ ok: true, signedBy: [peter, enoch] })
  })

  test('of unknown keys alone vouch for nothing', () => {
    expect(openNote(both, [])).toEqual({
      ok: false,
      why: 'unknown_key',
      words:
        'it is signed by PeterNeumann+c74f20a3, EnochRoot+af0cfe78, and none of the accepted keys is that',
    })
    // The same key under another name, and another key under the same name, are other keys.
    expect(openNote(both, [{ ...peter, name: 'Peter' }])).toMatchObject({ why: 'unknown_key' })
    expect(openNote(both, [{ ...enoch, name: 'PeterNeumann' }])).toMatchObject({ why: 'unknown_key' })
  })

  test('of a known key that do not fit condemn the note, whoever else signed', () => {
    const edited = both.replace('cryptography', 'Cryptography')
    expect(openNote(edited, [peter])).toMatchObject({ ok: false, why: 'wrong_signature' })
    const mixed = `${text}\n${peterSignature}${enochSignature.replace('rwz+eBzm', 'rwz+eBzn')}`
    expect(openNote(mixed, [peter, enoch])).toMatchObject({
      ok: false,
      why: 'wrong_signature',
      words: 'the signature of key EnochRoot+af0cfe78 does not fit the text',
    })
  })

  test('count where two keys share name and id: either may have signed', () => {
    const double = { ...enoch, name: peter.name, id: peter.id }
    expect(openNote(`${text}\n${peterSignature}`, [double, peter])).toMatchObject({
      ok: true,
      signedBy: [peter],
    })
    expect(openNote(`${text}\n${peterSignature}`, [double])).toMatchObject({
      ok: false,
      why: 'wrong_signature',
    })
  })

  test('may be a hundred and no more', () => {
    expect(openNote(`${text}\n${peterSignature.repeat(100)}`, [peter])).toMatchObject({ ok: true })
    expect(openNote(`${text}\n${peterSignature.repeat(101)}`, [peter])).toMatchObject({ why: 'malformed' })
  })

  test('may be of any length of the algorithm, in a note of up to 64 KiB', () => {
    expect(
      parseNote(`${text}\n— PeterNeumann ${Buffer.alloc(5).toString('base64')}\n`)?.signatures,
    ).toHaveLength(1)
    const longest = `${'a'.repeat(65_536 - 2 - peterSignature.length)}\n\n${peterSignature}`
    expect(longest).toHaveLength(65_536)
    expect(openNote(longest, [peter])).toMatchObject({ why: 'wrong_signature' })
    expect(openNote(`a${longest}`, [peter])).toMatchObject({ why: 'malformed' })
  })

  test.each([
    ['no signature', text],
    ['an empty signature block', `${text}\n`],
    ['no newline at the end', `${text}\n${peterSignature.slice(0, -1)}`],
    ['no text', `\n${peterSignature}`],
    ['a control character', `\u0001${text}\n${peterSignature}`],
    ['a carriage return', `a\r\n\n${peterSignature}`],
    ['a lone surrogate', `\ud800\n\n${peterSignature}`],
    ['a key name with a space', `${text}\n${peterSignature.replace('Neumann', ' Neumann')}`],
    ['a key name with a plus', `${text}\n${peterSignature.replace('Neumann', '+Neumann')}`],
    ['a hyphen for the dash', `${text}\n${peterSignature.replace('—', '-')}`],
    ['base64 with stray bits', `${text}\n${peterSignature.replace('nAM=', 'nAN=')}`],
    ['a signature of nothing', `${text}\n— PeterNeumann x08gow==\n`],
    ['a line too many', `${text}\n${peterSignature}Unexpected line.\n`],
    ['more than 64 KiB', `${'a'.repeat(65_536)}\n\n${peterSignature}`],
  ])('are not looked for in a note with %s', (_, note) => {
    expect(openNote(note, [peter])).toMatchObject({ ok: false, why: 'malformed' })
  })
})

describe('a head of a journal', () => {
  const tenant = '0198c2f0-0000-7000-8000-00000000000a'
  const origin = originOf(tenant)
  const { privateKeyPem, publicKeyPem } = newSigningKey()
  const key = signingKey(privateKeyPem)
  const known = verifierKey(origin, publicKeyPem)
  const root = leafHashOf('x')

  test('verifies with the public half of the key that signed it', () => {
    const note = signCheckpoint({ origin, size: 17, root }, key)
    expect(note.split('\n').slice(0, 4)).toEqual([
      `evenkeel/${tenant}`,
      '17',
      Buffer.from(root).toString('base64'),
      '',
    ])
    expect(verifyCheckpoint(note, [known])).toEqual({
      ok: true,
      checkpoint: { origin, size: 17, root: Buffer.from(root) },
      signedBy: [known],
    })
    expect(parseCheckpoint(note)).toEqual({ origin, size: 17, root: Buffer.from(root) })
  })

  test('of an empty journal has size 0', () => {
    const note = signCheckpoint({ origin, size: 0, root: rootOf(emptyFrontier) }, key)
    expect(verifyCheckpoint(note, [known])).toMatchObject({ ok: true, checkpoint: { size: 0 } })
  })

  test('stays verifiable after the key has rotated, as long as the old key is accepted', () => {
    const next = newSigningKey()
    const after = verifierKey(origin, next.publicKeyPem)
    const [oldNote, newNote] = [key, signingKey(next.privateKeyPem)].map((signer) =>
      signCheckpoint({ origin, size: 1, root }, signer),
    )
    expect(verifyCheckpoint(oldNote ?? '', [known, after])).toMatchObject({ ok: true, signedBy: [known] })
    expect(verifyCheckpoint(newNote ?? '', [known, after])).toMatchObject({ ok: true, signedBy: [after] })
    expect(verifyCheckpoint(oldNote ?? '', [after])).toMatchObject({ ok: false, why: 'unknown_key' })
  })

  test('does not verify under the name of another tenant, though the instance has one key', () => {
    const note = signCheckpoint({ origin, size: 1, root }, key)
    expect(verifyCheckpoint(note, [verifierKey(originOf('another'), publicKeyPem)])).toMatchObject({
      why: 'unknown_key',
    })
  })

  test('does not verify after any change of one character', () => {
    const note = signCheckpoint({ origin, size: 17, root }, key)
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 126 }), (at, shift) => {
        const changed =
          note.slice(0, at) + String.fromCharCode((note.charCodeAt(at) + shift) % 127) + note.slice(at + 1)
        expect(verifyCheckpoint(changed, [known]).ok).toBe(false)
        expect(verifyCheckpoint(note.slice(0, at), [known]).ok).toBe(false)
      }),
      { numRuns },
    )
  })

  test.each([
    ['no origin', `\n1\n${Buffer.from(root).toString('base64')}\n`],
    ['no root', `${origin}\n1\n`],
    ['a leading zero', `${origin}\n01\n${Buffer.from(root).toString('base64')}\n`],
    ['a size with a sign', `${origin}\n+1\n${Buffer.from(root).toString('base64')}\n`],
    ['a size beyond exactness', `${origin}\n9007199254740992\n${Buffer.from(root).toString('base64')}\n`],
    ['a short root', `${origin}\n1\nAAAA\n`],
    ['a root that is not base64', `${origin}\n1\n${'!'.repeat(44)}\n`],
    ['an empty extension line', `${origin}\n1\n${Buffer.from(root).toString('base64')}\n\nx\n`],
  ])('is not read from a signed text with %s', (_, badText) => {
    const note = signNote(badText, origin, key)
    expect(verifyCheckpoint(note, [known])).toEqual({
      ok: false,
      why: 'malformed',
      words: 'the note is signed, but its text is not a checkpoint',
    })
    expect(parseCheckpoint(note)).toBe(null)
  })

  test('may carry extension lines of another signer', () => {
    const note = signNote(`${origin}\n1\n${Buffer.from(root).toString('base64')}\nextension\n`, origin, key)
    expect(verifyCheckpoint(note, [known])).toMatchObject({ ok: true, checkpoint: { size: 1 } })
  })

  test.each([
    [{ origin, size: -1, root }, '-1 is not the size of a tree'],
    [{ origin, size: 1.5, root }, '1.5 is not the size of a tree'],
    [{ origin, size: 1, root: Buffer.alloc(31) }, 'a root has 32 bytes'],
    [{ origin: 'a\n9', size: 1, root }, 'is no key name'],
  ])('is not signed when it is none (%#)', (checkpoint, words) => {
    expect(() => signCheckpoint(checkpoint, key)).toThrow(words)
  })

  test('is not signed over a text that is no note', () => {
    expect(() => signNote('no newline', origin, key)).toThrow('a note is text of whole lines')
    expect(() => signNote('a\tb\n', origin, key)).toThrow('a note is text of whole lines')
  })
})

describe('keys', () => {
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

  test('travel as one line and come back the same', () => {
    for (const key of [peter, enoch, sumdb.key, example.key])
      expect(verifierKeyText(verifierKeyFromText(verifierKeyText(key)))).toBe(verifierKeyText(key))
    expect(verifierKeyText(peter)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  })

  test('of other kinds are refused without being quoted', () => {
    expect(() => signingKey(rsa.privateKey)).toThrow('the private key is not an Ed25519 key in PEM')
    expect(() => verifierKey('a', rsa.publicKey)).toThrow('the public key is not an Ed25519 key in PEM')
    for (const other of [createPublicKey(rsa.publicKey), generateKeyPairSync('x25519').publicKey])
      expect(() => verifierKey('a', other)).toThrow('the public key is not an Ed25519 key')
    expect(() => signingKey('secret')).toThrow('the private key is not an Ed25519 key in PEM')
  })

  test.each([
    [
      'another id',
      'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'the key says its id is c74f20a4, and it is c74f20a3',
    ],
    [
      'another name',
      'Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'the key says its id is c74f20a3',
    ],
    [
      'an unknown algorithm',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'is not of the form',
    ],
    [
      'another length',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      'is not of the form',
    ],
    ['no name', '+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'is not of the form'],
    ['nothing at all', '', 'is not of the form'],
  ])('with %s are refused', (_, line, words) => {
    expect(() => verifierKeyFromText(line)).toThrow(words)
  })

  test.each(['', 'a b', 'a+b', 'a\u0085b', 'a\nb', 'a\u0001b'])('are not kept under the name %j', (name) => {
    expect(() => verifierKey(name, peter.publicKey)).toThrow('is no key name')
  })
})
