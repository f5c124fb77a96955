// Before the first paint: the color scheme and density this person chose, so that no page flashes in the other one.
;(() => {
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
})()
