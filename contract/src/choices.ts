/**
 * What people choose from, apart from the schemas that check it: a page that offers a choice loads no library for checking.
 */

export const holdReasons = ['caller', 'change', 'problem', 'vendor', 'parts', 'user_scheduled'] as const
export const resolutionCodes = [
  'fixed',
  'workaround',
  'user_helped',
  'no_fault_found',
  'resolved_by_itself',
  'by_problem',
  'by_change',
  'with_parent',
] as const
export const cancelReasons = ['duplicate', 'not_an_incident', 'raised_in_error'] as const

/** What is said between incidents by hand; links to changes and problems come with those practices. */
export const incidentLinkTypes = ['related', 'duplicate_of', 'follows'] as const

/** As many lines of a checklist as somebody still reads. */
export const longestChecklist = 100

/** What `{{…}}` may stand for in quick replies and in comments of macros. Anything else is refused when the template is saved. */
export const replyVariables = [
  'incident.number',
  'incident.title',
  'incident.service',
  'incident.state',
  'caller.name',
  'me.name',
  'team.name',
] as const

/** What a clock measures. A record has one clock for each of these and each kind of agreement: the first agreement that promises it. */
export const clockMeasures = ['response', 'update', 'resolution', 'assignment'] as const
export type ClockMeasure = (typeof clockMeasures)[number]
