import { Agent, request } from 'node:http'

export type Measured = {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly failures: number
  readonly count: number
}

export const measured = (milliseconds: readonly number[], seconds: number, failures: number): Measured => {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return {
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    failures,
    count: sorted.length,
  }
}

/** Keeps `connections` requests under way for some seconds; latency in milliseconds. */
export const load = async (options: {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  readonly make: () => {
    readonly method: string
    readonly path: string
    readonly headers: Record<string, string>
    readonly body?: string
  }
}): Promise<Measured> => {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const { hostname, port } = new URL(options.url)
  const began = performance.now()
  const until = began + options.seconds * 1000
  const times: number[] = []
  let failures = 0
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const { method, path, headers, body } = options.make()
      const sent = request(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: {
            ...headers,
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (answer) => {
          answer.resume()
          answer.on('end', () => resolve(answer.statusCode ?? 0))
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  await Promise.all(
    Array.from({ length: options.connections }, async () => {
      while (performance.now() < until) {
        const start = performance.now()
        const status = await once().catch(() => 0)
        if (status >= 200 && status < 300) times.push(performance.now() - start)
        else failures += 1
      }
    }),
  )
  agent.destroy()
  return measured(times, (performance.now() - began) / 1000, failures)
}
