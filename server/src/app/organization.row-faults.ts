import { z } from 'zod'
import { isPermission } from '../kernel/access.ts'
import { isJsonObject, UnsealableError, type Json } from '../kernel/evidence/canonical-json.ts'
import { commitmentsIn, opens, personalAt, type PersonalValues } from '../kernel/evidence/commitment.ts'
import { mustBeSealable } from '../kernel/evidence/export-format.ts'
import { textIn, type CarriedRow } from '../platform/carry/carried-table.ts'
import { itemPolicies } from '../practices/configuration/index.ts'
import { incidentPolicies } from '../practices/incident/index.ts'
import { notificationPolicies } from '../practices/notification/index.ts'
import { securityOffer } from '../practices/people/index.ts'
import { tellings } from './mail.ts'

const policies = new Map(
  [...incidentPolicies, ...itemPolicies, ...notificationPolicies(tellings), securityOffer].map(
    ({ kind, policy }) => [kind, policy],
  ),
)

const Personal: z.ZodType<PersonalValues> = z.record(
  z.string(),
  z.union([
    z.literal('erased'),
    // What was parsed from JSON is JSON.
    z.strictObject({ value: z.custom<Json>((value) => value !== undefined), salt: z.string() }),
  ]),
)

/** What the tables cannot refuse and the product could not live with. */
export const rowFaults: Readonly<Record<string, (row: CarriedRow, tenantId: string) => string | undefined>> =
  {
    role_permission: (row) =>
      isPermission(textIn(row, 'permission'))
        ? undefined
        : `gives ${JSON.stringify(row['permission'])}, which is no permission`,
    policy_version: (row) =>
      policies.get(textIn(row, 'kind'))?.schema.safeParse(row['document']).success === false
        ? `is no document of the kind ${textIn(row, 'kind')}`
        : undefined,
    journal: (row, tenantId) => {
      if (row['subjectKind'] === 'tenant' && row['subjectId'] !== null) return 'is about another organization'
      const personal = Personal.safeParse(row['personal'] ?? {})
      if (!personal.success || !isJsonObject(row['data'])) return 'is no entry'
      try {
        mustBeSealable(
          {
            v: 1,
            tenant: tenantId,
            id: textIn(row, 'id'),
            at: textIn(row, 'at'),
            actor: {
              kind: textIn(row, 'actorKind'),
              id: textOrNull(row, 'actorId'),
              onBehalfOf: textOrNull(row, 'onBehalfOf'),
              via: textIn(row, 'via'),
            },
            subject: { kind: textIn(row, 'subjectKind'), id: textOrNull(row, 'subjectId') ?? tenantId },
            type: textIn(row, 'type'),
            data: row['data'],
            cause: textOrNull(row, 'cause'),
            request: textOrNull(row, 'request'),
          },
          personal.data,
        )
      } catch (error) {
        if (error instanceof UnsealableError) return `cannot be sealed: ${error.message}`
        throw error
      }
      const closed = commitmentsIn(row['data']).find(([pointer, commitment]) => {
        const value = personalAt(personal.data, pointer)
        return value !== undefined && value !== 'erased' && !opens(commitment, value.value, value.salt)
      })
      return closed === undefined
        ? undefined
        : `has a value at ${closed[0]} that its commitment was not made from`
    },
  }

const textOrNull = (row: CarriedRow, field: string): string | null =>
  typeof row[field] === 'string' ? row[field] : null
