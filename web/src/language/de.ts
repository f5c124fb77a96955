import type { Translation } from '@evenkeel/server/kernel/language/catalogue'
import { admin } from './de/admin.ts'
import { branch } from './de/branch.ts'
import { asset } from './de/asset.ts'
import { attestation } from './de/attestation.ts'
import { audit } from './de/audit.ts'
import { clock } from './de/clock.ts'
import { home } from './de/home.ts'
import { imports } from './de/import.ts'
import { incident } from './de/incident.ts'
import { insight } from './de/insight.ts'
import { item } from './de/item.ts'
import { itemSource } from './de/item-source.ts'
import { itemModel } from './de/item-model.ts'
import { journal } from './de/journal.ts'
import { list } from './de/list.ts'
import { organization } from './de/organization.ts'
import { policy } from './de/policy.ts'
import { profile } from './de/profile.ts'
import { people } from './de/people.ts'
import { portal } from './de/portal.ts'
import { record } from './de/record.ts'
import { refusal } from './de/refusal.ts'
import { report } from './de/report.ts'
import { security } from './de/security.ts'
import { session } from './de/session.ts'
import { shell } from './de/shell.ts'
import type { en } from './en.ts'

/**
 * Every text in German, for people at a service desk: plain, "Sie" avoided where an infinitive says it. A text that English has and this
 * lacks is a type error; one too many, or other arguments, fails the test. Loaded when the reader's language is German.
 */
export const de: Translation<typeof en> = {
  ...admin,
  ...branch,
  ...asset,
  ...attestation,
  ...audit,
  ...clock,
  ...home,
  ...portal,
  ...imports,
  ...incident,
  ...people,
  ...insight,
  ...item,
  ...itemSource,
  ...itemModel,
  ...journal,
  ...list,
  ...organization,
  ...policy,
  ...profile,
  ...record,
  ...refusal,
  ...report,
  ...security,
  ...session,
  ...shell,
}
