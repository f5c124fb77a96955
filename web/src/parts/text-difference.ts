export type Piece = { readonly kind: 'same' | 'gone' | 'new'; readonly text: string }

/** Texts that differ in more than this many words are shown whole, one after the other: nobody reads such a mixture. */
const mostWords = 600

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/gu) ?? []

/** What became of a text, word by word: the longest sequence of words that both have stays. */
export const differenceOf = (before: string, after: string): readonly Piece[] => {
  const [one, other] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < one.length && head < other.length && one[head] === other[head]) head += 1
  let tail = 0
  while (tail < one.length - head && tail < other.length - head && one.at(-1 - tail) === other.at(-1 - tail))
    tail += 1
  const [gone, come] = [one.slice(head, one.length - tail), other.slice(head, other.length - tail)]
  return joined([
    { kind: 'same', text: one.slice(0, head).join('') },
    ...(gone.length > mostWords || come.length > mostWords
      ? [{ kind: 'gone', text: gone.join('') } as const, { kind: 'new', text: come.join('') } as const]
      : between(gone, come)),
    { kind: 'same', text: one.slice(one.length - tail).join('') },
  ])
}

const between = (gone: readonly string[], come: readonly string[]): Piece[] => {
  // lengths[i][j]: the longest common sequence of gone from i on and come from j on.
  const lengths = Array.from({ length: gone.length + 1 }, () => new Uint16Array(come.length + 1))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    const row = lengths[i]
    if (row === undefined) continue
    for (let j = come.length - 1; j >= 0; j -= 1)
      row[j] = gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const pieces: Piece[] = []
  let [i, j] = [0, 0]
  while (i < gone.length || j < come.length) {
    if (i < gone.length && j < come.length && gone[i] === come[j]) {
      pieces.push({ kind: 'same', text: gone[i] ?? '' })
      i += 1
      j += 1
    } else if (i < gone.length && (j === come.length || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: 'gone', text: gone[i] ?? '' })
      i += 1
    } else {
      pieces.push({ kind: 'new', text: come[j] ?? '' })
      j += 1
    }
  }
  return pieces
}

/** Neighbors of one kind together, empty ones left out. */
const joined = (pieces: readonly Piece[]): Piece[] => {
  const result: Piece[] = []
  for (const piece of pieces) {
    if (piece.text === '') continue
    const last = result.at(-1)
    if (last?.kind === piece.kind) result.splice(-1, 1, { ...last, text: last.text + piece.text })
    else result.push(piece)
  }
  return result
}
