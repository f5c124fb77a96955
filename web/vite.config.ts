import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { api } from '../contract/src/api.ts'

/** `npm run dev -w web` for contributors: pages from here, the API from a server that runs beside it. */
const server = process.env['EVENKEEL_SERVER'] ?? 'http://127.0.0.1:4600'

/**
 * The client asks a route for its method, its path and whether it answers. The schemas beside them are the server's, and would be a good
 * part of the first page's weight.
 */
const routesWithoutSchemas: Plugin = {
  name: 'routes-without-schemas',
  apply: 'build',
  load: (id) => {
    if (!id.endsWith('contract/src/api.ts')) return null
    const routes = Object.entries(api).map(([name, route]) => [
      name,
      { method: route.method, path: route.path, ...('answer' in route ? { answer: true } : {}) },
    ])
    return `export const api = ${JSON.stringify(Object.fromEntries(routes))}`
  },
}

/**
 * What a module of the contract makes when it is loaded (schemas, lists of routes) is made of nothing else and changes nothing: what no page
 * reads is left out, and with it the library of schemas from every page that checks nothing.
 */
const schemasAsNeeded: Plugin = {
  name: 'schemas-as-needed',
  apply: 'build',
  transform: {
    filter: { id: /\/contract\/src\/[\w-]+\.ts$/ },
    order: 'post',
    handler(code) {
      const made: { readonly start: number; readonly end: number }[] = []
      for (const statement of this.parse(code).body) {
        const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
        if (declaration?.type !== 'VariableDeclaration') continue
        for (const { init } of declaration.declarations) if (init?.type === 'CallExpression') made.push(init)
      }
      const parts = made
        .toReversed()
        .reduce(
          (text, { start, end }) =>
            `${text.slice(0, start)}/* @__PURE__ */ (() => ${text.slice(start, end)})()${text.slice(end)}`,
          code,
        )
      return { code: parts, map: null, moduleSideEffects: false }
    },
  },
}

/** What opens first, by its address: parts beyond the shell that are worth fetching together with it. German is one for who reads German. */
const firstParts = [
  { at: '^/$', from: ['home/home.landing.tsx', 'home/home.page.tsx'] },
  { at: '^/incidents$', from: ['incident/incident.list-page.tsx'] },
  { at: '^/incidents/new$', from: ['incident/incident.raise-page.tsx'] },
  { at: '^/incidents/[^/]{36}$', from: ['incident/incident.page.tsx'] },
  { at: '^/sign-in$', from: ['session/sign-in.page.tsx'] },
  { at: '^de', from: ['../language/de.ts'] },
]

/** Names their files in the page, as data that public/start.js reads. */
const firstPartsInPage: Plugin = {
  name: 'first-parts-in-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
      const within = (from: readonly string[], found = new Set<string>()): Set<string> => {
        for (const file of from) {
          if (found.has(file)) continue
          found.add(file)
          within(chunks.find(({ fileName }) => fileName === file)?.imports ?? [], found)
        }
        return found
      }
      const shell = within(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
      const parts = firstParts.map(({ at, from }) => {
        const files = [...within(chunks.filter(isFrom(from)).map(({ fileName }) => fileName))]
        const later = files.filter((file) => !shell.has(file))
        const styles = chunks
          .filter(({ fileName }) => later.includes(fileName))
          .flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
        return { at, files: [...styles, ...later].map((file) => `/${file}`) }
      })
      // The letters that nearly every page needs, before the first text is laid out: it does not move when they come.
      const letters = Object.keys(bundle).filter((name) => /inter-latin-wght-normal[^/]*\.woff2$/.test(name))
      return [
        ...letters.map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${name}` },
          injectTo: 'head' as const,
        })),
        {
          tag: 'script',
          attrs: { type: 'application/json', id: 'first-parts' },
          children: JSON.stringify(parts),
          injectTo: 'head-prepend',
        },
      ]
    },
  },
}

/** What works without network: the pages of stock-takings, and what each of them asks for while it runs. */
const partsAway = [
  'features/audit/audit.list-page.tsx',
  'features/audit/audit.page.tsx',
  'features/audit/audit.walk-page.tsx',
  'parts/kept.ts',
  'parts/scan-sending.ts',
  'language/de.ts',
]

/** Names their files for public/worker.js. Another build is another list, and with it another worker to the browser. */
const partsOfWorker: Plugin = {
  name: 'parts-of-worker',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
      const sources = partsAway.map((path) => join(import.meta.dirname, 'src', path))
      const found = new Set<string>()
      const take = (file: string): void => {
        const chunk = chunks.find(({ fileName }) => fileName === file)
        if (chunk === undefined || found.has(file)) return
        found.add(file)
        for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style)
        for (const next of chunk.imports) take(next)
      }
      for (const { fileName, isEntry, moduleIds } of chunks)
        if (isEntry || sources.some((source) => moduleIds.includes(source))) take(fileName)
      const missing = sources.filter((source) => !chunks.some(({ moduleIds }) => moduleIds.includes(source)))
      if (missing.length > 0) this.error(`no chunk holds ${missing.join(', ')}`)
      const letters = Object.keys(bundle).filter((name) =>
        /inter-latin(?:-ext)?-wght-normal[^/]*\.woff2$/.test(name),
      )
      const files = ['start.js', 'favicon.svg', ...found, ...letters].map((file) => `/${file}`).toSorted()
      // Names carry the hash of what is in them; this one file does not.
      const first = readFileSync(join(import.meta.dirname, 'public/start.js'))
      const build = createHash('sha256').update(files.join('\n')).update(first).digest('hex').slice(0, 16)
      this.emitFile({
        type: 'asset',
        fileName: 'worker-parts.js',
        source: `self.evenkeelParts = ${JSON.stringify({ build, files })}\n`,
      })
    },
  },
}

const isFrom =
  (sources: readonly string[]) =>
  ({ facadeModuleId }: { readonly facadeModuleId: string | null }): boolean =>
    sources.some((source) => facadeModuleId === join(import.meta.dirname, 'src/features', source))

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), routesWithoutSchemas, schemasAsNeeded, firstPartsInPage, partsOfWorker],
  build: {
    target: 'baseline-widely-available',
    // The content security policy loads fonts and scripts from the instance only: nothing is inlined as a data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // For tools/web-budget.ts; it lies in a hidden folder, which is never served.
    manifest: true,
    sourcemap: false,
    rolldownOptions: {
      output: {
        // Each file costs a slow processor some milliseconds before the first line of it runs: the shell is two of them (what changes with a
        // release, and what seldom does), and small pieces that several pages share are joined with their neighbors.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              tags: ['$initial'],
              test: /node_modules[\\/](?:react|react-dom|scheduler|@tanstack)[\\/]/,
              priority: 3,
            },
            { name: 'shell', tags: ['$initial'], priority: 2 },
            { name: 'icons', test: /node_modules[\\/]lucide-react[\\/]/, minShareCount: 2, priority: 1 },
            {
              name: 'controls',
              test: /node_modules[\\/]@(?:mantine|floating-ui)[\\/]/,
              minShareCount: 3,
              priority: 1,
            },
            { name: 'pieces', test: /web[\\/]src[\\/](?:ui|parts)[\\/]/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
})
