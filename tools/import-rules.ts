/**
 * `node tools/import-rules.ts`: who may import whom. Prints every import that breaks the order of the layers and of the
 * practices, every barrel, and every file or folder that is named as a drawer; exits 1 when there is one.
 */
import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A practice may use those of the lines above, and those before it in its own line unless the line is closed. */
const practices: readonly { readonly closed: boolean; readonly names: readonly string[] }[] = [
  {
    closed: false,
    names: ['people', 'record', 'configuration', 'service-level', 'routing', 'notification', 'asset'],
  },
  // Work practices react to each other's journal entries.
  { closed: true, names: ['incident', 'problem', 'change', 'request', 'knowledge', 'event', 'on-call'] },
  { closed: false, names: ['import', 'history', 'insight'] },
]

interface Layer {
  readonly name: string
  readonly folder: string
  readonly mayImport: readonly string[] | 'everything'
}

const layers: readonly Layer[] = [
  { name: 'contract', folder: 'contract', mayImport: [] },
  { name: 'kernel', folder: 'server/src/kernel', mayImport: ['contract'] },
  { name: 'platform', folder: 'server/src/platform', mayImport: ['kernel', 'contract'] },
  { name: 'practices', folder: 'server/src/practices', mayImport: ['platform', 'kernel', 'contract'] },
  { name: 'app', folder: 'server/src/app', mayImport: ['practices', 'platform', 'kernel', 'contract'] },
  {
    name: 'harness',
    folder: 'server/test',
    // The long forms of faults run in bench, the short ones here; each uses what the other has made for itself.
    mayImport: ['app', 'practices', 'platform', 'kernel', 'contract', 'bench'],
  },
  {
    name: 'bench',
    folder: 'bench',
    mayImport: ['app', 'practices', 'platform', 'kernel', 'contract', 'harness', 'tools'],
  },
  {
    // They read the inside of things, to document and to check it.
    name: 'tools',
    folder: 'tools',
    mayImport: 'everything',
  },
  { name: 'web', folder: 'web', mayImport: ['kernel', 'contract'] },
  { name: 'cli', folder: 'cli', mayImport: ['app', 'contract'] },
]

/** The kernel computes and does nothing else, so what it stands on is listed: none of it has a socket or a disk. */
const kernelPackages = ['node:crypto', 'temporal-polyfill', 'zod', 'markdown-it']

const drawers = ['common', 'shared', 'utils', 'util', 'helpers', 'helper', 'misc', 'types']

/**
 * A line for every broken rule.
 * @param sources text by path from the project's root, with forward slashes
 */
export function importFaults(sources: ReadonlyMap<string, string>): string[] {
  const faults: string[] = []
  for (const [file, source] of sources) {
    const naming = namingFault(file)
    if (naming !== undefined) faults.push(`${file}: ${naming}`)
    for (const { specifier, reexport } of importsOf(source)) {
      const fault =
        reexport && targetOf(file, specifier) !== undefined && !isPracticeIndex(file)
          ? "only a practice's index.ts passes on what others export"
          : importFault(file, specifier)
      if (fault !== undefined) faults.push(`${file} imports ${specifier}: ${fault}`)
    }
  }
  return faults
}

/** Every `import … from`, `export … from` and `import('…')`; the formatter keeps the first two at the start of a line. */
export function importsOf(source: string): { specifier: string; reexport: boolean }[] {
  const statements = source.matchAll(/^(import|export)\s(?:[\w$*\s{},]*\bfrom\s*)?['"]([^'"\n]+)['"]/gm)
  const calls = source.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g)
  return [
    ...[...statements].map(([, keyword, specifier = '']) => ({ specifier, reexport: keyword === 'export' })),
    ...[...calls].map(([, specifier = '']) => ({ specifier, reexport: false })),
  ]
}

function importFault(file: string, specifier: string): string | undefined {
  const from = layerOf(file)
  if (from === undefined || from.mayImport === 'everything') return undefined
  const target = targetOf(file, specifier)
  if (target === undefined) {
    return from.name === 'kernel' && !isTest(file) && !kernelPackages.includes(specifier)
      ? `the kernel uses only ${kernelPackages.join(', ')}`
      : undefined
  }
  const to = layerOf(target)
  if (isTest(file) && to?.name === 'harness') return undefined
  if (to === undefined) return `${from.name} imports only what is listed for it`
  if (to !== from && !from.mayImport.includes(to.name)) return `${from.name} does not import ${to.name}`
  return to.name === 'practices' ? practiceFault(file, target) : undefined
}

function practiceFault(file: string, target: string): string | undefined {
  const [from, to] = [practiceOf(file), practiceOf(target)]
  if (from === to) return undefined
  // A bench makes by the hundred thousand what commands make one at a time, from the same parts.
  if (file.startsWith('bench/')) return undefined
  if (!isPracticeIndex(target)) return 'a practice is entered through its index.ts'
  // Tests tell a story in which other practices take part; composition knows them all.
  if (from === undefined || isTest(file)) return undefined
  const [ours, theirs] = [rankOf(from), rankOf(to)]
  if (ours === undefined) return `the practice ${from} has no place in the order of practices`
  if (theirs === undefined) return `the practice ${to ?? ''} has no place in the order of practices`
  if (theirs.line < ours.line) return undefined
  if (theirs.line === ours.line && ours.closed)
    return 'work practices react to the journal, not to each other'
  return theirs.line === ours.line && theirs.place < ours.place
    ? undefined
    : `${from} comes before ${to ?? ''}`
}

function rankOf(practice: string | undefined): { line: number; place: number; closed: boolean } | undefined {
  for (const [line, { closed, names }] of practices.entries()) {
    const place = names.indexOf(practice ?? '')
    if (place >= 0) return { line, place, closed }
  }
  return undefined
}

function namingFault(file: string): string | undefined {
  const words = file.split('/').flatMap((part) => part.split('.'))
  const drawer = words.find((word) => drawers.includes(word))
  if (drawer !== undefined) return `nothing is called ${drawer}: a name says what is inside`
  if (/\/index\.tsx?$/.test(file) && !isPracticeIndex(file)) return 'only a practice has an index.ts'
  return undefined
}

function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(file), specifier)
  const workspace = /^@evenkeel\/(contract|server|web)\/(.+)$/.exec(specifier)
  return workspace === null ? undefined : `${workspace[1] ?? ''}/src/${workspace[2] ?? ''}`
}

const layerOf = (path: string) => layers.find(({ folder }) => path.startsWith(`${folder}/`))
const practiceOf = (path: string) => /^server\/src\/practices\/([^/]+)\//.exec(path)?.[1]
const isPracticeIndex = (path: string) => /^server\/src\/practices\/[^/]+\/index\.ts$/.test(path)
const isTest = (path: string) => /\.test\.tsx?$/.test(path)

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const sources = new Map<string, string>()
  const pattern = '{contract,server,web,cli,tools,e2e,bench}/**/*.{ts,tsx}'
  for await (const file of glob(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })) {
    sources.set(file, await readFile(join(root, file), 'utf8'))
  }
  const faults = importFaults(sources)
  if (faults.length > 0) {
    console.error(faults.toSorted().join('\n'))
    process.exitCode = 1
  }
}
