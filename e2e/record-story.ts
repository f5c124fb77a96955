import { actor } from './fixture.ts'
import { attach, picture } from './picture.ts'

/** What makes a record page hard to draw: checklists, custom fields, links, 200 comments, 40 files, other scripts. */
export const tellRecordStory = async ({
  rich,
  extreme,
}: {
  readonly rich: string
  readonly extreme: string
}): Promise<{ readonly rightToLeft: string }> => {
  const [ada, rita, maria, amir, lena, noor] = await Promise.all(
    [
      'Ada Silva',
      'Rita Okafor',
      'Maria-Theresia Wolkenstein-Rodenegg von Trostburg',
      'Amir Haddad',
      'Lena Brandt',
      'Noor de Vries',
    ].map(actor),
  )
  if (!ada || !rita || !maria || !amir || !lena || !noor) throw new Error('the cast is not complete')
  for (const [at, body] of (
    [
      { key: 'ward', label: 'Ward', type: 'choice', choices: ['Ward 3', 'Ward 4', 'Day clinic'] },
      { key: 'asset', label: 'Inventory number of the device that does not work', type: 'text' },
      { key: 'patients', label: 'Patients waiting', type: 'number' },
      { key: 'downtime', label: 'Downtime procedure in use', type: 'boolean', isInternal: true },
    ] as const
  ).entries())
    await ada.api.createCustomField({
      body: {
        isInternal: false,
        ...body,
        choices: 'choices' in body ? [...body.choices] : [],
        position: at,
      },
    })
  await lena.api.createTemplate({
    body: {
      kind: 'incident',
      name: 'Electronic records are slow or away',
      document: {
        title: 'Electronic records are slow on ',
        description: 'Since when:\n\nWhich wards:\n',
        impact: 1,
        urgency: 2,
        checklist: [
          'Compare with the pool `chart-read`',
          'Tell the wards to use paper',
          'Note the time for the review',
        ],
      },
    },
  })
  for (const [name, body] of [
    [
      'We are on it',
      'Hello {{caller.name}},\n\nwe are on {{incident.number}} and write again within the hour.\n\n{{me.name}}',
    ],
    ['Which workstation', 'Which workstation is it? The number is on the sticker below the screen.'],
  ] as const)
    await lena.api.createTemplate({
      body: { kind: 'quick_reply', name, document: { audience: 'public', body } },
    })
  await lena.api.createTemplate({
    body: {
      kind: 'macro',
      name: 'Hand over to the night shift',
      document: {
        steps: [
          { do: 'set', fields: { category: 'Night shift' } },
          {
            do: 'comment',
            audience: 'team',
            body: 'Handed over by {{me.name}}; the ledger is in the channel.',
          },
          { do: 'comment', audience: 'public', body: 'The night shift goes on with this.' },
        ],
      },
    },
  })
  const seen = async (id: string) => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })
  const { items } = await amir.api.addToChecklist({
    params: { id: rich },
    body: {
      items: [
        'Compare with the pool chart-read',
        'Tell the wards to use paper until it is fast again, and say when you write next',
        'Note the time for the review',
      ],
    },
  })
  await noor.api.tickChecklistItem({
    params: { id: rich, itemId: items[0]?.id ?? '' },
    body: { done: true },
  })
  await amir.api.editIncident({
    ...(await seen(rich)),
    body: {
      description: `Since **7:38** this morning the chart opens after 20 to 60 seconds, on every workstation we tried.

- ward 3, ward 4, ward 7 and the day clinic
- it gets worse at the full hour

> It was fine yesterday evening. – night shift`,
      custom: { ward: 'Ward 4', asset: 'HH-004711', patients: 1200 },
    },
  })
  for (const title of [
    'Charts do not open on ward 7',
    'Day clinic: records are very slow',
    'Timeouts in the chart',
  ])
    await rita.api
      .raiseIncident({ body: { title } })
      .then(async ({ id }) => amir.api.setIncidentParent({ ...(await seen(id)), body: { parentId: rich } }))
  const { id: other } = await rita.api.raiseIncident({ body: { title: 'Records were slow last week too' } })
  await amir.api.linkIncident({ params: { id: rich }, body: { type: 'related', toId: other } })
  await amir.api.assignIncident({ ...(await seen(other)), body: { personId: amir.id } })
  await amir.api.moveIncident({ ...(await seen(other)), body: { action: 'start' } })
  await amir.api.moveIncident({
    ...(await seen(other)),
    body: { action: 'resolve', code: 'resolved_by_itself', notes: 'Gone since Tuesday.' },
  })
  await amir.api.addAffected({ params: { id: rich }, body: { personId: maria.id } })
  await amir.api.watchIncident({ params: { id: rich }, body: { personId: lena.id } })
  const shot = await attach(rita, rich, 'spinning chart.png', picture(1))
  await attach(amir, rich, 'pool-metrics.csv', Buffer.from('time,used\n7:38,100\n'), 'team')
  await rita.api.commentIncident({
    params: { id: rich },
    body: { audience: 'public', body: `This is what I see:\n\n![spinning chart](/api/v1${shot.path})` },
  })

  for (let n = 0; n < 40; n += 1) {
    const name =
      n % 4 === 3
        ? `a very long file name with words and numbers that goes on and on ${'0123456789_'.repeat(10)}${n}.pdf`
        : `picture ${n}.png`
    await attach(
      [maria, amir][n % 2] ?? amir,
      extreme,
      name,
      n % 4 === 3 ? Buffer.from('%PDF') : picture(n),
      n % 6 === 5 ? 'team' : 'public',
    )
  }
  for (let n = 30; n < 200; n += 1) {
    const writer = [maria, amir, noor][n % 3] ?? amir
    await writer.api.commentIncident({
      params: { id: extreme },
      body: {
        audience: n % 3 === 2 ? 'team' : 'public',
        body: `Comment ${n + 1}. ${'More words about it. '.repeat(n % 7)}`,
      },
    })
  }
  const { id: rightToLeft } = await maria.api.raiseIncident({
    body: {
      title: 'הטלפון במחלקה 4 אינו עובד מאז הבוקר 📞',
      description: 'הטלפון אינו מצלצל.\n\n- חדר 12\n- חדר 14\n\nThe display says **no service**.',
    },
  })
  await amir.api.commentIncident({
    params: { id: rightToLeft },
    body: { audience: 'public', body: 'شكرا، نحن نعمل على ذلك. 🙏' },
  })
  return { rightToLeft }
}
