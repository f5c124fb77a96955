import type { Estate } from './estate.ts'

const cashMachine = (n: number) =>
  ({
    name: `Cash machine ${n}`,
    class: 'server',
    carries: 'atm',
    values: {
      hostname: `atm-${n}`,
      manufacturer: 'Tellon',
      model: 'T50',
      serial: `TL-${9000 + n}`,
      os: 'Windows 10 IoT',
    },
  }) as const
const numbered = <T>(from: number, count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(from + at))

export const bankEstate: Estate = {
  site: 'Meridian, data center north',
  rooms: ['Hall 1', 'Hall 2'],
  applications: [
    {
      key: 'portal',
      name: 'Banking portal',
      vendor: 'Meridian',
      nodes: 4,
      needed: 2,
      database: { engine: 'PostgreSQL', nodes: 3, needed: 2 },
    },
    { key: 'gateway', name: 'API gateway', vendor: 'Meridian', nodes: 3, needed: 2 },
    {
      key: 'ledger',
      name: 'Core ledger',
      vendor: 'Fidela',
      nodes: 3,
      needed: 2,
      database: { engine: 'Db2', nodes: 3, needed: 2 },
    },
    {
      key: 'switch',
      name: 'Payment switch',
      vendor: 'Clearway',
      nodes: 3,
      needed: 2,
      database: { engine: 'PostgreSQL', nodes: 2, needed: 1 },
    },
    { key: 'cards', name: 'Card authorizer', vendor: 'Clearway', nodes: 2, needed: 1 },
    { key: 'crm', name: 'Customer file', vendor: 'Fidela', nodes: 2, needed: 1 },
    { key: 'vpn', name: 'Remote access gateway', vendor: 'Northwind', nodes: 2, needed: 1 },
  ],
  places: [
    { name: 'Branch Market Square', devices: numbered(1, 4, cashMachine) },
    { name: 'Branch Station', devices: numbered(5, 3, cashMachine) },
    { name: 'Branch Harbor', devices: numbered(8, 3, cashMachine) },
  ],
  services: {
    web: {
      users: 210_000,
      departments: ['Customers'],
      rto: 60,
      important: true,
      on: ['portal', 'gateway', 'ledger'],
    },
    app: { users: 340_000, departments: ['Customers'], rto: 60, important: true, on: ['gateway', 'ledger'] },
    sepa: {
      users: 400_000,
      departments: ['Customers', 'Treasury'],
      rto: 30,
      important: true,
      on: ['switch', 'ledger'],
    },
    cards: { users: 380_000, departments: ['Customers'], rto: 15, important: true, on: ['cards', 'switch'] },
    atm: { users: 90_000, departments: ['Customers'], rto: 240, on: ['cards'] },
    counter: { users: 420, departments: ['Branches'], rto: 120, on: ['ledger', 'crm'] },
    crm: { users: 700, departments: ['Branches', 'Service'], rto: 480, on: ['crm'] },
    vpn: { users: 900, departments: ['Staff'], rto: 240, on: ['vpn', 'core'] },
  },
}
