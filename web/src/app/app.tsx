import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { theme, tokenVariables } from '../ui/theme.ts'
import type { createAppRouter } from './router.tsx'
import { schemeManager } from './scheme.ts'

export const App = ({
  queries,
  router,
}: {
  readonly queries: QueryClient
  readonly router: ReturnType<typeof createAppRouter>
}) => {
  const [scheme] = useState(schemeManager)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokenVariables}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notifications position="bottom-left" autoClose={5000} limit={3} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
