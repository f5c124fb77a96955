import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from './mail.address.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 1000)

describe('one address is read', () => {
  test('as people have them, the host in lower case', () => {
    const host = `${'a'.repeat(63)}.example`
    for (const address of [
      'ann@example.org',
      'Ann.O-Neil_2@mail.example.org',
      "o'neil+desk=7@example.org",
      'a#$&*/^{}~@b.co',
      'a@xn--bcher-kva.example',
      'a@1and1.example',
      `${'a'.repeat(64)}@${host}`,
    ]) {
      expect(parseAddress(address)).toEqual({ ok: true, address })
    }
    expect(parseAddress('Ann@EXAMPLE.Org')).toEqual({ ok: true, address: 'Ann@example.org' })
  })
})

describe('whatever could be read as somebody else is refused', () => {
  const refused: Readonly<Record<string, readonly string[]>> = {
    'a list': ['a@b.test,c@d.test', 'a@b.test, c@d.test', 'a@b.test;c@d.test', 'a@b.test c@d.test', 'a@b.test\tc@d.test'],
    'a line break': ['a@b.test\n', 'a@b.test\r\nRCPT TO:<c@d.test>', 'a@b.test\r\nBcc: c@d.test', '\na@b.test', 'a\n@b.test'],
    'another line break': ['a@b.test\u2028', 'a@b.test\u0085', 'a@b.test\u000b', 'a@b.test\u0000', 'a@b.test\u0000c@d.test'],
    'two signs': ['"a@evil x"@corp.test', 'a@evil.test@corp.test', 'a@@corp.test', '"a@evil.test"@corp.test'],
    'quotes': ['"a b"@corp.test', '"a"@corp.test', 'a"b@corp.test', "a@corp.test'"],
    'comments': ['a@corp.test (b@evil.test)', '(x)a@corp.test', 'a(x)@corp.test', 'a@corp.test()'],
    'names and brackets': ['Ann <a@corp.test>', '<a@corp.test>', 'a@corp.test>', '<a@corp.test', 'a@corp.test> SIZE=1', '<>'],
    'groups': ['team:a@corp.test;', 'team:;', 'undisclosed-recipients:;', 'mailto:a@corp.test'],
    'routes': ['a%evil.test@corp.test', 'evil.test!a@corp.test', '@evil.test:a@corp.test', 'a|b@corp.test', '`a`@corp.test', 'a\\@b@corp.test'],
    'escapes of another layer': ['=?utf-8?Q?a=40evil.test=2C?=@corp.test', 'a%0d%0a@corp.test', 'a@corp.test%0aBcc:x@y.test', 'a@corp.test&#10;'],
    'letters outside ASCII': ['ä@corp.test', 'a@bücher.test', 'a＠corp.test', 'a@corp。test', 'a@corp.test\u200b', 'a\u202e@corp.test', '\ufeffa@corp.test', 'ａ@corp.test'],
    'hosts that are none': ['a@corp', 'a@localhost', 'a@', 'a@.test', 'a@corp.', 'a@corp..test', 'a@-corp.test', 'a@corp-.test', 'a@co_rp.test', 'a@[127.0.0.1]', 'a@127.0.0.1', 'a@2130706433.1', `a@${'a'.repeat(64)}.test`, 'a@corp.test:25', 'a@corp.test/x'],
    'names that are none': ['@corp.test', '.a@corp.test', 'a.@corp.test', 'a..b@corp.test', `${'a'.repeat(65)}@corp.test`, 'corp.test', '', ' ', 'a@corp.test ', ' a@corp.test'],
    'too much': [`a@${'a.'.repeat(130)}test`],
  } // prettier-ignore

  for (const [name, texts] of Object.entries(refused)) {
    test(name, () => {
      for (const text of texts) {
        const reading = parseAddress(text)
        expect([text, reading.ok ? 'is one' : reading.reason.in('en')]).toEqual([
          text,
          expect.stringMatching(/^[^\n]{10,120}$/),
        ])
        expect(reading.ok, text).toBe(false)
      }
    })
  }

  test('and what is read never holds anything but one plain address', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a',
        '@',
        '.',
        'b.test',
        ',',
        '<',
        '>',
        '"',
        '(',
        ')',
        ' ',
        '\r\n',
        '\0',
        ':',
        ';',
        '\\',
        '[',
        ']',
        '%',
        'ß',
        '\u2028',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const reading = parseAddress(pieces.join(''))
        if (reading.ok) expect(reading.address).toMatch(/^[^\s@<>,;:"()[\]\\%!\u0080-\uffff]+@[a-z0-9.-]+$/)
      }),
      { numRuns: runs },
    )
  })
})
