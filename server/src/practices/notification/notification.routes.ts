import { notificationRoutes as routes } from '@evenkeel/contract/notification'
import type { Site } from '../../platform/http/site.ts'
import { serve, type Served } from '../../platform/http/serve.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import { createThreading } from '../../platform/mail/mail.threading.ts'
import type { MailHouse } from './notification.mail.ts'
import {
  countOutbox,
  listOutbox,
  readMail,
  redriveMail,
  redriveOutbox,
  showMailLink,
} from './notification.outbox.ts'
import { listPreferences, setDigestHour, setPreference } from './notification.preferences.ts'
import {
  countUnread,
  explainNotification,
  listNotifications,
  readAllNotifications,
  readNotification,
} from './notification.queries.ts'
import { listSetAside, retrySetAside } from './notification.set-aside.ts'
import type { Telling } from './notification.telling.ts'

/** @param reactions those that may be tried again from here */
export const notificationRoutes = (tellings: readonly Telling[], reactions: readonly Reaction[]): Served[] =>
  serve(routes, {
    listNotifications: ({ database, caller }, { query }) =>
      listNotifications(database, caller, tellings, query),
    countUnread: ({ database, caller }) => countUnread(database, caller),
    readNotification: async ({ database, caller }, { params }) => {
      await readNotification(database, caller, params.id)
      return undefined
    },
    readAllNotifications: ({ database, caller }, { body }) =>
      readAllNotifications(database, caller, body.upTo),
    explainNotification: ({ database, caller }, { params }) =>
      explainNotification(database, caller, params.id),
    listNoticePreferences: ({ database, caller }) => listPreferences(database, caller),
    setDigestHour: ({ database, caller }, { body }) => setDigestHour(database, caller, body.hour),
    setNoticePreference: async ({ database, caller }, { params, body }) => {
      await setPreference(database, caller, params.kind, body)
      return undefined
    },
    listOutbox: ({ database, caller }, { query }) => listOutbox(database, caller, tellings, query),
    countOutbox: ({ database, caller }) => countOutbox(database, caller),
    readMail: ({ database, caller, site }, { params }) =>
      readMail(database, caller, previewHouse(tellings, site), params.id),
    redriveMail: async ({ database, caller }, { params }) => {
      await redriveMail(database, caller, params.id)
      return undefined
    },
    redriveOutbox: ({ database, caller }, { body }) => redriveOutbox(database, caller, body.status),
    showMailLink: ({ database, caller, site }, { params }) =>
      showMailLink(
        database,
        caller,
        { ...previewHouse(tellings, site), accountKey: site.accountKey },
        params.id,
      ),
    listSetAside: ({ database, caller }) => listSetAside(database, caller),
    retrySetAside: async ({ database, caller }, { params }) => {
      await retrySetAside(database, caller, reactions, params.reaction, params.entryId)
      return undefined
    },
  })

/** For showing what a mail says, nothing of which depends on who sends it; identifiers are made by the worker, which has the key. */
const previewHouse = (tellings: readonly Telling[], site: Site): MailHouse => ({
  tellings,
  from: { name: '', address: 'preview@localhost.localdomain' },
  threading: createThreading({ domain: 'localhost', key: 'for previews, never sent' }),
  origin: site.publicUrl,
  accountKey: null,
})
