import type { ItemAttribute, ItemClass, ItemClasses } from '@evenkeel/contract/item-class'

// The classes that come with the product. They may be extended and retired, not removed: services, barcodes and rules speak of them.

type Given = Partial<Omit<ItemAttribute, 'key' | 'label' | 'type'>>

const attribute = (
  key: string,
  label: string,
  type: ItemAttribute['type'],
  given: Given = {},
): ItemAttribute => ({
  key,
  label,
  type,
  help: '',
  unit: '',
  choices: [],
  required: false,
  restricted: false,
  indexed: false,
  retired: false,
  ...given,
})

const choices = (...pairs: readonly (readonly [string, string])[]): Given => ({
  choices: pairs.map(([value, label]) => ({ value, label })),
})
const indexed = { indexed: true } as const
const person = { to: { kind: 'person' } } as const
const team = { to: { kind: 'team' } } as const
const place = { to: { kind: 'item', class: 'location' } } as const

const made = (
  key: string,
  label: string,
  parent: string | null,
  attributes: readonly ItemAttribute[] = [],
  abstract = false,
): ItemClass => ({ key, label, parent, abstract, retired: false, attributes: [...attributes] })

/** Attributes that the product itself speaks of; each is on a class that comes with it. */
export const shippedClasses: ItemClasses = {
  classes: [
    made(
      'item',
      'Item',
      null,
      [
        attribute('description', 'Description', 'text'),
        attribute('owner', 'Owner', 'reference', { ...person, ...indexed }),
        attribute('support_team', 'Support team', 'reference', { ...team, ...indexed }),
        attribute('environment', 'Environment', 'choice', {
          ...choices(['production', 'Production'], ['test', 'Test'], ['development', 'Development']),
          ...indexed,
        }),
        attribute('location', 'Location', 'reference', { ...place, ...indexed }),
        attribute('availability', 'Availability', 'number', {
          unit: '%',
          help: 'How much of the time it works, as measured or promised.',
        }),
        attribute('supplier', 'Supplier', 'text', indexed),
        attribute('contract', 'Contract', 'text'),
        attribute('cost', 'Cost', 'money', { restricted: true }),
        attribute('members_needed', 'Members needed', 'number', {
          help: 'How many members have to be alive; all when nothing is said.',
        }),
        attribute('members_needed_share', 'Members needed, as a share', 'number', {
          unit: '%',
          help: 'The share of members that has to be alive, rounded up; counts when no number is given.',
        }),
      ],
      true,
    ),
    made(
      'service',
      'Service',
      'item',
      [
        attribute('criticality', 'Criticality', 'choice', {
          ...choices(
            ['1', '1 most critical'],
            ['2', '2 critical'],
            ['3', '3 important'],
            ['4', '4 least critical'],
          ),
          ...indexed,
          required: true,
        }),
        attribute('users_served', 'Users served', 'number', { unit: 'people', ...indexed }),
        attribute('departments', 'Departments served', 'list', { of: 'text' }),
        attribute('rto', 'Recovery time objective', 'number', { unit: 'min', ...indexed }),
        attribute('rpo', 'Recovery point objective', 'number', { unit: 'min' }),
        attribute('critical_or_important', 'Critical or important function', 'boolean', indexed),
        attribute('provider', 'Provider', 'text', indexed),
        attribute('agreed_hours', 'Agreed hours', 'text'),
      ],
      true,
    ),
    made('business_service', 'Business service', 'service'),
    made('technical_service', 'Technical service', 'service'),
    made('application', 'Application', 'item', [
      attribute('vendor', 'Vendor', 'text', indexed),
      attribute('version', 'Version', 'text', indexed),
      attribute('personal_data', 'Processes personal data', 'boolean', indexed),
    ]),
    made('database', 'Database', 'item', [
      attribute('engine', 'Engine', 'text', indexed),
      attribute('version', 'Version', 'text', indexed),
      attribute('size', 'Size', 'number', { unit: 'GB' }),
    ]),
    made(
      'hardware',
      'Hardware',
      'item',
      [
        attribute('manufacturer', 'Manufacturer', 'text', indexed),
        attribute('model', 'Model', 'text', indexed),
        attribute('serial', 'Serial number', 'text', indexed),
        attribute('asset_tag', 'Asset tag', 'text', indexed),
        attribute('warranty_until', 'Warranty until', 'date', indexed),
      ],
      true,
    ),
    made('server', 'Server', 'hardware', [
      attribute('hostname', 'Host name', 'text', indexed),
      attribute('ip_addresses', 'IP addresses', 'list', { of: 'text', indexed: true }),
      attribute('os', 'Operating system', 'text', indexed),
      attribute('memory', 'Memory', 'number', { unit: 'GB' }),
      attribute('is_virtual', 'Virtual', 'boolean', indexed),
    ]),
    made('network_device', 'Network device', 'hardware', [
      attribute('hostname', 'Host name', 'text', indexed),
      attribute('ip_addresses', 'IP addresses', 'list', { of: 'text', indexed: true }),
      attribute('firmware', 'Firmware', 'text', indexed),
      attribute('network_zone', 'Network zone', 'text', indexed),
    ]),
    made('location', 'Location', 'item', [
      attribute('kind', 'Kind of place', 'choice', {
        ...choices(
          ['site', 'Site'],
          ['building', 'Building'],
          ['room', 'Room'],
          ['rack', 'Rack'],
          ['ward', 'Ward'],
        ),
        ...indexed,
      }),
      attribute('address', 'Address', 'text'),
    ]),
    made('group', 'Group', 'item', []),
    made('medical_device', 'Medical device', 'hardware', [
      attribute('udi_di', 'UDI-DI', 'text', {
        ...indexed,
        help: 'Device identifier of the unique device identification.',
      }),
      attribute('issuing_agency', 'Issuing agency', 'choice', {
        ...choices(['gs1', 'GS1'], ['hibcc', 'HIBCC'], ['iccbba', 'ICCBBA']),
        ...indexed,
      }),
      attribute('lot', 'Lot', 'text', indexed),
      attribute('manufactured_on', 'Manufactured on', 'date'),
      attribute('expires_on', 'Expires on', 'date', indexed),
      attribute('fda_class', 'FDA class', 'choice', {
        ...choices(['i', 'Class I'], ['ii', 'Class II'], ['iii', 'Class III']),
        ...indexed,
      }),
      attribute('life_support', 'Life support', 'boolean', { ...indexed, required: true }),
      attribute('maintenance_plan', 'Maintenance plan', 'text'),
      attribute('maintenance_due', 'Maintenance due', 'date', indexed),
      attribute('firmware', 'Firmware', 'text', indexed),
      attribute('network_zone', 'Network zone', 'text', indexed),
      attribute('patient_data', 'Stores patient data', 'boolean', indexed),
    ]),
  ],
}

export const builtInClasses: ReadonlySet<string> = new Set(shippedClasses.classes.map(({ key }) => key))
