import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import {
  type MapSearch,
  readMapSearch,
  readTimesSearch,
  type TimesSearch,
} from '../features/item/item.search.ts'
import { type BranchSearch, readBranchSearch } from '../features/item/branch.search.ts'
import { type ReportSearch, readReportSearch } from '../features/report/report.period.ts'
import { type InsightSearch, readInsightSearch } from '../features/insight/insight.search.ts'
import { type JournalSearch, journalSearchOf } from '../features/journal/journal.search.ts'
import { type AttestationView, attestationViews } from '../features/attestation/attestation.search.ts'
import { type AuditShow, auditShows } from '../features/audit/audit.search.ts'
import { homeQuery } from '../features/home/home.api.ts'
import { clocksQuery, incidentQuery, incidentsQuery } from '../features/incident/incident.api.ts'
import { type ListSearch, readListSearch } from '../parts/listing-address.ts'
import { setReader, spokenHere } from '../language/say.ts'
import { ownZone } from '../language/time.ts'
import { mayAtAll, seesOnlyOwn, sessionQuery, usesPortal } from '../parts/session.ts'
import { FaultPage } from '../ui/fault.tsx'
import { readFinding } from '../ui/finding.ts'
import { wholeSort } from '../ui/list-layout.ts'
import { NotFound } from './not-found.tsx'
import { SettingsLayout } from './settings.layout.tsx'
import { Shell } from './shell.tsx'

type Context = { readonly queries: QueryClient }

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** What the address says; what it does not say is not there. */
const optional = <Values extends Readonly<Record<string, string | undefined>>>(
  values: Values,
): { readonly [Name in keyof Values]?: Values[Name] | undefined } => values

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound })

/** In the language of the browser: nobody is known yet. */
const readAsStranger = (): Promise<void> =>
  setReader({ language: spokenHere(navigator.languages), timeZone: ownZone() })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { tenant?: string; to?: string } => ({
    ...(text(search['tenant']) === undefined ? {} : { tenant: text(search['tenant']) ?? '' }),
    ...(text(search['to']) === undefined ? {} : { to: text(search['to']) ?? '' }),
  }),
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/session/sign-in.page.tsx'), 'SignInPage'),
})

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgotten',
  validateSearch: (search): { tenant?: string } =>
    text(search['tenant']) === undefined ? {} : { tenant: text(search['tenant']) ?? '' },
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/session/forgotten.page.tsx'), 'ForgottenPage'),
})

/** Mails link here; what the link is worth stands behind the `#`. */
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/session/link.page.tsx'), 'InvitationPage'),
})

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/session/link.page.tsx'), 'ResetPage'),
})

const stillBroken = createRoute({
  getParentRoute: () => root,
  path: '/still-broken',
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/portal/portal.answer.tsx'), 'StillBrokenPage'),
})

const itWorks = createRoute({
  getParentRoute: () => root,
  path: '/it-works',
  beforeLoad: readAsStranger,
  component: lazyRouteComponent(() => import('../features/portal/portal.answer.tsx'), 'ItWorksPage'),
})

/** Everything for people who are signed in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context: { queries }, location }) => {
    const me = await queries.ensureQueryData(sessionQuery)
    if (me === null) {
      // oxlint-disable-next-line typescript/only-throw-error -- the router takes a redirect by throwing
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
    }
    if (me.session?.owes != null) {
      // oxlint-disable-next-line typescript/only-throw-error -- the router takes a redirect by throwing
      throw redirect({ to: '/second-factor', search: location.href === '/' ? {} : { to: location.href } })
    }
    await setReader({ language: me.person.language, timeZone: me.person.timeZone })
  },
})

/** Between signing in and everything else, where a role asks for a second factor. */
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: (search): { to?: string } =>
    text(search['to']) === undefined ? {} : { to: text(search['to']) ?? '' },
  beforeLoad: async ({ context: { queries } }) => {
    const me = await queries.ensureQueryData(sessionQuery)
    // oxlint-disable-next-line typescript/only-throw-error -- the router takes a redirect by throwing
    if (me === null) throw redirect({ to: '/sign-in' })
    await setReader({ language: me.person.language, timeZone: me.person.timeZone })
  },
  component: lazyRouteComponent(
    () => import('../features/session/second-factor.page.tsx'),
    'SecondFactorPage',
  ),
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: (search): { view?: 'teams' } => (search['view'] === 'teams' ? { view: 'teams' } : {}),
  // Asked for together with the page, and when somebody points at a link to it; the page stands before the answer does.
  loader: async ({ context: { queries } }) => {
    const me = await queries.ensureQueryData(sessionQuery)
    if (me === null) return
    if (!usesPortal(me)) void queries.prefetchQuery(homeQuery)
    const { preloadLanding } = await import('../features/home/home.landing.tsx')
    await preloadLanding(usesPortal(me))
  },
  component: lazyRouteComponent(() => import('../features/home/home.landing.tsx'), 'Landing'),
})

type Portal = { readonly to: '/' | '/portal/new' } | { readonly to: '/portal/$id'; readonly id: string }

/** Who sees only their own is led from a page of the desk to the same thing in the portal. */
const unlessPortal = async (queries: QueryClient, instead: Portal): Promise<void> => {
  const me = await queries.ensureQueryData(sessionQuery)
  if (me === null || !seesOnlyOwn(me)) return
  // oxlint-disable-next-line typescript/only-throw-error -- the router takes a redirect by throwing
  throw 'id' in instead
    ? redirect({ to: instead.to, params: { id: instead.id }, replace: true })
    : redirect({ to: instead.to, replace: true })
}

const portalNew = createRoute({
  getParentRoute: () => shell,
  path: '/portal/new',
  validateSearch: (search): { title?: string; service?: string; follows?: string } =>
    Object.fromEntries(
      ['title', 'service', 'follows'].flatMap((name) => {
        const value = text(search[name])
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  component: lazyRouteComponent(() => import('../features/portal/portal.raise.tsx'), 'PortalRaise'),
})

const portalThing = createRoute({
  getParentRoute: () => shell,
  path: '/portal/$id',
  component: lazyRouteComponent(() => import('../features/portal/portal.thing.tsx'), 'PortalThingPage'),
})

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  validateSearch: (search): ListSearch => readListSearch(search),
  beforeLoad: ({ context }) => unlessPortal(context.queries, { to: '/' }),
  // What the plainest list asks for, as public/start.js does; others wait until it is known what they need.
  loader: ({ context: { queries }, location }) => {
    const { q, sort, group, columns } = readListSearch(location.search)
    if (q === undefined || group !== undefined || columns !== undefined) return
    const first = incidentsQuery({ q, sort: wholeSort(sort, undefined) })
    // A list that is there already keeps itself true, page by page.
    if (queries.getQueryData(first.queryKey) === undefined) void queries.prefetchInfiniteQuery(first)
  },
  component: lazyRouteComponent(
    () => import('../features/incident/incident.list-page.tsx'),
    'IncidentListPage',
  ),
})

const raiseIncident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/new',
  beforeLoad: ({ context }) => unlessPortal(context.queries, { to: '/portal/new' }),
  component: lazyRouteComponent(
    () => import('../features/incident/incident.raise-page.tsx'),
    'RaiseIncidentPage',
  ),
})

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$id',
  /** What of the history is shown, and which entry the address points at. */
  validateSearch: (search): { readonly show?: string; readonly entry?: string } => {
    const [show, entry] = [text(search['show']), text(search['entry'])]
    return { ...(show === undefined ? {} : { show }), ...(entry === undefined ? {} : { entry }) }
  },
  beforeLoad: ({ context, params }) => unlessPortal(context.queries, { to: '/portal/$id', id: params.id }),
  loader: ({ context: { queries }, params: { id } }) => {
    void queries.prefetchQuery(incidentQuery(id))
    const me = queries.getQueryData(sessionQuery.queryKey)
    if (me && mayAtAll(me, 'incident.read_internal')) void queries.prefetchQuery(clocksQuery(id))
  },
  component: lazyRouteComponent(() => import('../features/incident/incident.page.tsx'), 'IncidentPage'),
})

const items = createRoute({
  getParentRoute: () => shell,
  path: '/items',
  validateSearch: (search): ListSearch => readListSearch(search),
  component: lazyRouteComponent(() => import('../features/item/item.list-page.tsx'), 'ItemListPage'),
})

const itemConflicts = createRoute({
  getParentRoute: () => shell,
  path: '/items/conflicts',
  validateSearch: (search): { source?: string } =>
    typeof search['source'] === 'string' && search['source'] !== '' ? { source: search['source'] } : {},
  component: lazyRouteComponent(
    () => import('../features/item/item.conflicts-page.tsx'),
    'ItemConflictsPage',
  ),
})

const itemModel = createRoute({
  getParentRoute: () => shell,
  path: '/items/model',
  validateSearch: (search): { source?: string | undefined; measure?: string } => ({
    ...(typeof search['source'] === 'string' && search['source'] !== '' ? { source: search['source'] } : {}),
    ...(typeof search['measure'] === 'string' ? { measure: search['measure'] } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/item/item.model-page.tsx'), 'ModelPage'),
})

const item = createRoute({
  getParentRoute: () => shell,
  path: '/items/$id',
  validateSearch: (search): TimesSearch => readTimesSearch(search),
  component: lazyRouteComponent(() => import('../features/item/item.page.tsx'), 'ItemPage'),
})

const assets = createRoute({
  getParentRoute: () => shell,
  path: '/assets',
  /** Which of the views, and the product whose numbers are opened. */
  validateSearch: (search): { readonly show?: 'licenses' | 'providers'; readonly product?: string } => {
    const show = (['licenses', 'providers'] as const).find((one) => one === search['show'])
    const product = text(search['product'])
    return { ...(show === undefined ? {} : { show }), ...(product === undefined ? {} : { product }) }
  },
  component: lazyRouteComponent(() => import('../features/asset/asset.page.tsx'), 'AssetsPage'),
})

const audits = createRoute({
  getParentRoute: () => shell,
  path: '/audits',
  component: lazyRouteComponent(() => import('../features/audit/audit.list-page.tsx'), 'AuditListPage'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audits/$id',
  validateSearch: (search): { show?: AuditShow } => {
    const show = auditShows.find((one) => one === search['show'])
    return show === undefined ? {} : { show }
  },
  component: lazyRouteComponent(() => import('../features/audit/audit.page.tsx'), 'AuditPage'),
})

const auditWalk = createRoute({
  getParentRoute: () => shell,
  path: '/audits/$id/scan',
  /** Where whoever scans says they are. */
  validateSearch: (search): { place?: string | undefined } => optional({ place: text(search['place']) }),
  component: lazyRouteComponent(() => import('../features/audit/audit.walk-page.tsx'), 'AuditWalkPage'),
})

const attestations = createRoute({
  getParentRoute: () => shell,
  path: '/attestations',
  component: lazyRouteComponent(
    () => import('../features/attestation/attestation.list-page.tsx'),
    'AttestationListPage',
  ),
})

const attestation = createRoute({
  getParentRoute: () => shell,
  path: '/attestations/$id',
  validateSearch: (search): { show?: AttestationView } => {
    const show = attestationViews.find((one) => one === search['show'])
    return show === undefined ? {} : { show }
  },
  component: lazyRouteComponent(
    () => import('../features/attestation/attestation.page.tsx'),
    'AttestationPage',
  ),
})

const serviceMap = createRoute({
  getParentRoute: () => shell,
  path: '/map',
  validateSearch: (search): MapSearch => readMapSearch(search),
  component: lazyRouteComponent(() => import('../features/item/item.map-page.tsx'), 'ServiceMapPage'),
})

const branches = createRoute({
  getParentRoute: () => shell,
  path: '/branches',
  validateSearch: (search): { state?: 'closed' } => (search['state'] === 'closed' ? { state: 'closed' } : {}),
  component: lazyRouteComponent(() => import('../features/item/branch.list-page.tsx'), 'BranchListPage'),
})

const branch = createRoute({
  getParentRoute: () => shell,
  path: '/branches/$id',
  validateSearch: (search): BranchSearch => readBranchSearch(search),
  component: lazyRouteComponent(() => import('../features/item/branch.page.tsx'), 'BranchPage'),
})

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  validateSearch: (search): { unread?: 'true' } => (search['unread'] === 'true' ? { unread: 'true' } : {}),
  component: lazyRouteComponent(
    () => import('../features/notification/notification.page.tsx'),
    'NotificationsPage',
  ),
})

/** One's own settings: a page of `features/profile` each, listed in settings-places.ts. */
const settings = createRoute({ getParentRoute: () => shell, path: '/settings', component: SettingsLayout })

const profile = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('../features/profile/profile.page.tsx'), 'ProfilePage'),
})

const security = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(
    () => import('../features/profile/profile.security-page.tsx'),
    'SecurityPage',
  ),
})

const sessions = createRoute({
  getParentRoute: () => settings,
  path: '/sessions',
  component: lazyRouteComponent(
    () => import('../features/profile/profile.sessions-page.tsx'),
    'SessionsPage',
  ),
})

/** Mails link here. */
const notificationPreferences = createRoute({
  getParentRoute: () => settings,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('../features/notification/notification.preferences-page.tsx'),
    'NotificationPreferencesPage',
  ),
})

const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: lazyRouteComponent(() => import('../features/profile/profile.keys-page.tsx'), 'KeysPage'),
})

/** Administration: pages hang below this, and stand in admin-places.ts. */
const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  component: lazyRouteComponent(() => import('./admin.page.tsx'), 'AdminLayout'),
})

const adminOverview = createRoute({
  getParentRoute: () => admin,
  path: '/',
  component: lazyRouteComponent(() => import('./admin.page.tsx'), 'AdminPage'),
})

const adminPeople = createRoute({
  getParentRoute: () => admin,
  path: '/people',
  validateSearch: (search) => {
    const state = text(search['state'])
    const found = (['locked', 'inactive', 'all'] as const).find((one) => one === state)
    return {
      ...optional({ q: text(search['q']), team: text(search['team']), role: text(search['role']) }),
      ...optional({ state: found }),
    }
  },
  component: lazyRouteComponent(() => import('../features/people/people.list-page.tsx'), 'PeoplePage'),
})

const adminPerson = createRoute({
  getParentRoute: () => admin,
  path: '/people/$id',
  component: lazyRouteComponent(() => import('../features/people/people.page.tsx'), 'PersonPage'),
})

const adminTeams = createRoute({
  getParentRoute: () => admin,
  path: '/teams',
  validateSearch: readFinding,
  component: lazyRouteComponent(() => import('../features/people/people.teams-page.tsx'), 'TeamsPage'),
})

const adminTeam = createRoute({
  getParentRoute: () => admin,
  path: '/teams/$id',
  component: lazyRouteComponent(() => import('../features/people/people.team-page.tsx'), 'TeamPage'),
})

const adminRoles = createRoute({
  getParentRoute: () => admin,
  path: '/roles',
  component: lazyRouteComponent(() => import('../features/people/people.roles-page.tsx'), 'RolesPage'),
})

const adminRole = createRoute({
  getParentRoute: () => admin,
  path: '/roles/$id',
  component: lazyRouteComponent(() => import('../features/people/people.role-page.tsx'), 'RolePage'),
})

const adminAccess = createRoute({
  getParentRoute: () => admin,
  path: '/access',
  validateSearch: (search) =>
    optional({
      person: text(search['person']),
      permission: text(search['permission']),
      record: text(search['record']),
    }),
  component: lazyRouteComponent(() => import('../features/people/people.access-page.tsx'), 'AccessPage'),
})

const adminKeys = createRoute({
  getParentRoute: () => admin,
  path: '/keys',
  component: lazyRouteComponent(() => import('../features/people/people.keys-page.tsx'), 'KeysPage'),
})

const adminServices = createRoute({
  getParentRoute: () => admin,
  path: '/services',
  validateSearch: readFinding,
  component: lazyRouteComponent(() => import('../features/service/service.page.tsx'), 'ServicesPage'),
})

const adminFields = createRoute({
  getParentRoute: () => admin,
  path: '/fields',
  component: lazyRouteComponent(() => import('../features/field/field.page.tsx'), 'FieldsPage'),
})

const kindOfTemplate = (search: Record<string, unknown>) =>
  optional({
    kind: (['incident', 'quick_reply', 'macro'] as const).find((one) => one === search['kind']),
  })

const adminTemplates = createRoute({
  getParentRoute: () => admin,
  path: '/templates',
  validateSearch: (search) => ({ ...readFinding(search), ...kindOfTemplate(search) }),
  component: lazyRouteComponent(() => import('../features/template/template.list-page.tsx'), 'TemplatesPage'),
})

const adminTemplate = createRoute({
  getParentRoute: () => admin,
  path: '/templates/$id',
  validateSearch: kindOfTemplate,
  component: lazyRouteComponent(() => import('../features/template/template.page.tsx'), 'TemplatePage'),
})

const adminImports = createRoute({
  getParentRoute: () => admin,
  path: '/imports',
  component: lazyRouteComponent(() => import('../features/import/import.list-page.tsx'), 'ImportsPage'),
})

const adminImport = createRoute({
  getParentRoute: () => admin,
  path: '/imports/$id',
  /** The step that is open, the field of the mapping that the address points at, and the reason whose refused rows are shown. */
  validateSearch: (search) =>
    optional({
      step: text(search['step']),
      field: text(search['field']),
      reason: text(search['reason']),
      column: text(search['column']),
    }),
  component: lazyRouteComponent(() => import('../features/import/import.page.tsx'), 'ImportPage'),
})

const adminPolicies = createRoute({
  getParentRoute: () => admin,
  path: '/policies',
  component: lazyRouteComponent(() => import('../features/policy/policy.list-page.tsx'), 'PolicyListPage'),
})

const adminPolicy = createRoute({
  getParentRoute: () => admin,
  path: '/policies/$kind',
  validateSearch: (search): { name?: string } => {
    const name = text(search['name'])
    return name === undefined ? {} : { name }
  },
  component: lazyRouteComponent(() => import('../features/policy/policy.page.tsx'), 'PolicyPage'),
})

const adminOutbox = createRoute({
  getParentRoute: () => admin,
  path: '/outbox',
  validateSearch: (search): { status?: string; mail?: string } => {
    const [status, mail] = [text(search['status']), text(search['mail'])]
    return { ...(status === undefined ? {} : { status }), ...(mail === undefined ? {} : { mail }) }
  },
  component: lazyRouteComponent(() => import('../features/outbox/outbox.page.tsx'), 'OutboxPage'),
})

const adminHealth = createRoute({
  getParentRoute: () => admin,
  path: '/health',
  component: lazyRouteComponent(
    () => import('../features/instance/instance.health-page.tsx'),
    'InstanceHealthPage',
  ),
})

const adminOrganization = createRoute({
  getParentRoute: () => admin,
  path: '/organization',
  component: lazyRouteComponent(
    () => import('../features/organization/organization.page.tsx'),
    'OrganizationPage',
  ),
})

const journal = createRoute({
  getParentRoute: () => shell,
  path: '/journal',
  validateSearch: (search): JournalSearch => journalSearchOf(search),
  component: lazyRouteComponent(() => import('../features/journal/journal.page.tsx'), 'JournalPage'),
})

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  validateSearch: (search): ReportSearch => readReportSearch(search),
  beforeLoad: ({ context }) => unlessPortal(context.queries, { to: '/' }),
  component: lazyRouteComponent(() => import('../features/report/report.page.tsx'), 'ReportsPage'),
})

const insight = createRoute({
  getParentRoute: () => shell,
  path: '/insight',
  validateSearch: (search): InsightSearch => readInsightSearch(search),
  beforeLoad: ({ context }) => unlessPortal(context.queries, { to: '/' }),
  component: lazyRouteComponent(() => import('../features/insight/insight.page.tsx'), 'InsightPage'),
})

const insightConformance = createRoute({
  getParentRoute: () => shell,
  path: '/insight/conformance',
  validateSearch: (search): InsightSearch => readInsightSearch(search),
  beforeLoad: ({ context }) => unlessPortal(context.queries, { to: '/' }),
  component: lazyRouteComponent(
    () => import('../features/insight/insight.conformance-page.tsx'),
    'ConformancePage',
  ),
})

const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

const routeTree = root.addChildren([
  signIn,
  forgotten,
  welcome,
  newPassword,
  secondFactor,
  stillBroken,
  itWorks,
  shell.addChildren([
    home,
    incidents,
    raiseIncident,
    incident,
    branches,
    branch,
    items,
    itemConflicts,
    itemModel,
    item,
    assets,
    attestations,
    attestation,
    audits,
    audit,
    auditWalk,
    serviceMap,
    notifications,
    portalNew,
    portalThing,
    settings.addChildren([profile, security, sessions, notificationPreferences, keys]),
    reports,
    insight,
    insightConformance,
    journal,
    admin.addChildren([
      adminPolicies,
      adminPolicy,
      adminOutbox,
      adminHealth,
      adminOrganization,
      adminOverview,
      adminPeople,
      adminPerson,
      adminTeams,
      adminTeam,
      adminRoles,
      adminRole,
      adminAccess,
      adminKeys,
      adminServices,
      adminFields,
      adminTemplates,
      adminTemplate,
      adminImports,
      adminImport,
    ]),
    nowhere,
  ]),
])

export const createAppRouter = (queries: QueryClient) =>
  createRouter({
    routeTree,
    context: { queries },
    defaultPreload: 'intent',
    // The pages' data is kept by the queries, not by the router.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <FaultPage error={error} onRetry={reset} />,
    defaultNotFoundComponent: NotFound,
    // Addresses are read by people: ?q=team:network, not ?q=%22team%3Anetwork%22.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const entries = Object.entries(search).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      )
      const written = new URLSearchParams(entries).toString()
      return written === '' ? '' : `?${written}`
    },
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
