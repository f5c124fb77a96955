import { readerZone } from '../../language/say.ts'

export const isMonth = (group: string): boolean => /^\d{4}-\d{2}$/.test(group)

/** `2016-03` as people say it; what is no month stays as it is. */
export const monthOf = (group: string): string =>
  isMonth(group)
    ? new Intl.DateTimeFormat(readerZone().language, {
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      }).format(Date.parse(`${group}-01T00:00:00Z`))
    : group

/** The incidents of a month of the report, which goes by UTC whoever reads it: `created:2016-03` would be the reader's month. */
export const monthQuery = (group: string): string => {
  const [year = 0, month = 1] = group.split('-').map(Number)
  const beginning = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`
  return `created:>=${beginning(Date.UTC(year, month - 1))} created:<${beginning(Date.UTC(year, month))}`
}
