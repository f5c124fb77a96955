import type { Filter } from '@evenkeel/contract/filter'
import { describe, expect, test } from 'vitest'
import { fields, people, teams } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { describeFilter, operatorLabel } from './describe.ts'
import { english, type Messages } from './messages.ts'
import { parseFilter } from './text.ts'

const sentence = (written: string | Filter, messages?: Messages) => {
  const reading =
    typeof written === 'string' ? parseFilter(written, fields) : { ok: true as const, filter: written }
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const binding = bindFilter(reading.filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return describeFilter(binding.bound, messages)
}

describe('a filter in words', () => {
  // prettier-ignore
  test.each([
    ['priority:<=2 team:network',             'priority is critical or high and team is Network'],
    ['-assignee:me',                          'assignee is not me'],
    ['assignee:!=me',                         'assignee is something other than me'],
    ['-assignee:!=me',                        'assignee is not something other than me'],
    ['assignee:empty',                        'assignee is empty'],
    ['-assignee:empty',                       'assignee is set'],
    ['assignee:set',                          'assignee is set'],
    ['-assignee:set',                         'assignee is empty'],
    ['state:new,wip,parked',                  'state is New, In progress or Parked'],
    ['state:!=new,wip',                       'state is something other than New or In progress'],
    ['team:my_teams,network',                 'team is Network or one of my teams'],
    [`team:${teams.unnamed}`,                 `team is ${teams.unnamed}`],
    ['watchers:me,"ana öztürk"',              'watchers includes Ana Öztürk or me'],
    ['-watchers:me',                          'watchers does not include me'],
    ['priority:<1',                           'nothing'],
    ['-priority:<1',                          'everything'],
    ['title:Disk',                            'title contains “Disk”'],
    ['-title:Disk',                           'title does not contain “Disk”'],
    ['title:^Disk',                           'title starts with “Disk”'],
    ['title:="Disk Full"',                    'title is “Disk Full”'],
    ['number:inc1',                           'number is “inc1”'],
    ['"disk full"',                           'text has the words “disk full”'],
    ['-disk',                                 'text does not have the words “disk”'],
    ['major:yes',                             'major is yes'],
    ['-major:yes',                            'major is not yes'],
    ['major:!=yes',                           'major is no'],
    ['cost:1,2.5',                            'cost is 1 or 2.5'],
    ['cost:<1',                               'cost is less than 1'],
    ['cost:<=1',                              'cost is at most 1'],
    ['-cost:>1',                              'cost is not more than 1'],
    ['cost:>=1',                              'cost is at least 1'],
    ['created:>now-7d',                       'created is after 7 days ago'],
    ['created:<now-1h',                       'created is before 1 hour ago'],
    ['created:>=2026-03-01',                  'created is at or after 2026-03-01'],
    ['created:<=now+3mo',                     'created is at or before in 3 months'],
    ['created:today',                         'created is today'],
    ['created:!=last_week',                   'created is something other than last week'],
    ['due:today-1d',                          'due date is the day 1 day ago'],
    ['created:now-7d..now',                   'created is between 7 days ago and now'],
    ['-created:now-7d..now',                  'created is not between 7 days ago and now'],
    ['',                                      'everything'],
    ['or',                                    'nothing'],
    ['cost:1 (cost:2 or major:no)',           'cost is 1 and (cost is 2 or major is no)'],
    ['cost:1 or (cost:2 major:no)',           'cost is 1 or (cost is 2 and major is no)'],
    ['-(cost:2 or major:no)',                 'not (cost is 2 or major is no)'],
    ['-(-cost:2)',                            'not (cost is not 2)'],
    ['(and cost:1)',                          'cost is 1'],
  ])('%s: %s', (text, words) => {
    expect(sentence(text)).toBe(words)
  })

  test('speaks another language when given its texts', () => {
    const german: Messages = {
      ...english,
      and: (parts) => parts.join(' und '),
      values: (values) => values.join(' oder '),
      is: (field, value, holds) => `${field} ist ${holds ? '' : 'nicht '}${value}`,
    }
    expect(sentence('-priority:1 cost:1,2', german)).toBe('priority ist nicht critical und cost ist 1 oder 2')
  })

  test('shows the id where the name is not for the reader', () => {
    expect(sentence({ field: 'team', op: '=', value: people.ana })).toBe('team is Ana Öztürk')
    expect(sentence({ field: 'team', op: '=', value: '0190a1b2-0000-7000-8000-0000000000ff' })).toBe(
      'team is 0190a1b2-0000-7000-8000-0000000000ff',
    )
  })
})

test('the builder calls operators as people would for times and for the rest', () => {
  const label = (name: string, op: '<' | 'within' | '=') => {
    const field = fields.named(name)
    return field === undefined ? '' : operatorLabel(field, op)
  }
  expect(label('created', '<')).toBe('is before')
  expect(label('due', '=')).toBe('is on')
  expect(label('created', 'within')).toBe('is between')
  expect(label('cost', '<')).toBe('is less than')
})
