import type { Walked } from './walked.ts'

/** Where a person of the cast may go: what is walked in every language and scheme, and opened with hostile texts. A new page goes in here. */
export type Place = {
  readonly name: string
  /** Who opens it; nobody signed in when absent. */
  readonly as?: string
  readonly path: string
}

export const placesOf = ({ record, resolved, team, role, otto, template }: Walked): readonly Place[] => [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-in-tenant', path: '/sign-in?tenant=harbor' },
  { name: 'forgotten', path: '/forgotten' },
  { name: 'forgotten-tenant', path: '/forgotten?tenant=harbor' },
  { name: 'welcome', path: '/welcome#token' },
  { name: 'link-used', path: '/new-password' },
  { name: 'answer-gone', path: '/still-broken#token' },
  { name: 'home', as: 'Amir Haddad', path: '/' },
  { name: 'home-requester', as: 'Rita Okafor', path: '/' },
  { name: 'home-lead', as: 'Lena Brandt', path: '/' },
  { name: 'home-administrator', as: 'Ada Silva', path: '/' },
  { name: 'list', as: 'Amir Haddad', path: '/incidents?q=' },
  { name: 'list-preview', as: 'Amir Haddad', path: `/incidents?q=&preview=${record}` },
  { name: 'list-fault', as: 'Amir Haddad', path: '/incidents?q=colour:red' },
  { name: 'list-none', as: 'Amir Haddad', path: '/incidents?q="nothing has these words"' },
  { name: 'raise', as: 'Amir Haddad', path: '/incidents/new' },
  { name: 'raise-requester', as: 'Rita Okafor', path: '/incidents/new' },
  { name: 'record', as: 'Amir Haddad', path: `/incidents/${record}` },
  { name: 'record-requester', as: 'Rita Okafor', path: `/incidents/${record}` },
  { name: 'record-resolved', as: 'Rita Okafor', path: `/portal/${resolved}` },
  { name: 'record-auditor', as: 'Iris Auditor', path: `/incidents/${record}` },
  { name: 'record-missing', as: 'Amir Haddad', path: '/incidents/018f0000-0000-7000-8000-000000000000' },
  { name: 'settings', as: 'Amir Haddad', path: '/settings' },
  { name: 'settings-security', as: 'Amir Haddad', path: '/settings/security' },
  { name: 'settings-sessions', as: 'Amir Haddad', path: '/settings/sessions' },
  { name: 'settings-notifications', as: 'Amir Haddad', path: '/settings/notifications' },
  { name: 'settings-keys', as: 'Amir Haddad', path: '/settings/keys' },
  { name: 'notifications', as: 'Amir Haddad', path: '/notifications' },
  { name: 'admin', as: 'Ada Silva', path: '/admin' },
  { name: 'admin-people', as: 'Ada Silva', path: '/admin/people' },
  { name: 'admin-teams', as: 'Ada Silva', path: '/admin/teams' },
  { name: 'admin-roles', as: 'Ada Silva', path: '/admin/roles' },
  { name: 'admin-person', as: 'Ada Silva', path: `/admin/people/${otto}` },
  { name: 'admin-team', as: 'Ada Silva', path: `/admin/teams/${team}` },
  { name: 'admin-role', as: 'Ada Silva', path: `/admin/roles/${role}` },
  { name: 'admin-template', as: 'Ada Silva', path: `/admin/templates/${template}` },
  { name: 'admin-access', as: 'Ada Silva', path: '/admin/access' },
  { name: 'admin-services', as: 'Ada Silva', path: '/admin/services' },
  { name: 'admin-fields', as: 'Ada Silva', path: '/admin/fields' },
  { name: 'admin-templates', as: 'Ada Silva', path: '/admin/templates' },
  { name: 'admin-policies', as: 'Ada Silva', path: '/admin/policies' },
  { name: 'admin-security', as: 'Ada Silva', path: '/admin/policies/security' },
  { name: 'admin-routing', as: 'Ada Silva', path: '/admin/policies/routing' },
  { name: 'admin-matrix', as: 'Ada Silva', path: '/admin/policies/priority_matrix' },
  { name: 'admin-notification', as: 'Ada Silva', path: '/admin/policies/notification' },
  { name: 'admin-incident-rules', as: 'Ada Silva', path: '/admin/policies/incident_rules' },
  { name: 'admin-calendar', as: 'Ada Silva', path: '/admin/policies/calendar?name=Desk' },
  { name: 'admin-outbox', as: 'Ada Silva', path: '/admin/outbox' },
  { name: 'admin-health', as: 'Ada Silva', path: '/admin/health' },
  { name: 'journal', as: 'Ada Silva', path: '/journal' },
  { name: 'admin-keys', as: 'Ada Silva', path: '/admin/keys' },
  { name: 'not-found', as: 'Amir Haddad', path: '/nowhere' },
]
