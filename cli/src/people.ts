import { randomInt } from 'node:crypto'
import {
  addKey,
  addTenant,
  addUser,
  givePassword,
  roleKeys,
  tenantNamed,
  withInstance,
} from '@evenkeel/server/app/operator'
import { isSet, neededText, textOf, textsOf, UsageFault, type Command } from './command.ts'
import { answer } from './print.ts'
import { settings, standardInput } from './settings.ts'

export const tenantAdd: Command = {
  name: 'tenant add',
  summary: 'make a tenant: an organisation with its own people, records and journal',
  usage: '--slug SLUG --name NAME [--time-zone ZONE]',
  help: [
    '--slug SLUG       what people type to sign in: small letters, digits, dashes',
    '--name NAME       what they read',
    '--time-zone ZONE  from the IANA database, such as Europe/Berlin; UTC otherwise',
  ].join('\n'),
  options: { slug: { type: 'string' }, name: { type: 'string' }, 'time-zone': { type: 'string' } },
  run: async (given) => {
    const tenant = {
      slug: neededText(given, 'slug'),
      name: neededText(given, 'name'),
      timeZone: textOf(given, 'time-zone') ?? 'UTC',
    }
    const { id } = await withInstance(settings(), ({ database }) => addTenant(database, tenant))
    answer(
      given,
      { id, ...tenant },
      `${tenant.name} is there, with a service desk. Its first person:`,
      `  npx evenkeel user add --tenant ${tenant.slug} --name "Ana Silva" --email ana@example.org --role administrator`,
    )
    return 0
  },
}

// No letters and digits that are read as one another; 20 of them are 115 bits.
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const newPassword = (): string =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)] ?? '').join(''),
  ).join('-')

export const userAdd: Command = {
  name: 'user add',
  summary: 'add a person who can sign in',
  usage: '--name NAME --email ADDRESS [--tenant SLUG] [--role ROLE]… [--password-stdin]',
  help: [
    `--role ROLE       ${roleKeys.join(', ')}; requester otherwise`,
    '--password-stdin  reads the password from standard input; otherwise one is made and shown once',
  ].join('\n'),
  options: {
    tenant: { type: 'string' },
    name: { type: 'string' },
    email: { type: 'string' },
    role: { type: 'string', multiple: true },
    'password-stdin': { type: 'boolean' },
  },
  run: async (given) => {
    const [name, email] = [neededText(given, 'name'), neededText(given, 'email')]
    const roles = textsOf(given, 'role')
    const chosen = isSet(given, 'password-stdin')
    const password = chosen ? await standardInput() : newPassword()
    return withInstance(settings(), async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      const { id } = await addUser(database, {
        tenant,
        name,
        email,
        roles: roles.length === 0 ? ['requester'] : roles,
        password,
      })
      answer(
        given,
        { id, tenant: tenant.slug, email, ...(chosen ? {} : { password }) },
        `${name} signs in to ${tenant.slug} as ${email}.`,
        ...(chosen ? [] : [`Password, shown this once: ${password}`]),
      )
      return 0
    })
  },
}

export const userPassword: Command = {
  name: 'user password',
  summary: 'give somebody who is there a new password',
  usage: '--email ADDRESS [--tenant SLUG] [--password-stdin]',
  help: [
    '--email ADDRESS   whose',
    '--password-stdin  reads the password from standard input; otherwise one is made and shown once',
    '',
    'For whoever has no other way in: after an organization was put into this instance, or when mail does not arrive.',
    'Their sessions end. A second factor stays as it is.',
  ].join('\n'),
  options: {
    tenant: { type: 'string' },
    email: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  run: async (given) => {
    const email = neededText(given, 'email')
    const chosen = isSet(given, 'password-stdin')
    const password = chosen ? await standardInput() : newPassword()
    return withInstance(settings(), async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      await givePassword(database, { tenant, email, password })
      answer(
        given,
        { tenant: tenant.slug, email, ...(chosen ? {} : { password }) },
        `${email} signs in to ${tenant.slug} with the new password.`,
        ...(chosen ? [] : [`Password, shown this once: ${password}`]),
      )
      return 0
    })
  },
}

export const keyCreate: Command = {
  name: 'key create',
  summary: 'make an API key that acts as a person, with a part of what they may do',
  usage: '--email ADDRESS --name NAME --permission PERMISSION… [--tenant SLUG] [--days DAYS]',
  help: [
    '--email ADDRESS          whose key it is',
    '--name NAME              what it is for',
    '--permission PERMISSION  one thing it may do, repeated for more; docs/generated/permissions.md lists them',
    '--days DAYS              how long it works, 1 to 366; 90 otherwise',
    '',
    'The key is shown once. It is sent as: Authorization: Bearer ek_…',
  ].join('\n'),
  options: {
    tenant: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    permission: { type: 'string', multiple: true },
    days: { type: 'string' },
  },
  run: async (given) => {
    const [email, name] = [neededText(given, 'email'), neededText(given, 'name')]
    const permissions = textsOf(given, 'permission')
    if (permissions.length === 0)
      throw new UsageFault('--permission is needed: a key may only do what it names')
    const days = Number(textOf(given, 'days') ?? '90')
    if (!Number.isInteger(days) || days < 1 || days > 366)
      throw new UsageFault('--days is a whole number from 1 to 366')
    return withInstance(settings(), async ({ database }) => {
      const tenant = await tenantNamed(database, textOf(given, 'tenant'))
      const key = await addKey(database, { tenant, email, name, permissions, days })
      answer(
        given,
        { tenant: tenant.slug, ...key },
        key.secret,
        `It works until ${key.expiresAt} and is shown this once.`,
      )
      return 0
    })
  },
}
