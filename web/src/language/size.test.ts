import { expect, test } from 'vitest'
import { fileSize } from './size.ts'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [52_400_000, '52.4 MB'],
  [3e12, '3,000 GB'],
])('%d bytes', (bytes, text) => {
  expect(fileSize(bytes, 'en')).toBe(text)
})
