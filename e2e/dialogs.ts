import type { Locator, Page } from '@playwright/test'
import { password } from './cast.ts'
import { expect } from './fixture.ts'
import type { Place } from './pages.ts'
import { macro, type Walked } from './walked.ts'
import type { Words } from './words.ts'

/** What opens over a page, and forms that say what they still want: by the words of the reader's language. A new dialog goes in here. */
export type DialogPlace = Place & {
  readonly open: (page: Page, say: Words) => Promise<void>
  readonly phone?: boolean
}

const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: true })

const begins = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)

/** Presses a button of the page; what opens is a dialog. */
const press = async (page: Page, name: string | RegExp): Promise<Locator> => {
  await button(page, name).first().click()
  const dialog = page.getByRole('dialog').last()
  await dialog.waitFor()
  return dialog
}

const opens = (key: (say: Words) => string | RegExp) => async (page: Page, say: Words) => {
  await press(page, key(say))
}

const prove = async (page: Page, say: Words): Promise<void> => {
  const proof = page.getByRole('dialog', { name: say('proof.title') })
  await proof.getByLabel(say('signIn.password'), { exact: true }).fill(password)
  await button(proof, say('proof.submit')).click()
}

/** Sends a form that lacks something, and waits for it to say so. */
const refused = async (dialog: Locator, submit: string): Promise<void> => {
  await button(dialog, submit).click()
  await dialog.getByRole('alert').first().waitFor()
}

const agent = 'Amir Haddad'
const caller = 'Rita Okafor'
const lead = 'Lena Brandt'
const administrator = 'Ada Silva'

const onRecord = (walked: Walked): readonly DialogPlace[] => {
  const record = { as: agent, path: `/incidents/${walked.record}` }
  const begun = { as: agent, path: `/incidents/${walked.begun}` }
  const move = (name: 'hold' | 'resolve' | 'cancel'): DialogPlace => ({
    ...(name === 'cancel' ? record : begun),
    name: `dialog-${name}`,
    open: async (page, say) => {
      const words = say(`templates.move.${name}`)
      await refused(await press(page, words), words)
    },
  })
  return [
    { ...record, name: 'record-wanting', open: opens((say) => say('templates.move.start')) },
    {
      ...record,
      name: 'record-person',
      open: async (page, say) => {
        await button(page, begins(say('field.assignee'))).click()
        await page.getByRole('option').nth(2).waitFor()
      },
    },
    {
      ...record,
      as: lead,
      name: 'record-priority',
      open: async (page, say) => {
        await page.keyboard.press('p')
        await page.getByLabel(say('incident.overrideReason')).waitFor()
      },
    },
    {
      ...record,
      name: 'record-link',
      open: async (page, say) => {
        await button(page, say('relation.add')).first().click()
        await page.getByRole('combobox').first().waitFor()
      },
    },
    {
      ...record,
      name: 'record-picture',
      open: opens((say) => say('markdown.enlarge', { name: 'screen.png' })),
    },
    {
      ...record,
      as: lead,
      name: 'record-replies',
      open: async (page, say) => {
        await button(page, say('reply.open')).click()
        await page.getByRole('button', { name: macro }).waitFor()
      },
    },
    {
      ...record,
      as: lead,
      name: 'record-macro',
      open: async (page, say) => {
        await button(page, say('reply.open')).click()
        await page.getByRole('button', { name: macro }).click()
        await page.getByRole('dialog').getByText('Written by a macro.').waitFor()
      },
    },
    move('hold'),
    move('resolve'),
    move('cancel'),
  ]
}

const onList = (): readonly DialogPlace[] => {
  const list = { as: agent, path: '/incidents?q=walked' }
  return [
    { ...list, name: 'list-display', open: opens((say) => say('listOptions.title')) },
    {
      ...list,
      name: 'list-builder',
      open: async (page, say) => {
        await button(page, say('filter.builder')).click()
        await page.getByRole('group').first().waitFor()
      },
    },
    {
      ...list,
      name: 'list-completion',
      open: async (page, say) => {
        await page.getByRole('combobox', { name: say('incident.filter') }).fill('pri')
        await page.getByRole('option').first().waitFor()
      },
    },
    {
      ...list,
      name: 'list-more',
      open: async (page, say) => {
        await button(page, say('list.more')).click()
        await page.getByRole('menuitem').first().waitFor()
      },
    },
    { ...list, name: 'list-views', open: opens((say) => say('views.manage')) },
    {
      ...list,
      as: lead,
      name: 'list-bulk',
      open: async (page) => {
        await page.getByRole('row').nth(2).waitFor()
        await page.keyboard.press('j')
        await page.keyboard.press('x')
        await page.keyboard.press('e')
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      as: agent,
      path: '/incidents?q=walked&columns=title,priority',
      name: 'list-view',
      open: opens((say) => say('views.create')),
    },
  ]
}

const inShell = (): readonly DialogPlace[] => {
  const page = { as: agent, path: '/settings' }
  return [
    { ...page, name: 'account', open: opens((say) => begins(say('account.open', { name: '' }).trim())) },
    { ...page, name: 'bell', open: opens((say) => begins(say('bell.title'))) },
    {
      ...page,
      name: 'keys',
      open: async (page) => {
        await page.keyboard.press('?')
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      ...page,
      name: 'palette',
      open: async (page) => {
        await page.keyboard.press('ControlOrMeta+k')
        await page.getByRole('option').first().waitFor()
      },
    },
    {
      ...page,
      name: 'palette-found',
      open: async (page, say) => {
        await page.keyboard.press('ControlOrMeta+k')
        await page.getByRole('combobox', { name: say('palette.title') }).fill('walked')
        await page
          .getByRole('option', { name: /Walked/ })
          .first()
          .waitFor()
      },
    },
    { ...page, name: 'menu', phone: true, open: opens((say) => say('rail.open')) },
  ]
}

const ofOneself = (): readonly DialogPlace[] => {
  const security = { as: caller, path: '/settings/security' }
  const keys = { as: caller, path: '/settings/keys' }
  const form = async (page: Page, say: Words): Promise<Locator> => {
    const dialog = await press(page, say('apiKey.create'))
    await dialog.getByLabel(say('apiKey.name'), { exact: true }).fill('Monitoring')
    return dialog
  }
  return [
    { ...security, name: 'passkey', open: opens((say) => say('passkey.add')) },
    { ...security, name: 'proof', open: opens((say) => say('totp.begin')) },
    {
      ...security,
      name: 'totp',
      open: async (page, say) => {
        await press(page, say('totp.begin'))
        await prove(page, say)
        await page.getByRole('img', { name: say('totp.qr') }).waitFor()
      },
    },
    {
      ...keys,
      name: 'key-wanting',
      open: async (page, say) => {
        const dialog = await form(page, say)
        await button(dialog, say('apiKey.create')).click()
        await dialog.getByText(say('apiKey.permissionsMissing')).waitFor()
      },
    },
    {
      ...keys,
      name: 'key-made',
      open: async (page, say) => {
        const dialog = await form(page, say)
        await dialog.getByRole('checkbox', { name: say('apiKey.all'), exact: true }).check()
        await button(dialog, say('apiKey.create')).click()
        const made = dialog.getByText(say('apiKey.secretText'))
        const proof = page.getByRole('dialog', { name: say('proof.title') })
        await made.or(proof).first().waitFor()
        if (await proof.isVisible()) await prove(page, say)
        await made.waitFor()
      },
    },
    {
      as: caller,
      path: '/incidents/new',
      name: 'raise-wanting',
      open: async (page, say) => {
        await button(page, say('portal.send')).click()
        await page.locator('[aria-invalid="true"]').first().waitFor()
      },
    },
  ]
}

const ofCallers = (walked: Walked): readonly DialogPlace[] => [
  {
    as: caller,
    path: `/portal/${walked.resolved}`,
    name: 'portal-still-broken',
    phone: true,
    open: async (page, say) => {
      await button(page, say('portal.stillBroken')).click()
      await page.getByLabel(say('portal.stillBrokenText')).waitFor()
    },
  },
  {
    as: caller,
    path: `/portal/${walked.record}`,
    name: 'portal-withdraw',
    phone: true,
    open: opens((say) => say('portal.withdraw')),
  },
]

const ofAdministration = (walked: Walked): readonly DialogPlace[] => {
  const at = (path: string, name: string, open: (say: Words) => string | RegExp): DialogPlace => ({
    as: administrator,
    path,
    name,
    open: opens(open),
  })
  const person = `/admin/people/${walked.otto}`
  return [
    at('/admin/people', 'people-invite', (say) => say('people.add')),
    at('/admin/teams', 'teams-add', (say) => say('teams.add')),
    at('/admin/roles', 'roles-add', (say) => say('roles.add')),
    at('/admin/services', 'services-add', (say) => say('services.add')),
    at('/admin/fields', 'fields-add', (say) => say('fields.add')),
    at(person, 'person-leaving', (say) => say('people.deactivate')),
    at(person, 'person-acting', (say) => say('acting.begin')),
    at(`/admin/imports/${walked.batch}?step=file`, 'import-discard', (say) => say('import.discard')),
    at(`/admin/imports/${walked.batch}`, 'import-save', (say) => say('import.saveAs')),
    {
      as: administrator,
      path: `/admin/roles/${walked.role}`,
      name: 'role-review',
      open: async (page, say) => {
        await page.getByRole('checkbox', { checked: false, disabled: false }).first().check()
        await press(page, say('roles.review', { count: 1 }))
      },
    },
    {
      as: administrator,
      path: `/admin/templates/${walked.template}`,
      name: 'template-step',
      open: async (page, say) => {
        await button(page, say('templates.addStep')).click()
        await page.getByRole('menuitem').first().waitFor()
      },
    },
    {
      as: administrator,
      path: '/admin/policies/priority_matrix',
      name: 'policy-publish',
      open: async (page, say) => {
        // The first of the cells, whatever else can be chosen on the page: another priority than the one it has.
        const cell = page.getByRole('main').getByRole('table').getByRole('combobox').first()
        await cell.selectOption((await cell.inputValue()) === '2' ? '3' : '2')
        await expect(button(page, say('policy.publish'))).toBeEnabled()
        await press(page, say('policy.publish'))
      },
    },
    {
      as: administrator,
      path: '/admin/policies/item_classes',
      name: 'class-add',
      open: opens((say) => say('classes.add')),
    },
    {
      as: administrator,
      path: '/admin/policies/item_classes',
      name: 'class-attribute',
      open: opens((say) => say('classes.addAttribute')),
    },
    {
      as: administrator,
      path: '/admin/outbox',
      name: 'outbox-mail',
      open: async (page) => {
        await page.getByRole('listitem').getByRole('button').first().click()
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      as: lead,
      path: '/?view=teams',
      name: 'rebalance',
      open: opens((say) => begins(`${say('load.rebalance')}:`)),
    },
  ]
}

const ofItems = ({ item, retired }: Walked): readonly DialogPlace[] => {
  const at = (path: string, name: string, open: DialogPlace['open']): DialogPlace => ({
    as: administrator,
    path,
    name,
    open,
  })
  return [
    at('/items', 'item-bulk', async (page) => {
      await page.getByRole('row').nth(2).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.keyboard.press('t')
      await page.getByRole('dialog').getByRole('checkbox').waitFor()
    }),
    at('/items', 'item-add', async (page, say) => {
      await press(page, say('item.add'))
      await page.getByRole('option').first().click()
      await expect(page.getByRole('option')).toHaveCount(0)
    }),
    at(
      '/audits',
      'audit-begin',
      opens((say) => say('audit.begin')),
    ),
    at(
      '/attestations',
      'attestation-begin',
      opens((say) => say('attestation.begin')),
    ),
    at(
      `/items/${item}`,
      'item-relate',
      opens((say) => say('item.relate')),
    ),
    at(
      `/items/${item}`,
      'item-health',
      opens((say) => say('item.sayHealth')),
    ),
    at(
      `/items/${item}`,
      'item-lost',
      opens((say) => say('branch.action.report_lost')),
    ),
    at(`/items/${retired}`, 'item-dispose', async (page, say) => {
      const dialog = await press(page, say('branch.action.dispose'))
      await dialog.getByText(say('asset.sanitizeText')).waitFor()
    }),
  ]
}

export const dialogsOf = (walked: Walked): readonly DialogPlace[] => [
  ...onRecord(walked),
  ...onList(),
  ...inShell(),
  ...ofOneself(),
  ...ofCallers(walked),
  ...ofAdministration(walked),
  ...ofItems(walked),
]
