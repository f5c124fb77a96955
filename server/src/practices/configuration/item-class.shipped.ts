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
  pattern: '',
  min: null,
  max: null,
  unique: false,
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
const provider = { to: { kind: 'item', class: 'provider' } } as const
const contract = { to: { kind: 'item', class: 'contract' } } as const
const software = { to: { kind: 'item', class: 'software' } } as const

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
        attribute('supplier', 'Supplier', 'reference', { ...provider, ...indexed }),
        attribute('contracts', 'Contracts', 'list', {
          of: 'reference',
          ...contract,
          ...indexed,
          help: 'What it is covered by: maintenance, support, lease.',
        }),
        attribute('cost', 'Cost', 'money', { restricted: true }),
        attribute('bought_on', 'Bought on', 'date', indexed),
        attribute('useful_life', 'Useful life', 'number', {
          unit: 'months',
          help: 'Over how many months its cost is written off, in equal parts.',
        }),
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
        attribute('provider', 'Provider', 'reference', {
          ...provider,
          ...indexed,
          help: 'Who outside the organization provides it.',
        }),
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
        attribute('used_by', 'Used by', 'reference', { ...person, ...indexed }),
        attribute('cores', 'Processor cores', 'number', indexed),
        attribute('patient_data', 'Stores patient data', 'boolean', indexed),
        attribute('cardholder_data', 'Stores cardholder data', 'boolean', indexed),
        attribute('sanitized_by_method', 'Sanitized by', 'choice', {
          ...choices(
            ['clear', 'Clear: overwritten'],
            ['purge', 'Purge: cryptographic or block erase, degaussed'],
            ['destroy', 'Destroy: shredded, melted, incinerated'],
          ),
          help: 'The method of NIST SP 800-88.',
        }),
        attribute('sanitized_on', 'Sanitized on', 'date', indexed),
        attribute('sanitized_by', 'Sanitized by whom', 'text'),
        attribute('sanitization_certificate', 'Certificate of sanitization', 'text', {
          help: 'The number or reference under which the certificate is kept.',
        }),
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
      attribute('donation', 'Donation number', 'text', {
        ...indexed,
        help: 'Of products of human origin: the donation they come from.',
      }),
      attribute('gmdn', 'GMDN', 'text', {
        ...indexed,
        help: 'Code of the Global Medical Device Nomenclature.',
      }),
      attribute('fda_class', 'FDA class', 'choice', {
        ...choices(['i', 'Class I'], ['ii', 'Class II'], ['iii', 'Class III']),
        ...indexed,
      }),
      attribute('life_support', 'Life support', 'boolean', { ...indexed, required: true }),
      attribute('maintenance_plan', 'Maintenance plan', 'text'),
      attribute('maintenance_due', 'Maintenance due', 'date', indexed),
      attribute('firmware', 'Firmware', 'text', indexed),
      attribute('network_zone', 'Network zone', 'text', indexed),
      attribute('mds2', 'MDS2', 'text', {
        help: "Where the manufacturer's disclosure statement for medical device security is kept.",
      }),
      attribute('clinical_location', 'Clinical location', 'reference', {
        ...place,
        ...indexed,
        help: 'Where it is used on patients; where it is kept is the location.',
      }),
      attribute('biomed', 'Responsible biomedical engineer', 'reference', { ...person, ...indexed }),
    ]),
    made('workstation', 'Workstation', 'hardware', [
      attribute('hostname', 'Host name', 'text', indexed),
      attribute('os', 'Operating system', 'text', indexed),
    ]),
    made('software', 'Software', 'item', [
      attribute('vendor', 'Vendor', 'text', indexed),
      attribute('version', 'Version', 'text', indexed),
      attribute('license_needed', 'Needs a license', 'boolean', {
        ...indexed,
        help: 'Without an answer it needs one.',
      }),
    ]),
    made('provider', 'Provider', 'item', [
      attribute('lei', 'LEI', 'text', {
        ...indexed,
        help: 'Legal entity identifier of ISO 17442: 20 characters, the last two are check digits.',
      }),
      attribute('legal_name', 'Legal name', 'text'),
      attribute('country', 'Country', 'text', {
        ...indexed,
        help: 'Two letters of ISO 3166-1, where its headquarters are.',
      }),
      attribute('ultimate_parent', 'Ultimate parent', 'reference', { ...provider }),
      attribute('person_type', 'Kind of person', 'choice', {
        ...choices(['legal', 'Legal person'], ['individual', 'Individual acting in a business capacity']),
      }),
      attribute('intra_group', 'Belongs to our group', 'boolean', indexed),
      attribute('substitutability', 'Substitutability', 'choice', {
        ...choices(
          ['not_substitutable', 'Not substitutable'],
          ['highly_complex', 'Highly complex to substitute'],
          ['medium', 'Medium complexity to substitute'],
          ['easily', 'Easily substitutable'],
        ),
        ...indexed,
      }),
      attribute('substitutability_reason', 'Why it is hard to substitute', 'text'),
      attribute('exit_plan', 'Exit plan', 'boolean', {
        ...indexed,
        help: 'There is a written plan for leaving it.',
      }),
      attribute('exit_plan_reference', 'Where the exit plan is', 'text'),
      attribute('alternatives', 'Alternative providers', 'list', { of: 'text' }),
      attribute('last_audit_on', 'Last audit on', 'date', indexed),
      attribute('subcontractors', 'Subcontractors', 'list', {
        of: 'reference',
        ...provider,
        ...indexed,
        help: 'Providers it passes parts of its service on to.',
      }),
      attribute('contact', 'Contact', 'text'),
    ]),
    made('contract', 'Contract', 'item', [
      attribute('contract_number', 'Contract number', 'text', indexed),
      attribute('provider', 'Provider', 'reference', {
        ...provider,
        ...indexed,
        help: 'Who outside the organization provides it.',
      }),
      attribute('contract_kind', 'Kind of contract', 'choice', {
        ...choices(
          ['maintenance', 'Maintenance'],
          ['support', 'Support'],
          ['lease', 'Lease'],
          ['cloud', 'Cloud service'],
          ['outsourcing', 'Outsourcing'],
          ['license', 'License'],
        ),
        ...indexed,
      }),
      attribute('arrangement', 'Arrangement', 'choice', {
        ...choices(
          ['standalone', 'Standalone'],
          ['overarching', 'Overarching'],
          ['subsequent', 'Under an overarching one'],
        ),
      }),
      attribute('starts_on', 'Starts on', 'date', indexed),
      attribute('ends_on', 'Ends on', 'date', { ...indexed, help: 'Its last day.' }),
      attribute('renewal', 'Renewal', 'choice', {
        ...choices(
          ['ends', 'Ends by itself'],
          ['automatic', 'Renews unless notice is given'],
          ['agreed', 'Is agreed anew'],
        ),
        ...indexed,
      }),
      attribute('notice_days', 'Notice period', 'number', { unit: 'days' }),
      attribute('annual_cost', 'Cost a year', 'money', { restricted: true }),
      attribute('governing_law', 'Governing law', 'text', { help: 'Two letters of ISO 3166-1.' }),
      attribute('ict_service', 'Kind of ICT service', 'choice', {
        ...choices(
          ['s01', 'S01 ICT project management'],
          ['s02', 'S02 ICT development'],
          ['s03', 'S03 ICT help desk and first level support'],
          ['s04', 'S04 ICT security management services'],
          ['s05', 'S05 Provision of data'],
          ['s06', 'S06 Data analysis'],
          ['s07', 'S07 ICT facilities and hosting (excluding cloud)'],
          ['s08', 'S08 Computation'],
          ['s09', 'S09 Non-cloud data storage'],
          ['s10', 'S10 Telecom carrier'],
          ['s11', 'S11 Network infrastructure'],
          ['s12', 'S12 Hardware and physical devices'],
          ['s13', 'S13 Software licensing (excluding SaaS)'],
          ['s14', 'S14 ICT operation management'],
          ['s15', 'S15 ICT consulting'],
          ['s16', 'S16 ICT risk management'],
          ['s17', 'S17 Cloud: infrastructure as a service'],
          ['s18', 'S18 Cloud: platform as a service'],
          ['s19', 'S19 Cloud: software as a service'],
        ),
        ...indexed,
        help: 'The type of ICT services of the register of information.',
      }),
    ]),
    made('license', 'License', 'contract', [
      attribute('product', 'Product', 'reference', { ...software, ...indexed, required: true }),
      attribute('metric', 'Counted by', 'choice', {
        ...choices(['device', 'Device'], ['user', 'User'], ['core', 'Processor core']),
        ...indexed,
        required: true,
      }),
      attribute('quantity', 'Quantity', 'number', { required: true }),
    ]),
  ],
}

export const builtInClasses: ReadonlySet<string> = new Set(shippedClasses.classes.map(({ key }) => key))
