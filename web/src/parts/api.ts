import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'

/** The instance that served this page. */
export const client = createClient(api, { baseUrl: '' })
