import { noticeKinds } from '@evenkeel/contract/notification'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { notificationPolicy } from '../notification/index.ts'
import { incidentEntries } from './incident.entries.ts'
import { incidentTelling } from './incident.telling.ts'

const { rules } = notificationPolicy.initial

describe('how people are told about incidents', () => {
  test('every entry that the policy names is one that incidents have', () => {
    const named = new Set(rules.flatMap((rule) => rule.on))
    expect([...named].filter((type) => !Object.hasOwn(incidentEntries, type))).toEqual([])
  })

  test('every kind of notice is given by some rule, so that no switch is without effect; ends of contracts are told by their own', () => {
    expect(noticeKinds.filter((kind) => !rules.some((rule) => rule.kind === kind))).toEqual(['ends'])
  })

  test('a requester is only ever told of what everybody may hear', () => {
    for (const rule of rules.filter(
      ({ tell }) => tell === 'requester' || tell === 'affected' || tell === 'watcher',
    ))
      for (const type of rule.on) {
        // The least that the rule asks for.
        const asksForMove = JSON.stringify(rule.when).includes('"moved"')
        const data = asksForMove ? { changes: { state: { from: 'a', to: 'b' } } } : {}
        expect(incidentTelling.isForEveryone({ type, data }), `${rule.id}: ${type}`).toBe(true)
      }
  })

  test('of what was taken back everybody hears that it is in another state again, and nothing else', () => {
    const isHeard = (changes: JsonObject): boolean =>
      incidentTelling.isForEveryone({ type: 'incident.taken_back', data: { changes } })
    expect(isHeard({ state: { from: 'canceled', to: 'new' } })).toBe(true)
    expect(isHeard({ assignee_id: { from: 'a', to: 'b' } })).toBe(false)
  })

  test.each([...noticeKinds])('a notice of the kind %s says in one sentence what happened', (kind) => {
    for (const type of rules.filter((rule) => rule.kind === kind).flatMap((rule) => rule.on)) {
      for (const language of ['en', 'de-AT']) {
        const headline = incidentTelling.headline({ type, data: {} }, kind, language)
        expect(headline).toMatch(/^[A-Z].*\.$/)
      }
    }
  })
})
