import type { Saying } from '../../kernel/language/saying.ts'
import { says } from '../platform.reasons.ts'

/** One mail address, or the reason why the text is none. */
export type AddressReading =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: Saying }

// The dot-atom of RFC 5322 without `%` and `!`, which old relays read as a route to another host, without `?`, so that no encoded word
// (`=?utf-8?Q?…?=`) can be decoded into another address, and without `|` and the backtick, which some hand to a shell.
const localPart = /^[A-Za-z0-9#$&'*+/=^_{}~-]+(?:\.[A-Za-z0-9#$&'*+/=^_{}~-]+)*$/
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

const no = (reason: Saying): AddressReading => ({ ok: false, reason })

/**
 * Reads exactly one address, `name@host.example`, with the host in lower case. No display name, comment, quoted part, list, group,
 * route, address literal, space or character outside ASCII: whatever two programs could read as two different recipients is refused
 * (RFC 5321 4.5.3.1 for the lengths). Hosts in other scripts are written in their `xn--` form.
 */
export const parseAddress = (text: string): AddressReading => {
  if (text.length > 254) return no(says('mail.tooLong'))
  if (/[^!-~]/.test(text)) return no(says('mail.characters'))
  const at = text.indexOf('@')
  if (at === -1) return no(says('mail.one'))
  const local = text.slice(0, at)
  const domain = text.slice(at + 1).toLowerCase()
  if (local.length > 64) return no(says('mail.localTooLong'))
  if (!localPart.test(local)) return no(says('mail.local', { signs: "#$&'*+/=^_{}~-" }))
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every((one) => label.test(one))) return no(says('mail.host'))
  if (/^\d+$/.test(labels.at(-1) ?? '')) return no(says('mail.number'))
  return { ok: true, address: `${local}@${domain}` }
}
