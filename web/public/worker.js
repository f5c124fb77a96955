// Stock-takings without network: this stands between the browser and the server for pages below /audits, and gives them the parts of the
// application that the build named. Nothing that anybody may not see goes through it: what the API answers is neither read nor kept here.
importScripts('/worker-parts.js')

const { build, files } = self.evenkeelParts
const name = `evenkeel-${build}`
const page = '/index.html'
const pageMilliseconds = 3000

const fill = async () => {
  const cache = await caches.open(name)
  // All of it or none: half an application opens no page.
  await cache.addAll([page, ...files].map((file) => new Request(file, { cache: 'no-cache' })))
  await self.skipWaiting()
}

const takeOver = async () => {
  const others = (await caches.keys()).filter((one) => one.startsWith('evenkeel-') && one !== name)
  await Promise.all(others.map((one) => caches.delete(one)))
  await self.clients.claim()
}

const kept = async (path) => (await caches.open(name)).match(path)

/** The server's own page while it answers; a network that answers nobody is none. */
const pageFor = async (request) => {
  const answer = fetch(request)
  // Whoever waits for it hears of a failure.
  answer.catch(() => undefined)
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), pageMilliseconds))
  try {
    return await Promise.race([answer, late])
  } catch {
    return (await kept(page)) ?? answer
  }
}

const partFor = async (request, path) => (await kept(path)) ?? fetch(request)

self.addEventListener('install', (event) => event.waitUntil(fill()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(pageFor(request))
  else if (files.includes(pathname)) event.respondWith(partFor(request, pathname))
})
