import { actor } from './fixture.ts'

const raised = [
  ['Electronic records are slow on all wards', 'Electronic records', 1, 2],
  ['Label printer in the blood bank prints blank labels', 'Printing', 1, 1],
  ['Cannot sign in to mail after the holiday', 'Mail', 3, 3],
  ['Wireless network drops in the east wing', 'Network', 2, 1],
  ['Barcode scanner on ward 4 does not pair', 'Electronic records', 3, 2],
  ['Dictation loses the first two seconds', 'Electronic records', 3, 3],
  ['Screen of the triage workstation flickers', null, 3, 3],
  ['Fax to the laboratory is answered with “busy”', 'Printing', 2, 2],
  ['Phone at reception 2 has no dial tone', null, 2, 2],
  ['Scheduling shows appointments an hour late since the weekend', 'Electronic records', 1, 2],
] as const

export const description = `Since **7:40** this morning the chart opens after 20 to 40 seconds, on every workstation I tried.

- ward 3, ward 4 and the day clinic
- it gets worse at the full hour

The message at the bottom says:

\`\`\`
ERR 503 upstream timed out (waited 30000 ms) pool=chart-read
\`\`\`

> It was fine yesterday evening. – night shift`

/** A hospital's morning, made by its people through the API: what the screenshots show. Returns the record worth looking at. */
export const tellStory = async (): Promise<{
  readonly rich: string
  readonly extreme: string
  readonly resolved: string
}> => {
  const [ada, rita, otto, maria, amir, lena, noor] = await Promise.all(
    [
      'Ada Silva',
      'Rita Okafor',
      'Otto Lindqvist',
      'Maria-Theresia Wolkenstein-Rodenegg von Trostburg',
      'Amir Haddad',
      'Lena Brandt',
      'Noor de Vries',
    ].map(actor),
  )
  if (!ada || !rita || !otto || !maria || !amir || !lena || !noor) throw new Error('the cast is not complete')
  const teams = (await ada.api.listTeams()).rows
  const team = (name: string): string => teams.find((one) => one.name === name)?.id ?? ''
  const services = new Map<string, string>()
  for (const [name, support] of [
    ['Electronic records', 'Clinical applications and interfaces'],
    ['Printing', 'Service desk'],
    ['Mail', 'Service desk'],
    ['Network', 'Network'],
    ['Picture archiving and communication for radiology, cardiology and nuclear medicine', 'Network'],
  ] as const) {
    services.set(name, (await ada.api.createService({ body: { name, supportTeamId: team(support) } })).id)
  }
  const ids: string[] = []
  for (let round = 0; round < 4; round += 1) {
    for (const [index, [title, service, impact, urgency]] of raised.entries()) {
      const by = [rita, otto, maria][(index + round) % 3] ?? rita
      const { id } = await by.api.raiseIncident({
        body: {
          title:
            round === 0 ? title : `${title} (${['again', 'third time', 'after the restart'][round - 1]})`,
          description: index === 0 ? description : '',
          serviceId: service === null ? null : (services.get(service) ?? null),
          impact,
          urgency,
        },
      })
      ids.push(id)
    }
  }
  const versionOf = async (id: string): Promise<number> =>
    (await amir.api.readIncident({ params: { id } })).version
  const seen = async (id: string) => ({ params: { id }, version: await versionOf(id) })
  for (const [index, id] of ids.entries()) {
    const by = index % 3 === 0 ? noor : index % 3 === 1 ? amir : lena
    if (index % 5 === 4) continue
    await by.api.assignIncident({
      ...(await seen(id)),
      body: by === lena ? { personId: by.id, teamId: team('Service desk') } : { personId: by.id },
    })
    if (index % 5 === 3) continue
    await by.api.moveIncident({ ...(await seen(id)), body: { action: 'start' } })
    if (index % 7 === 1) {
      await by.api.moveIncident({
        ...(await seen(id)),
        body: {
          action: 'hold',
          reason: 'caller',
          question: 'Which workstation is it? The number is on the sticker below the screen.',
        },
      })
    } else if (index % 7 === 2) {
      await by.api.moveIncident({
        ...(await seen(id)),
        body: {
          action: 'resolve',
          code: 'fixed',
          notes: 'Restarted the interface and watched it for ten minutes.',
        },
      })
    }
  }
  const rich = ids[0] ?? ''
  await amir.api.commentIncident({
    params: { id: rich },
    body: {
      audience: 'public',
      body: 'We see it too and are on it. Please keep the paper charts at hand; I write again at 9:30.',
    },
  })
  await noor.api.commentIncident({
    params: { id: rich },
    body: {
      audience: 'team',
      body: 'Pool `chart-read` is at 100 % since 7:38. Storage latency is fine, so this is **not** the array.\n\n1. raised the pool to 200\n2. watching',
    },
  })
  await lena.api.editIncident({ ...(await seen(rich)), body: { impact: 1, urgency: 1 } })
  await lena.api.editIncident({ ...(await seen(rich)), body: { category: 'Performance' } })
  const richBy = (await rita.api.listIncidents()).rows.some((row) => row.id === rich) ? rita : otto
  await richBy.api.commentIncident({
    params: { id: rich },
    body: { audience: 'public', body: 'Better since 8:10, but the day clinic still waits.' },
  })

  // Otto waits for an answer from Amir, and something came to the desk that nobody has yet.
  await otto.api.commentIncident({
    params: { id: ids[7] ?? '' },
    body: { audience: 'public', body: 'It rang through once at 8:40, then “busy” again.' },
  })
  await rita.api.raiseIncident({
    body: {
      title: 'The printer at the ward desk has no paper tray',
      serviceId: services.get('Printing') ?? null,
    },
  })

  const extremeTitle =
    'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz-Formular lässt sich seit dem Update weder öffnen noch drucken, und niemand im ganzen Haus weiß, wer es zuletzt noch konnte – bitte dringend'
  const { id: extreme } = await maria.api.raiseIncident({
    body: {
      title: extremeTitle.slice(0, 200),
      description: `${'A_very_long_word_without_any_break_'.repeat(12)}\n\nمرحبا، الطابعة لا تعمل 🖨️🔥 since ${'👩‍⚕️'.repeat(20)}`,
      serviceId:
        services.get('Picture archiving and communication for radiology, cardiology and nuclear medicine') ??
        null,
      impact: 1,
      urgency: 1,
    },
  })
  for (let index = 0; index < 30; index += 1) {
    const writer = [maria, amir, noor][index % 3] ?? amir
    await writer.api.commentIncident({
      params: { id: extreme },
      body: {
        audience: index % 3 === 2 ? 'team' : 'public',
        body: `Comment ${index + 1}. ${'More words about it. '.repeat(index % 7)}`,
      },
    })
  }
  const resolved = ids[2] ?? ''
  return { rich, extreme, resolved }
}
