import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLei } from './lei.ts'

// Published identifiers of the entities that ISO 17442's registration authorities name as examples.
const published = ['5493001KJTIIGC8Y1R12', '529900T8BM49AURSDO55', '549300MLUDYVRQOOXS22']

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = '0123456789'

test('published identifiers are right, and no other two check digits are', () => {
  for (const lei of published) {
    expect(isLei(lei)).toBe(true)
    for (let check = 0; check < 100; check += 1) {
      const two = String(check).padStart(2, '0')
      expect(isLei(`${lei.slice(0, 18)}${two}`), two).toBe(lei.endsWith(two))
    }
  }
})

test('one mistyped sign is always found', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...published),
      fc.nat(19),
      fc.constantFrom(...Array.from(letters + digits)),
      (lei, at, sign) => {
        // A letter for a digit may add up to the same: the check digits are not made for that.
        fc.pre(lei[at] !== sign && digits.includes(lei[at] ?? '') === digits.includes(sign))
        expect(isLei(lei.slice(0, at) + sign + lei.slice(at + 1))).toBe(false)
      },
    ),
  )
})

test('what has another form is none', () => {
  for (const text of [
    '',
    '5493001kjtiigc8y1r12',
    '5493001KJTIIGC8Y1R1',
    ' 5493001KJTIIGC8Y1R12',
    '5493001KJTIIGC8Y1RAB',
  ])
    expect(isLei(text), text).toBe(false)
})
