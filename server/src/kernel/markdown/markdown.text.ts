import { absolute } from './markdown.links.ts'
import type { Block, Cell, Inline, Tree } from './markdown.tree.ts'

export type TextOptions = {
  /** Where relative links point, as `https://desk.example.org`. */
  readonly origin?: string | undefined
}

/** The tree for somebody who reads plain text: no marks, links written out, lists and quotes indented. */
export const treeToText = (tree: Tree, options: TextOptions = {}): string => blocks(tree, options).trimEnd()

const blocks = (tree: readonly Block[], options: TextOptions): string => {
  let text = ''
  let before: Block | undefined
  for (const block of tree) {
    if (before !== undefined) text += before.kind === 'paragraph' && before.tight ? '\n' : '\n\n'
    text += blockText(block, options)
    before = block
  }
  return text
}

const blockText = (block: Block, options: TextOptions): string => {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inline(block.children, options)
    case 'list': {
      const items = block.items.map((item, index) => {
        const mark = block.start === undefined ? '- ' : `${block.start + index}. `
        return mark + indent(blocks(item, options), ' '.repeat(mark.length))
      })
      const tight = block.items.every((item) =>
        item.every((child) => child.kind !== 'paragraph' || child.tight),
      )
      return items.join(tight ? '\n' : '\n\n')
    }
    case 'quote':
      return `> ${indent(blocks(block.children, options), '> ')}`
    case 'codeBlock':
      return block.text.replace(/\n$/, '')
    case 'rule':
      return '----------'
    default:
      return [block.head, ...block.rows].map((cells) => row(cells, options)).join('\n')
  }
}

/** Puts `prefix` before every line but the first. */
const indent = (text: string, prefix: string): string =>
  text.replaceAll('\n', `\n${prefix}`).replace(/[ \t]+$/gm, '')

const row = (cells: readonly Cell[], options: TextOptions): string =>
  cells.map((cell) => inline(cell.children, options)).join(' | ')

const inline = (nodes: readonly Inline[], options: TextOptions): string => {
  let text = ''
  for (const node of nodes) text += inlineText(node, options)
  return text
}

const inlineText = (node: Inline, options: TextOptions): string => {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text
    case 'strong':
    case 'emphasis':
    case 'strike':
      return inline(node.children, options)
    case 'link':
      return withAddress(inline(node.children, options), absolute(node.href, options.origin))
    case 'image':
      return withAddress(node.alt, absolute(node.src, options.origin))
    case 'break':
      return '\n'
    case 'mention':
      return `@${node.handle}`
    default:
      return node.number
  }
}

const withAddress = (label: string, href: string): string => {
  const address = href.replace(/^mailto:/i, '')
  const same = label === href || label === address || `${label}/` === address
  return same || label === '' ? address : `${label} (${address})`
}
