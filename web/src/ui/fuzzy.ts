const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase()

const isStart = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))

/** For one word of what was typed: how well it fits, undefined when it does not. */
const wordFit = (word: string, text: string): number | undefined => {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (isStart(text, at)) return at === 0 ? 4 : 3
  if (word.length > 1 && text.includes(word)) return 2
  return initialsFit(word, text) ? 1 : undefined
}

/** `ws` finds “Work note … seen”: each letter begins a word or follows the one before it. */
const initialsFit = (word: string, text: string): boolean => {
  let previous = -1
  for (const letter of word) {
    let at = previous + 1
    while (at < text.length && !(text.charAt(at) === letter && (at === previous + 1 || isStart(text, at))))
      at += 1
    if (at >= text.length || (previous === -1 && !isStart(text, at))) return false
    previous = at
  }
  return true
}

/**
 * How well a text fits what was typed: higher is better, undefined when it does not fit. Every word has to be found, in any order, from the
 * beginning of a word, inside one, or as the letters that words begin with; capitals and accents do not count.
 */
export const fuzzyFit = (typed: string, text: string): number | undefined => {
  const words = fold(typed)
    .split(/\s+/u)
    .filter((word) => word !== '')
  const folded = fold(text)
  let total = 0
  for (const word of words) {
    const fit = wordFit(word, folded)
    if (fit === undefined) return undefined
    total += fit
  }
  // Among equals, the shorter text is the better guess.
  return words.length === 0 ? 0 : total / words.length - folded.length / 1000
}
