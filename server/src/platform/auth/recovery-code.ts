import { createHash, randomInt } from 'node:crypto'

// No letters or digits that look like others.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLength = 4

/** Sixteen characters, 79 bits: nobody finds one from its hash. */
export const newRecoveryCode = (): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => alphabet.charAt(randomInt(alphabet.length))).join(''),
  ).join('-')

/** What is stored. Case, spaces and dashes do not matter when it is typed. */
export const recoveryCodeHash = (typed: string): Buffer =>
  createHash('sha256')
    .update(typed.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest()
