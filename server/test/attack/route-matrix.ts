import type { Kind } from './things.ts'
import type { VisitorName } from './stage.ts'

/** Ids a body or a query may name, all of the visitors' own tenant, and a number that was not used before. */
export type Given = {
  readonly n: number
  readonly id: string
  readonly agentId: string
  readonly r1Id: string
  readonly deskId: string
  readonly networkId: string
  readonly incidentId: string
  readonly itemId: string
  readonly inAnHour: string
}

export type Line = {
  /** What the route's parameters name; without it the route names nothing that belongs to somebody. */
  readonly at?: Kind
  /** Parameters that name nothing of anybody's. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: (given: Given) => Record<string, string>
  /** The smallest body that the right person gets through with. */
  readonly send?: (given: Given) => Record<string, unknown>
  /** Or the file that is sent instead. */
  readonly file?: string
  /** Holds everything of the tenant, confidential or not, for those who may take all of it: the other tenant is nowhere in it. */
  readonly everything?: true
  /**
   * What the nine get, in the order of `visitorNames`. One sign per place where the route names a thing (own, other group,
   * confidential, other tenant, nonexistent), one for all where it does not.
   */
  readonly codes: string
}

/**
 * The signs of the matrix: 2 done, 1 401, 3 403, 4 404, g 410, c 409, u 422, b 400; `-` stands where a kind of thing has no such place.
 */
export const signOf = (status: number): string =>
  status < 300
    ? '2'
    : ({ 400: 'b', 401: '1', 403: '3', 404: '4', 409: 'c', 410: 'g', 422: 'u' }[status] ?? `[${status}]`)

/** Which route shows a kind of thing: a 403 may only be answered about what its visitor can read there. */
export const shownBy: Partial<Record<Kind, string>> = {
  incident: 'readIncident',
  watcher: 'readIncident',
  affected: 'readIncident',
  link: 'readIncident',
  macro: 'readIncident',
  reply: 'readIncident',
  item: 'readIncident',
  named: 'readIncident',
  file: 'readAttachment',
  person: 'readPerson',
  branch: 'readBranch',
  planned: 'readBranch',
  attestation: 'readAttestation',
  audit: 'readAudit',
  configured: 'readItem',
  related: 'readItem',
}

const credential = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: {
    clientDataJSON: 'AAAA',
    authenticatorData: 'AAAA',
    signature: 'AAAA',
    attestationObject: 'AAAA',
  },
}
const nobody = '00000000-0000-7000-8000-000000000000'
const none = (): Record<string, unknown> => ({})
const importMapping = {
  source: 'old desk',
  format: { type: 'csv' },
  times: { format: 'iso', zone: 'UTC' },
  record: ['Nr'],
  fields: {
    title: { from: { is: 'column', column: 'Word' } },
    createdAt: { from: { is: 'value', value: '2020-01-01T00:00:00.000Z' } },
  },
  people: { by: 'name', missing: { do: 'create' } },
  teams: { missing: { do: 'create' } },
  services: { missing: { do: 'create' } },
}

/** One line per route: what it is asked for, with which body, and what each of the nine visitors gets. */
// prettier-ignore
export const routeMatrix: Readonly<Record<string, Line>> = {
  //                                   stranger r1  r2    agent lead  auditor admin key elsewhere
  readHome:                 { codes: '1 3 3 2 2 2 2 3 2' },
  readTeamHome:             { codes: '1 3 3 2 2 2 2 3 2' },
  readPortal:               { codes: '1 2 2 2 2 2 2 2 2' },
  listIncidents:            { codes: '1 2 2 2 2 2 2 2 2' },
  countIncidents:           { codes: '1 2 2 2 2 2 2 2 2' },
  countIncidentLists:       { codes: '1 2 2 2 2 2 2 2 2', send: () => ({ lists: [{ q: 'open:true' }] }) },
  incidentFilterFields:     { codes: '1 2 2 2 2 2 2 2 2' },
  groupIncidents:           { codes: '1 2 2 2 2 2 2 2 2', query: () => ({ by: 'state' }) },
  readIncidentFilter:       { codes: '1 2 2 2 2 2 2 2 2', query: () => ({ q: 'open:true' }) },
  exportIncidents:          { codes: '1 3 3 2 2 2 2 3 2' },
  similarIncidents:         { codes: '1 2 2 2 2 3 2 3 2', query: () => ({ title: 'Printer' }) },
  raiseIncident:            { codes: '1 2 2 2 2 3 2 3 2', send: ({ n }) => ({ title: `Nr ${n}` }) },
  weighIncident:            { codes: '1 3 3 2 2 2 2 3 u', send: ({ itemId }) => ({ items: [{ id: itemId, effect: 'down' }] }) },
  readIncident:             { codes: '11111 24444 44444 22444 22444 22444 22444 22444 44444', at: 'incident' },
  editIncident:             { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'incident', send: ({ n }) => ({ category: `c${n}` }) },
  assignIncident:           { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'incident', send: ({ agentId }) => ({ personId: agentId }) },
  overrideIncidentPriority: { codes: '11111 33333 33333 33333 22444 33333 22444 33333 44444', at: 'incident', send: () => ({ priority: 1, reason: 'the ward is dark' }) },
  moveIncident:             { codes: '11111 34444 44444 23444 22444 33444 22444 33444 44444', at: 'incident', send: () => ({ action: 'cancel', reason: 'raised_in_error' }) },
  commentIncident:          { codes: '11111 24444 44444 22444 22444 33444 22444 22444 44444', at: 'incident', send: () => ({ audience: 'public', body: 'hello' }) },
  incidentTimeline:         { codes: '11111 24444 44444 22444 22444 22444 22444 22444 44444', at: 'incident' },
  readIncidentClocks:       { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'incident' },
  exportIncidentLedger:     { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'incident' },
  incidentTeams:            { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'incident' },
  reportTeams:              { codes: '1 3 3 2 2 2 2 3 2' },
  reportHolds:              { codes: '1 3 3 2 2 2 2 3 2' },
  exportTeamsReport:        { codes: '1 3 3 2 2 2 2 3 2' },
  exportHoldsReport:        { codes: '1 3 3 2 2 2 2 3 2' },
  readProcessMap:           { codes: '1 3 3 3 2 2 2 3 2' },
  readVariants:             { codes: '1 3 3 3 2 2 2 3 2' },
  readConformance:          { codes: '1 3 3 3 2 2 2 3 2' },
  readPingPong:             { codes: '1 3 3 3 2 2 2 3 2' },
  listInsightRecords:       { codes: '1 3 3 3 2 2 2 3 2' },
  watchIncident:            { codes: '11111 24444 44444 22444 22444 33333 22444 33333 44444', at: 'incident', send: none },
  unwatchIncident:          { codes: '11111 34444 44444 22444 22444 33333 22444 33333 44444', at: 'watcher' },
  addAffected:              { codes: '11111 24444 44444 22444 22444 33333 22444 33333 44444', at: 'incident', send: none },
  removeAffected:           { codes: '11111 34444 44444 22444 22444 33333 22444 33333 44444', at: 'affected' },
  nameIncidentItem:         { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'named', send: () => ({ effect: 'down' }) },
  dropIncidentItem:         { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'named' },
  linkIncident:             { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'incident', send: ({ incidentId }) => ({ type: 'related', toId: incidentId }) },
  unlinkIncident:           { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'link' },
  setIncidentParent:        { codes: '11111 33333 33333 22444 22444 33333 22444 33333 uuuuu', at: 'incident', send: ({ incidentId }) => ({ parentId: incidentId }) },
  previewResolve:           { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'incident' },
  runMacro:                 { codes: '11111 33333 33333 22444 22444 33444 22444 33333 44444', at: 'macro', send: () => ({ macroVersion: 1 }) },
  previewMacro:             { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'macro' },
  previewSteps:             { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'incident', send: () => ({ steps: [{ do: 'set', fields: { category: 'x' } }] }) },
  readQuickReply:           { codes: '11111 33333 33333 22444 22444 22444 22444 33333 44444', at: 'reply' },
  addToChecklist:           { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'incident', send: ({ n }) => ({ items: [`Step ${n}`] }) },
  editChecklistItem:        { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'item', send: ({ n }) => ({ text: `Step ${n}` }) },
  tickChecklistItem:        { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'item', send: () => ({ done: true }) },
  removeChecklistItem:      { codes: '11111 33333 33333 22444 22444 33333 22444 33333 44444', at: 'item' },
  previewBulk:              { codes: '1 3 3 3 2 3 2 3 2', send: ({ incidentId }) => ({ ids: [incidentId], steps: [{ do: 'comment', audience: 'team', body: 'x' }] }) },
  startBulk:                { codes: '1 3 3 3 2 3 2 3 2', send: ({ incidentId }) => ({ ids: [incidentId], steps: [{ do: 'comment', audience: 'team', body: 'x' }] }) },
  listBulk:                 { codes: '1 3 3 3 2 3 2 3 2' },
  readBulk:                 { codes: '11-11 33-33 33-33 33-33 22-44 33-33 22-44 33-33 44-44', at: 'bulk' },
  undoBulk:                 { codes: '11-11 33-33 33-33 33-33 22-44 33-33 22-44 33-33 44-44', at: 'bulk' },
  listImports:              { codes: '1 3 3 3 3 3 2 3 2' },
  createImport:             { codes: '1 3 3 3 3 3 2 3 2', query: () => ({ name: 'old.csv' }), file: 'Nr,Word\n1,one\n' },
  readImport:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import' },
  proposeMapping:           { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import' },
  previewImport:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import', send: () => ({ mapping: importMapping }) },
  examineImport:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import', send: () => ({ mapping: importMapping }) },
  runImport:                { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'import' },
  pauseImport:              { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'import' },
  voidImport:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import', send: () => ({ reason: 'the wrong file' }) },
  listImportFaults:         { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import' },
  exportImportFaults:       { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'import' },
  readReconciliation:       { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'import' },
  listMappings:             { codes: '1 3 3 3 3 3 2 3 2' },
  listMappingVersions:      { codes: '1 3 3 3 3 3 4 3 4', params: { name: 'nothing' } },
  saveMapping:              { codes: '1 3 3 3 3 3 2 3 2', params: { name: 'kept' }, send: () => ({ mapping: importMapping }) },
  listTemplates:            { codes: '1 3 3 2 2 2 2 3 2' },
  createTemplate:           { codes: '1 3 3 3 2 3 2 3 2', send: ({ n }) => ({ kind: 'quick_reply', name: `Q${n}`, document: { audience: 'public', body: 'x' } }) },
  editTemplate:             { codes: '11-11 33-33 33-33 33-33 22-44 33-33 22-44 33-33 44-44', at: 'template', send: ({ n }) => ({ name: `Q${n}` }) },
  templateVersions:         { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'template' },
  listAttachments:          { codes: '11111 24444 44444 22444 22444 22444 22444 22444 44444', at: 'incident' },
  addAttachment:            { codes: '11111 24444 44444 22444 22444 33444 22444 22444 44444', at: 'incident', query: () => ({ name: 'log.txt' }), file: 'words' },
  readAttachment:           { codes: '11111 44444 44444 22444 22444 22444 22444 44444 44444', at: 'file' },
  removeAttachment:         { codes: '11111 44444 44444 22444 22444 33444 22444 44444 44444', at: 'file' },
  listNotifications:        { codes: '1 2 2 2 2 2 2 2 2' },
  countUnread:              { codes: '1 2 2 2 2 2 2 2 2' },
  readNotification:         { codes: '11-11 24-44 24-44 24-44 24-44 24-44 24-44 33-33 44-44', at: 'notification' },
  readAllNotifications:     { codes: '1 2 2 2 2 2 2 3 2', send: none },
  explainNotification:      { codes: '11-11 24-44 24-44 24-44 24-44 24-44 24-44 24-44 44-44', at: 'notification' },
  listNoticePreferences:    { codes: '1 2 2 2 2 2 2 2 2' },
  setNoticePreference:      { codes: '1 2 2 2 2 2 2 3 2', params: { kind: 'comment' }, send: () => ({ inApplication: true, mail: null }) },
  setDigestHour:            { codes: '1 2 2 2 2 2 2 3 2', send: () => ({ hour: 7 }) },
  listOutbox:               { codes: '1 3 3 3 3 2 2 3 2' },
  countOutbox:              { codes: '1 3 3 3 3 2 2 3 2' },
  readMail:                 { codes: '11-11 33-33 33-33 33-33 33-33 22-44 22-44 33-33 44-44', at: 'mail' },
  redriveMail:              { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'mail' },
  redriveOutbox:            { codes: '1 3 3 3 3 3 2 3 2', send: () => ({ status: 'dead' }) },
  showMailLink:             { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'mail' },
  listSetAside:             { codes: '1 3 3 3 3 2 2 3 2' },
  retrySetAside:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 44-44 33-33 44-44', at: 'entry' },
  listCustomFields:         { codes: '1 2 2 2 2 2 2 2 2' },
  createCustomField:        { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ key: `f${n}`, label: 'F', type: 'text' }) },
  editCustomField:          { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'field', send: ({ n }) => ({ label: `F${n}` }) },
  listViews:                { codes: '1 2 2 2 2 2 2 2 2' },
  createView:               { codes: '1 2 2 2 2 2 2 3 2', send: ({ n }) => ({ name: `V${n}`, filter: { all: [] } }) },
  editView:                 { codes: '11-11 24-44 44-44 44-44 44-44 44-44 44-44 33-33 44-44', at: 'view', send: ({ n }) => ({ name: `V${n}` }) },
  deleteView:               { codes: '11-11 24-44 44-44 44-44 44-44 44-44 44-44 33-33 44-44', at: 'view' },
  setDefaultView:           { codes: '1 2 2 2 2 2 2 3 2', send: () => ({ viewId: null }) },
  bePresent:                { codes: '11111 24444 44444 22444 22444 22444 22444 22444 44444', at: 'incident', send: () => ({ page: nobody, doing: 'reading' }) },
  live:                     { codes: '1 2 2 2 2 2 2 2 2' },
  listJournal:              { codes: '1 3 3 3 3 2 2 3 2' },
  readJournalState:         { codes: '1 3 3 3 3 2 2 3 2' },
  verifyJournal:            { codes: '1 3 3 3 3 2 2 3 2', send: none },
  exportJournal:            { codes: '1 3 3 3 3 2 2 3 2' },
  readOrganizationContents: { codes: '1 3 3 3 3 3 2 3 2' },
  exportOrganization:       { codes: '1 3 3 3 3 3 2 3 2', everything: true },
  readJournalEntry:         { codes: '1 3 3 3 3 4 4 3 4', params: { id: nobody } },
  readInstanceHealth:       { codes: '1 3 3 3 3 2 2 3 2' },
  readApiDescription:       { codes: '1 2 2 2 2 2 2 2 2' },
  readRoutingFields:        { codes: '1 3 3 2 2 2 2 3 2' },
  readRoutingConditions:    { codes: '1 3 3 2 2 2 2 3 2', send: () => ({ conditions: [{ text: 'priority:1' }] }) },
  readNoticeFields:         { codes: '1 3 3 2 2 2 2 3 2' },
  readNoticeConditions:     { codes: '1 3 3 2 2 2 2 3 2', send: () => ({ conditions: [{ text: 'priority:1' }] }) },
  listPolicies:             { codes: '1 3 3 2 2 2 2 3 2' },
  readPolicy:               { codes: '1 3 3 2 2 2 2 3 2', params: { kind: 'routing' } },
  policyVersions:           { codes: '1 3 3 2 2 2 2 3 2', params: { kind: 'routing' } },
  comparePolicy:            { codes: '1 3 3 2 2 2 2 3 2', params: { kind: 'routing' }, query: () => ({ from: '1', to: '1' }) },
  previewPolicy:            { codes: '1 3 3 2 2 2 2 3 u', params: { kind: 'routing' }, send: ({ deskId }) => ({ document: { catchAllTeamId: deskId } }) },
  publishPolicy:            { codes: '1 3 3 3 3 3 2 3 u', params: { kind: 'routing' }, send: ({ deskId }) => ({ document: { catchAllTeamId: deskId, servicePick: 'round_robin' }, note: 'try', basedOn: 1 }) },
  signInOptions:            { codes: '2 2 2 2 2 2 2 2 2' },
  signIn:                   { codes: '1 1 1 1 1 1 1 1 1', send: () => ({ tenant: 'harbor', email: 'nobody@harbor.test', password: 'a guess' }) },
  demoSignIn:               { codes: '4 4 4 4 4 4 4 4 4', send: ({ r1Id }) => ({ tenant: 'harbor', personId: r1Id }) },
  passkeySignInOptions:     { codes: '2 2 2 2 2 2 2 2 2', send: () => ({ tenant: 'harbor' }) },
  passkeySignIn:            { codes: '1 1 1 1 1 1 1 1 1', send: () => ({ tenant: 'harbor', ceremony: nobody, credential }) },
  signOut:                  { codes: '1 2 2 2 2 2 2 3 2' },
  requestReset:             { codes: '2 2 2 2 2 2 2 2 2', send: () => ({ tenant: 'harbor', email: 'nobody@harbor.test' }) },
  acceptReset:              { codes: 'g g g g g g g g g', send: () => ({ token: 'x', password: 'eleven lanterns in the fog' }) },
  acceptInvitation:         { codes: 'g g g g g g g g g', send: () => ({ token: 'x', password: 'eleven lanterns in the fog' }) },
  readAnswerLink:           { codes: 'g g g g g g g g g', send: () => ({ token: 'x' }) },
  answerByLink:             { codes: 'g g g g g g g g g', send: () => ({ token: 'x', answer: 'works' }) },
  me:                       { codes: '1 2 2 2 2 2 2 2 2' },
  editMe:                   { codes: '1 2 2 2 2 2 2 3 2', send: ({ n }) => ({ phone: `${n}` }) },
  confirmMe:                { codes: '1 1 1 1 1 1 1 3 1', send: () => ({ password: 'a guess' }) },
  confirmMePasskeyOptions:  { codes: '1 u u u u u u 3 u' },
  confirmMeWithPasskey:     { codes: '1 1 1 1 1 1 1 3 1', send: () => ({ ceremony: nobody, credential }) },
  listSessions:             { codes: '1 2 2 2 2 2 2 3 2' },
  endSession:               { codes: '11-11 24-44 24-44 24-44 24-44 24-44 24-44 33-33 24-44', at: 'session' },
  endOtherSessions:         { codes: '1 2 2 2 2 2 2 3 2' },
  changePassword:           { codes: '1 2 2 2 2 2 2 3 2', send: () => ({ password: 'short but long' }) },
  enrolTotp:                { codes: '1 2 2 2 2 2 2 3 2' },
  confirmTotp:              { codes: '1 u u u u u u 3 u', send: () => ({ totp: '123456' }) },
  removeTotp:               { codes: '1 4 4 4 4 4 4 3 4' },
  renewRecoveryCodes:       { codes: '1 u u u u u u 3 u' },
  listPasskeys:             { codes: '1 2 2 2 2 2 2 3 2' },
  passkeyRegistrationOptions: { codes: '1 2 2 2 2 2 2 3 2' },
  registerPasskey:          { codes: '1 u u u u u u 3 u', send: () => ({ ceremony: nobody, name: 'Phone', credential }) },
  renamePasskey:            { codes: '11-11 44-44 44-44 44-44 44-44 44-44 44-44 33-33 44-44', at: 'passkey', send: () => ({ name: 'Key ring' }) },
  removePasskey:            { codes: '11-11 44-44 44-44 44-44 44-44 44-44 44-44 33-33 44-44', at: 'passkey' },
  listApiKeys:              { codes: '1 2 2 2 2 2 2 3 2' },
  createApiKey:             { codes: '1 2 2 2 2 2 2 3 2', send: ({ inAnHour }) => ({ name: 'k', permissions: ['incident.read'], expiresAt: inAnHour }) },
  revokeApiKey:             { codes: '11-11 24-44 24-44 24-44 24-44 24-44 24-44 33-33 24-44', at: 'key' },
  stopActing:               { codes: '1 u u u u u u 3 u' },
  listPeople:               { codes: '1 3 3 2 2 2 2 2 2' },
  suggestPeople:            { codes: '1 3 3 2 2 2 2 2 2', query: () => ({ q: 'ri' }) },
  readPerson:               { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 22-44 44-44', at: 'person' },
  createPerson:             { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ name: `P${n}`, email: `p${n}@new.test` }) },
  editPerson:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person', send: ({ n }) => ({ title: `T${n}` }) },
  readPersonUse:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  invitePerson:             { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  unlockPerson:             { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  removeSecondFactor:       { codes: '11-11 33-33 33-33 33-33 33-33 33-33 44-44 33-33 44-44', at: 'person' },
  listSessionsOf:           { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  endSessionsOf:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  listApiKeysOf:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person' },
  revokeApiKeyOf:           { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'keyholder' },
  listAllApiKeys:           { codes: '1 3 3 3 3 3 2 3 2' },
  actAs:                    { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'person', send: () => ({ reason: 'to see it' }) },
  giveRole:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'holder' },
  takeRole:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'holder' },
  listRoles:                { codes: '1 3 3 2 2 2 2 2 2' },
  createRole:               { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ key: `made_${letters(n)}`, name: `R${n}`, permissions: [] }) },
  editRole:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'role', send: ({ n }) => ({ description: `D${n}` }) },
  deleteRole:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'role' },
  listTeams:                { codes: '1 2 2 2 2 2 2 2 2' },
  readTeam:                 { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 22-44 44-44', at: 'team' },
  readTeamUse:              { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 22-44 44-44', at: 'team' },
  createTeam:               { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ name: `T${n}` }) },
  editTeam:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'team', send: ({ n }) => ({ description: `D${n}` }) },
  setTeamMember:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'member', send: () => ({ isLead: true }) },
  removeTeamMember:         { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'member' },
  explainAccess:            { codes: '11-11 33-33 33-33 33-33 22-44 22-44 22-44 33-33 44-44', at: 'person', query: ({ id }) => ({ personId: id, permission: 'incident.raise' }) },
  listItemClasses:          { codes: '1 3 3 2 2 2 2 3 2' },
  listItems:                { codes: '1 3 3 2 2 2 2 3 2' },
  exportItems:              { codes: '1 3 3 2 2 2 2 3 2' },
  countItems:               { codes: '1 3 3 2 2 2 2 3 2' },
  itemFilterFields:         { codes: '1 3 3 2 2 2 2 3 2' },
  groupItems:               { codes: '1 3 3 2 2 2 2 3 2', query: () => ({ by: 'class' }) },
  readItemFilter:           { codes: '1 3 3 2 2 2 2 3 2', query: () => ({ q: 'class:server' }) },
  readModelHealth:          { codes: '1 3 3 2 2 2 2 3 2' },
  createItem:               { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ class: 'server', name: `Server ${n}` }) },
  readItem:                 { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'configured' },
  readItemHistory:          { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'configured' },
  editItem:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'configured', send: ({ n }) => ({ name: `Server ${n}` }) },
  moveItem:                 { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'configured', send: () => ({ action: 'retire' }) },
  sayItemHealth:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'configured', send: () => ({ health: 'degraded', reason: 'hot' }) },
  relateItem:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'configured', send: ({ itemId }) => ({ type: 'connected_to', toId: itemId }) },
  endItemRelation:          { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'related', send: none },
  // What is merged into it is not there, and no source said anything of it: neither uses anything up.
  readCommercial:           { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'configured' },
  listContracts:            { codes: '1 3 3 2 2 2 2 3 2' },
  listLicensePositions:     { codes: '1 3 3 2 2 2 2 3 2' },
  readLicensePosition:      { codes: '11-11 33-33 33-33 44-44 44-44 44-44 44-44 33-33 44-44', at: 'configured' },
  listRegister:             { codes: '1 3 3 2 2 2 2 3 2' },
  exportRegister:           { codes: '1 3 3 2 2 2 2 3 2', params: { table: 'providers' } },
  mergeItems:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 44-44 33-33 44-44', at: 'configured', send: () => ({ fromId: '00000000-0000-7000-8000-000000000001' }) },
  previewMerge:             { codes: '11-11 33-33 33-33 33-33 33-33 33-33 44-44 33-33 44-44', at: 'configured', send: () => ({ fromId: '00000000-0000-7000-8000-000000000001' }) },
  splitItem:                { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'configured', send: () => ({ source: 'scan', name: 'Two' }) },
  putItemsBySource:         { codes: '1 3 3 3 3 3 2 3 2', params: { source: 'scan' }, send: ({ n }) => ({ items: [{ externalId: `${n}`, class: 'server', name: `Server ${n}`, values: { serial: `S-${n}` } }] }) },
  listItemConflicts:        { codes: '1 3 3 3 3 3 2 3 2' },
  reopenItemConflict:       { codes: '11-11 33-33 33-33 33-33 33-33 33-33 cc-44 33-33 44-44', at: 'conflict' },
  readSourceFigures:        { codes: '1 3 3 3 3 3 2 3 2' },
  decideItemConflict:       { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'conflict', send: () => ({ decision: 'drop' }) },
  readBarcode:              { codes: '1 3 3 2 2 2 2 3 2', send: () => ({ text: '(01)09506000134352' }) },
  listItemSources:          { codes: '1 3 3 3 3 3 2 3 2' },
  finishDelivery:           { codes: '1 3 3 3 3 3 2 3 2', params: { source: 'scan' }, send: () => ({ since: '2020-01-01T00:00:00.000Z' }) },
  decideVanishing:          { codes: '1 3 3 3 3 3 4 3 4', params: { id: '00000000-0000-7000-8000-000000000001' }, send: () => ({ decision: 'end' }) },
  readItemMap:              { codes: '1 3 3 2 2 2 2 3 2' },
  listMyDevices:            { codes: '1 2 2 2 2 3 2 3 2' },
  readBlastRadius:          { codes: '1 3 3 2 2 2 2 3 4', send: ({ itemId }) => ({ itemIds: [itemId] }) },
  listBranches:             { codes: '1 3 3 2 2 2 2 3 2' },
  createBranch:             { codes: '1 3 3 3 3 3 2 3 2', send: ({ n }) => ({ name: `Branch ${n}`, startsAt: '2030-01-06T02:00:00Z', endsAt: '2030-01-06T04:00:00Z' }) },
  readBranch:               { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'planned' },
  editBranch:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'branch', send: ({ n }) => ({ name: `Branch ${n}` }) },
  addBranchStep:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'branch', send: ({ itemId }) => ({ kind: 'down', itemId }) },
  removeBranchStep:         { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'planned' },
  discardBranch:            { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'branch', send: none },
  applyBranch:              { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'branch', send: none },
  readBranchOutlook:        { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'planned', send: ({ id }) => ({ branchIds: [id] }) },
  listAttestations:         { codes: '1 3 3 2 2 2 2 3 2' },
  openAttestation:          { codes: '1 3 3 3 3 3 2 3 u', send: ({ n }) => ({ name: `Attestation ${n}`, filter: 'name:Another', dueAt: '2100-01-01T00:00:00.000Z' }) },
  readAttestation:          { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'attestation' },
  answerAttestation:        { codes: '11-11 33-33 33-33 uu-44 uu-44 uu-44 uu-44 33-33 44-44', at: 'attestation', send: ({ itemId }) => ({ itemIds: [itemId], answer: 'right' }) },
  remindAttestation:        { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'attestation', send: none },
  closeAttestation:         { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'attestation', send: none },
  listAudits:               { codes: '1 3 3 2 2 2 2 3 2' },
  openAudit:                { codes: '1 3 3 3 3 3 2 3 u', send: ({ n }) => ({ name: `Audit ${n}`, filter: 'name:Another' }) },
  readAudit:                { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'audit' },
  readAuditExpected:        { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'audit' },
  deliverScans:             { codes: '11-11 33-33 33-33 22-44 22-44 33-33 22-44 33-33 44-44', at: 'audit', send: () => ({ scans: [{ id: nobody, text: 'A-1', at: '2020-01-01T00:00:00.000Z' }] }) },
  exportAudit:              { codes: '11-11 33-33 33-33 22-44 22-44 22-44 22-44 33-33 44-44', at: 'audit' },
  decideAudit:              { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'audit', send: ({ itemId }) => ({ decisions: [{ itemId, decision: 'leave' }] }) },
  closeAudit:               { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'audit', send: none },
  listServices:             { codes: '1 2 2 2 2 2 2 3 2' },
  createService:            { codes: '1 3 3 3 3 3 2 3 u', send: ({ n, deskId }) => ({ name: `S${n}`, supportTeamId: deskId }) },
  editService:              { codes: '11-11 33-33 33-33 33-33 33-33 33-33 22-44 33-33 44-44', at: 'service', send: () => ({ criticality: 1 }) },
}

function letters(n: number): string {
  return Array.from(String(n), (digit) => 'abcdefghij'.charAt(Number(digit))).join('')
}

export const wordsOf = (line: Line, order: readonly VisitorName[]): Map<VisitorName, string> => {
  const words = line.codes.trim().split(/\s+/)
  return new Map(order.map((name, at) => [name, words[at] ?? '']))
}
