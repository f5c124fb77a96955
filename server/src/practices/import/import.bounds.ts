/** More rows than a record of any service desk has; what has more is a mapping without the column that tells records apart. */
export const mostUpdates = 2000
