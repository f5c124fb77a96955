/** Longer than any link a person pastes; bounds what one link can add to the page. */
const maxHref = 2048

/** One plain address and nothing after it: `?bcc=…` would let a text choose who gets the answer. */
const mailto = /^mailto:[A-Za-z0-9.!#$&'*+/=^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/i

// A second slash or a backslash after the first would name another host.
const localPath = /^\/(?![/\\])[!#-;=?-[\]_a-z~]*$/i

/** The URL standard lets quotes and braces into the name of a host; no host has them. */
const host = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/

/**
 * The link as it may be printed, or undefined where it is none: `http`, `https` and `mailto`, and paths of this instance.
 * An absolute link is printed as the URL standard reads it, so that no browser can read it in another way. Names and passwords in
 * front of the host are refused: `https://bank.example@evil.example` is only ever a trick.
 */
export const safeHref = (text: string): string | undefined => {
  if (text.length > maxHref) return undefined
  if (text.startsWith('/')) {
    const path = text
      .toWellFormed()
      .replace(/[\u0080-\uffff]+/g, (characters) => encodeURIComponent(characters))
    return localPath.test(path) ? path : undefined
  }
  if (mailto.test(text)) return text
  if (!/^https?:\/\//i.test(text)) return undefined
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  if (url.username !== '' || url.password !== '' || !host.test(url.hostname)) return undefined
  return url.href.length > maxHref ? undefined : url.href
}

/** A path under `prefix` with plain segments, so that it cannot climb out of it. */
export const isPathUnder = (prefix: string, path: string): boolean =>
  path.startsWith(prefix) &&
  /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(path.slice(prefix.length))

/** `path` seen from outside the application, where `origin` (`https://desk.example.org`) is known. */
export const absolute = (href: string, origin: string | undefined): string => {
  if (origin === undefined || !href.startsWith('/')) return href
  const base = URL.parse(origin)
  if (base === null || (base.protocol !== 'http:' && base.protocol !== 'https:')) {
    throw new TypeError('origin must be an http or https address, as https://desk.example.org')
  }
  return base.origin + href
}
