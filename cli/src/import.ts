import { openAsBlob } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, Refused, type Client } from '@evenkeel/contract/client'
import { type ArrivalOutcomes, importRoutes, ImportBatch, type ImportState } from '@evenkeel/contract/import'
import { type ImportKindName, ImportMapping } from '@evenkeel/contract/import-mapping'
import { RefusalBody } from '@evenkeel/contract/refusal'
import { isSet, textOf, UsageFault, type Command, type Given } from './command.ts'
import { answer, counted, mention, say } from './print.ts'
import { settings, standardInput } from './settings.ts'

type Desk = {
  readonly url: string
  readonly key: string
  readonly api: Client<typeof importRoutes>
}

/** The instance over HTTP, as whoever the key acts as. */
const deskOf = async (given: Given): Promise<Desk> => {
  const config = settings()
  const url = (textOf(given, 'url') ?? config.publicUrl ?? `http://${config.host}:${config.port}`).replace(
    /\/$/,
    '',
  )
  if (!/^https?:\/\//.test(url)) throw new UsageFault('--url begins with http:// or https://')
  const key = isSet(given, 'key-stdin') ? await standardInput() : (process.env['EVENKEEL_API_KEY'] ?? '')
  if (key === '')
    throw new UsageFault(
      'an API key with the permission import.run is needed: in EVENKEEL_API_KEY, or on standard input with --key-stdin; evenkeel key create makes one',
    )
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${key}` })
  return { url, key, api: createClient(importRoutes, { baseUrl: url, headers }) }
}

/** What to do when the connection is gone for a moment: the batch goes on without us. */
const stubbornly = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const mayPass = !(error instanceof Refused) || error.status === 429 || error.status >= 502
      if (!mayPass || attempt === 20) throw wordsOf(error)
      await sleep(Math.min(5000, 250 * attempt))
    }
  }
}

const wordsOf = (error: unknown): Error => {
  if (!(error instanceof Refused)) return error instanceof Error ? error : new Error(String(error))
  const reasons = (error.body.reasons ?? []).map(({ field, message }) =>
    field === undefined ? message : `${field}: ${message}`,
  )
  return new Error([error.body.title, ...reasons].join('\n  '))
}

const kinds: ReadonlyMap<string, ImportKindName> = new Map([
  ['incidents', 'incident'],
  ['items', 'item'],
  ['relations', 'item_relation'],
])

/** What the rows are said to be about; null when nobody says. */
const kindIn = (given: Given): ImportKindName | null => {
  const word = textOf(given, 'kind')
  if (word === undefined) return null
  const kind = kinds.get(word)
  if (kind === undefined) throw new UsageFault(`--kind is one of ${[...kinds.keys()].join(', ')}`)
  return kind
}

/** A file of relations brought as items is stopped before it is sent. */
export const ofKind = (mapping: ImportMapping, wanted: ImportKindName | null): ImportMapping => {
  if (wanted === null || mapping.kind === wanted) return mapping
  const word = [...kinds].find(([, kind]) => kind === mapping.kind)?.[0] ?? mapping.kind
  throw new UsageFault(`the mapping is one of ${word}, and --kind says something else`)
}

const mappingIn = async (
  given: Given,
  desk: Desk,
): Promise<{ mapping: ImportMapping; name: string | null }> => {
  const found = await mappingNamed(given, desk)
  return { ...found, mapping: ofKind(found.mapping, kindIn(given)) }
}

const mappingNamed = async (
  given: Given,
  { api }: Desk,
): Promise<{ mapping: ImportMapping; name: string | null }> => {
  const [file, name] = [textOf(given, 'mapping'), textOf(given, 'mapping-name')]
  if (file === undefined && name === undefined)
    throw new UsageFault(
      '--mapping FILE or --mapping-name NAME is needed; --propose prints a first mapping to begin with',
    )
  if (file === undefined && name !== undefined) {
    const { versions } = await api.listMappingVersions({ params: { name } }).catch((error: unknown) => {
      throw wordsOf(error)
    })
    const newest = versions[0]
    if (newest === undefined) throw new UsageFault(`there is no mapping named ${name}`)
    return { mapping: withPart(newest.mapping, given), name }
  }
  const text = await readFile(file ?? '', 'utf8')
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new UsageFault(`${file ?? ''} is not JSON`)
  }
  const parsed = ImportMapping.safeParse(document)
  if (!parsed.success)
    throw new UsageFault(
      parsed.error.issues
        .map(({ path, message }) => `${file ?? ''}: ${path.join('.')}: ${message}`)
        .join('\n'),
    )
  return { mapping: withPart(parsed.data, given), name: name ?? null }
}

/** The sheet or the file inside a zip that --part names, instead of the mapping's. */
const withPart = (mapping: ImportMapping, given: Given): ImportMapping => {
  const part = textOf(given, 'part')
  if (part === undefined) return mapping
  return mapping.format.type === 'xlsx'
    ? { ...mapping, format: { ...mapping.format, sheet: part } }
    : { ...mapping, inside: part }
}

/** The file as it is, streamed: neither side holds it whole. */
const upload = async ({ url, key }: Desk, file: string): Promise<ImportBatch> => {
  const { size } = await stat(file)
  mention(`Sending ${file} (${(size / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MB).`)
  const response = await fetch(`${url}/api/v1/imports?name=${encodeURIComponent(basename(file))}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
    body: await openAsBlob(file),
  })
  const body: unknown = await response.json().catch(() => ({}))
  if (response.ok) return ImportBatch.parse(body)
  // What a proxy says is told by its number.
  const { data } = RefusalBody.safeParse(body)
  throw data === undefined
    ? new Error(`the upload was answered with HTTP ${response.status}`)
    : wordsOf(new Refused(response.status, data))
}

const duration = (seconds: number): string =>
  seconds < 90
    ? `${seconds} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toLocaleString('en', { maximumFractionDigits: 1 })} h`

const number = (count: number): string => count.toLocaleString('en')

const words = { reading: 'Reading', checking: 'Checking', importing: 'Importing' } as const

/** `Importing 12,400 of 141,712 rows, 1,830 a second, 71 s left`. */
export const progressLine = ({ progress }: Pick<ImportBatch, 'progress'>): string => {
  if (progress === null) return ''
  const { doing, rows, ofRows, rowsPerSecond, secondsLeft } = progress
  return [
    `${words[doing]} ${number(rows)}${ofRows === null ? '' : ` of ${doing === 'reading' ? 'about ' : ''}${number(ofRows)}`} rows`,
    ...(rowsPerSecond > 0 ? [`${number(Math.round(rowsPerSecond))} a second`] : []),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ].join(', ')
}

/** One line that changes in a terminal; a line now and then where it is written to a file. */
const progressPrinter = () => {
  const { stderr } = process
  let last = ''
  let told = 0
  return {
    show: (batch: ImportBatch): void => {
      const line = progressLine(batch)
      if (line === '' || line === last) return
      last = line
      if (stderr.isTTY) stderr.write(`\r\u001B[2K${line}`)
      else if (Date.now() - told > 10_000) {
        told = Date.now()
        mention(line)
      }
    },
    end: (): void => {
      if (stderr.isTTY && last !== '') stderr.write('\r\u001B[2K')
      last = ''
    },
  }
}

const atWork = new Set<ImportState>(['examining', 'importing'])

/** Waits until the batch is at rest. Ctrl-C asks it to stop at the next whole record; a second one leaves it alone. */
const follow = async ({ api }: Desk, first: ImportBatch): Promise<ImportBatch> => {
  const printer = progressPrinter()
  let asked = 0
  const stop = (): void => {
    asked += 1
    if (asked > 1) process.exit(130)
    mention(
      '',
      'Stopping at the next whole record. Once more leaves it to itself: it goes on in the instance.',
    )
    api.pauseImport({ params: { id: first.id } }).catch((error: unknown) => mention(wordsOf(error).message))
  }
  process.on('SIGINT', stop)
  try {
    let batch = first
    while (atWork.has(batch.state)) {
      printer.show(batch)
      await sleep(500)
      batch = await stubbornly(() => api.readImport({ params: { id: first.id } }))
    }
    return batch
  } finally {
    process.off('SIGINT', stop)
    printer.end()
  }
}

const most = 10
// A mapping of states, priorities and channels has about as many.
const mostTranslated = 30

const named = (
  title: string,
  { create, more, found }: { create: string[]; more: number; found: number },
): string[] =>
  create.length + more + found === 0
    ? []
    : [
        `  ${title}: ${found.toLocaleString('en')} known, ${(create.length + more).toLocaleString('en')} would be made${
          create.length === 0
            ? ''
            : ` (${create.slice(0, 5).join(', ')}${Math.min(5, create.length) < create.length + more ? ', …' : ''})`
        }`,
      ]

/** What becomes, or became, of items or relations: `6 new items, 1 recognized, 2 changed, 0 as they are, 1 to decide, 1 refused`. */
export const outcomesText = (
  { created, recognized, changed, same, conflict, refused }: ArrivalOutcomes,
  kind: ImportKindName,
): string =>
  (kind === 'item_relation'
    ? [counted(created, 'new relation'), `${number(same)} as they are`, `${number(refused)} refused`]
    : [
        counted(created, 'new item'),
        `${number(recognized)} recognized`,
        `${number(changed)} changed`,
        `${number(same)} as they are`,
        `${number(conflict)} to decide`,
        `${number(refused)} refused`,
      ]
  ).join(', ')

export const findingsLines = ({
  findings,
  mapping,
}: Pick<ImportBatch, 'findings'> & { readonly mapping: Pick<ImportMapping, 'kind'> | null }): string[] => {
  if (findings === null) return []
  const { rows, records, updates, known, refused, faults, untranslated, translated, foreignMoves } = findings
  const { outcomes, gone, itemsUnknown } = findings
  return [
    outcomes === null
      ? `${counted(rows, 'row')}: ${counted(records, 'new record')}, ${counted(updates, 'update')}, ${known.toLocaleString('en')} known already, ${refused.toLocaleString('en')} refused.`
      : `${counted(rows, 'row')}: ${outcomesText(outcomes, mapping?.kind ?? 'item')}.`,
    ...(gone === null || gone.count === 0
      ? []
      : [`  left out: ${number(gone.count)} of ${counted(gone.of, 'item')} that the source spoke of before`]),
    ...itemsUnknown
      .slice(0, most)
      .map(({ value, rows: named }) => `  names no item: “${value}”, ${counted(named, 'row')}`),
    ...(itemsUnknown.length > most ? [`  and ${counted(itemsUnknown.length - most, 'value')} more`] : []),
    ...faults
      .slice(0, most)
      .map(
        (fault) =>
          `  refused: ${fault.code}${fault.column === null ? '' : ` in ${fault.column}`}, ${counted(fault.rows, 'row')}`,
      ),
    ...untranslated
      .slice(0, most)
      .map(
        (value) =>
          `  no translation: ${value.column} “${value.value}” (${value.field}), ${counted(value.rows, 'row')}: ${value.outcome}`,
      ),
    ...(untranslated.length > most ? [`  and ${counted(untranslated.length - most, 'value')} more`] : []),
    ...translated
      .slice(0, mostTranslated)
      .map(
        (value) =>
          `  translated: ${value.column} “${value.value}” (${value.field}), ${counted(value.rows, 'row')}: ${value.to ?? 'left empty'}`,
      ),
    ...(translated.length > mostTranslated
      ? [`  and ${counted(translated.length - mostTranslated, 'value')} more`]
      : []),
    ...named('people', findings.people),
    ...named('teams', findings.teams),
    ...named('services', findings.services),
    ...foreignMoves
      .slice(0, most)
      .map(
        (move) =>
          `  not in our process: ${move.from} → ${move.to}, ${counted(move.count, 'time')}${move.example === null ? '' : `, such as ${move.example}`}`,
      ),
  ]
}

const reportLines = async ({ api }: Desk, id: string): Promise<string[]> => {
  const { facts } = await stubbornly(() => api.readReconciliation({ params: { id } }))
  return facts.map(({ label, inFile, inTables, same, because }) =>
    same ? `  ${label}: ${inFile}` : `  ${label}: ${inFile} in the file, ${inTables} here: ${because ?? ''}`,
  )
}

export const importedLine = ({
  records,
  updates,
  known,
  refused,
  outcomes,
  mapping,
}: Pick<ImportBatch, 'records' | 'updates' | 'known' | 'refused' | 'outcomes'> & {
  readonly mapping: Pick<ImportMapping, 'kind'> | null
}): string =>
  outcomes === null
    ? `Imported: ${counted(records, 'record')}, ${counted(updates, 'update')}; ${number(known)} known already, ${number(refused)} refused.`
    : `Imported: ${outcomesText(outcomes, mapping?.kind ?? 'item')}.`

/** What became of the batch, in words; the exit code. */
const told = async (given: Given, desk: Desk, batch: ImportBatch): Promise<number> => {
  const tell = (code: number, ...lines: string[]): number => {
    answer(given, batch, ...lines)
    return code
  }
  switch (batch.state) {
    case 'imported':
      return tell(
        0,
        importedLine(batch),
        ...((batch.outcomes?.conflict ?? 0) === 0
          ? []
          : ['Items only a person can tell apart wait on the page of conflicts.']),
        ...(await reportLines(desk, batch.id)),
      )
    case 'examined':
      return tell(0, 'The dry run is finished. Nothing is imported.', ...findingsLines(batch))
    case 'paused':
      return tell(
        3,
        ...(batch.failure === null ? [] : [batch.failure]),
        `Paused after ${counted(batch.records, 'record')}. To go on: evenkeel import --resume ${batch.id}`,
      )
    case 'waiting':
      return tell(
        3,
        `The dry run was stopped; nothing is imported. The file is there. To begin it again: evenkeel import --resume ${batch.id}`,
      )
    default:
      return tell(1, batch.failure ?? `The batch is ${batch.state}.`)
  }
}

const begin = async (given: Given, desk: Desk): Promise<ImportBatch> => {
  const [file, resumed] = [given.words[0], textOf(given, 'resume')]
  if ((file === undefined) === (resumed === undefined))
    throw new UsageFault('it takes a file, or --resume with the id of a batch')
  if (resumed !== undefined) {
    const batch = await stubbornly(() => desk.api.readImport({ params: { id: resumed } }))
    return batch.state === 'waiting' ? examineAgain(given, desk, batch) : batch
  }
  const { mapping, name } = await mappingIn(given, desk)
  const { id } = await upload(desk, file ?? '')
  return examine(desk, id, mapping, name)
}

/** A dry run that was stopped begins anew: with the mapping it had, unless another one is given. */
const examineAgain = async (given: Given, desk: Desk, batch: ImportBatch): Promise<ImportBatch> => {
  const isGiven = textOf(given, 'mapping') !== undefined || textOf(given, 'mapping-name') !== undefined
  const { mapping, name } =
    isGiven || batch.mapping === null
      ? await mappingIn(given, desk)
      : { mapping: batch.mapping, name: batch.mappingName }
  return examine(desk, batch.id, mapping, name)
}

const examine = (
  { api }: Desk,
  id: string,
  mapping: ImportMapping,
  name: string | null,
): Promise<ImportBatch> => {
  const body = { mapping, name }
  return api.examineImport({ params: { id }, body }).catch((error: unknown) => {
    throw wordsOf(error)
  })
}

/** A first mapping, to be looked at and kept as a file; the upload it needed is taken back by nobody, and swept in time. */
const propose = async (given: Given, desk: Desk): Promise<number> => {
  const file = given.words[0]
  if (file === undefined) throw new UsageFault('it takes a file')
  const kind = kindIn(given)
  const { id } = await upload(desk, file)
  const wanted = textOf(given, 'part')
  const { mapping, reasons, parts, part } = await stubbornly(() =>
    desk.api.proposeMapping({
      params: { id },
      query: { ...(wanted === undefined ? {} : { part: wanted }), ...(kind === null ? {} : { kind }) },
    }),
  )
  if (parts.length > 1)
    mention(
      `It holds ${parts.join(', ')}. This is for ${part ?? parts[0] ?? ''}; --part chooses another one.`,
    )
  for (const { field, sentence } of reasons) mention(`${field}: ${sentence}`)
  say(JSON.stringify(mapping, null, 2))
  return 0
}

export const importCommand: Command = {
  name: 'import',
  summary: 'bring records, configuration items and their relations from another system',
  usage: 'FILE --mapping FILE [--dry-run] [--url URL] | FILE --propose [--kind KIND] | --resume ID',
  help: [
    'FILE                 CSV, JSON Lines or XLSX; CSV and JSON Lines also inside a zip. It is streamed to the instance',
    '--mapping FILE       how its columns become records: the JSON document that --propose prints and the import page saves',
    '--mapping-name NAME  the newest version saved under this name; with --mapping, the name to save that file under',
    '--kind KIND          what its rows are about: incidents, items or relations. --propose sees it by the columns when nobody says;',
    '                     with a mapping of another kind nothing is sent',
    '--part NAME          the sheet of a workbook, or the file inside a zip; --propose names them all',
    '--dry-run            read all of it and say what would happen; imports nothing',
    '--propose            look at the file and print a first mapping, with the reasons beside it on standard error',
    '--resume ID          go on with a batch that was paused or stopped, import one that was examined, or watch one that is under way',
    '--url URL            where the instance is; otherwise EVENKEEL_PUBLIC_URL, or EVENKEEL_HOST and EVENKEEL_PORT',
    '--key-stdin          read the API key from standard input; otherwise it is taken from EVENKEEL_API_KEY',
    '',
    'Ctrl-C stops at the next whole record; what is here stays, and --resume goes on. Taking a whole batch back needs somebody who',
    'signed in: that is done on the import page.',
    '',
    'Exit codes: 0 imported or examined, 1 not, 2 wrong use or settings, 3 stopped half-way and can go on.',
  ].join('\n'),
  options: {
    mapping: { type: 'string' },
    'mapping-name': { type: 'string' },
    'dry-run': { type: 'boolean' },
    kind: { type: 'string' },
    part: { type: 'string' },
    propose: { type: 'boolean' },
    resume: { type: 'string' },
    url: { type: 'string' },
    'key-stdin': { type: 'boolean' },
  },
  words: { least: 0, most: 1 },
  run: async (given) => {
    const desk = await deskOf(given)
    if (isSet(given, 'propose')) return propose(given, desk)
    const examined = await follow(desk, await begin(given, desk))
    const goesOn = examined.state === 'examined' || examined.state === 'paused'
    if (!goesOn || isSet(given, 'dry-run')) return told(given, desk, examined)
    if (textOf(given, 'resume') === undefined) mention(...findingsLines(examined))
    const { id } = examined
    const running = await desk.api.runImport({ params: { id } }).catch((error: unknown) => {
      throw wordsOf(error)
    })
    return told(given, desk, await follow(desk, running))
  },
}
