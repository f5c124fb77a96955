import type { Me } from '@evenkeel/contract/session'
import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'

/** The parts of administration, in the order of its pages. */
export const adminSections = ['people', 'work', 'rules', 'instance'] as const
export type AdminSection = (typeof adminSections)[number]

/** A page of administration: in the list at its left, on its first page, and in the palette, for those who may. */
export type AdminPlace = {
  readonly section: AdminSection
  readonly to: NonNullable<LinkProps['to']>
  readonly text: () => string
  /** What one does there, in a sentence. */
  readonly about: () => string
  readonly icon: LucideIcon
  readonly may: (me: Me) => boolean
}

/** One line a page; its route hangs below `/admin` in router.tsx. A page is added when it is there, never before. */
export const adminPlaces: readonly AdminPlace[] = []
