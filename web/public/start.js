// The very first thing that runs, before the application is there: small, and without a build.
;(() => {
  // Before the first paint: the color scheme and density this person chose, so that no page flashes in the other one.
  const root = document.documentElement
  let scheme = null
  let density = null
  try {
    scheme = localStorage.getItem('evenkeel-scheme')
    density = localStorage.getItem('evenkeel-density')
  } catch {
    // Storage is off: the system's scheme and the default density.
  }
  const dark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light'
  root.dataset.density = density === 'comfortable' ? 'comfortable' : 'compact'

  // What this page will ask for, asked while its scripts are on their way; src/parts/started.ts takes the answers.
  const { pathname, search } = location
  const answers = new Map()
  globalThis.evenkeelStarted = answers
  const ask = (path) => {
    const address = `/api/v1${path}`
    const answer = fetch(address, { headers: { accept: 'application/json' }, credentials: 'same-origin' })
    // Whoever takes it hears of a failure.
    answer.catch(() => undefined)
    answers.set(address, answer)
    return answer
  }
  const firstRows = () => {
    const asked = new URLSearchParams(search)
    const q = asked.get('q')
    if (q === null || asked.has('group') || asked.has('columns')) return
    const sort = asked.get('sort')
    void ask(
      `/incidents?${new URLSearchParams({ limit: '100', ...(q === '' ? {} : { q }), ...(sort ? { sort } : {}) })}`,
    )
  }
  const record = /^\/incidents\/([\da-f-]{36})$/.exec(pathname)
  const askFirst = async () => {
    const answer = await ask('/me')
    // The application is there already, and asks for itself.
    if (!answer.ok || !answers.has('/api/v1/me')) return
    const { permissions } = await answer.clone().json()
    // Who asks for help gets other pages; nothing is asked that they may not see.
    if (!permissions.some(({ permission }) => permission === 'incident.read_internal')) return
    if (pathname === '/' && search === '') void ask('/home')
    if (pathname === '/incidents') firstRows()
    if (record === null) return
    void ask(`/incidents/${record[1]}`)
    void ask(`/incidents/${record[1]}/timeline?limit=200`)
  }
  if (['/', '/incidents', '/incidents/new'].includes(pathname) || record !== null)
    askFirst().catch(() => undefined)

  // The parts of the application that this address needs beyond the shell, named by the build.
  const parts = JSON.parse(document.getElementById('first-parts')?.textContent ?? '[]')
  for (const { at, files } of parts) {
    if (!new RegExp(at).test(at.startsWith('^/') ? pathname : navigator.language)) continue
    for (const file of files) {
      const link = document.createElement('link')
      link.rel = file.endsWith('.css') ? 'preload' : 'modulepreload'
      if (file.endsWith('.css')) link.as = 'style'
      link.crossOrigin = ''
      link.href = file
      document.head.append(link)
    }
  }
})()
