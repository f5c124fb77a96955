/** Members of policies' documents whose names alone do not say enough to people. */
export const englishMembers: ReadonlyMap<string, string> = new Map([
  ['idleMinutes', 'minutes without use'],
  ['longestHours', 'hours in all'],
  ['secondFactor', 'second factor'],
  ['roleIds', 'roles'],
  ['counts', 'what counts'],
  ['shortest', 'shortest'],
  ['attempts', 'wrong attempts'],
  ['lockMinutes', 'minutes locked'],
  ['accounts', 'accounts'],
  ['unusedDays', 'days unused'],
  ['keys', 'API keys'],
  ['longestDays', 'days at most'],
])
