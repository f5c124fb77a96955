/** Everything the organization has, as an archive. */
export const organization = {
  'organization.title': 'Take everything along',
  'organization.about':
    'All that your organization has, as one file that any program can read. It can be put into another Evenkeel, and comes out of there the same, byte for byte.',
  'organization.aboutShort':
    'Everything your organization has, as one file that can be read without Evenkeel.',
  'organization.inside': 'What is inside',
  'organization.inside.records':
    'Every incident with comments, work notes, links, checklists and files, confidential ones too',
  'organization.inside.history': 'The journal, with the personal values that were not erased',
  'organization.inside.people':
    'People, teams, roles, services, rules in all their versions, fields, templates and views',
  'organization.outside': 'What is not',
  'organization.outside.credentials':
    'Passwords, passkeys, second factors, sessions and API keys: nobody gets in with it',
  'organization.outside.seals': 'The seals of the journal: it is sealed anew where it is put',
  'organization.outside.instance': 'Mail that left or waits, and which file an import read',
  'organization.care': 'Keep it as you keep the database',
  'organization.careText':
    'Whoever has the file reads everything in it, whatever their role. That you took it is in the journal.',
  'organization.get': 'Download archive',
  'organization.preparing':
    'The download begins as soon as everything is written down; with many files that takes minutes.',
  'organization.begun':
    '{rows, plural, one {# row} other {# rows}} and {files, plural, =0 {no files} one {# file} other {# files}} ({size}) are on their way.',
  'organization.again': 'If nothing arrives, download it here.',
  'organization.format':
    'It is a tar archive of JSON Lines and files; docs/generated/export.md in the source says what every field is. Whoever runs an instance puts it there with:',
} as const
