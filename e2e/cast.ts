import type { RoleKey } from '../server/src/practices/people/index.ts'

/** Journeys run side by side, each row of them against a server and a database of its own, on neighboring ports. */
export const firstPort = Number(process.env['EVENKEEL_TEST_PORT'] ?? 4650)

/** Where e2e/server.ts listens, and where the browser goes. */
export const port = firstPort + Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)
export const address = `http://localhost:${port}`

export type CastMember = {
  readonly name: string
  readonly title: string
  readonly role: RoleKey
  /** Signs in with it; everybody can be signed in with one click as well. */
  readonly password?: string
}
export type TenantCast = {
  readonly slug: string
  readonly name: string
  /** Of the tenant and its people; English when absent. */
  readonly language?: string
  readonly people: readonly CastMember[]
  /** The first one gets what no rule sends elsewhere. */
  readonly teams: readonly { readonly name: string; readonly members: readonly string[] }[]
}

export const password = 'a lighthouse keeps 3 secrets'

export const tenants: readonly TenantCast[] = [
  {
    slug: 'harbor',
    name: 'Harbor Hospital',
    people: [
      { name: 'Rita Okafor', title: 'Ward sister', role: 'requester', password },
      { name: 'Otto Lindqvist', title: 'Radiographer', role: 'requester' },
      { name: 'Pia Holm', title: 'Midwife', role: 'requester' },
      {
        name: 'Maria-Theresia Wolkenstein-Rodenegg von Trostburg',
        title: 'Head of the department of anaesthesiology and intensive care',
        role: 'requester',
      },
      { name: 'Amir Haddad', title: 'Service desk agent', role: 'agent', password },
      { name: 'Noor de Vries', title: 'Network engineer', role: 'agent' },
      { name: 'Lena Brandt', title: 'Service desk lead', role: 'team_lead' },
      { name: 'Karim Said', title: 'Change manager', role: 'change_manager', password },
      { name: 'Iris Auditor', title: 'Auditor', role: 'auditor' },
      { name: 'Ada Silva', title: 'Administrator', role: 'administrator', password },
    ],
    teams: [
      { name: 'Service desk', members: ['Amir Haddad', 'Lena Brandt'] },
      { name: 'Network', members: ['Noor de Vries'] },
      { name: 'Clinical applications and interfaces', members: ['Lena Brandt'] },
    ],
  },
  {
    slug: 'quiet',
    name: 'Quiet Bank',
    people: [
      { name: 'Bea Stone', title: 'Service desk agent', role: 'agent' },
      { name: 'Ravi Menon', title: 'Teller', role: 'requester' },
    ],
    teams: [{ name: 'Service desk', members: ['Bea Stone'] }],
  },
  {
    slug: 'seeblick',
    name: 'Klinikum Seeblick',
    language: 'de',
    people: [
      { name: 'Greta Vogt', title: 'Stationsleitung', role: 'requester', password },
      { name: 'Bernd Lauer', title: 'Pflege', role: 'requester' },
      { name: 'Jonas Ziegler', title: 'Fachinformatiker', role: 'agent' },
      { name: 'Sabine Kröger', title: 'Leitung Anwendersupport', role: 'team_lead' },
      { name: 'Ulf Petersen', title: 'Innenrevision', role: 'auditor' },
      { name: 'Heike Sommer', title: 'Leitung IT', role: 'administrator', password },
    ],
    teams: [
      { name: 'Anwendersupport', members: ['Jonas Ziegler', 'Sabine Kröger'] },
      { name: 'Netzwerk und Telefonie', members: ['Sabine Kröger'] },
    ],
  },
]
