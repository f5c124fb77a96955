import type { Permission } from '@evenkeel/contract/permission'
import type { Me } from '@evenkeel/contract/session'
import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import Activity from 'lucide-react/icons/activity'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import FileText from 'lucide-react/icons/file-text'
import FileUp from 'lucide-react/icons/file-up'
import KeyRound from 'lucide-react/icons/key-round'
import HardDriveDownload from 'lucide-react/icons/hard-drive-download'
import Layers from 'lucide-react/icons/layers'
import Mails from 'lucide-react/icons/mails'
import Scale from 'lucide-react/icons/scale'
import ShieldCheck from 'lucide-react/icons/shield-check'
import TextCursorInput from 'lucide-react/icons/text-cursor-input'
import UserRound from 'lucide-react/icons/user-round'
import UsersRound from 'lucide-react/icons/users-round'
import { say } from '../language/say.ts'
import { mayAtAll } from '../parts/session.ts'

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

const any =
  (...permissions: readonly Permission[]) =>
  (me: Me): boolean =>
    permissions.some((permission) => mayAtAll(me, permission))

/** One line a page; its route hangs below `/admin` in router.tsx. A page is added when it is there, never before. */
export const adminPlaces: readonly AdminPlace[] = [
  {
    section: 'people',
    to: '/admin/people',
    text: () => say('people.title'),
    about: () => say('people.lead'),
    icon: UserRound,
    may: any('person.manage', 'role.manage', 'access.explain'),
  },
  {
    section: 'people',
    to: '/admin/teams',
    text: () => say('teams.title'),
    about: () => say('teams.about'),
    icon: UsersRound,
    may: any('team.manage', 'person.manage', 'access.explain'),
  },
  {
    section: 'people',
    to: '/admin/roles',
    text: () => say('roles.title'),
    about: () => say('roles.about'),
    icon: ShieldCheck,
    may: any('role.manage', 'person.manage', 'access.explain'),
  },
  {
    section: 'people',
    to: '/admin/access',
    text: () => say('access.title'),
    about: () => say('access.about'),
    icon: CircleHelp,
    may: any('access.explain'),
  },
  {
    section: 'people',
    to: '/admin/keys',
    text: () => say('apiKeys.title'),
    about: () => say('apiKeys.about'),
    icon: KeyRound,
    may: any('person.manage'),
  },
  {
    section: 'work',
    to: '/admin/services',
    text: () => say('services.title'),
    about: () => say('services.about'),
    icon: Layers,
    may: any('service.manage', 'access.explain'),
  },
  {
    section: 'work',
    to: '/admin/templates',
    text: () => say('templates.title'),
    about: () => say('templates.about'),
    icon: FileText,
    may: any('template.manage'),
  },
  {
    section: 'work',
    to: '/admin/fields',
    text: () => say('fields.title'),
    about: () => say('fields.about'),
    icon: TextCursorInput,
    may: any('custom_field.manage'),
  },
  {
    section: 'work',
    to: '/admin/imports',
    text: () => say('import.title'),
    about: () => say('import.about'),
    icon: FileUp,
    may: any('import.run'),
  },
  {
    section: 'rules',
    to: '/admin/policies',
    text: () => say('policy.list'),
    about: () => say('policy.listText'),
    icon: Scale,
    may: any('policy.read'),
  },
  {
    section: 'instance',
    to: '/admin/outbox',
    text: () => say('outbox.title'),
    about: () => say('outbox.about'),
    icon: Mails,
    may: any('outbox.read'),
  },
  {
    section: 'instance',
    to: '/admin/health',
    text: () => say('health.title'),
    about: () => say('health.aboutShort'),
    icon: Activity,
    may: any('instance.read'),
  },
  {
    section: 'instance',
    to: '/admin/organization',
    text: () => say('organization.title'),
    about: () => say('organization.aboutShort'),
    icon: HardDriveDownload,
    may: any('organization.export'),
  },
]
