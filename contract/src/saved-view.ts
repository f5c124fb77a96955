import { z } from 'zod'
import { Filter } from './filter.ts'
import { Id, Named, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

const Name = z.string().trim().min(1).max(80)
const Sort = z.string().max(200)
const Columns = z.array(z.string().max(80)).max(40)
const Group = z.string().max(81)
/** What is listed. */
const RecordKind = z.enum(['incident', 'item'])
export const ViewAudience = z.enum(['mine', 'team', 'everyone'])

/** A list with a name: filter, order and columns. Shared with a team or everyone by those who may. */
export const SavedView = z.object({
  id: Id,
  recordKind: RecordKind,
  name: z.string(),
  owner: PersonRef,
  audience: ViewAudience,
  team: Named.nullable(),
  filter: Filter,
  /** The filter as the search bar shows it. */
  text: z.string(),
  sort: z.string(),
  /** Names of columns in their order, `*` in front of one that stays in sight; empty for the usual ones. */
  columns: z.array(z.string()),
  /** The field that divides the list, `-` in front for the other direction; empty for none. */
  group: z.string(),
  /** Whether this reader may change it. */
  mayChange: z.boolean(),
  version: Version,
})
export type SavedView = z.infer<typeof SavedView>

export const CreateView = z.strictObject({
  recordKind: RecordKind.default('incident'),
  name: Name,
  audience: ViewAudience.default('mine'),
  teamId: Id.nullable().default(null),
  filter: Filter,
  sort: Sort.default('-created'),
  columns: Columns.default([]),
  group: Group.default(''),
})
export type CreateView = z.infer<typeof CreateView>

export const EditView = z
  .strictObject({
    name: Name,
    audience: ViewAudience,
    teamId: Id.nullable(),
    filter: Filter,
    sort: Sort,
    columns: Columns,
    group: Group,
  })
  .partial()
export type EditView = z.infer<typeof EditView>

const ById = z.object({ id: Id })
const Ref = z.object({ id: Id, version: Version })

export const viewRoutes = defineRoutes({
  listViews: {
    method: 'GET',
    path: '/views',
    summary: 'My views, those of my teams and those for everyone',
    access: 'incident.read',
    query: z.strictObject({ recordKind: RecordKind.default('incident') }),
    answer: z.object({
      views: z.array(SavedView),
      /** The view that this reader begins with. */
      defaultId: Id.nullable(),
    }),
  },
  createView: {
    method: 'POST',
    path: '/views',
    summary: 'Save a list as a view',
    access: 'view.save',
    body: CreateView,
    answer: Ref,
    status: 201,
    idempotent: true,
  },
  setDefaultView: {
    method: 'PUT',
    path: '/views/default',
    summary: 'Begin with this view, or with the usual one',
    access: 'view.save',
    body: z.strictObject({ recordKind: RecordKind.default('incident'), viewId: Id.nullable() }),
    status: 204,
  },
  editView: {
    method: 'PATCH',
    path: '/views/{id}',
    summary: 'Change a view',
    access: 'view.save',
    params: ById,
    body: EditView,
    answer: Ref,
    versioned: true,
  },
  deleteView: {
    method: 'DELETE',
    path: '/views/{id}',
    summary: 'Delete a view',
    access: 'view.save',
    params: ById,
    status: 204,
  },
})
