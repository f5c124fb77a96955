import { Refusal } from '../../kernel/refusal.ts'
import { says } from './record.reasons.ts'

/** For small things that are edited whole (fields, views): whoever saw an older version looks again. */
export const mustBeVersion = (version: number, seen: number): void => {
  if (seen > version) throw new Refusal('malformed', says('version.none', { version: seen }))
  if (seen < version) throw new Refusal('changed_meanwhile', says('version.made', { version }))
}
