import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import Bell from 'lucide-react/icons/bell'
import KeyRound from 'lucide-react/icons/key-round'
import MonitorSmartphone from 'lucide-react/icons/monitor-smartphone'
import ShieldCheck from 'lucide-react/icons/shield-check'
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
  { to: '/settings/security', text: () => say('settings.security'), icon: ShieldCheck },
  { to: '/settings/sessions', text: () => say('settings.sessions'), icon: MonitorSmartphone },
  { to: '/settings/notifications', text: () => say('settings.notifications'), icon: Bell },
  { to: '/settings/keys', text: () => say('settings.keys'), icon: KeyRound },
]
