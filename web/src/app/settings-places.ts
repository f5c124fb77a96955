import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import UserRound from 'lucide-react/icons/user-round'
import { say } from '../language/say.ts'

export type SettingsPlace = {
  readonly to: NonNullable<LinkProps['to']>
  readonly text: () => string
  readonly icon: LucideIcon
}

/** What a person sets for themselves, page by page; everybody has all of them. */
export const settingsPlaces: readonly SettingsPlace[] = [
  { to: '/settings', text: () => say('settings.profile'), icon: UserRound },
]
