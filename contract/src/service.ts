import { z } from 'zod'
import { Id, Named, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

/** 1 the most critical, 4 the least. */
export const Criticality = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])

/** What records are about: something people use, with a team that supports it. */
export const ServiceRow = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  supportTeam: Named,
  owner: PersonRef.nullable(),
  criticality: Criticality,
  isActive: z.boolean(),
  version: Version,
})
export type ServiceRow = z.infer<typeof ServiceRow>

export const CreateService = z.strictObject({
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().max(2000).default(''),
  supportTeamId: Id,
  ownerId: Id.nullable().default(null),
  criticality: Criticality.default(3),
})
export type CreateService = z.infer<typeof CreateService>

export const EditService = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    description: z.string().trim().max(2000),
    supportTeamId: Id,
    ownerId: Id.nullable(),
    criticality: Criticality,
    isActive: z.boolean(),
  })
  .partial()
export type EditService = z.infer<typeof EditService>

const Ref = z.object({ id: Id, version: Version })

export const serviceRoutes = defineRoutes({
  listServices: {
    method: 'GET',
    path: '/services',
    summary: 'List services',
    access: 'service.read',
    query: z.strictObject({ active: z.enum(['true', 'false']).optional() }),
    answer: z.object({ rows: z.array(ServiceRow) }),
  },
  createService: {
    method: 'POST',
    path: '/services',
    summary: 'Add a service',
    access: 'service.manage',
    body: CreateService,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  editService: {
    method: 'PATCH',
    path: '/services/{id}',
    summary: 'Change a service',
    access: 'service.manage',
    params: z.object({ id: Id }),
    body: EditService,
    answer: Ref,
    versioned: true,
  },
})
