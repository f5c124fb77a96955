import type { MappingProposal } from '@evenkeel/contract/import'
import {
  attributeOf,
  type ImportTarget,
  type FieldRule,
  ImportMapping,
  type ImportKindName,
  type ImportShape,
} from '@evenkeel/contract/import-mapping'
import type { z } from 'zod'
import { everyOne, type Saying } from '../language/saying.ts'
import { says } from './proposal.reasons.ts'
import { columnLooks, type ColumnLook } from './propose-columns.ts'
import { plainName, systemOf } from './propose-names.ts'
import type { FirstRows } from './propose.ts'

// A first mapping for files of configuration items and of relations between them.

export type ArrivalWords = {
  readonly classes: ReadonlyMap<string, readonly string[]>
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

/** What other systems and spreadsheets call what an item has; what says it most clearly comes first. */
const itemNames: Readonly<Record<string, readonly string[]>> = {
  class: [
    'sys class name',
    'ci class',
    'class',
    'klasse',
    'ci type',
    'asset type',
    'device type',
    'kind',
    'art',
    'type',
    'typ',
    'category',
    'kategorie',
  ],
  name: [
    'name',
    'ci name',
    'display name',
    'configuration item',
    'device name',
    'bezeichnung',
    'objekt',
    'hostname',
    'host name',
    'title',
  ],
  state: [
    'install status',
    'operational status',
    'lifecycle status',
    'status',
    'state',
    'zustand',
    'betriebszustand',
  ],
  'attr.serial': [
    'serial number',
    'serial',
    'serialnumber',
    'serial no',
    'sn',
    'seriennummer',
    'fabriknummer',
  ],
  'attr.asset_tag': [
    'asset tag',
    'asset id',
    'inventory number',
    'inventarnummer',
    'anlagennummer',
    'barcode',
    'tag',
  ],
  'attr.hostname': ['hostname', 'host name', 'fqdn', 'dns name', 'rechnername'],
  'attr.ip_addresses': ['ip address', 'ip addresses', 'ip', 'primary ip', 'ip adresse', 'ip adressen'],
  'attr.os': ['operating system', 'os', 'os name', 'betriebssystem', 'platform'],
  'attr.manufacturer': ['manufacturer', 'make', 'hersteller', 'vendor'],
  'attr.model': ['model id', 'model', 'modell', 'device model', 'product'],
  'attr.location': ['location', 'site', 'standort', 'ort', 'room', 'raum', 'building'],
  'attr.owner': ['owned by', 'owner', 'managed by', 'besitzer', 'verantwortlich', 'eigentümer'],
  'attr.support_team': [
    'support group',
    'support team',
    'team',
    'assignment group',
    'betriebsteam',
    'zuständiges team',
  ],
  'attr.environment': ['environment', 'used for', 'umgebung', 'stage'],
  'attr.description': ['short description', 'description', 'beschreibung', 'comments', 'notes'],
  'attr.warranty_until': [
    'warranty expiration',
    'warranty until',
    'warranty end',
    'garantie bis',
    'gewährleistung bis',
  ],
  'attr.memory': ['memory', 'ram', 'ram gb', 'memory gb', 'arbeitsspeicher'],
  'attr.firmware': ['firmware', 'firmware version', 'software version'],
  'attr.udi_di': ['udi di', 'di', 'gtin', 'device identifier'],
  'attr.lot': ['lot', 'batch', 'lot number', 'charge', 'chargennummer'],
  'attr.criticality': ['business criticality', 'criticality', 'kritikalität'],
}
const relationNames: Readonly<Record<string, readonly string[]>> = {
  from: ['parent', 'from', 'source ci', 'parent ci', 'von', 'source', 'consumer', 'dependent'],
  to: ['child', 'to', 'target ci', 'child ci', 'nach', 'zu', 'target', 'provider', 'depends on'],
  type: [
    'relation type',
    'relationship type',
    'type',
    'relation',
    'relationship',
    'beziehung',
    'beziehungstyp',
    'art',
  ],
}
const identityNames = [
  'sys id',
  'external id',
  'ci id',
  'asset id',
  'id',
  'uuid',
  'guid',
  'key',
  'kennung',
  'inventarnummer',
  'asset tag',
  'serial number',
  'seriennummer',
]

const states: readonly (readonly [RegExp, string])[] = [
  [/plan/i, 'planned'],
  [/order|bestell/i, 'ordered'],
  [/stock|lager|spare|pending install/i, 'in_stock'],
  [/repair|maintenance|reparatur|wartung/i, 'in_repair'],
  [/dispos|entsorg|absent|stolen|scrap/i, 'disposed'],
  [/retire|decom|außer|ausgemustert|inactive|offline|stillgelegt/i, 'retired'],
  [/use|install|operat|active|live|betrieb|aktiv|deploy|production/i, 'in_use'],
]
const relations: readonly (readonly [RegExp, string])[] = [
  [/runs on|läuft auf/i, 'runs_on'],
  [/hosted|located in|contained|steht in/i, 'hosted_in'],
  [/depend|uses|used by|hängt/i, 'depends_on'],
  [/connect|verbunden/i, 'connected_to'],
  [/backed|backup|gesichert/i, 'backed_up_by'],
  [/member|mitglied|part of|teil/i, 'member_of'],
]
const environments: readonly (readonly [RegExp, string])[] = [
  [/prod/i, 'production'],
  [/test|qa|staging|abnahme/i, 'test'],
  [/dev|entwick/i, 'development'],
]
/** Class names of other systems that no label here says. */
const classesElsewhere: readonly (readonly [RegExp, string])[] = [
  [/business.?service/i, 'business_service'],
  [/service|dienst/i, 'technical_service'],
  [/medical|medizin|infusion|ventilat|patient monitor/i, 'medical_device'],
  [/data ?base|db_|_db|datenbank/i, 'database'],
  [/switch|router|firewall|netgear|access.?point|network|netzwerk/i, 'network_device'],
  [/appl|software/i, 'application'],
  [/location|room|building|site|standort|raum|gebäude|rack/i, 'location'],
  [/cluster|group|gruppe/i, 'group'],
  [/server|host|computer|vm\b|virtual/i, 'server'],
]

/** What a file most likely holds, by its columns. */
export const kindIn = (header: readonly string[]): ImportKindName => {
  const names = new Set(header.map(plainName))
  const has = (list: readonly string[] | undefined): boolean => (list ?? []).some((name) => names.has(name))
  const isRelations =
    has(relationNames['from']) && has(relationNames['to']) && has(relationNames['type']) && names.size <= 8
  if (isRelations) return 'item_relation'
  const telling = [
    'attr.serial',
    'attr.asset_tag',
    'attr.hostname',
    'attr.ip_addresses',
    'attr.os',
    'attr.udi_di',
  ]
  const isDesk = [
    'assigned to',
    'caller',
    'caller id',
    'requester',
    'opened at',
    'priority',
    'urgency',
    'reporter',
  ].some((name) => names.has(name))
  const saysClass = ['class', 'ci class', 'sys class name', 'klasse'].some((name) => names.has(name))
  return !isDesk && has(itemNames['name']) && (saysClass || telling.some((field) => has(itemNames[field])))
    ? 'item'
    : 'incident'
}

export const proposeArrivals = (
  look: FirstRows,
  kind: 'item' | 'item_relation',
  { targets }: ImportShape,
  words: ArrivalWords,
  language: string,
): Pick<z.infer<typeof MappingProposal>, 'mapping' | 'columns' | 'reasons'> => {
  const columns = columnLooks(look.header, look.rows)
  const reasons: { field: string; saying: Saying }[] = []
  const because = (field: string, saying: Saying): void => void reasons.push({ field, saying })
  const fields: Record<string, z.input<typeof FieldRule>> = {}
  const used = new Set<string>()
  const known = kind === 'item' ? itemNames : relationNames
  const named = (field: string): readonly string[] => {
    const own = words.attributes.get(attributeOf(field) ?? '') ?? []
    return [...(known[field] ?? []), ...own.map(plainName)]
  }
  for (const field of [...Object.keys(known), ...Object.keys(targets)]) {
    const target = targets[field]
    if (target === undefined || fields[field] !== undefined) continue
    const column = named(field)
      .flatMap((name) => columns.filter((one) => plainName(one.name) === name))
      .find(
        (one) =>
          one.filled > 0 && (!used.has(one.name) || field === 'attr.hostname' || field === 'attr.asset_tag'),
      )
    if (column === undefined) continue
    used.add(column.name)
    because(field, says('proposal.byName', { column: column.name }))
    const from = { is: 'column', column: column.name } as const
    const translate = translationsOf(field, column, target, words)
    const count = Object.keys(translate).length
    if (count > 0) because(field, says('proposal.translated', { count }))
    fields[field] = {
      from,
      translate,
      untranslated: { do: field === 'class' || kind === 'item_relation' ? 'refuse' : 'leave' },
      unknown: { do: field === 'name' || kind === 'item_relation' ? 'refuse' : 'leave' },
    }
  }
  if (kind === 'item' && fields['class'] === undefined) {
    fields['class'] = { from: { is: 'value', value: 'server' } }
    because('class', says('proposal.oneClass'))
  }
  if (kind === 'item_relation' && fields['type'] === undefined) {
    fields['type'] = { from: { is: 'value', value: 'depends_on' } }
    because('type', says('proposal.oneRelation'))
  }
  const identity = kind === 'item' ? identityOf(columns, look.rows.length) : undefined
  if (identity !== undefined) because('record', says('proposal.ownId', { column: identity.name }))
  const ends = ['from', 'to', 'type'].flatMap((field) => {
    const from = fields[field]?.from
    return from?.is === 'column' ? [from.column] : []
  })
  if (kind === 'item_relation') because('record', says('proposal.bothEnds'))
  // Columns of an inventory look like those of many desks; only this one has its names in both.
  const isKnown = systemOf(look.header) === 'ServiceNow'
  because('source', says('proposal.sourceName'))
  const instants = columns.filter((column) => column.formats.length > 0)
  const format = instants[0]?.formats[0] ?? 'iso'
  const unknown = [...new Set(columns.flatMap((column) => column.unknown))].slice(0, 20)
  if (unknown.length > 0) because('unknown', says('proposal.unknown', { values: everyOne(unknown) }))
  const owners = columns.filter(({ name }) => fieldFrom(fields, 'attr.owner') === name)
  return {
    mapping: ImportMapping.parse({
      kind,
      source: isKnown ? 'servicenow' : 'cmdb',
      format: look.format,
      inside: look.inside,
      unknown,
      times: { format, zone: 'UTC' },
      record:
        kind === 'item'
          ? [identity?.name ?? columns[0]?.name ?? '']
          : ends.length > 0
            ? ends
            : [columns[0]?.name ?? ''],
      update: null,
      fields,
      people: {
        by: owners.some(({ looksLike }) => looksLike === 'address') ? 'address' : 'name',
        missing: { do: 'leave' },
      },
      teams: { missing: { do: 'leave' } },
      services: { missing: { do: 'leave' } },
    }),
    columns: columns.map(({ name, filled, texts, looksLike }) => ({
      name,
      filled,
      distinct: texts.length,
      examples: texts.slice(0, 8).map((text) => text.slice(0, 120).toWellFormed().replaceAll('\0', '␀')),
      looksLike,
    })),
    reasons: reasons.map(({ field, saying }) => ({ field, sentence: saying.in(language) })),
  }
}

const fieldFrom = (
  fields: Readonly<Record<string, z.input<typeof FieldRule>>>,
  field: string,
): string | null => {
  const from = fields[field]?.from
  return from?.is === 'column' ? from.column : null
}

/** A column that tells every row apart; of several, the one whose name says so. */
const identityOf = (columns: readonly ColumnLook[], rows: number): ColumnLook | undefined => {
  const unique = columns.filter((column) => column.filled === rows && column.texts.length === rows)
  return (
    identityNames.flatMap((name) => unique.filter((column) => plainName(column.name) === name))[0] ??
    unique[0]
  )
}

const translationsOf = (
  field: string,
  column: ColumnLook,
  target: ImportTarget,
  words: ArrivalWords,
): Record<string, string> => {
  const choices = target.type === 'flag' ? ['true', 'false'] : target.type === 'choice' ? target.choices : []
  const translate: Record<string, string> = {}
  for (const text of column.texts.slice(0, 200)) {
    if (choices.includes(text)) continue
    const to = target.type === 'flag' ? flagOf(text) : choiceOf(field, text, choices, words)
    if (to !== undefined && choices.includes(to)) translate[text] = to
  }
  return translate
}

const flagOf = (text: string): string | undefined =>
  /^(?:yes|y|ja|j|1|true|wahr|x)$/i.test(text)
    ? 'true'
    : /^(?:no|n|nein|0|false|falsch)$/i.test(text)
      ? 'false'
      : undefined

const choiceOf = (
  field: string,
  text: string,
  choices: readonly string[],
  { classes }: ArrivalWords,
): string | undefined => {
  const plain = plainName(text)
  const same = choices.find((choice) => plainName(choice) === plain)
  if (same !== undefined) return same
  if (field === 'class') {
    const called = [...classes].find(([, names]) => names.some((name) => plainName(name) === plain))
    return called?.[0] ?? classesElsewhere.find(([pattern]) => pattern.test(text))?.[1]
  }
  const table = { state: states, type: relations, 'attr.environment': environments }[field]
  if (table !== undefined) return table.find(([pattern]) => pattern.test(text))?.[1]
  if (field === 'attr.criticality') return /^([1-4])\b/.exec(text)?.[1]
  return choices.find(
    (choice) => plain.startsWith(plainName(choice)) || plain.endsWith(` ${plainName(choice)}`),
  )
}
