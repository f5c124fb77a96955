import { expect, test } from 'vitest'
import { bindingFor, type KeyBinding } from './keys.ts'

const bind = (keys: string): KeyBinding => ({ keys, does: keys, group: 'here', run: () => undefined })
const bindings = [bind('c'), bind('g i'), bind('i'), bind('?')]
const press = (key: string, more: { plain?: boolean; typing?: boolean; at?: number } = {}) => ({
  key,
  plain: true,
  typing: false,
  at: 0,
  ...more,
})

test('a key runs what is bound to it, and what was bound last wins', () => {
  const later = bind('c')
  expect(bindingFor([...bindings, later], press('c'), undefined).binding).toBe(later)
  expect(bindingFor(bindings, press('z'), undefined).binding).toBeUndefined()
})

test('keys never fire while somebody types, nor with a modifier', () => {
  expect(bindingFor(bindings, press('c', { typing: true }), undefined).binding).toBeUndefined()
  expect(bindingFor(bindings, press('c', { plain: false }), undefined).binding).toBeUndefined()
})

test('two keys in a row are one binding, unless they come too far apart', () => {
  const first = bindingFor(bindings, press('g'), undefined)
  expect(first.binding).toBeUndefined()
  expect(bindingFor(bindings, press('i', { at: 500 }), first.begun).binding?.keys).toBe('g i')
  expect(bindingFor(bindings, press('i', { at: 1500 }), first.begun).binding?.keys).toBe('i')
})

test('a sequence that leads nowhere leaves the second key its own meaning', () => {
  const first = bindingFor(bindings, press('g'), undefined)
  expect(bindingFor(bindings, press('c', { at: 10 }), first.begun).binding?.keys).toBe('c')
})
