/** One mail address, or the reason why the text is none. */
export type AddressReading =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: string }

// The dot-atom of RFC 5322 without `%` and `!`, which old relays read as a route to another host, without `?`, so that no encoded word
// (`=?utf-8?Q?…?=`) can be decoded into another address, and without `|` and the backtick, which some hand to a shell.
const localPart = /^[A-Za-z0-9#$&'*+/=^_{}~-]+(?:\.[A-Za-z0-9#$&'*+/=^_{}~-]+)*$/
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

const no = (reason: string): AddressReading => ({ ok: false, reason })

/**
 * Reads exactly one address, `name@host.example`, with the host in lower case. No display name, comment, quoted part, list, group,
 * route, address literal, space or character outside ASCII: whatever two programs could read as two different recipients is refused
 * (RFC 5321 4.5.3.1 for the lengths). Hosts in other scripts are written in their `xn--` form.
 */
export const parseAddress = (text: string): AddressReading => {
  if (text.length > 254) return no('an address has at most 254 characters')
  if (/[^!-~]/.test(text)) return no('an address has no spaces, line breaks or letters outside ASCII')
  const at = text.indexOf('@')
  if (at === -1) return no('write one address, as name@example.org')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1).toLowerCase()
  if (local.length > 64) return no('the part before the @ has at most 64 characters')
  if (!localPart.test(local))
    return no("the part before the @ has only letters, digits and #$&'*+/=^_{}~- with single dots between")
  const labels = domain.split('.')
  if (labels.length < 2 || !labels.every((one) => label.test(one)))
    return no('the part after the @ is no host name, as example.org')
  if (/^\d+$/.test(labels.at(-1) ?? '')) return no('the part after the @ is a number, not a host name')
  return { ok: true, address: `${local}@${domain}` }
}
