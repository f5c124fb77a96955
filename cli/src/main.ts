#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Most of a start is reading source: what was compiled once is kept. Inside the installation, because what lies in a shared temporary
// directory could be somebody else's.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/evenkeel'))

const { evenkeel } = await import('./evenkeel.ts')
process.exitCode = await evenkeel(process.argv.slice(2))
