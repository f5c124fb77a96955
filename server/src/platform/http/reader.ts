import type { FastifyRequest } from 'fastify'

const readers = new WeakMap<FastifyRequest, string>()

/** Whoever signed in reads in their own language. */
export const isReadIn = (request: FastifyRequest, language: string): void => {
  readers.set(request, language)
}

/** The language of whoever reads the answer: their own, or else what the browser or program asks for, or else English. */
export const readerOf = (request: FastifyRequest): string => readers.get(request) ?? wantedLanguage(request)

const spoken = /^(?:de|en)(?:-|$)/i

/** The first language of the header that is spoken here (RFC 9110 12.5.4); English for programs that ask for none. */
export const wantedLanguage = ({ headers }: Pick<FastifyRequest, 'headers'>): string => {
  const wanted = (headers['accept-language'] ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [language = '', ...parameters] = part.split(';').map((piece) => piece.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { language, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ language, quality }) => spoken.test(language) && quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
  return wanted[0]?.language ?? 'en'
}
