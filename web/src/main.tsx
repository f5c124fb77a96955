import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@fontsource-variable/inter/index.css'
import './ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { createQueries } from './app/queries.ts'
import { createAppRouter } from './app/router.tsx'
import { noticePerson } from './parts/at-keyboard.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
noticePerson()

/** What the first page shows is waited for this long before a page without it is drawn. */
const worthWaitingMilliseconds = 300

const queries = createQueries()
const router = createAppRouter(queries)

const answersAreThere = (): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const look = (): void => {
      if (queries.isFetching() === 0) done()
    }
    const timer = setTimeout(done, worthWaitingMilliseconds)
    const stop = queries.getQueryCache().subscribe(look)
    look()
  })

/** The page is drawn once, with what it shows: not empty, then as a skeleton, then with it. */
const start = async (at: HTMLElement): Promise<void> => {
  await router.load()
  await answersAreThere()
  createRoot(at).render(
    <StrictMode>
      <App queries={queries} router={router} />
    </StrictMode>,
  )
}
void start(root)
