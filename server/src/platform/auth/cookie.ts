import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * `__Host-` keeps the cookie to this host, over TLS, set by nobody else (RFC 6265bis 4.1.3.2). Without TLS the plain name exists on
 * loopback only.
 */
export const cookieNames = { secure: '__Host-evenkeel', plain: 'evenkeel' } as const

export const sessionCookie = (request: FastifyRequest, secure: boolean): string | undefined =>
  request.cookies[secure ? cookieNames.secure : cookieNames.plain]

export const setSessionCookie = (
  reply: FastifyReply,
  secure: boolean,
  text: string,
  expiresAt: string,
): void => {
  void reply.setCookie(secure ? cookieNames.secure : cookieNames.plain, text, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    expires: new Date(expiresAt),
  })
}

export const clearSessionCookie = (reply: FastifyReply, secure: boolean): void => {
  void reply.clearCookie(secure ? cookieNames.secure : cookieNames.plain, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
  })
}

/** Whether the browser talks to its own machine: what it sends cannot be overheard. Everything below *.localhost is (RFC 6761 6.3). */
export const isLoopbackName = (hostname: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname)
