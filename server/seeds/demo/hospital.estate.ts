import type { Estate } from './estate.ts'

const ventilator = (n: number) =>
  ({
    name: `Ventilator ${n}`,
    class: 'medical_device',
    carries: 'monitor',
    values: {
      manufacturer: 'Breva',
      model: 'V300',
      serial: `BV-${3300 + n}`,
      udi_di: '04012345000009',
      issuing_agency: 'gs1',
      fda_class: 'ii',
      life_support: true,
      firmware: '4.1.2',
      network_zone: 'medical',
      patient_data: false,
      maintenance_plan: 'Every 12 months',
      maintenance_due: '2027-02-01',
    },
  }) as const
const patientMonitor = (n: number) =>
  ({
    name: `Bedside monitor ${n}`,
    class: 'medical_device',
    carries: 'monitor',
    values: {
      manufacturer: 'Vigil',
      model: 'M7',
      serial: `VG-${5100 + n}`,
      udi_di: '04056789000012',
      issuing_agency: 'gs1',
      fda_class: 'ii',
      life_support: false,
      firmware: '2.8',
      network_zone: 'medical',
      patient_data: true,
      maintenance_plan: 'Every 24 months',
    },
  }) as const
const imaging = (name: string, model: string, serial: string) =>
  ({
    name,
    class: 'medical_device',
    carries: 'pacs',
    values: {
      manufacturer: 'Helia',
      model,
      serial,
      issuing_agency: 'hibcc',
      fda_class: 'ii',
      life_support: false,
      firmware: 'VB42',
      network_zone: 'imaging',
      patient_data: true,
      maintenance_plan: 'Every 6 months, by the manufacturer',
    },
  }) as const
const numbered = <T>(from: number, count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(from + at))

export const hospitalEstate: Estate = {
  site: 'St Brigid’s, main site',
  rooms: ['Computer room A', 'Computer room B', 'Network room, tower'],
  applications: [
    {
      key: 'ehr',
      name: 'Caredesk',
      vendor: 'Caredesk',
      nodes: 3,
      needed: 2,
      database: { engine: 'PostgreSQL', nodes: 3, needed: 2 },
    },
    {
      key: 'lis',
      name: 'LabFlow',
      vendor: 'Labora',
      nodes: 2,
      needed: 1,
      database: { engine: 'Oracle', nodes: 2, needed: 1 },
    },
    {
      key: 'pacs',
      name: 'Imagevault',
      vendor: 'Helia',
      nodes: 3,
      needed: 2,
      database: { engine: 'PostgreSQL', nodes: 2, needed: 1 },
    },
    { key: 'sign', name: 'Badge directory', vendor: 'Keyring', nodes: 2, needed: 1 },
    { key: 'mail', name: 'Mail server', vendor: 'Postway', nodes: 2, needed: 1 },
    { key: 'voice', name: 'Telephone exchange', vendor: 'Callum', nodes: 2, needed: 1 },
    { key: 'files', name: 'File server', vendor: 'Harbour', nodes: 1, needed: 1 },
  ],
  places: [
    { name: 'Ward 4', devices: [...numbered(1, 3, ventilator), ...numbered(1, 4, patientMonitor)] },
    { name: 'Ward 7', devices: numbered(5, 4, patientMonitor) },
    {
      name: 'Intensive care',
      devices: [...numbered(4, 5, ventilator), ...numbered(9, 6, patientMonitor)],
    },
    {
      name: 'Radiology',
      devices: [
        imaging('CT 1', 'Aurora 128', 'HL-1281'),
        imaging('MRI 1', 'Magna 3T', 'HL-3042'),
        imaging('X-ray 2', 'Lumen', 'HL-0717'),
      ],
    },
  ],
  services: {
    ehr: {
      users: 1900,
      departments: ['Wards', 'Emergency', 'Theatres'],
      rto: 60,
      important: true,
      on: ['ehr', 'badge'],
    },
    lab: { users: 140, departments: ['Laboratory', 'Wards'], rto: 120, important: true, on: ['lis'] },
    pacs: { users: 320, departments: ['Radiology', 'Theatres'], rto: 240, on: ['pacs'] },
    wifi: { users: 2100, departments: ['Everybody'], rto: 60, important: true, on: ['core'] },
    pager: {
      users: 900,
      departments: ['Wards', 'Emergency'],
      rto: 30,
      important: true,
      on: ['voice', 'core'],
    },
    cart: { users: 600, departments: ['Wards'], rto: 240, on: ['wifi', 'badge'] },
    badge: { users: 2100, departments: ['Everybody'], rto: 120, on: ['sign'] },
    monitor: { users: 180, departments: ['Intensive care', 'Wards'], rto: 15, important: true, on: ['core'] },
    mail: { users: 2100, departments: ['Everybody'], rto: 480, on: ['mail'] },
    files: { users: 800, departments: ['Administration'], rto: 1440, on: ['files'] },
  },
}
