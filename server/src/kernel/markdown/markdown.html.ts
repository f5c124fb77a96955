import { absolute, isPathUnder, safeHref } from './markdown.links.ts'
import type { Block, Cell, Inline, Tree } from './markdown.tree.ts'

export type HtmlOptions = {
  /** Where `@handle` leads; undefined leaves it as text. */
  readonly mention?: ((handle: string) => string | undefined) | undefined
  /** Where the number of a record leads; undefined leaves it as text. */
  readonly record?: ((number: string) => string | undefined) | undefined
  /**
   * Set for readers outside the application (mail): paths become absolute, and images become links, because a mail program has no
   * session to load them with.
   */
  readonly origin?: string | undefined
  /** Images are loaded from below this path only; any other image becomes a link. */
  readonly attachments?: string | undefined
}

/** Where attachments are served. */
const attachmentsPath = '/api/v1/attachments/'

/**
 * HTML of a tree. Every tag and attribute is written here by name and every text is escaped, which makes the output the same
 * whoever parses it: that is the sanitising. Nothing of the source passes through as markup.
 */
export const treeToHtml = (tree: Tree, options: HtmlOptions = {}): string => blocks(tree, options)

/** Text that stands between tags. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;')

/** Text that stands between double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

const blocks = (tree: readonly Block[], options: HtmlOptions): string => {
  let html = ''
  for (const block of tree) html += blockHtml(block, options)
  return html
}

const blockHtml = (block: Block, options: HtmlOptions): string => {
  switch (block.kind) {
    case 'paragraph':
      return block.tight ? inline(block.children, options) : `<p>${inline(block.children, options)}</p>`
    case 'heading': {
      // The page has the first two levels: its title and its sections.
      const level = Math.min(block.level + 2, 6)
      return `<h${level}>${inline(block.children, options)}</h${level}>`
    }
    case 'list': {
      const items = block.items.map((item) => `<li>${blocks(item, options)}</li>`).join('')
      if (block.start === undefined) return `<ul>${items}</ul>`
      return block.start === 1 ? `<ol>${items}</ol>` : `<ol start="${block.start}">${items}</ol>`
    }
    case 'quote':
      return `<blockquote>${blocks(block.children, options)}</blockquote>`
    case 'codeBlock': {
      const language =
        block.language === undefined ? '' : ` class="language-${escapeAttribute(block.language)}"`
      return `<pre><code${language}>${codeText(block.text)}</code></pre>`
    }
    case 'rule':
      return '<hr>'
    default:
      return `<table><thead>${row(block.head, 'th', options)}</thead>${body(block.rows, options)}</table>`
  }
}

const body = (rows: readonly (readonly Cell[])[], options: HtmlOptions): string =>
  rows.length === 0 ? '' : `<tbody>${rows.map((cells) => row(cells, 'td', options)).join('')}</tbody>`

const row = (cells: readonly Cell[], tag: 'th' | 'td', options: HtmlOptions): string => {
  const scope = tag === 'th' ? ' scope="col"' : ''
  const html = cells.map((cell) => {
    // A class, because the content security policy allows no styles in attributes.
    const align = cell.align === undefined ? '' : ` class="align-${cell.align}"`
    return `<${tag}${scope}${align}>${inline(cell.children, options)}</${tag}>`
  })
  return `<tr>${html.join('')}</tr>`
}

const inline = (nodes: readonly Inline[], options: HtmlOptions): string => {
  let html = ''
  for (const node of nodes) html += inlineHtml(node, options)
  return html
}

const inlineHtml = (node: Inline, options: HtmlOptions): string => {
  switch (node.kind) {
    case 'text':
      return escapeText(node.text)
    case 'strong':
      return `<strong>${inline(node.children, options)}</strong>`
    case 'emphasis':
      return `<em>${inline(node.children, options)}</em>`
    case 'strike':
      return `<s>${inline(node.children, options)}</s>`
    case 'code':
      return `<code>${codeText(node.text)}</code>`
    case 'link':
      return link(node.href, inline(node.children, options), options)
    case 'image':
      return image(node.src, node.alt, options)
    case 'break':
      return '<br>'
    case 'mention':
      return referenceLink('mention', `@${node.handle}`, options.mention?.(node.handle), options)
    default:
      return referenceLink('record-number', node.number, options.record?.(node.number), options)
  }
}

const link = (href: string, content: string, options: HtmlOptions, classes = ''): string => {
  const cssClass = classes === '' ? '' : ` class="${classes}"`
  return `<a${cssClass} href="${escapeAttribute(absolute(href, options.origin))}" rel="noopener noreferrer nofollow">${content}</a>`
}

const referenceLink = (
  cssClass: string,
  text: string,
  href: string | undefined,
  options: HtmlOptions,
): string => {
  const safe = href === undefined ? undefined : safeHref(href)
  return safe === undefined ? escapeText(text) : link(safe, escapeText(text), options, cssClass)
}

const image = (src: string, alt: string, options: HtmlOptions): string => {
  const ours = isPathUnder(options.attachments ?? attachmentsPath, src)
  // A picture on somebody else's server would tell them who reads this, and when.
  if (!ours || options.origin !== undefined) return link(src, escapeText(alt === '' ? src : alt), options)
  return `<img src="${escapeAttribute(src)}" alt="${escapeAttribute(alt)}" loading="lazy">`
}

/**
 * Code is read before it is copied into a shell, so the characters that show it in another order than it runs are made visible
 * (Trojan Source, CVE-2021-42574).
 */
const codeText = (text: string): string =>
  escapeText(text).replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`,
  )
