/** Which part of the report is shown; the differences when the address says nothing. */
export const auditShows = ['missing', 'wrong_place', 'unexpected', 'found', 'unread'] as const
export type AuditShow = (typeof auditShows)[number]
