import { type HtmlOptions, treeToHtml } from './markdown.html.ts'
import { parseMarkdown } from './markdown.parse.ts'
import { type TextOptions, treeToText } from './markdown.text.ts'
import type { Block, Inline } from './markdown.tree.ts'

/**
 * The one way Markdown is shown: on pages (server and browser run this same function) and in the HTML part of mail. Never fails,
 * takes time and space in proportion to the text, and gives HTML that is safe to insert as it is.
 */
export const renderMarkdown = (source: string, options: HtmlOptions = {}): string =>
  treeToHtml(parseMarkdown(source), options)

/** The same text for the plain part of a mail, for exports and for search. */
export const markdownToText = (source: string, options: TextOptions = {}): string =>
  treeToText(parseMarkdown(source), options)

/** What a text refers to. */
export type References = {
  /** Handles of people mentioned, without the `@`, each once, in order. */
  readonly mentions: readonly string[]
  /** Numbers of records, each once, in order. */
  readonly records: readonly string[]
}

/**
 * The people and records a text speaks of, exactly those that `renderMarkdown` asks its callbacks about: not in code, not inside
 * links. Look them up first, then render with the answers. At most `maxReferences` of each.
 */
export const referencesIn = (source: string): References => {
  const mentions = new Set<string>()
  const records = new Set<string>()
  const visitInline = (nodes: readonly Inline[]): void => {
    for (const node of nodes) {
      if (node.kind === 'mention') mentions.add(node.handle)
      else if (node.kind === 'record') records.add(node.number)
      else if ('children' in node) visitInline(node.children)
    }
  }
  const visit = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      switch (block.kind) {
        case 'paragraph':
        case 'heading':
          visitInline(block.children)
          break
        case 'quote':
          visit(block.children)
          break
        case 'list':
          for (const item of block.items) visit(item)
          break
        case 'table':
          for (const cells of [block.head, ...block.rows])
            for (const cell of cells) visitInline(cell.children)
          break
        case 'codeBlock':
        case 'rule':
          break
      }
    }
  }
  visit(parseMarkdown(source))
  return { mentions: [...mentions], records: [...records] }
}
