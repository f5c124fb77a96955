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
      return { code: parts, map: null }
    },
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), routesWithoutSchemas, schemasAsNeeded],
  build: {
    target: 'baseline-widely-available',
    // The content security policy loads fonts and scripts from the instance only: nothing is inlined as a data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // For tools/web-budget.ts; it lies in a hidden folder, which is never served.
    manifest: true,
    sourcemap: false,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
})
