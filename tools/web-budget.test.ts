import { expect, test } from 'vitest'
import { budgetFaults, loadsOf, measureWeb } from './web-budget.ts'

const manifest = {
  'index.html': {
    file: 'assets/index.js',
    isEntry: true,
    imports: ['_react.js'],
    dynamicImports: ['list.tsx'],
  },
  '_react.js': { file: 'assets/react.js' },
  '_table.js': { file: 'assets/table.js', imports: ['_react.js'] },
  'list.tsx': { file: 'assets/list.js', imports: ['_react.js', '_table.js'], dynamicImports: ['chart.tsx'] },
  'chart.tsx': { file: 'assets/chart.js', imports: ['_table.js'] },
  'style.css': { file: 'assets/style.css' },
} as const

test('a route weighs what it brings beyond the shell', () => {
  expect(loadsOf(manifest)).toEqual([
    { name: 'shell', files: ['assets/index.js', 'assets/react.js'] },
    { name: 'chart.tsx', files: ['assets/chart.js', 'assets/table.js'] },
    { name: 'list.tsx', files: ['assets/list.js', 'assets/table.js'] },
  ])
})

test('a worker is weighed by itself', () => {
  const worker = { 'layout-worker.min.js': { file: 'assets/layout-worker.js' } }
  const loads = loadsOf({ ...manifest, ...worker })
  expect(loads.at(-1)).toEqual({ name: 'layout-worker.min.js', files: ['assets/layout-worker.js'] })
  expect(budgetFaults(loads, new Map([['assets/layout-worker.js', 400_000]]))).toEqual([])
  expect(budgetFaults(loads, new Map([['assets/layout-worker.js', 400_001]]))).toHaveLength(1)
})

test('what is over its budget is named with both sizes', () => {
  const sizes = new Map([
    ['assets/index.js', 100_000],
    ['assets/react.js', 150_000],
    ['assets/list.js', 60_000],
    ['assets/table.js', 60_001],
  ])
  expect(budgetFaults(loadsOf(manifest), sizes)).toEqual(['list.tsx is 120.0 kB; its budget is 120.0 kB'])
})

test('the application is within its budgets', async () => {
  const { loads, sizes } = await measureWeb()
  expect(loads.length).toBeGreaterThan(3)
  expect(budgetFaults(loads, sizes)).toEqual([])
})
