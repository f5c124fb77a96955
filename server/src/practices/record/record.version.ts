import { Refusal } from '../../kernel/refusal.ts'

/** For small things that are edited whole (fields, views): whoever saw an older version looks again. */
export const mustBeVersion = (version: number, seen: number): void => {
  if (seen > version) throw new Refusal('malformed', `version ${seen} does not exist yet`)
  if (seen < version)
    throw new Refusal('changed_meanwhile', `somebody made version ${version} in the meantime`)
}
