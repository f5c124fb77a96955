import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm run dev -w web` for contributors: pages from here, the API from a server that runs beside it. */
const server = process.env['EVENKEEL_SERVER'] ?? 'http://127.0.0.1:4600'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
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
