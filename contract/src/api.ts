import { answerRoutes } from './answer.ts'
import { assetRoutes } from './asset.ts'
import { attachmentRoutes } from './attachment.ts'
import { checklistRoutes } from './checklist.ts'
import { credentialRoutes } from './credential.ts'
import { fieldRoutes } from './field.ts'
import { homeRoutes } from './home.ts'
import { viewRoutes } from './saved-view.ts'
import { importRoutes } from './import.ts'
import { incidentBulkRoutes } from './incident-bulk.ts'
import { incidentListRoutes } from './incident-list.ts'
import { incidentReportRoutes } from './incident-report.ts'
import { incidentStepRoutes } from './incident-steps.ts'
import { incidentRoutes } from './incident.ts'
import { insightRoutes } from './insight.ts'
import { healthRoutes, instanceRoutes } from './instance.ts'
import { itemBranchRoutes } from './item-branch.ts'
import { itemBulkRoutes } from './item-bulk.ts'
import { itemClassRoutes } from './item-class.ts'
import { itemGraphRoutes } from './item-graph.ts'
import { itemAttestationRoutes } from './item-attestation.ts'
import { itemAuditRoutes } from './item-audit.ts'
import { itemBarcodeRoutes } from './item-barcode.ts'
import { itemSourceRoutes } from './item-source.ts'
import { itemRoutes } from './item.ts'
import { journalRoutes } from './journal.ts'
import { liveRoutes } from './live.ts'
import { noticeRuleRoutes, notificationRoutes } from './notification.ts'
import { organizationRoutes } from './organization.ts'
import { peopleRoutes } from './people.ts'
import { policyRoutes, routingRoutes } from './policy.ts'
import { serviceLevelRoutes } from './service-level.ts'
import { serviceRoutes } from './service.ts'
import { sessionRoutes } from './session.ts'
import { templateRoutes } from './template.ts'

/** Every route of the product, by name. */
export const api = {
  ...answerRoutes,
  ...attachmentRoutes,
  ...fieldRoutes,
  ...viewRoutes,
  ...homeRoutes,
  ...incidentListRoutes,
  ...incidentReportRoutes,
  ...incidentRoutes,
  ...incidentStepRoutes,
  ...incidentBulkRoutes,
  ...insightRoutes,
  ...journalRoutes,
  ...checklistRoutes,
  ...liveRoutes,
  ...instanceRoutes,
  ...healthRoutes,
  ...organizationRoutes,
  ...policyRoutes,
  ...routingRoutes,
  ...sessionRoutes,
  ...credentialRoutes,
  ...peopleRoutes,
  ...serviceRoutes,
  ...serviceLevelRoutes,
  ...notificationRoutes,
  ...noticeRuleRoutes,
  ...templateRoutes,
  ...importRoutes,
  ...itemClassRoutes,
  ...itemRoutes,
  ...itemBulkRoutes,
  ...itemGraphRoutes,
  ...itemBranchRoutes,
  ...itemSourceRoutes,
  ...assetRoutes,
  ...itemBarcodeRoutes,
  ...itemAttestationRoutes,
  ...itemAuditRoutes,
} as const
