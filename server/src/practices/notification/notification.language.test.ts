import { expect, test } from 'vitest'
import { reasonIn } from './notification.language.ts'
import { notificationPolicy } from './notification.policy.ts'

test('every reason that the product gives for a notice has its German', () => {
  for (const { because } of notificationPolicy.initial.rules)
    expect(reasonIn('de', because)).toMatch(/^Sie erhalten dies, weil .*\.$/)
  expect(reasonIn('de', 'You get this because you are on the crisis team.')).toBe(
    'You get this because you are on the crisis team.',
  )
  expect(reasonIn('en', 'You get this because you watch it.')).toBe('You get this because you watch it.')
})
