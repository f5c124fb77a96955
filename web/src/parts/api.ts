import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import { askedBy } from './at-keyboard.ts'
import { fetchOrTake } from './started.ts'

/** The instance that served this page. */
export const client = createClient(api, { baseUrl: '', headers: askedBy, fetch: fetchOrTake })

/** For what a page says as it goes: it arrives although nobody is there for the answer. */
export const lastWords = createClient(api, {
  baseUrl: '',
  headers: askedBy,
  fetch: (input, init) => fetch(input, { ...init, keepalive: true }),
})
