import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contract,server,web,cli,tools}/**/*.test.ts'],
    globalSetup: ['server/test/global-setup.ts'],
    setupFiles: ['server/test/property-seed.ts'],
    // Two cores, and a third worker for when tests wait for processes. A file's database is a clone of the template, so files never meet.
    maxWorkers: 3,
    // Modules are loaded once by each worker: nothing in them outlives the database it is about.
    isolate: false,
    testTimeout: 60_000,
    // What is waited for comes soon on a quiet machine; a busy one gets the time it needs.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
})
