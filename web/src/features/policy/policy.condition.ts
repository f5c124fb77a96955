import type { RoutingField } from '@evenkeel/contract/policy'

const signs: Readonly<Record<string, string>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  'starts with': '^',
  matches: '~',
  contains: '',
}

/** One condition as the filter bar takes it: `priority:<=2`, `title:"disk full"`, `category:empty`. The first operator of a field has no sign. */
export const conditionText = (field: RoutingField, operator: string, value: string): string => {
  if (operator === 'is empty') return `${field.name}:empty`
  if (operator === 'is set') return `${field.name}:set`
  const sign = operator === field.operators[0] ? '' : (signs[operator] ?? '')
  const written =
    /^[\p{L}\p{N}_-]+$/u.test(value) && !['empty', 'set'].includes(value)
      ? value
      : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return `${field.name}:${sign}${written}`
}
