import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import type { FastifyInstance, InjectOptions } from 'fastify'

/** An answer as it came over the wire. */
export type Answer = {
  status: number
  body: Record<string, unknown>
  headers: Record<string, unknown>
  text: string
}

export type Browser = ReturnType<typeof openBrowser>

let browsers = 0

/**
 * Keeps cookies as a browser does. Each comes from an address of its own, so that what one address is refused does not refuse the
 * next test.
 */
export const openBrowser = (app: FastifyInstance, constant: Record<string, string> = {}) => {
  browsers += 1
  const remoteAddress = `10.${browsers >> 16}.${(browsers >> 8) & 255}.${browsers & 255}`
  const cookies = new Map<string, string>()
  const setCookies: string[] = []
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const options: InjectOptions = {
      method,
      remoteAddress,
      url: path.startsWith('/') ? `/api/v1${path}` : path,
      headers: {
        ...(cookies.size === 0
          ? {}
          : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...constant,
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const answer = await app.inject(options)
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      setCookies.push(line)
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const type = answer.headers['content-type'] ?? ''
    return {
      status: answer.statusCode,
      text: answer.payload,
      body:
        type.includes('json') && answer.payload !== ''
          ? (JSON.parse(answer.payload) as Record<string, unknown>)
          : {},
      headers: answer.headers,
    }
  }
  return {
    /** Raw: any method, path below /api/v1, body. */
    send,
    cookies,
    /** Every Set-Cookie line so far. */
    setCookies,
    /** The typed client with this browser's cookies. */
    api: createClient(api, {
      baseUrl: '',
      fetch: async (input, init) => {
        const answer = await send(
          init?.method ?? 'GET',
          String(input).replace(/^\/api\/v1/, ''),
          typeof init?.body === 'string' ? init.body : undefined,
          Object.fromEntries(
            Object.entries(init?.headers ?? {}).filter(
              ([name]) => name !== 'content-type' && name !== 'accept',
            ),
          ) as Record<string, string>,
        )
        return new Response(answer.status === 204 ? null : answer.text, {
          status: answer.status,
          headers: answer.headers as Record<string, string>,
        })
      },
    }),
  }
}
