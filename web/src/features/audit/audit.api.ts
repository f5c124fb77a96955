import type { AuditOutcome } from '@evenkeel/contract/item-audit'
import { Refused } from '@evenkeel/contract/client'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { askOrKept, keepMe, scansOf } from '../../parts/kept.ts'
import type { Me } from '@evenkeel/contract/session'

export const auditsKey = ['audits'] as const

/** A refusal is an answer: only where nobody answered, what was kept stands in for it. */
const isAnswer = (error: unknown): boolean => error instanceof Refused && error.status < 500

export const auditsQuery = (owner: string) =>
  queryOptions({
    queryKey: [...auditsKey, 'list', owner],
    queryFn: () => askOrKept(owner, 'audits', () => client.listAudits(), isAnswer),
    retry: false,
  })

export const auditQuery = (id: string, outcome: AuditOutcome | undefined) =>
  queryOptions({
    queryKey: [...auditsKey, 'one', id, outcome ?? ''],
    queryFn: () => client.readAudit({ params: { id }, query: outcome === undefined ? {} : { outcome } }),
  })

/** What a device takes along, and who carries it. */
export const expectedQuery = (id: string, me: Me) =>
  queryOptions({
    queryKey: [...auditsKey, 'expected', id, me.person.id],
    queryFn: async () => {
      const answer = await askOrKept(
        me.person.id,
        `audit ${id}`,
        () => client.readAuditExpected({ params: { id } }),
        isAnswer,
      )
      if (answer.keptAt === null && answer.isKept) await keepMe(me).catch(() => undefined)
      return answer
    },
    retry: false,
    staleTime: 60_000,
  })

export const scansKey = ['scans'] as const

/** Of this device only. */
export const scansQuery = (owner: string) =>
  queryOptions({
    queryKey: [...scansKey, owner],
    queryFn: () => scansOf(owner),
    staleTime: 0,
    retry: false,
  })
