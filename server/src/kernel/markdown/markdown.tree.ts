/**
 * What a Markdown text can say. The two lists are closed: whatever the printers write comes from one of these shapes, so a tag
 * or an attribute that is not here cannot be produced by any input.
 */

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'image'; readonly src: string; readonly alt: string }
  | { readonly kind: 'break' }
  /** `@handle`, without the `@`. */
  | { readonly kind: 'mention'; readonly handle: string }
  /** The number of a record, as `ABC0001042`. */
  | { readonly kind: 'record'; readonly number: string }

export type Align = 'left' | 'center' | 'right'

export type Cell = { readonly align: Align | undefined; readonly children: readonly Inline[] }

export type Block =
  /** A tight paragraph is the only line of its list item and has no space around it. */
  | { readonly kind: 'paragraph'; readonly tight: boolean; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | {
      readonly kind: 'list'
      readonly start: number | undefined
      readonly items: readonly (readonly Block[])[]
    }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'codeBlock'; readonly language: string | undefined; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }

export type Tree = readonly Block[]
