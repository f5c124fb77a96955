import type { AnswerView } from '@evenkeel/contract/answer'
import type { ImportBatch } from '@evenkeel/contract/import'
import type { Locator, Page } from '@playwright/test'
import type { AuditStory } from './audit-story.ts'
import type { BranchStory } from './branch-story.ts'
import type { ImportStory } from './import-story.ts'
import type { ItemStory } from './item-story.ts'
import { type Words, words } from './words.ts'

export type Shot = {
  readonly name: string
  /** Signed in as; nobody when absent. */
  readonly as?: string
  readonly path: string
  /** The person reads this one; English when absent. */
  readonly language?: string
  /** What it waits for never comes. */
  readonly isLoading?: boolean
  /** Prepares the browser before the page is opened: answers that would cost the story something. */
  readonly before?: (page: Page) => Promise<unknown>
  /** Brings the page into the state to look at. */
  readonly act?: (page: Page, wide: boolean) => Promise<void>
}

/** Records of the story that are worth looking at. */
type Story = {
  readonly rich: string
  readonly extreme: string
  readonly resolved: string
  readonly rightToLeft: string
  readonly batches: ImportStory
  readonly branches: BranchStory
  readonly audits: AuditStory
  readonly items: ItemStory
}

const pressing =
  (button: string | RegExp, brings: (page: Page) => Locator): NonNullable<Shot['act']> =>
  async (page) => {
    await page.getByRole('button', { name: button }).click()
    await brings(page).waitFor()
  }

/** What a link of a mail is about, in each way it can stand. A real link works once, and is looked at four times. */
const answerLink = (name: string, path: string, view: Partial<AnswerView>): Shot => ({
  name,
  path: `${path}#token`,
  before: (page) =>
    page.route('**/api/v1/answers/look', (route) =>
      route.fulfill({
        json: {
          tenant: 'Harbor Hospital',
          number: 'INC0001042',
          title: 'Electronic records are slow on ward 4, and the chart of the last patient stays open',
          standing: 'asked',
          until: '2026-11-29T08:00:00.000Z',
          answers: ['still_broken', 'works'],
          said: null,
          ...view,
        } satisfies AnswerView,
      }),
    ),
})

/** Signed in with a password where a role asks for more. */
const owing =
  (owes: 'set_up' | 'prove'): NonNullable<Shot['before']> =>
  (page) =>
    page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch()
      const me: { session: object; credentials: object } = await answer.json()
      const credentials = { ...me.credentials, ...(owes === 'prove' && { hasTotp: true, hasPassword: true }) }
      await route.fulfill({
        response: answer,
        json: { ...me, credentials, session: { ...me.session, owes } },
      })
    })

/** A batch in a state that passes quickly, or that nobody wants to wait for. */
const batchThat =
  (is: Partial<ImportBatch>): NonNullable<Shot['before']> =>
  (page) =>
    page.route(/\/api\/v1\/imports\/[^/]+$/, async (route) => {
      const batch: ImportBatch = await (await route.fetch()).json()
      await route.fulfill({ json: { ...batch, ...is } })
    })

const following =
  (link: string): NonNullable<Shot['act']> =>
  async (page) => {
    await page.getByRole('main').getByRole('link', { name: link, exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name: link }).waitFor()
  }

const importShots = ({
  waiting,
  sheets,
  examined,
  imported,
  voided,
  failed,
}: ImportStory): readonly Shot[] => {
  const at = (name: string, id: string, more: Partial<Shot> = {}, step = ''): Shot => ({
    name,
    as: 'Ada Silva',
    path: `/admin/imports/${id}${step}`,
    ...more,
  })
  const progress = { rows: 61_204, ofRows: 141_712, rowsPerSecond: 2870.4, secondsLeft: 28 }
  return [
    { name: 'admin-imports', as: 'Ada Silva', path: '/admin/imports' },
    {
      name: 'admin-imports-none',
      as: 'Ada Silva',
      path: '/admin/imports',
      before: (page) => page.route('**/api/v1/imports', (route) => route.fulfill({ json: { imports: [] } })),
    },
    at('import-file', waiting, {}, '?step=file'),
    at('import-mapping', waiting, {}, '?step=mapping'),
    at('import-mapping-sheets', sheets, {}, '?step=mapping'),
    at('import-mapping-fields', waiting, {}, '?step=mapping&field=state'),
    at(
      'import-mapping-preview',
      waiting,
      {
        act: (page) =>
          page
            .getByRole('region', { name: 'How it will look' })
            .getByText('OLD')
            .first()
            .or(page.getByRole('region', { name: 'How it will look' }))
            .first()
            .scrollIntoViewIfNeeded(),
      },
      '?step=mapping',
    ),
    at('import-examining', examined, {
      before: batchThat({ state: 'examining', findings: null, progress: { doing: 'reading', ...progress } }),
    }),
    at('import-dry-run', examined),
    at('import-dry-run-refused', examined, {
      act: (page) => page.getByRole('region', { name: 'Refused rows' }).scrollIntoViewIfNeeded(),
    }),
    at(
      'import-dry-run-reason',
      examined,
      { act: (page) => page.getByRole('region', { name: 'Refused rows' }).scrollIntoViewIfNeeded() },
      '?reason=not_an_instant&column=opened_at',
    ),
    at('import-dry-run-translated', examined, {
      act: (page) =>
        page.getByRole('region', { name: 'Values that are translated' }).scrollIntoViewIfNeeded(),
    }),
    at('import-begin', examined, {}, '?step=run'),
    at('import-importing', examined, {
      before: batchThat({
        state: 'importing',
        records: 12_408,
        updates: 61_204,
        progress: { doing: 'importing', ...progress },
      }),
    }),
    at('import-paused', examined, {
      before: batchThat({
        state: 'paused',
        records: 12_408,
        updates: 61_204,
        progress: { doing: 'importing', ...progress, secondsLeft: null },
      }),
    }),
    at('import-report', imported),
    at('import-run-over', imported, {}, '?step=run'),
    at('import-voiding', imported, {
      act: pressing('Take the batch back', (page) => page.getByRole('dialog')),
    }),
    at('import-voided', voided),
    at('import-failed', failed),
  ]
}

/** An answer that has nothing in it, as a house has it that begins. */
const answering =
  (address: string | RegExp, json: object): NonNullable<Shot['before']> =>
  (page) =>
    page.route(address, (route) => route.fulfill({ json }))

const noRows = { rows: [], next: null, more: false }

const itemShots = ({
  complete,
  service,
  server,
  long,
  inUse,
  retired,
  group,
  contract,
  provider,
  product,
  incident,
  inventory,
}: ItemStory): readonly Shot[] => {
  const of = (name: string, path: string, more: Partial<Shot> = {}): Shot => ({
    name,
    as: 'Ada Silva',
    path,
    ...more,
  })
  const dialog = (page: Page): Locator => page.getByRole('dialog')
  const naming =
    (word: string, most: number): NonNullable<Shot['act']> =>
    async (page) => {
      const finder = page.getByRole('combobox', { name: 'What it happens to' })
      for (let at = 0; at < most; at += 1) {
        await finder.fill(word)
        await page.getByRole('option', { name: word }).first().click()
        await page
          .getByRole('button', { name: /has nothing to do with/ })
          .nth(at)
          .waitFor()
      }
      await page.getByText(/Raised with|Impact stays/).waitFor()
      await finder.scrollIntoViewIfNeeded()
    }
  return [
    of('items', '/items'),
    of('items-class', '/items?class=server'),
    of('items-none-match', '/items?q="nothing has these words"'),
    of('items-none', '/items', {
      before: answering(/\/api\/v1\/items(?:\?|\/count|$)/, { ...noRows, count: 0, capped: false }),
    }),
    of('items-import', `/admin/imports/${inventory}`),
    of('items-import-mapping', `/admin/imports/${inventory}?step=mapping`),
    of('items-add', '/items', { act: pressing('Add an item', dialog) }),
    of('item', `/items/${server}`),
    of('item-service', `/items/${service}`),
    of('item-group', `/items/${group}`),
    of('item-long', `/items/${long}`),
    of('item-contract', `/items/${contract}`),
    of('item-provider', `/items/${provider}`),
    of('item-commercial', `/items/${server}`, {
      act: (page) => page.getByRole('heading', { name: 'Commercial' }).scrollIntoViewIfNeeded(),
    }),
    of('item-relate', `/items/${server}`, { act: pressing('Relate', dialog) }),
    of('item-health', `/items/${server}`, { act: pressing('Say how it is', dialog) }),
    of('item-lost', `/items/${inUse}`, { act: pressing('Report lost or stolen', dialog) }),
    of('item-dispose', `/items/${retired}`, { act: pressing('Dispose', dialog) }),
    of('item-missing', '/items/018f0000-0000-7000-8000-000000000000'),
    of('assets', '/assets'),
    of('assets-licenses', '/assets?show=licenses'),
    of('assets-proof', `/assets?show=licenses&product=${product}`),
    of('assets-providers', '/assets?show=providers'),
    of('assets-none', '/assets', { before: answering('**/api/v1/contracts*', noRows) }),
    of('map', '/map'),
    of('map-around', `/map?items=${service}&hops=4`),
    of('map-fails', `/map?items=${service}&hops=4&node=${server}`),
    of('map-long', `/map?items=${long}&node=${long}`),
    of('map-list', '/map?as=list'),
    of('map-none', '/map', {
      before: answering(/\/api\/v1\/item-map/, {
        validAt: '2026-11-22T08:00:00Z',
        knownAt: '2026-11-22T08:00:00Z',
        items: [],
        relations: [],
        cut: null,
      }),
    }),
    of('record-items', `/incidents/${incident}`, {
      as: 'Lena Brandt',
      act: (page) => page.getByRole('heading', { name: 'Items', exact: true }).scrollIntoViewIfNeeded(),
    }),
    of('raise-items', '/incidents/new', { as: 'Amir Haddad', act: naming('imaging', 3) }),
    of('raise-items-long', '/incidents/new', { as: 'Amir Haddad', act: naming('Rindfleisch', 1) }),
    of('raise-items-none', '/incidents/new', {
      as: 'Amir Haddad',
      act: async (page) => {
        await page.getByRole('combobox', { name: 'What it happens to' }).fill('nothing has this')
        await page.getByText('Nothing found').first().waitFor()
      },
    }),
    of('portal-devices', '/portal/new', {
      as: 'Rita Okafor',
      act: (page) => page.getByText('Which of your devices is it?').first().scrollIntoViewIfNeeded(),
    }),
    ...(
      [
        ['items', '/items'],
        ['item', `/items/${server}`],
        ['item-contract', `/items/${contract}`],
        ['item-provider', `/items/${provider}`],
        ['items-import', `/admin/imports/${inventory}`],
        ['items-import-mapping', `/admin/imports/${inventory}?step=mapping`],
        ['assets', '/assets'],
        ['assets-licenses', '/assets?show=licenses'],
        ['assets-proof', `/assets?show=licenses&product=${product}`],
        ['assets-providers', '/assets?show=providers'],
        ['map-fails', `/map?items=${service}&hops=4&node=${server}`],
        ['map-then', `/map?items=${service}&hops=4&at=${complete}`],
      ] as const
    ).map(([name, path]) => of(`${name}-german`, path, { language: 'de' })),
    of('map-then', `/map?items=${service}&hops=4&at=${complete}`),
    of('record-items-german', `/incidents/${incident}`, {
      as: 'Lena Brandt',
      language: 'de',
      act: (page) => page.getByRole('heading', { name: words.de('incident.items') }).scrollIntoViewIfNeeded(),
    }),
    of('portal-devices-german', '/portal/new', {
      as: 'Rita Okafor',
      language: 'de',
      act: (page) => page.getByText(words.de('portal.devices')).first().scrollIntoViewIfNeeded(),
    }),
    ...inBothLanguages((say, end) => {
      const dialogOf =
        (button: string): NonNullable<Shot['act']> =>
        async (page) => {
          await page.getByRole('button', { name: button, exact: true }).first().click()
          await dialog(page).waitFor()
        }
      const more =
        (entry: string): NonNullable<Shot['act']> =>
        async (page) => {
          await page.getByRole('button', { name: say('item.more'), exact: true }).click()
          await page.getByRole('menuitem', { name: entry }).click()
          await dialog(page).waitFor()
        }
      return [
        of(`item-merge${end}`, `/items/${server}`, {
          act: async (page, wide) => {
            await more(say('merge.begin'))(page, wide)
            await dialog(page)
              .getByRole('button', { name: say('merge.other') })
              .click()
            await page.getByRole('textbox', { name: say('merge.other') }).fill('imaging-2')
            await page.getByRole('option').first().click()
            await dialog(page).getByRole('table').waitFor()
          },
        }),
        of(`item-split${end}`, `/items/${server}`, { act: more(say('split.begin')) }),
        of(`items-bulk-move${end}`, '/items', {
          act: async (page) => {
            await page.getByRole('row').nth(2).waitFor()
            await page.keyboard.press('j')
            await page.keyboard.press('x')
            await page.keyboard.press('t')
            await dialog(page).waitFor()
          },
        }),
        of(`audit-begin${end}`, '/audits', { act: dialogOf(say('audit.begin')) }),
        of(`attestation-begin${end}`, '/attestations', { act: dialogOf(say('attestation.begin')) }),
        of(`item-health${end}`, `/items/${server}`, { act: dialogOf(say('item.sayHealth')) }),
      ]
    }),
  ]
}

const inBothLanguages = (shots: (say: Words, end: string) => readonly Shot[]): readonly Shot[] =>
  (['en', 'de'] as const).flatMap((language) =>
    shots(words[language], language === 'en' ? '' : '-german').map((shot) => ({ ...shot, language })),
  )

const data = '**/api/v1/**'
const isOfShell = (url: string): boolean => /\/api\/v1\/(?:me|live|counts)(?:\?|$)/.test(url)

/** The page's own data is long on its way. */
const isSlow: NonNullable<Shot['before']> = (page) =>
  page.route(data, (route) => (isOfShell(route.request().url()) ? route.fallback() : undefined))

/** The server went away after the shell was there. */
const isAway: NonNullable<Shot['before']> = (page) =>
  page.route(data, (route) => (isOfShell(route.request().url()) ? route.fallback() : route.abort()))

/** Every page, and the states that one has to press something for. A new page goes in here. */
/** A label, as a scanner types it. */
const scanning =
  (text: string) =>
  async (page: Page): Promise<void> => {
    const field = page.getByRole('textbox', { name: /barcode/i })
    await field.fill(text)
    await field.press('Enter')
  }

const auditShots = ({ open, closed, room, attestation }: AuditStory): readonly Shot[] => [
  ...(['en', 'de'] as const).flatMap((language): readonly Shot[] => {
    const end = language === 'en' ? '' : '-german'
    return [
      { name: `audits${end}`, as: 'Ada Silva', path: '/audits', language },
      { name: `audit${end}`, as: 'Ada Silva', path: `/audits/${open}`, language },
      { name: `attestations${end}`, as: 'Ada Silva', path: '/attestations', language },
      { name: `attestation${end}`, as: 'Ada Silva', path: `/attestations/${attestation}`, language },
      { name: `audit-scan${end}`, as: 'Ada Silva', path: `/audits/${open}/scan?place=${room}`, language },
      {
        name: `audit-scan-away${end}`,
        as: 'Ada Silva',
        path: `/audits/${open}/scan?place=${room}`,
        language,
        act: async (page) => {
          await page.context().setOffline(true)
          await scanning('something unknown')(page)
          await scanning('0123 smudged')(page)
        },
      },
    ]
  }),
  { name: 'attestation-mine', as: 'Amir Haddad', path: `/attestations/${attestation}?show=mine` },
  { name: 'attestation-owners', as: 'Ada Silva', path: `/attestations/${attestation}?show=owners` },
  {
    name: 'attestations-none',
    as: 'Ada Silva',
    path: '/attestations',
    before: (page) =>
      page.route('**/api/v1/item-attestations', (route) =>
        route.fulfill({ json: { rows: [], more: false } }),
      ),
  },
  { name: 'audit-missing', as: 'Ada Silva', path: `/audits/${open}?show=missing` },
  { name: 'audit-unread', as: 'Ada Silva', path: `/audits/${open}?show=unread` },
  { name: 'audit-closed', as: 'Ada Silva', path: `/audits/${closed}` },
  {
    name: 'audit-refused',
    as: 'Ada Silva',
    path: `/audits/${open}/scan`,
    before: (page) =>
      page.route('**/scans', (route) =>
        route.fulfill({
          status: 409,
          json: {
            type: '/refusals#not_allowed_here',
            title: 'x',
            status: 409,
            code: 'not_allowed_here',
            reasons: [{ code: 'not_allowed_here', message: 'this stock-taking is closed' }],
          },
        }),
      ),
    act: scanning('something'),
  },
  {
    name: 'audits-none',
    as: 'Ada Silva',
    path: '/audits',
    before: (page) =>
      page.route('**/api/v1/item-audits', (route) => route.fulfill({ json: { rows: [], more: false } })),
  },
  { name: 'audit-missing-page', as: 'Ada Silva', path: '/audits/018f0000-0000-7000-8000-000000000000' },
]

export const shotsOf = ({
  rich,
  extreme,
  resolved,
  rightToLeft,
  batches,
  branches,
  audits,
  items,
}: Story): readonly Shot[] => [
  ...itemShots(items),
  ...auditShots(audits),
  { name: 'branches', as: 'Ada Silva', path: '/branches' },
  { name: 'branches-closed', as: 'Ada Silva', path: '/branches?state=closed' },
  {
    name: 'branches-none',
    as: 'Ada Silva',
    path: '/branches',
    before: (page) =>
      page.route('**/api/v1/item-branches*', (route) => route.fulfill({ json: { rows: [], more: false } })),
  },
  { name: 'branch-applied', as: 'Ada Silva', path: `/branches/${branches.applied}` },
  {
    name: 'branch-conflict',
    as: 'Ada Silva',
    path: `/branches/${branches.long}?with=${branches.against},${branches.first}`,
  },
  { name: 'branch', as: 'Ada Silva', path: `/branches/${branches.first}` },
  { name: 'branch-together', as: 'Ada Silva', path: `/branches/${branches.first}?with=${branches.second}` },
  { name: 'branch-long', as: 'Ada Silva', path: `/branches/${branches.long}` },
  { name: 'branch-empty', as: 'Ada Silva', path: `/branches/${branches.empty}` },
  ...inBothLanguages((say, end) =>
    (['down', 'move'] as const).map((kind) => ({
      name: `branch-step-${kind}${end}`,
      as: 'Ada Silva',
      path: `/branches/${branches.first}`,
      act: async (page: Page) => {
        await page
          .getByRole('button', { name: say('branch.addStep'), exact: true })
          .first()
          .click()
        const dialog = page.getByRole('dialog')
        await dialog.waitFor()
        if (kind === 'down') return
        await dialog.getByRole('combobox', { name: say('branch.what') }).click()
        await page.getByRole('option', { name: say('branch.what.move') }).click()
        await dialog
          .getByRole('button', { name: say('branch.item') })
          .first()
          .click()
        await page.getByRole('textbox', { name: say('branch.item') }).fill('Maintenance of')
        await page.getByRole('option').first().click()
        await dialog.getByRole('combobox', { name: say('branch.action') }).click()
        await page.getByRole('option').first().waitFor()
      },
    })),
  ),
  {
    name: 'branch-apply',
    as: 'Ada Silva',
    path: `/branches/${branches.long}`,
    act: pressing('Apply', (page) => page.getByRole('dialog')),
  },
  { name: 'branches-german', as: 'Ada Silva', path: '/branches', language: 'de' },
  { name: 'branch-german', as: 'Ada Silva', path: `/branches/${branches.long}`, language: 'de' },
  {
    name: 'branch-map',
    as: 'Ada Silva',
    path: `/map?items=${branches.service}&hops=4&branches=${branches.first},${branches.long}`,
  },
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    path: '/sign-in?tenant=harbor',
    act: async (page) => {
      await page.getByLabel('E-mail').fill('rita.okafor@harbor.example')
      await page.getByLabel('Password', { exact: true }).fill('wrong')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  answerLink('answer-still-broken', '/still-broken', {}),
  answerLink('answer-works', '/it-works', {}),
  answerLink('answer-late', '/still-broken', { standing: 'late', until: null, answers: ['still_broken'] }),
  answerLink('answer-said', '/still-broken', {
    standing: 'open',
    answers: [],
    said: { answer: 'still_broken', at: '2026-11-22T08:00:00.000Z', number: 'INC0001057' },
  }),
  { name: 'second-factor', as: 'Rita Okafor', path: '/', before: owing('set_up') },
  { name: 'second-factor-prove', as: 'Rita Okafor', path: '/', before: owing('prove') },
  { name: 'policies', as: 'Ada Silva', path: '/admin/policies' },
  { name: 'policy-security', as: 'Ada Silva', path: '/admin/policies/security' },
  {
    name: 'policy-matrix',
    as: 'Ada Silva',
    path: '/admin/policies/priority_matrix',
    act: async (page) => {
      await page.getByLabel('For everything: impact low, urgency low').selectOption('1')
      await page.getByText(/would change rank/).waitFor()
    },
  },
  {
    name: 'policy-routing',
    as: 'Ada Silva',
    path: '/admin/policies/routing',
    act: pressing('Add a rule', (page) => page.getByText(/would have sent/)),
  },
  { name: 'policy-notification', as: 'Ada Silva', path: '/admin/policies/notification' },
  { name: 'policy-calendar', as: 'Ada Silva', path: '/admin/policies/calendar?name=Desk' },
  { name: 'outbox', as: 'Ada Silva', path: '/admin/outbox' },
  { name: 'health', as: 'Ada Silva', path: '/admin/health' },
  {
    name: 'journal',
    as: 'Iris Auditor',
    path: '/journal?kind=incident',
    act: async (page) => {
      await page.getByRole('button', { name: /INC/ }).first().click()
      await page.getByText(/The content is/).waitFor()
    },
  },
  { name: 'reports', as: 'Lena Brandt', path: '/reports' },
  { name: 'reports-holds', as: 'Lena Brandt', path: '/reports?show=holds' },
  { name: 'reports-fault', as: 'Lena Brandt', path: '/reports?q=colour:red' },
  { name: 'reports-none', as: 'Bea Stone', path: '/reports' },
  { name: 'insight', as: 'Lena Brandt', path: '/insight?share=100' },
  { name: 'insight-handovers', as: 'Lena Brandt', path: '/insight?share=100&lens=handovers' },
  { name: 'insight-behind', as: 'Lena Brandt', path: '/insight?behind=node:in_progress' },
  { name: 'insight-fault', as: 'Lena Brandt', path: '/insight?q=colour:red' },
  { name: 'insight-none', as: 'Lena Brandt', path: '/insight?from=2019-01&to=2019-02' },
  { name: 'insight-conformance', as: 'Lena Brandt', path: '/insight/conformance' },
  { name: 'journal-none', as: 'Iris Auditor', path: '/journal?number=INC999' },
  { name: 'list', as: 'Amir Haddad', path: '/incidents' },
  { name: 'list-preview', as: 'Amir Haddad', path: `/incidents?preview=${rich}` },
  { name: 'list-fault', as: 'Amir Haddad', path: '/incidents?q=colour:red priority:<' },
  { name: 'list-none-match', as: 'Amir Haddad', path: '/incidents?q="nothing has these words"' },
  { name: 'list-empty', as: 'Bea Stone', path: '/incidents?q=' },
  {
    name: 'list-selected',
    as: 'Amir Haddad',
    path: '/incidents',
    act: async (page, wide) => {
      if (!wide) return
      for (const key of ['j', 'x', 'j', 'x', 'j']) await page.keyboard.press(key)
    },
  },
  { name: 'list-grouped', as: 'Lena Brandt', path: '/incidents?q=&group=service' },
  {
    name: 'list-columns',
    as: 'Lena Brandt',
    path: '/incidents?q=&columns=*number,*title,state,priority,service,team,assignee,requester,created,updated,resolved,last_public&sort=priority,-updated',
    act: pressing('Display', (page) => page.getByRole('combobox', { name: 'Group by' })),
  },
  {
    name: 'list-builder',
    as: 'Lena Brandt',
    path: '/incidents?q=priority:<=2 (team:Network or -assignee:me) created:>now-7d',
    act: pressing('Build the filter from conditions', (page) =>
      page.getByRole('combobox', { name: 'Comparison' }).first(),
    ),
  },
  {
    name: 'list-completion',
    as: 'Lena Brandt',
    path: '/incidents?q=',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Filter incidents' }).fill('open:true assignee:')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'list-bulk',
    as: 'Lena Brandt',
    path: '/incidents?q=',
    act: async (page, wide) => {
      if (!wide) return
      await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
      await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'State' }).click()
      await page.getByRole('dialog').getByText('can be changed').first().waitFor()
    },
  },
  {
    name: 'list-save-view',
    as: 'Lena Brandt',
    path: '/incidents?q=priority:<=2',
    act: pressing('Save as a view', (page) => page.getByRole('dialog')),
  },
  { name: 'record', as: 'Amir Haddad', path: `/incidents/${rich}` },
  { name: 'record-extreme', as: 'Amir Haddad', path: `/incidents/${extreme}` },
  {
    name: 'record-extreme-end',
    as: 'Amir Haddad',
    path: `/incidents/${extreme}`,
    act: async (page) => {
      await page.getByRole('button', { name: /more files?$/ }).click()
      await page.getByText('picture 38.png').scrollIntoViewIfNeeded()
    },
  },
  { name: 'record-right-to-left', as: 'Amir Haddad', path: `/incidents/${rightToLeft}` },
  {
    name: 'record-rest',
    as: 'Lena Brandt',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Changes', exact: true }).click()
      await page.getByRole('button', { name: /earlier changes$/ }).click()
      await page.getByText(/^Description changed/).click()
      await page.getByRole('region', { name: 'Related' }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'record-priority',
    as: 'Lena Brandt',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.keyboard.press('p')
      await page.getByLabel('Why another priority').fill('The ward round cannot start.')
    },
  },
  {
    name: 'record-mention',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.keyboard.press('n')
      await page.keyboard.type('The pool is at 200 now. @no')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'record-replies',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: pressing('Quick replies and macros', (page) => page.getByText('Which workstation', { exact: true })),
  },
  {
    name: 'record-macro',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Quick replies and macros' }).click()
      await page.getByRole('button', { name: /Hand over to the night shift/ }).click()
      await page.getByText('The night shift goes on with this.').waitFor()
    },
  },
  {
    name: 'record-picture',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Enlarge spinning chart' }).first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'raise-template',
    as: 'Amir Haddad',
    path: '/incidents/new',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Template' }).click()
      await page.getByRole('option', { name: /slow or away/ }).click()
      await page.getByText('These may be about the same').waitFor()
    },
  },
  { name: 'record-resolved', as: 'Lena Brandt', path: `/incidents/${resolved}` },
  { name: 'record-auditor', as: 'Iris Auditor', path: `/incidents/${rich}` },
  { name: 'record-missing', as: 'Amir Haddad', path: '/incidents/018f0000-0000-7000-8000-000000000000' },
  {
    name: 'record-note',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByText('Work note', { exact: true }).first().click()
      await page.getByRole('textbox', { name: 'Work note' }).fill('The pool is at 200 now and holds.')
    },
  },
  {
    name: 'record-assign',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: pressing(/^Assigned to:/, (page) => page.getByRole('option').nth(2)),
  },
  {
    name: 'move-hold',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Put on hold' }).click()
      await page.getByRole('radio', { name: 'The caller', exact: true }).check()
    },
  },
  {
    name: 'move-resolve',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Resolve' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
    },
  },
  { name: 'raise', as: 'Amir Haddad', path: '/incidents/new' },
  {
    name: 'keys',
    as: 'Amir Haddad',
    path: '/incidents',
    act: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'account',
    as: 'Amir Haddad',
    path: '/incidents',
    act: pressing(/^Account of/, (page) => page.getByRole('button', { name: 'Sign out' })),
  },
  {
    name: 'bell',
    as: 'Amir Haddad',
    path: '/incidents',
    act: async (page) => {
      const bell = page.getByRole('button', { name: /^Notifications/ })
      await bell.click()
      await page.getByRole('heading', { name: 'Notifications' }).waitFor()
    },
  },
  {
    name: 'palette',
    as: 'Amir Haddad',
    path: `/incidents/${rich}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Put on hold' }).waitFor()
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'palette-found',
    as: 'Amir Haddad',
    path: '/incidents',
    act: async (page) => {
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('combobox', { name: 'Search and do' }).fill('print')
      await page
        .getByRole('option', { name: /blood bank/ })
        .first()
        .waitFor()
    },
  },
  { name: 'forgotten', path: '/forgotten?tenant=harbor' },
  { name: 'welcome', path: '/welcome#token' },
  { name: 'new-password-gone', path: '/new-password' },
  {
    name: 'settings',
    as: 'Maria-Theresia Wolkenstein-Rodenegg von Trostburg',
    path: '/settings',
  },
  { name: 'settings-security', as: 'Amir Haddad', path: '/settings/security' },
  {
    name: 'settings-totp',
    as: 'Rita Okafor',
    path: '/settings/security',
    act: async (page) => {
      // Proving who it is gives the session another cookie, and this one is used four times.
      await page.route('**/api/v1/me/totp', (route) =>
        route.fulfill({
          status: 201,
          json: {
            secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
            address:
              'otpauth://totp/Evenkeel%20Harbor%20Hospital:rita.okafor%40harbor.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Evenkeel%20Harbor%20Hospital',
          },
        }),
      )
      await page.getByRole('button', { name: 'Set up one-time codes' }).click()
      await page.getByRole('img', { name: /QR/ }).waitFor()
    },
  },
  {
    name: 'settings-proof',
    as: 'Amir Haddad',
    path: '/settings/security',
    act: pressing('Set up one-time codes', (page) =>
      page.getByRole('dialog', { name: 'Confirm that it is you' }),
    ),
  },
  { name: 'settings-sessions', as: 'Amir Haddad', path: '/settings/sessions' },
  { name: 'settings-notifications', as: 'Lena Brandt', path: '/settings/notifications' },
  { name: 'settings-keys', as: 'Amir Haddad', path: '/settings/keys' },
  {
    name: 'settings-keys-new',
    as: 'Lena Brandt',
    path: '/settings/keys',
    act: pressing('Create a key', (page) => page.getByRole('dialog')),
  },
  { name: 'admin', as: 'Ada Silva', path: '/admin' },
  { name: 'admin-people', as: 'Ada Silva', path: '/admin/people' },
  { name: 'admin-people-none', as: 'Ada Silva', path: '/admin/people?q=zzz' },
  {
    name: 'admin-person',
    as: 'Ada Silva',
    path: '/admin/people?q=Maria-Theresia',
    act: async (page) => {
      await page.getByRole('link', { name: /^Maria-Theresia/ }).click()
      await page.getByRole('heading', { level: 1, name: /^Maria-Theresia/ }).waitFor()
    },
  },
  {
    name: 'admin-person-leaving',
    as: 'Ada Silva',
    path: '/admin/people?q=Amir',
    act: async (page) => {
      await page.getByRole('link', { name: 'Amir Haddad' }).click()
      await page.getByRole('button', { name: 'Deactivate' }).click()
      await page.getByText('Others have to take over').waitFor()
    },
  },
  { name: 'admin-teams', as: 'Ada Silva', path: '/admin/teams' },
  { name: 'admin-roles', as: 'Iris Auditor', path: '/admin/roles' },
  { name: 'admin-access', as: 'Lena Brandt', path: '/admin/access?permission=role.manage' },
  { name: 'admin-keys-none', as: 'Ada Silva', path: '/admin/keys' },
  { name: 'admin-services', as: 'Ada Silva', path: '/admin/services' },
  { name: 'admin-fields', as: 'Ada Silva', path: '/admin/fields' },
  { name: 'admin-templates', as: 'Lena Brandt', path: '/admin/templates' },
  { name: 'admin-macro-new', as: 'Lena Brandt', path: '/admin/templates/new?kind=macro' },
  { name: 'notifications', as: 'Amir Haddad', path: '/notifications' },
  { name: 'home', as: 'Amir Haddad', path: '/' },
  { name: 'home-empty', as: 'Bea Stone', path: '/' },
  {
    name: 'home-reply',
    as: 'Amir Haddad',
    path: '/',
    act: async (page) =>
      page
        .getByRole('button', { name: /^Reply/ })
        .first()
        .click(),
  },
  { name: 'home-teams', as: 'Lena Brandt', path: '/?view=teams' },
  {
    name: 'home-rebalance',
    as: 'Lena Brandt',
    path: '/?view=teams',
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Rebalance:/ })
        .first()
        .click()
      await page.getByRole('dialog').getByRole('checkbox').first().check()
    },
  },
  { name: 'portal', as: 'Rita Okafor', path: '/' },
  { name: 'portal-names', as: 'Maria-Theresia Wolkenstein-Rodenegg von Trostburg', path: '/' },
  { name: 'portal-empty', as: 'Ravi Menon', path: '/' },
  {
    name: 'portal-search',
    as: 'Rita Okafor',
    path: '/',
    act: async (page) => page.getByRole('searchbox').fill('records'),
  },
  {
    name: 'portal-raise',
    as: 'Rita Okafor',
    path: '/portal/new',
    act: async (page) => {
      await page.getByLabel('What is broken?').fill('Electronic records are slow')
      await page.getByText('You asked for help with this already').waitFor()
    },
  },
  { name: 'portal-rich', as: 'Rita Okafor', path: `/portal/${rich}` },
  {
    name: 'portal-extreme',
    as: 'Maria-Theresia Wolkenstein-Rodenegg von Trostburg',
    path: `/portal/${extreme}`,
  },
  ...(['Waiting for you', 'Should work again'] as const).map((state) => ({
    name: `portal-${state.toLowerCase().replaceAll(' ', '-')}`,
    as: 'Rita Okafor',
    path: '/',
    act: async (page: Page) => {
      await page.getByRole('link', { name: state }).first().click()
      await page.getByRole('heading', { name: 'What was said' }).waitFor()
    },
  })),
  { name: 'portal-missing', as: 'Rita Okafor', path: '/portal/018f0000-0000-7000-8000-000000000000' },
  { name: 'not-found', as: 'Amir Haddad', path: '/nowhere' },
  { name: 'admin-team', as: 'Ada Silva', path: '/admin/teams', act: following('Service desk') },
  { name: 'admin-role', as: 'Ada Silva', path: '/admin/roles', act: following('Agent') },
  { name: 'organization', as: 'Ada Silva', path: '/admin/organization' },
  { name: 'policy-incident-rules', as: 'Ada Silva', path: '/admin/policies/incident_rules' },
  {
    name: 'items-bulk',
    as: 'Ada Silva',
    path: '/items',
    act: async (page, wide) => {
      if (!wide) return
      await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
      const selected = page.getByRole('region', { name: 'Selected rows' })
      await selected.getByRole('button', { name: 'State', exact: true }).click()
      await page.getByRole('combobox', { name: 'What becomes of it' }).click()
      await page.getByRole('option', { name: 'Retire' }).click()
      await page.getByRole('dialog').getByText('can be changed').first().waitFor()
    },
  },
  { name: 'items-grouped', as: 'Ada Silva', path: '/items?group=class' },
  { name: 'items-conflicts', as: 'Ada Silva', path: '/items/conflicts' },
  { name: 'items-model', as: 'Ada Silva', path: '/items/model' },
  { name: 'policy-item-classes', as: 'Ada Silva', path: '/admin/policies/item_classes' },
  {
    name: 'policy-item-attribute',
    as: 'Ada Silva',
    path: '/admin/policies/item_classes',
    act: pressing('Add an attribute', (page) => page.getByRole('dialog')),
  },
  { name: 'policy-item-sources', as: 'Ada Silva', path: '/admin/policies/item_sources' },
  { name: 'portal-record', as: 'Rita Okafor', path: `/incidents/${rich}` },
  ...importShots(batches),
  ...(
    [
      ['home', 'Amir Haddad', '/'],
      ['home-teams', 'Lena Brandt', '/?view=teams'],
      ['list', 'Amir Haddad', '/incidents'],
      ['list-preview', 'Amir Haddad', `/incidents?preview=${rich}`],
      ['record', 'Amir Haddad', `/incidents/${rich}`],
      ['raise', 'Amir Haddad', '/incidents/new'],
      ['portal', 'Rita Okafor', '/'],
      ['portal-new', 'Rita Okafor', '/portal/new'],
      ['portal-rich', 'Rita Okafor', `/portal/${rich}`],
      ['insight', 'Lena Brandt', '/insight?share=100'],
      ['insight-conformance', 'Lena Brandt', '/insight/conformance'],
      ['reports', 'Lena Brandt', '/reports'],
      ['reports-holds', 'Lena Brandt', '/reports?show=holds'],
      ['journal', 'Iris Auditor', '/journal'],
      ['notifications', 'Amir Haddad', '/notifications'],
      ['settings', 'Amir Haddad', '/settings'],
      ['settings-security', 'Amir Haddad', '/settings/security'],
      ['settings-notifications', 'Lena Brandt', '/settings/notifications'],
      ['settings-keys', 'Amir Haddad', '/settings/keys'],
      ['admin', 'Ada Silva', '/admin'],
      ['admin-people', 'Ada Silva', '/admin/people'],
      ['admin-roles', 'Ada Silva', '/admin/roles'],
      ['admin-access', 'Ada Silva', '/admin/access?permission=role.manage'],
      ['admin-fields', 'Ada Silva', '/admin/fields'],
      ['admin-services', 'Ada Silva', '/admin/services'],
      ['admin-macro-new', 'Lena Brandt', '/admin/templates/new?kind=macro'],
      ['admin-imports', 'Ada Silva', '/admin/imports'],
      ['import-mapping', 'Ada Silva', `/admin/imports/${batches.waiting}?step=mapping`],
      ['import-dry-run', 'Ada Silva', `/admin/imports/${batches.examined}`],
      ['import-report', 'Ada Silva', `/admin/imports/${batches.imported}?step=report`],
      ['policies', 'Ada Silva', '/admin/policies'],
      ['policy-routing', 'Ada Silva', '/admin/policies/routing'],
      ['policy-matrix', 'Ada Silva', '/admin/policies/priority_matrix'],
      ['policy-notification', 'Ada Silva', '/admin/policies/notification'],
      ['policy-security', 'Ada Silva', '/admin/policies/security'],
      ['policy-item-classes', 'Ada Silva', '/admin/policies/item_classes'],
      ['policy-item-sources', 'Ada Silva', '/admin/policies/item_sources'],
      ['items-conflicts', 'Ada Silva', '/items/conflicts'],
      ['items-model', 'Ada Silva', '/items/model'],
      ['policy-calendar', 'Ada Silva', '/admin/policies/calendar?name=Desk'],
      ['outbox', 'Ada Silva', '/admin/outbox'],
      ['health', 'Ada Silva', '/admin/health'],
      ['organization', 'Ada Silva', '/admin/organization'],
    ] as const
  ).map(([name, as, path]) => ({ name: `${name}-german`, as, path, language: 'de' })),
  ...(
    [
      ['home', 'Amir Haddad', '/'],
      ['list', 'Amir Haddad', '/incidents'],
      ['record', 'Amir Haddad', `/incidents/${rich}`],
      ['portal', 'Rita Okafor', '/'],
      ['portal-rich', 'Rita Okafor', `/portal/${rich}`],
      ['insight', 'Lena Brandt', '/insight'],
      ['reports', 'Lena Brandt', '/reports'],
      ['journal', 'Iris Auditor', '/journal'],
      ['settings-notifications', 'Amir Haddad', '/settings/notifications'],
      ['settings-keys', 'Amir Haddad', '/settings/keys'],
      ['notifications', 'Amir Haddad', '/notifications'],
      ['admin-people', 'Ada Silva', '/admin/people'],
      ['admin-imports', 'Ada Silva', '/admin/imports'],
      ['policies', 'Ada Silva', '/admin/policies'],
    ] as const
  ).flatMap(([name, as, path]) => [
    { name: `${name}-slow`, as, path, before: isSlow, isLoading: true },
    {
      name: `${name}-away`,
      as,
      path,
      before: isAway,
      isLoading: true,
      act: async (page: Page) => page.getByRole('alert').first().waitFor({ timeout: 15_000 }),
    },
  ]),
]
