import { escapeAttribute, escapeText } from '../../kernel/markdown/markdown.html.ts'
import { absolute, safeHref } from '../../kernel/markdown/markdown.links.ts'
import { says } from '../platform.reasons.ts'
import type { Saying } from '../../kernel/language/saying.ts'
import { markdownToText, renderMarkdown } from '../../kernel/markdown/markdown.ts'

/**
 * What the value of a variable is: words, printed as they are; an address, printed as a link; or Markdown that a person wrote, which
 * stands in a paragraph of its own.
 */
export type VariableKind = 'text' | 'url' | 'markdown'

/** The variables a template may use, by name. */
export type Variables<Name extends string> = Readonly<Record<Name, VariableKind>>

type Part<Name extends string> = string | { readonly name: Name; readonly kind: VariableKind }

/** A checked template: paragraphs of words and variables. There is nothing else in the language, hence nothing to evaluate. */
export type Template<Name extends string> = { readonly paragraphs: readonly (readonly Part<Name>[])[] }

/** Where a template is wrong. `position` counts UTF-16 units from 0; `line` and `column` count from 1. */
export type TemplateFault = {
  readonly position: number
  readonly line: number
  readonly column: number
  readonly message: Saying
}

export type ParsedTemplate<Name extends string> =
  | { readonly ok: true; readonly template: Template<Name> }
  | { readonly ok: false; readonly faults: readonly TemplateFault[] }

const maxLength = 10_000

/**
 * Checks a template when it is saved: plain text with `{{record.number}}` where a value goes, paragraphs parted by empty lines.
 * A variable that is not in `variables`, one that is not closed, and Markdown that is not alone in its paragraph are faults.
 */
export const parseTemplate = <Name extends string>(
  source: string,
  variables: Variables<Name>,
): ParsedTemplate<Name> => {
  const isVariable = (name: string): name is Name => Object.hasOwn(variables, name)
  const faults: TemplateFault[] = []
  const fault = (position: number, message: Saying): void => {
    const before = source.slice(0, position).split('\n')
    faults.push({ position, line: before.length, column: (before.at(-1) ?? '').length + 1, message })
  }

  if (source.length > maxLength) {
    fault(maxLength, says('template.long', { most: String(maxLength) }))
    return { ok: false, faults }
  }

  const paragraphs: Part<Name>[][] = [[]]
  const add = (part: Part<Name>): void => {
    if (part !== '') paragraphs.at(-1)?.push(part)
  }
  const addWords = (words: string): void => {
    for (const [index, paragraph] of words.split(/\n(?:[ \t]*\n)+/).entries()) {
      if (index > 0) paragraphs.push([])
      add(paragraph)
    }
  }
  const standAlone: { readonly position: number; readonly name: Name; readonly paragraph: number }[] = []

  let at = 0
  for (;;) {
    const start = source.indexOf('{{', at)
    if (start === -1) break
    addWords(source.slice(at, start))
    const end = source.indexOf('}}', start)
    if (end === -1) {
      fault(start, says('template.open', { open: '{{', close: '}}' }))
      break
    }
    const name = source.slice(start + 2, end).trim()
    if (isVariable(name)) {
      const kind = variables[name]
      if (kind === 'markdown') standAlone.push({ position: start, name, paragraph: paragraphs.length - 1 })
      add({ name, kind })
    } else {
      fault(start, says('template.variable', { name, known: Object.keys(variables).sort().join(', ') }))
    }
    at = end + 2
  }
  if (faults.length === 0) addWords(source.slice(at))

  for (const { position, name, paragraph } of standAlone) {
    const others =
      paragraphs[paragraph]?.filter((part) => typeof part !== 'string' || part.trim() !== '') ?? []
    if (others.length > 1) fault(position, says('template.alone', { name }))
  }
  if (faults.length > 0)
    return { ok: false, faults: faults.sort((one, other) => one.position - other.position) }
  return { ok: true, template: { paragraphs: paragraphs.map(trimmed).filter((parts) => parts.length > 0) } }
}

/** A paragraph without the space around it. */
const trimmed = <Name extends string>(parts: readonly Part<Name>[]): readonly Part<Name>[] =>
  parts
    .map((part, index) => {
      if (typeof part !== 'string') return part
      const start = index === 0 ? part.trimStart() : part
      return index === parts.length - 1 ? start.trimEnd() : start
    })
    .filter((part) => part !== '')

/** The values of a template's variables, as they are printed. */
export type TemplateValues<Name extends string> = Readonly<Record<Name, string>>

/** `origin` makes paths in addresses and Markdown absolute: the configured address of the instance. */
export type TemplateOptions = { readonly origin: string }

/** For subjects and the plain part. Values are printed literally; nothing in them is looked at again. */
export const templateToText = <Name extends string>(
  template: Template<Name>,
  values: TemplateValues<Name>,
  options: TemplateOptions,
): string =>
  template.paragraphs
    .map((parts) =>
      parts
        .map((part) => (typeof part === 'string' ? part : valueText(part.kind, values[part.name], options)))
        .join(''),
    )
    .join('\n\n')

const valueText = (kind: VariableKind, value: string, { origin }: TemplateOptions): string => {
  switch (kind) {
    case 'text':
      return value
    case 'url': {
      const href = safeHref(value)
      return href === undefined ? value : absolute(href, origin)
    }
    default:
      return markdownToText(value, { origin })
  }
}

/** For the HTML part: the same words, escaped; addresses as links; Markdown rendered as everywhere else. */
export const templateToHtml = <Name extends string>(
  template: Template<Name>,
  values: TemplateValues<Name>,
  options: TemplateOptions,
): string =>
  template.paragraphs
    .map((parts) => {
      if (parts.some((part) => typeof part !== 'string' && part.kind === 'markdown'))
        return markdownParagraph(parts, values, options)
      const html = parts.map((part) =>
        typeof part === 'string' ? words(part) : valueHtml(part.kind, values[part.name], options),
      )
      return `<p>${html.join('')}</p>`
    })
    .join('')

const markdownParagraph = <Name extends string>(
  parts: readonly Part<Name>[],
  values: TemplateValues<Name>,
  { origin }: TemplateOptions,
): string =>
  parts
    .map((part) => (typeof part === 'string' ? '' : renderMarkdown(values[part.name], { origin })))
    .join('')

const valueHtml = (kind: VariableKind, value: string, { origin }: TemplateOptions): string => {
  const href = kind === 'url' ? safeHref(value) : undefined
  if (href === undefined) return words(value)
  const address = absolute(href, origin)
  return `<a href="${escapeAttribute(address)}" rel="noopener noreferrer">${escapeText(address)}</a>`
}

const words = (text: string): string => escapeText(text).replaceAll(/\r\n?|\n/g, '<br>')
