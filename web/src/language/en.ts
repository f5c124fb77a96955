import { admin } from './en/admin.ts'
import { branch } from './en/branch.ts'
import { asset } from './en/asset.ts'
import { attestation } from './en/attestation.ts'
import { audit } from './en/audit.ts'
import { clock } from './en/clock.ts'
import { home } from './en/home.ts'
import { imports } from './en/import.ts'
import { incident } from './en/incident.ts'
import { insight } from './en/insight.ts'
import { item } from './en/item.ts'
import { itemSource } from './en/item-source.ts'
import { itemModel } from './en/item-model.ts'
import { journal } from './en/journal.ts'
import { list } from './en/list.ts'
import { organization } from './en/organization.ts'
import { policy } from './en/policy.ts'
import { profile } from './en/profile.ts'
import { people } from './en/people.ts'
import { portal } from './en/portal.ts'
import { record } from './en/record.ts'
import { refusal } from './en/refusal.ts'
import { report } from './en/report.ts'
import { security } from './en/security.ts'
import { session } from './en/session.ts'
import { shell } from './en/shell.ts'

/**
 * Every text of the application, in English: plain, active words; no blame, no "please", no exclamation marks; terms as in GLOSSARY.md.
 * Keys name the place, families the names of the contract (`incident.state.new`). A branch of a plural or a select has a space or a `#` in it.
 * A key stands in one part only, and `de/` has the same parts.
 */
export const en = {
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
} as const
