import type { FastifyRequest } from 'fastify'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether another site made the browser send this. Browsers say so in Sec-Fetch-Site, older ones at least in Origin; a program that
 * sends neither carries no cookies that somebody else could ride on. Requests with an Authorization header carry nothing a browser
 * adds by itself (OWASP ASVS 5.0 3.5.1, 3.5.8).
 */
export const isCrossSite = (request: FastifyRequest, publicUrl: string): boolean => {
  if (safe.has(request.method) || request.headers.authorization !== undefined) return false
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  const { origin } = request.headers
  if (origin === undefined) return false
  if (origin === new URL(publicUrl).origin) return false
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host
}
