import { expect, test } from 'vitest'
import { initials } from './person.tsx'

test.each([
  ['Rita Okafor', 'RO'],
  ['Ana María de la Cruz-Núñez', 'AN'],
  ['Cher', 'C'],
  ['Łukasz Żak', 'ŁŻ'],
  ['山田 太郎', '山太'],
  ['', ''],
  ['(Night) Desk 2', 'D'],
])('%s is %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
