import { hourDigits, type Zone } from '../../language/time.ts'

/** What can be chosen as language: those spoken here, the regional form somebody has already, and the made-up one for developers. */
export const languageChoices = (
  spoken: Readonly<Record<string, string>>,
  current: string,
  developing: boolean,
): { readonly value: string; readonly label: string }[] => {
  const own = Object.entries(spoken)
    .filter(([value]) => developing || value !== 'en-XA' || value === current)
    .map(([value, label]) => ({ value, label }))
  if (own.some(({ value }) => value === current)) return own
  return [{ value: current, label: nameOf(current) }, ...own]
}

const nameOf = (language: string): string => {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}

/** What clocks show in somebody's zone. */
export const zoneTime = (now: number, { language, timeZone }: Zone): string =>
  new Intl.DateTimeFormat(language, { hour: hourDigits(language), minute: '2-digit', timeZone }).format(now)
