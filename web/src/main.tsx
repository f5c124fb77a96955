import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@fontsource-variable/inter/index.css'
import './ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { noticePerson } from './parts/at-keyboard.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
noticePerson()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
