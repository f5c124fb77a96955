import { itemBranchRoutes as routes } from '@evenkeel/contract/item-branch'
import { serve } from '../../platform/http/serve.ts'
import { applyBranch } from './branch.apply.ts'
import {
  addBranchStep,
  createBranch,
  discardBranch,
  editBranch,
  removeBranchStep,
} from './branch.commands.ts'
import { readBranchOutlook } from './branch.outlook.ts'
import { listBranches, readBranch } from './branch.page.ts'

export const branchesServed = serve(routes, {
  listBranches: ({ database, caller }, { query }) => listBranches(database, caller, query),
  createBranch: ({ database, caller, once }, { body }) => createBranch(database, caller, body, once),
  readBranch: ({ database, caller }, { params, query }) => readBranch(database, caller, params.id, query),
  editBranch: ({ database, caller }, { params, body, version }) =>
    editBranch(database, caller, params.id, version, body),
  addBranchStep: ({ database, caller, once }, { params, body }) =>
    addBranchStep(database, caller, params.id, body, once),
  removeBranchStep: ({ database, caller }, { params }) =>
    removeBranchStep(database, caller, params.id, params.stepId),
  discardBranch: ({ database, caller }, { params, body, version }) =>
    discardBranch(database, caller, params.id, version, body.reason),
  applyBranch: ({ database, caller }, { params, body, version }) =>
    applyBranch(database, caller, params.id, version, body),
  readBranchOutlook: ({ database, caller }, { body }) => readBranchOutlook(database, caller, body),
})
