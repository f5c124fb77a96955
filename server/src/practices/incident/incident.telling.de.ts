import type { NoticeKind } from '@evenkeel/contract/notification'

const wrote = ['{{actor}} hat zu {{number}}, {{title}}, geschrieben:', '{{said}}', 'Öffnen: {{url}}']

export const germanWords: Readonly<Record<NoticeKind, readonly string[]>> = {
  receipt: [
    'Die Meldung ist da. {{title}} hat jetzt die Nummer {{number}}.',
    'Sie hören von uns, wenn wir eine Antwort von Ihnen brauchen und wenn es gelöst ist. Wenn Sie mehr wissen, schreiben Sie es hier: {{url}}',
  ],
  question: [
    '{{actor}} braucht eine Antwort von Ihnen, bevor die Arbeit an {{number}}, {{title}}, weitergehen kann:',
    '{{said}}',
    'Hier antworten: {{url}}',
  ],
  comment: wrote,
  resolved: [
    '{{number}}, {{title}}, wurde gelöst.',
    '{{said}}',
    'Noch gestört? Hier sagen, ohne Anmeldung: {{broken}}',
    'Es funktioniert, danke: {{works}}',
    '{{until}}',
    'Ist es noch gestört, oder funktioniert es? Sagen Sie es hier: {{url}}',
    'Alles dazu: {{url}}',
  ],
  ended: [
    '{{number}}, {{title}}. {{sentence}}',
    'Wenn Sie wieder Hilfe brauchen, melden Sie eine neue Störung: {{url}}',
  ],
  assigned: [
    'Für {{number}}, {{title}}, sind Sie jetzt zuständig. Die Priorität ist {{priority}}.',
    '{{said}}',
    'Öffnen: {{url}}',
  ],
  reply: wrote,
  reopened: ['{{number}}, {{title}}, ist wieder offen. {{sentence}}', '{{said}}', 'Öffnen: {{url}}'],
  resumed: ['{{number}}, {{title}}. {{sentence}}', 'Öffnen: {{url}}'],
  priority: ['{{number}}, {{title}}. Die Priorität wurde auf {{priority}} angehoben.', 'Öffnen: {{url}}'],
  note: wrote,
  team_new: [
    '{{number}}, {{title}}, ist bei Ihrem Team angekommen. Die Priorität ist {{priority}}.',
    '{{said}}',
    'Öffnen: {{url}}',
  ],
  urgent: [
    '{{number}}, {{title}}, liegt bei einem Team, das Sie leiten. Die Priorität ist {{priority}}.',
    '{{said}}',
    'Öffnen: {{url}}',
  ],
  mentioned: ['{{actor}} hat Sie in {{number}}, {{title}}, erwähnt:', '{{said}}', 'Öffnen: {{url}}'],
  milestone: [
    '{{number}}, {{title}}. {{sentence}}',
    '{{said}}',
    'Noch gestört? Hier sagen, ohne Anmeldung: {{broken}}',
    'Öffnen: {{url}}',
  ],
  followed: wrote,
  // Items end, incidents do not; a rule may name the kind all the same.
  ends: wrote,
}

const attached = [
  '{{actor}} hat zu {{number}}, {{title}}, eine Datei hinzugefügt:',
  '{{said}}',
  'Öffnen: {{url}}',
]

export const germanWordsOfTypes: Readonly<Record<string, readonly string[]>> = {
  'incident.attached': attached,
  'incident.attached_for_team': attached,
  'incident.bounced': [
    '{{number}}, {{title}}, geht zwischen einem Team, das Sie leiten, und einem anderen hin und her. {{sentence}}',
    'Öffnen: {{url}}',
  ],
  'incident.taken_back': [
    '{{number}}, {{title}}: Was gerade damit geschah, war ein Versehen und wurde zurückgenommen. Es ist wieder wie zuvor: {{state}}.',
    'Öffnen: {{url}}',
  ],
}

export const germanHeadlinesOfTypes: Readonly<Record<string, string>> = {
  'incident.attached': 'Eine Datei wurde hinzugefügt.',
  'incident.attached_for_team': 'Jemand aus dem Team hat eine Datei hinzugefügt.',
  'incident.bounced': 'Es geht zwischen Teams hin und her.',
}

export const germanHeadlines: Readonly<Record<NoticeKind, string>> = {
  receipt: 'Ihre Meldung ist angekommen.',
  question: 'Jemand braucht eine Antwort von Ihnen.',
  comment: 'Jemand hat Ihnen geschrieben.',
  resolved: 'Es wurde gelöst.',
  ended: 'Es ist beendet.',
  assigned: 'Sie sind jetzt zuständig.',
  reply: 'Die meldende Person hat geschrieben.',
  reopened: 'Es ist wieder offen.',
  resumed: 'Die Arbeit kann weitergehen.',
  priority: 'Die Priorität wurde angehoben.',
  note: 'Jemand aus dem Team hat geschrieben.',
  team_new: 'Es kam zu Ihrem Team, und noch ist niemand zuständig.',
  urgent: 'Es ist dringend und liegt bei einem Team, das Sie leiten.',
  mentioned: 'Jemand hat Sie erwähnt.',
  milestone: 'Etwas ist damit geschehen.',
  followed: 'Jemand hat geschrieben.',
  ends: 'Es endet bald.',
}
