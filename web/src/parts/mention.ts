/** A mention that is being typed: where its `@` stands, and what was typed after it. */
export type Mention = { readonly from: number; readonly words: string }

// A name may have several words; an @ within a word is an address.
const typed = /(?:^|[\s(])@(?<words>[^\s@]{0,40}(?: [^\s@]{1,40}){0,2})$/u

export const mentionAt = (text: string, caret: number): Mention | undefined => {
  const words = typed.exec(text.slice(0, caret))?.groups?.['words']
  return words === undefined ? undefined : { from: caret - words.length - 1, words }
}

/** How somebody is mentioned: what stands before the @ of their address. Undefined for an address that no mention can name. */
export const handleOf = (email: string): string | undefined => {
  const handle = email.split('@')[0]?.toLowerCase() ?? ''
  return /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,62}[\p{L}\p{N}])?$/u.test(handle) ? handle : undefined
}

/** Whether each word typed begins a word of the name, or the whole begins the handle; without regard to case and accents. */
export const isMeant = (words: string, name: string, handle: string): boolean => {
  const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  if (plain(handle).startsWith(plain(words))) return true
  const names = plain(name).split(/[\s-]+/)
  return plain(words)
    .split(/\s+/)
    .every((word) => names.some((one) => one.startsWith(word)))
}

/** The text with a piece put in, and where the caret stands after it. */
export const putIn = (
  text: string,
  from: number,
  to: number,
  piece: string,
): { readonly text: string; readonly caret: number } => ({
  text: text.slice(0, from) + piece + text.slice(to),
  caret: from + piece.length,
})
