/** The security policy, the second factor a role asks for, and the end of an idle session. */
export const security = {
  'factor.lost':
    'Lost it? Whoever runs this can take it away from your account; then you set up a new one here.',
  'factor.passkey': 'Passkey',
  'factor.passkeyText': 'Your fingerprint, your face or a security key. Nothing to type.',
  'factor.proveText':
    '{tenant} asks your role for a second factor beside the password. You have set one up: confirm with it, then go on.',
  'factor.proveTitle': 'Confirm that it is you',
  'factor.signedInAs': 'Signed in as {name}',
  'factor.text':
    '{tenant} asks your role for a second factor, so that a stolen password opens nothing. Set one up once; it takes a minute.',
  'factor.title': 'One more step',
  'factor.totp': 'Codes from your phone',
  'factor.totpBegin': 'Set up codes',
  'factor.totpText': 'Six digits from an authenticator application, asked for when you sign in.',

  'idle.left': 'You are signed out in',
  'idle.stay': 'Stay signed in',
  'idle.text':
    '{minutes, plural, one {After # minute without anything done here you are signed out, so that nobody goes on in your name. What you wrote is kept on this device.} other {After # minutes without anything done here you are signed out, so that nobody goes on in your name. What you wrote is kept on this device.}}',
  'idle.title': 'Are you still here?',

  'security.accounts': 'Unused accounts',
  'security.attempts': 'Wrong attempts before the lock',
  'security.attemptsText': 'PCI DSS 8.3.4 allows at most 10.',
  'security.characters': 'characters',
  'security.clearRoles': 'No role',
  'security.counts': 'What counts as a second factor',
  'security.countsText': 'Recovery codes stand in for one-time codes.',
  'security.days': 'days',
  'security.effect.deactivated':
    '{count, plural, one {# account would be deactivated tonight:} other {# accounts would be deactivated tonight:}}',
  'security.effect.goneAt': 'deactivated on {at}',
  'security.effect.hidden': 'Whom it would reach is shown to those who manage people.',
  'security.effect.keys':
    '{count, plural, one {# API key would stop working at once:} other {# API keys would stop working at once:}}',
  'security.effect.lastUsed': 'last used {at}',
  'security.effect.more': '{count, plural, one {and # more} other {and # more}}',
  'security.effect.nobody': 'Nobody would notice anything today.',
  'security.effect.prove':
    '{count, plural, one {# person would confirm with the second factor they have:} other {# people would confirm with the second factor they have:}}',
  'security.effect.sessionCount': '{count, plural, one {# session} other {# sessions}}',
  'security.effect.sessions':
    '{count, plural, one {# person would be signed out at once:} other {# people would be signed out at once:}}',
  'security.effect.set_up':
    '{count, plural, one {# person has no second factor and would set one up before going on:} other {# people have no second factor and would set one up before going on:}}',
  'security.effect.some': 'It would reach people at once:',
  'security.effect.warned':
    '{count, plural, one {# person would be told tonight that their account is about to be deactivated:} other {# people would be told tonight that their accounts are about to be deactivated:}}',
  'security.factor': 'Second factor',
  'security.hours': 'hours',
  'security.idle': 'A session ends after',
  'security.idleText':
    'Without anything done by its person. PCI DSS 8.2.8 and HIPAA ask for 15 minutes; 2 to 5 suit a computer that many share.',
  'security.keyDays': 'An API key lives at most',
  'security.keyDaysText': 'Counted from when it was made, for keys that exist too.',
  'security.keys': 'API keys',
  'security.lock': 'The lock lasts',
  'security.lockText': 'PCI DSS 8.3.4 asks for at least 30 minutes. A new password opens it.',
  'security.longest': 'And in any case after',
  'security.longestText': 'However busy it is.',
  'security.minutes': 'minutes',
  'security.noRoles': 'Nobody has to have one',
  'security.passkey': 'Passkeys',
  'security.passwords': 'Passwords',
  'security.range': 'From {from} to {to}.',
  'security.roles': 'Roles that need one',
  'security.rolesText':
    'Their people set one up before they do anything else. One click in a demo and API keys are not asked.',
  'security.sessions': 'Sessions',
  'security.shortest': 'Shortest password',
  'security.shortestText': 'For passwords chosen from now on.',
  'security.totp': 'One-time codes from an application',
  'security.tries': 'attempts',
  'security.unused': 'Deactivate accounts that nobody uses',
  'security.unusedDays': 'Unused for',
  'security.unusedDaysText':
    'PCI DSS 8.2.6 asks for 90. A sign-in or an API key is use. Their person is told by mail 14 days before, administrators with them; the last administrator stays.',
  'security.unusedText': 'At two at night, on record. They can be reactivated.',
} as const
