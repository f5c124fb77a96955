declare global {
  // The name that public/start.js uses; nothing else may.
  var evenkeelStarted: Map<string, Promise<Response>> | undefined
}

/** Later than this, what was asked at the beginning may not be true any more. */
const trueForMilliseconds = 10_000

/** `fetch`, with what public/start.js asked while the application was still loading: each answer is taken once, by the first who asks. */
export const fetchOrTake: typeof fetch = (input, init) => {
  const answers = globalThis.evenkeelStarted
  const isPlain = (init?.method ?? 'GET') === 'GET' && init?.body === undefined
  if (answers === undefined || typeof input !== 'string' || !isPlain) return fetch(input, init)
  if (performance.now() > trueForMilliseconds) answers.clear()
  const answer = answers.get(input)
  answers.delete(input)
  return answer ?? fetch(input, init)
}
