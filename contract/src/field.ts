import { z } from 'zod'
import { Id, Version } from './record.ts'
import { defineRoutes } from './route.ts'

export const customFieldTypes = ['text', 'number', 'choice', 'date', 'boolean'] as const

const Label = z.string().trim().min(1).max(80)
const Choices = z.array(z.string().trim().min(1).max(80)).max(200)

/** A field that a tenant added to a kind of record: typed, validated, filterable as `custom.<key>`, in the API and in exports. */
export const CustomFieldView = z.object({
  id: Id,
  recordKind: z.enum(['incident']),
  key: z.string(),
  label: z.string(),
  type: z.enum(customFieldTypes),
  choices: z.array(z.string()),
  isRequired: z.boolean(),
  isInternal: z.boolean(),
  isActive: z.boolean(),
  position: z.int(),
  version: Version,
})
export type CustomFieldView = z.infer<typeof CustomFieldView>

export const CreateCustomField = z.strictObject({
  recordKind: z.enum(['incident']).default('incident'),
  /** Never changes: saved filters and the journal hold it. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _, beginning with a letter'),
  label: Label,
  type: z.enum(customFieldTypes),
  choices: Choices.default([]),
  isRequired: z.boolean().default(false),
  /** For the team only: for requesters it does not exist. */
  isInternal: z.boolean().default(true),
  position: z.int().min(0).max(10_000).default(0),
})
export type CreateCustomField = z.infer<typeof CreateCustomField>

/** The type of a field stays: values of another type are in records already. Retired fields keep their values and their history. */
export const EditCustomField = z
  .strictObject({
    label: Label,
    choices: Choices,
    isRequired: z.boolean(),
    isInternal: z.boolean(),
    isActive: z.boolean(),
    position: z.int().min(0).max(10_000),
  })
  .partial()
export type EditCustomField = z.infer<typeof EditCustomField>

const Ref = z.object({ id: Id, version: Version })

export const fieldRoutes = defineRoutes({
  listCustomFields: {
    method: 'GET',
    path: '/custom-fields',
    summary: 'The custom fields this reader may see',
    access: 'signed in',
    answer: z.object({ fields: z.array(CustomFieldView) }),
  },
  createCustomField: {
    method: 'POST',
    path: '/custom-fields',
    summary: 'Add a field to a kind of record',
    access: 'custom_field.manage',
    body: CreateCustomField,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  editCustomField: {
    method: 'PATCH',
    path: '/custom-fields/{id}',
    summary: 'Change or retire a custom field',
    access: 'custom_field.manage',
    params: z.object({ id: Id }),
    body: EditCustomField,
    answer: Ref,
    versioned: true,
  },
})
