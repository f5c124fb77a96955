import type { IncidentRef, IncidentView } from '@evenkeel/contract/incident'
import { QueryClient } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { command, foretoldAssignment, incidentQuery } from './incident.api.ts'

const id = '018f0000-0000-7000-8000-000000000001'
const person = { id: '018f0000-0000-7000-8000-000000000002', name: 'Amir' }
// What these commands look at; the rest of the view plays no part.
const view = { id, version: 3, title: 'Old', state: 'new', assignee: null } as unknown as IncidentView

const page = () => {
  const queries = new QueryClient()
  const { queryKey } = incidentQuery(id)
  queries.setQueryData(queryKey, view)
  return { queries, shown: () => queries.getQueryData<IncidentView>(queryKey) ?? view }
}
const answer = (version: number): IncidentRef => ({ id, number: 'INC0001001', version })

test('what a command is known to do is shown before the server answers, and its version afterwards', async () => {
  const { queries, shown } = page()
  const answered = Promise.withResolvers<IncidentRef>()
  const done = command(queries, view, () => answered.promise, { title: 'New' })
  await vi.waitFor(() => expect(shown()).toMatchObject({ title: 'New', version: 3 }))
  answered.resolve(answer(4))
  await done
  expect(shown()).toMatchObject({ title: 'New', version: 4 })
})

test('a command waits for the one before it, and names the version that one made', async () => {
  const { queries } = page()
  const first = Promise.withResolvers<IncidentRef>()
  const seen: number[] = []
  const one = command(queries, view, ({ version }) => {
    seen.push(version)
    return first.promise
  })
  const two = command(queries, view, async ({ version }) => {
    seen.push(version)
    return answer(version + 1)
  })
  await vi.waitFor(() => expect(seen).toEqual([3]))
  first.resolve(answer(4))
  await Promise.all([one, two])
  expect(seen).toEqual([3, 4])
})

test('a refused command takes back what it showed, and the next one goes on', async () => {
  const { queries, shown } = page()
  const refused = command(queries, view, () => Promise.reject(new Error('no')), { title: 'New' })
  const next = command(queries, view, async ({ version }) => answer(version + 1))
  await expect(refused).rejects.toThrow('no')
  await next
  expect(shown()).toMatchObject({ title: 'Old', version: 4 })
})

test('once somebody has it, work can start as far as that goes', () => {
  const missing = (...codes: string[]) => ({
    action: 'start' as const,
    label: 'Start work',
    ready: false,
    reasons: codes.map((code) => ({ code, message: code })),
  })
  const incident = { ...view, moves: [missing('assigned'), missing('assigned', 'no_open_tasks')] }
  expect(foretoldAssignment(incident, person).moves?.map(({ ready }) => ready)).toEqual([true, false])
  expect(foretoldAssignment(incident, null).moves?.map(({ ready }) => ready)).toEqual([false, false])
})
