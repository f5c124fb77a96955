/** Lists of records and their filter. */
export const list = {
  'filter.apply': 'Enter to apply',
  'filter.clear': 'Clear the filter',

  'list.clear': 'Clear',
  'list.copy': 'Copy numbers and titles',
  'list.count': '{count}',
  'list.countCapped': '{count}+',
  'list.keptRows': 'The list below is as it was before.',
  'list.loading': 'Loading',
  'list.select': 'Select',
  'list.selectRow': 'Select {title}',
  'list.selected': '{count, plural, one {# selected} other {# selected}}',
  'list.selection': 'Selected rows',
  'list.waiting': '{count, plural, one {# new incident: show it} other {# new incidents: show them}}',
} as const
