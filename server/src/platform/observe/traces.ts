import type { Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { routeOf } from './metrics.ts'

export type Traces = { readonly attach: (app: FastifyInstance) => void; stop(): Promise<void> }

/**
 * Traces over OTLP (HTTP, protobuf): a span for each request, continuing the trace of whoever asked. Attributes are names and numbers,
 * never an address with its query, a header or a body. The packages are loaded here and only when there is somewhere to send traces to.
 * @param endpoint as OTEL_EXPORTER_OTLP_ENDPOINT gives it, without `/v1/traces`
 */
export const startTraces = async (endpoint: string, version: string): Promise<Traces> => {
  const [api, { W3CTraceContextPropagator }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
    ])
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'evenkeel', 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('evenkeel', version)
  const propagator = new W3CTraceContextPropagator()
  const spans = new WeakMap<FastifyRequest, Span>()
  return {
    attach: (app) => {
      app.addHook('onRequest', async (request) => {
        const parent = propagator.extract(api.ROOT_CONTEXT, request.headers, api.defaultTextMapGetter)
        const route = routeOf(request)
        const span = tracer.startSpan(
          `${request.method} ${route}`,
          {
            kind: api.SpanKind.SERVER,
            attributes: {
              'http.request.method': request.method,
              'http.route': route,
              'url.scheme': request.protocol,
              'evenkeel.request': request.id,
            },
          },
          parent,
        )
        spans.set(request, span)
      })
      app.addHook('onResponse', async (request, reply) => {
        const span = spans.get(request)
        if (span === undefined) return
        span.setAttribute('http.response.status_code', reply.statusCode)
        if (reply.statusCode >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR })
        span.end()
      })
    },
    stop: async () => {
      // A collector that does not answer does not hold the stop.
      await Promise.race([
        provider.shutdown().catch(() => {}),
        new Promise((resolve) => setTimeout(resolve, 2000).unref()),
      ])
    },
  }
}
