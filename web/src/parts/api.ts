import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import { notificationRoutes } from '@evenkeel/contract/notification'

/** The instance that served this page. */
export const client = createClient({ ...api, ...notificationRoutes }, { baseUrl: '' })
