import MarkdownIt, { type Token } from 'markdown-it'
import { safeHref } from './markdown.links.ts'
import type { Align, Block, Cell, Inline, Tree } from './markdown.tree.ts'

/** Characters of one text that are read as Markdown. A longer text is shown as it was typed. */
export const maxMarkdownLength = 100_000

/** How deep quotes, lists and emphasis nest. */
const maxNesting = 32

/** Mentions, and numbers of records, that one text turns into links: what one author can make others look up and be told. */
export const maxReferences = 100

const createParser = () => {
  const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false, maxNesting })
  // `reference`: one definition of a long link and many short uses would multiply the output.
  // `lheading`: people underline with dashes in logs and signatures, and do not mean a heading.
  parser.disable(['reference', 'lheading'])
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
  parser.linkify.add('ftp:', null).add('//', null)
  parser.normalizeLink = (url) => safeHref(url) ?? ''
  parser.validateLink = (url) => url !== ''
  // The text of a bare link is what was typed: decoding it would show one thing and open another.
  parser.normalizeLinkText = (url) => url
  return parser
}

const parser = createParser()

/** The text as a tree. Never fails: what cannot be read as Markdown within the limits is one block of code, so nothing is hidden. */
export const parseMarkdown = (source: string): Tree => {
  const text = source.toWellFormed()
  if (text.length > maxMarkdownLength) return asTyped(text)
  const tokens = parser.parse(text, {})
  // The parser drops what lies deeper than its limit without a word.
  if (tokens.some((token) => isContainer(token) && token.level >= maxNesting - 1)) return asTyped(text)
  return blocksOf({ tokens, at: 0, references: { mention: 0, record: 0 }, lines: linesOnce(text) })
}

const isContainer = (token: Token): boolean =>
  token.type === 'blockquote_open' || token.type === 'list_item_open'

const asTyped = (text: string): Tree => [{ kind: 'codeBlock', language: undefined, text: printable(text) }]

/** Carriage returns and control characters would be read differently by the next parser. */
const printable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- they are what this removes
  text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd')

type Count = { mention: number; record: number }
type Cursor = {
  readonly tokens: readonly Token[]
  at: number
  readonly references: Count
  /** The source by line, as the parser counts them. */
  readonly lines: () => readonly string[]
}

const linesOnce = (text: string): Cursor['lines'] => {
  let lines: readonly string[] | undefined
  return () => (lines ??= text.split(/\r\n?|\n/))
}

/** Reads blocks up to the token that closes their container, and steps over it. */
const blocksOf = (cursor: Cursor): Block[] => {
  const blocks: Block[] = []
  for (;;) {
    const token = cursor.tokens[cursor.at]
    if (token === undefined) return blocks
    cursor.at += 1
    if (token.nesting === -1) return blocks
    const block = blockOf(token, cursor)
    if (block !== undefined) blocks.push(block)
  }
}

const blockOf = (token: Token, cursor: Cursor): Block | undefined => {
  switch (token.type) {
    case 'paragraph_open':
      return { kind: 'paragraph', tight: token.hidden, children: lineOf(cursor) }
    case 'heading_open':
      return { kind: 'heading', level: Number(token.tag.slice(1)), children: lineOf(cursor) }
    case 'blockquote_open':
      return { kind: 'quote', children: blocksOf(cursor) }
    case 'bullet_list_open':
      return { kind: 'list', start: undefined, items: itemsOf(cursor) }
    case 'ordered_list_open':
      return { kind: 'list', start: Number(token.attrGet('start') ?? 1), items: itemsOf(cursor) }
    case 'table_open':
      return tableOf(cursor, token.map ?? [0, 0])
    case 'fence':
      return { kind: 'codeBlock', language: languageOf(token.info), text: printable(token.content) }
    case 'code_block':
      return { kind: 'codeBlock', language: undefined, text: printable(token.content) }
    case 'hr':
      return { kind: 'rule' }
    default:
      return undefined
  }
}

const languageOf = (info: string): string | undefined =>
  /^[a-z0-9][a-z0-9+#-]{0,19}(?=\s|$)/i.exec(info)?.[0].toLowerCase()

const itemsOf = (cursor: Cursor): Block[][] => {
  const items: Block[][] = []
  while (cursor.tokens[cursor.at]?.type === 'list_item_open') {
    cursor.at += 1
    items.push(blocksOf(cursor))
  }
  cursor.at += 1
  return items
}

/**
 * A table; as it was typed when a row has more cells than the table has columns. GitHub Flavored Markdown (section 4.10) leaves those cells
 * out, and what somebody wrote must not disappear.
 */
const tableOf = (cursor: Cursor, [first, end]: readonly [number, number]): Block => {
  const rows: Cell[][] = []
  for (;;) {
    const token = cursor.tokens[cursor.at]
    if (token === undefined) break
    cursor.at += 1
    if (token.type === 'table_close') break
    if (token.type === 'tr_open') rows.push([])
    if (token.type === 'th_open' || token.type === 'td_open') {
      rows.at(-1)?.push({ align: alignOf(token), children: lineOf(cursor) })
    }
  }
  const head = rows[0] ?? []
  const typed = cursor.lines().slice(first, end)
  if (typed.slice(2).some((line) => cellsIn(line) > head.length))
    return { kind: 'codeBlock', language: undefined, text: printable(typed.join('\n')) }
  return { kind: 'table', head, rows: rows.slice(1) }
}

/** How many cells a line of a table has, whatever quote or list it stands in. */
const cellsIn = (line: string): number => {
  const cells = line.split(/(?<!\\)\|/)
  if (/^[\s>]*$/.test(cells[0] ?? '')) cells.shift()
  if (cells.at(-1)?.trim() === '') cells.pop()
  return cells.length
}

const alignOf = (token: Token): Align | undefined => {
  switch (token.attrGet('style')) {
    case 'text-align:left':
      return 'left'
    case 'text-align:center':
      return 'center'
    case 'text-align:right':
      return 'right'
    default:
      return undefined
  }
}

/** The inline content of a block, and the token that closes it. */
const lineOf = (cursor: Cursor): Inline[] => {
  const children = cursor.tokens[cursor.at]?.children ?? []
  cursor.at += 2
  return inlineOf(children, cursor.references)
}

const inlineOf = (tokens: readonly Token[], references: Count): Inline[] => {
  const root: Inline[] = []
  /** The list that is being filled, at each depth. */
  const open: Inline[][] = [root]
  let links = 0
  for (const token of tokens) {
    const top = open.at(-1) ?? root
    if (token.nesting === -1) {
      if (token.type === 'link_close') links -= 1
      open.pop()
      continue
    }
    if (token.nesting === 1) {
      const children: Inline[] = []
      const node = open.length > maxNesting ? undefined : containerOf(token, children, links > 0)
      if (token.type === 'link_open') links += 1
      // A container that may not be shown leaves its content in place.
      if (node === undefined) open.push(top)
      else {
        top.push(node)
        open.push(children)
      }
      continue
    }
    top.push(...leavesOf(token, references, links > 0))
  }
  return root
}

const containerOf = (token: Token, children: readonly Inline[], inLink: boolean): Inline | undefined => {
  switch (token.type) {
    case 'strong_open':
      return { kind: 'strong', children }
    case 'em_open':
      return { kind: 'emphasis', children }
    case 's_open':
      return { kind: 'strike', children }
    case 'link_open': {
      const href = safeHref(String(token.attrGet('href') ?? ''))
      // A link inside a link is not HTML: the next parser would tear both apart.
      return href === undefined || inLink ? undefined : { kind: 'link', href, children }
    }
    default:
      return undefined
  }
}

const leavesOf = (token: Token, references: Count, inLink: boolean): Inline[] => {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'break' }]
    case 'code_inline':
      return [{ kind: 'code', text: printable(token.content) }]
    case 'image':
      return [imageOf(token, inLink)]
    default: {
      const text = printable(token.content)
      return inLink ? [{ kind: 'text', text }] : wordsOf(text, references)
    }
  }
}

/** An image is kept apart from its place: whether it may be loaded is for the printer, which knows who reads. */
const imageOf = (token: Token, inLink: boolean): Inline => {
  const alt = printable(plain(token.children ?? []))
  const src = safeHref(String(token.attrGet('src') ?? ''))
  // Depending on the reader it may become a link, and it stands in one.
  if (src === undefined || inLink) return { kind: 'text', text: alt }
  return { kind: 'image', src, alt }
}

const plain = (tokens: readonly Token[]): string => {
  // An image in the description of an image, in the description of an image…: only the parser's own limit bounds it.
  let text = ''
  for (const token of tokens) {
    if (token.type === 'image') text += plain(token.children ?? [])
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += ' '
    else text += token.content
  }
  return text
}

/** A mention starts a word, ends with a letter or digit, and is not the second half of an address. A number stands alone. */
const reference =
  /(?<![\p{L}\p{N}_@./:-])@(?<handle>[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,62}[\p{L}\p{N}])?)|(?<![\p{L}\p{N}_/-])(?<number>[A-Z]{2,8}\d{4,12})(?![\p{L}\p{N}_])/gu

const wordsOf = (text: string, references: Count): Inline[] => {
  const words: Inline[] = []
  let from = 0
  for (const match of text.matchAll(reference)) {
    const node = referenceOf(match.groups?.['handle'], match.groups?.['number'], references)
    if (node === undefined) continue
    if (match.index > from) words.push({ kind: 'text', text: text.slice(from, match.index) })
    words.push(node)
    from = match.index + match[0].length
  }
  if (from < text.length) words.push({ kind: 'text', text: text.slice(from) })
  return words
}

const referenceOf = (
  handle: string | undefined,
  number: string | undefined,
  references: Count,
): Inline | undefined => {
  if (handle !== undefined && references.mention < maxReferences) {
    references.mention += 1
    return { kind: 'mention', handle }
  }
  if (number !== undefined && references.record < maxReferences) {
    references.record += 1
    return { kind: 'record', number }
  }
  return undefined
}
