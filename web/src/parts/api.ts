import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import { askedBy } from './at-keyboard.ts'

/** The instance that served this page. */
export const client = createClient(api, { baseUrl: '', headers: askedBy })
