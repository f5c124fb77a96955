import type { NoticeKind } from '@evenkeel/contract/notification'
import type { Permission } from '@evenkeel/contract/permission'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { TokenPurpose } from '../../platform/auth/one-time-token.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { PersonRights } from '../people/index.ts'

/**
 * What a work practice contributes so that people can be told about its records: who may read them, and the words. Whom, where, why and
 * how is this practice's; it knows no state and no move.
 */
export type Telling = {
  /** The kind of record, which is also the beginning of its entry types. */
  readonly kind: string
  readonly read: Permission
  readonly readInternal: Permission
  /** Where a reader opens it, below the instance's address. */
  readonly page: (recordId: string) => string
  /** May everybody who reads the record hear of this entry? Not of a new type until somebody says so. */
  readonly isForEveryone: (entry: Pick<StoredEntry, 'type' | 'data'>) => boolean
  /** What happened, in one sentence for the list in the application; nothing that people wrote. */
  readonly headline: (entry: Pick<StoredEntry, 'type' | 'data'>, kind: NoticeKind, language: string) => string
  /** Links for this mail that stand for its reader; null when there is nothing to say with one. */
  readonly links?: (q: Reader, asked: LinkAsked) => Promise<LinkWish | null>
  /** The body of a mail, from current rows. Null when there is nothing left to say to this reader. */
  readonly words: (q: Reader, about: About) => Promise<Words | null>
}

export type LinkAsked = { readonly entry: StoredEntry; readonly person: PersonRights; readonly now: string }

/** One token for a person, for a purpose, about one thing; and the pages that take it, by the names the words have for them. */
export type LinkWish = {
  readonly purpose: TokenPurpose
  readonly subjectId: string
  readonly expiresAt: string
  readonly pages: Readonly<Record<string, string>>
}

/** What a mail is about, and for whom. */
export type About = {
  readonly entry: StoredEntry
  readonly kind: NoticeKind
  readonly record: {
    readonly id: string
    readonly number: string
    readonly title: string
    readonly priority: number
  }
  /** Who did it, by name. */
  readonly actor: string
  readonly reader: {
    /** May see work notes and other internals of this record. */
    readonly internal: boolean
    readonly language: string
    /** IANA name, for instants in words. */
    readonly timeZone: string
  }
  /** The configured address of the instance, without a slash at the end. */
  readonly origin: string
  /** Addresses that stand for the reader, by name; where the mail is only looked at, words in their place. */
  readonly links: Readonly<Record<string, string>>
}

/** The same words twice: plain, and as safe HTML for the inside of a body. */
export type Words = { readonly text: string; readonly html: string }

/** The practice that speaks for this kind of record or entry type. */
export const tellingFor = (tellings: readonly Telling[], type: string): Telling | undefined =>
  tellings.find((telling) => type === telling.kind || type.startsWith(`${telling.kind}.`))

/** The people who did it: at the keyboard, and in whose name. A key is nobody; the system is nobody. */
export const actorsOf = (entry: Pick<StoredEntry, 'actor_kind' | 'actor_id' | 'on_behalf_of'>): Set<string> =>
  new Set(
    [entry.actor_kind === 'person' ? entry.actor_id : null, entry.on_behalf_of].filter((id) => id !== null),
  )
