import type { Filter } from '@evenkeel/contract/filter'
import { describe, expect, test } from 'vitest'
import { exampleFields, fields, people, teams } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { fieldsOf } from './fields.ts'
import { filterToText } from './print.ts'
import { parseFilter } from './text.ts'

const read = (text: string) => {
  const reading = parseFilter(text, fields)
  if (!reading.ok) throw new Error(reading.faults.map(({ message }) => message).join('; '))
  return reading.filter
}
const written = (filter: Filter) => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return filterToText(binding.bound, fields)
}
/** Each fault as the text it marks, and the sentence. */
const faultsIn = (text: string, among = fields) => {
  const reading = parseFilter(text, among)
  return reading.ok
    ? []
    : reading.faults.map(({ from, to, message }) => `${text.slice(from, to)}@${from}: ${message}`)
}
const is = (field: string, value: string | number | boolean): Filter => ({ field, op: '=', value })
const sought = (value: string): Filter => ({ field: 'search', op: 'matches', value })

describe('the search bar', () => {
  // prettier-ignore
  test.each<[string, Filter]>([
    ['',                              { all: [] }],
    ['  \t\n ',                       { all: [] }],
    ['priority:2',                    is('priority', '2')],
    ['priority:<=2',                  { field: 'priority', op: '<=', value: '2' }],
    ['priority:>2',                   { field: 'priority', op: '>', value: '2' }],
    ['state:!=new',                   { field: 'state', op: '!=', value: 'new' }],
    ['state:new,in_progress',         { field: 'state', op: 'in', value: ['new', 'in_progress'] }],
    ['state:!=new,in_progress',       { field: 'state', op: 'not in', value: ['new', 'in_progress'] }],
    ['state:new,',                    { field: 'state', op: 'in', value: ['new'] }],
    ['-state:new',                    { not: is('state', 'new') }],
    ['-(state:new)',                  { not: is('state', 'new') }],
    ['-(-state:new)',                 { not: { not: is('state', 'new') } }],
    ['disk',                          sought('disk')],
    ['disk-full',                     sought('disk-full')],
    ['-disk',                         { not: sought('disk') }],
    ['"disk full"',                   sought('disk full')],
    ['10:30',                         sought('10:30')],
    ['a,b',                           sought('a,b')],
    ['print*',                        sought('print*')],
    ['"or"',                          sought('or')],
    ['-or',                           { not: sought('or') }],
    ['not',                           sought('not')],
    ['a b',                           { all: [sought('a'), sought('b')] }],
    ['a and b',                       { all: [sought('a'), sought('b')] }],
    ['a or b',                        { any: [sought('a'), sought('b')] }],
    ['a OR b c',                      { any: [sought('a'), { all: [sought('b'), sought('c')] }] }],
    ['(a or b) c',                    { all: [{ any: [sought('a'), sought('b')] }, sought('c')] }],
    ['(a)',                           sought('a')],
    ['a(b)',                          { all: [sought('a'), sought('b')] }],
    ['()',                            { all: [] }],
    ['or',                            { any: [] }],
    ['or a',                          { any: [sought('a')] }],
    ['and a',                         { all: [sought('a')] }],
    ['(or) ()',                       { all: [{ any: [] }, { all: [] }] }],
    ['title:disk',                    { field: 'title', op: 'contains', value: 'disk' }],
    ['title:="disk full"',            is('title', 'disk full')],
    ['title:="a","b"',                { field: 'title', op: 'in', value: ['a', 'b'] }],
    ['title:^disk',                   { field: 'title', op: 'starts with', value: 'disk' }],
    ['title:~disk*',                  { field: 'title', op: 'matches', value: 'disk*' }],
    ['title:"say \\"hi\\" \\\\ C:\\temp"', { field: 'title', op: 'contains', value: 'say "hi" \\ C:\\temp' }],
    ['title:empty',                   { field: 'title', op: 'is empty' }],
    ['title:"empty"',                 { field: 'title', op: 'contains', value: 'empty' }],
    ['assignee:SET',                  { field: 'assignee', op: 'is set' }],
    ['state:empty',                   { field: 'state', op: 'is empty' }],
    ['state:"empty"',                 is('state', 'empty')],
    ['search:disk',                   sought('disk')],
    ['search:empty',                  sought('empty')],
    ['cost:-5',                       is('cost', -5)],
    ['cost:>=1.5e3',                  { field: 'cost', op: '>=', value: 1500 }],
    ['cost:+1,2',                     { field: 'cost', op: 'in', value: [1, 2] }],
    ['major:Yes',                     is('major', true)],
    ['major:false',                   is('major', false)],
    ['created:>now-7d',               { field: 'created', op: '>', value: 'now-7d' }],
    ['created:2026-03-01T09:00+01:00', is('created', '2026-03-01T09:00+01:00')],
    ['created:now-7d..now',           { field: 'created', op: 'within', value: ['now-7d', 'now'] }],
    ['due:<today',                    { field: 'due', op: '<', value: 'today' }],
  ])('%s', (text, filter) => {
    expect(parseFilter(text, fields)).toEqual({ ok: true, filter })
  })

  // prettier-ignore
  test.each<[string, Filter]>([
    ['prio:2',                        is('priority', '2')],
    ['P:2',                           is('priority', '2')],
    ['PRIORITY:Critical',             is('priority', '1')],
    ['priority:normal',               is('priority', '3')],
    ['state:"in progress"',           is('state', 'in_progress')],
    ['state:WIP',                     is('state', 'in_progress')],
    ['state:parked',                  is('state', 'parked')],
    ['who:me',                        is('assignee', 'me')],
    ['assignee:"me"',                 is('assignee', people.bo)],
    ['team:my_teams',                 is('team', 'my_teams')],
    ['team:network',                  is('team', teams.network)],
    ['team:"Service desk",network',   { field: 'team', op: 'in', value: [teams.desk, teams.network] }],
    [`team:${teams.otherDesk}`,       is('team', teams.otherDesk)],
    ['watchers:"ana öztürk"',         is('watchers', people.ana)],
  ])('knows names, aliases and labels: %s', (text, filter) => {
    expect(read(text)).toEqual(filter)
  })

  test('reads the whole example', () => {
    const text =
      'priority:<=2 team:network state:new,in_progress -assignee:me "disk full" created:>now-7d team:"Service desk" (a or b)'
    expect(read(text)).toEqual({
      all: [
        { field: 'priority', op: '<=', value: '2' },
        is('team', teams.network),
        { field: 'state', op: 'in', value: ['new', 'in_progress'] },
        { not: is('assignee', 'me') },
        sought('disk full'),
        { field: 'created', op: '>', value: 'now-7d' },
        is('team', teams.desk),
        { any: [sought('a'), sought('b')] },
      ],
    })
  })
})

describe('a mistake in the search bar', () => {
  // prettier-ignore
  test.each<[string, readonly string[]]>([
    ['priority:<=',           ['@11: expected a value after priority:<=']],
    ['state:new priority: 1', ['@19: expected a value after priority:']],
    ['title:""',              ['""@6: expected a value after title:']],
    ['state:new,"",',         ['""@10: expected a value after state:new,']],
    ['x priorty:1',           ['priorty@2: there is no field “priorty”']],
    ['-__proto__:1',          ['__proto__@1: there is no field “__proto__”']],
    ['constructor:1',         ['constructor@0: there is no field “constructor”']],
    ['state:nwe',             ['nwe@6: state has no choice “nwe”; it has new, in_progress and empty']],
    ['state:new,nwe',         ['nwe@10: state has no choice “nwe”; it has new, in_progress and empty']],
    ['state:>new',            ['state:>new@0: state cannot be asked “>”; it takes =, !=, in, not in, is empty or is set']],
    ['team:netwrok',          ['netwrok@5: “netwrok” is not known as a value of team']],
    ['team:"my_teams"',       ['"my_teams"@5: “my_teams” is not known as a value of team']],
    ['watchers:my_teams',     ['my_teams@9: “my_teams” is not known as a value of watchers']],
    ['cost:five',             ['five@5: cost is compared with a number']],
    ['cost:1e999',            ['1e999@5: cost is compared with a number']],
    ['reopened:1.5',          ['1.5@9: times reopened is compared with a whole number']],
    ['reopened:9007199254740993', ['9007199254740993@9: times reopened is compared with a whole number']],
    ['major:perhaps',         ['perhaps@6: major is either true or false']],
    ['created:2026-02-30',    ['2026-02-30@8: “2026-02-30” is not a time such as 2026-03-01, 2026-03-01T09:00Z, now-2d or today']],
    ['created:now..soon',     ['now..soon@8: “soon” is not a time such as 2026-03-01, 2026-03-01T09:00Z, now-2d or today']],
    ['created:now..',         ['now..@8: expected two times around “..” in “now..”']],
    ['created:..now',         ['..now@8: expected two times around “..” in “..now”']],
    ['due:now',               ['now@4: “now” is not a day such as 2026-03-01, today or today-7d']],
    ['title:a,b',             ['title:a,b@0: expected a single value after title:; put it in quotes when it has a comma']],
    ['prio:<1,2',             ['prio:<1,2@0: expected a single value after prio:<; put it in quotes when it has a comma']],
    ['cost:>1,2',             ['cost:>1,2@0: expected a single value after cost:>; put it in quotes when it has a comma']],
    ['---',                   ['--@1: there is neither a letter nor a digit to search for in “--”']],
    ['disk - full',           ['-@5: there is neither a letter nor a digit to search for in “-”']],
    ['title:~"!?"',           ['"!?"@7: there is neither a letter nor a digit to search for in “!?”']],
    ['"disk',                 ['"@0: this quote is never closed']],
    ['title:"disk',           ['"@6: this quote is never closed']],
    ['team:"Network"x',       ['x@14: expected a space after team:"Network"']],
    ['state:new(a)',          ['(@9: expected a space after state:new']],
    ['a , b',                 [',@2: a comma stands between the values of a field only']],
    ['(a',                    ['(@0: this bracket is never closed']],
    ['a) b',                  [')@1: this bracket was never opened']],
    ['a or',                  ['@4: expected a condition after or']],
    ['(a or )',               ['@5: expected a condition after or']],
    ['a or or b',             ['@4: expected a condition after or']],
    ['a and',                 ['@5: expected a condition after and']],
    ['a and or b',            ['@5: expected a condition after and']],
    ['x\0y',                  ['\0@1: this character cannot be part of a text']],
    ['x\ud800y',              ['\ud800@1: this character cannot be part of a text']],
  ])('%s', (text, faults) => {
    expect(faultsIn(text)).toEqual(faults)
  })

  test('does not hide the next one', () => {
    expect(faultsIn('x:1 "a" state:nwe (b) cost:< priority:9').map((fault) => fault.split(':')[0])).toEqual([
      'x@0',
      'nwe@14',
      '@28',
      '9@38',
    ])
    expect(faultsIn('x:1 '.repeat(50))).toHaveLength(10)
  })

  test('is refused where there is no text to search', () => {
    const withoutSearch = fieldsOf(exampleFields.filter(({ type }) => type !== 'words'))
    expect(faultsIn('cost:1 disk', withoutSearch)).toEqual([
      'disk@7: there is no text to search for “disk” in; name a field',
    ])
  })
})

describe('a filter too large to read', () => {
  test('is refused by its length, its depth, its number of parts and the length of its lists and values', () => {
    expect(faultsIn('x'.repeat(20_481))).toEqual(['x@20480: a filter has at most 20480 characters'])
    expect(faultsIn(`${'('.repeat(10_000)}a`)).toEqual(['(@19: a filter is nested at most 20 levels deep'])
    const deep = `${'-(b '.repeat(10)}a${')'.repeat(10)}`
    expect(faultsIn(deep)).toEqual([`${deep}@0: a filter is nested at most 20 levels deep`])
    expect(faultsIn(deep.slice(4, -1))).toEqual([])
    const exactly = `${'-('.repeat(18)}-a${')'.repeat(18)}`
    expect(faultsIn(exactly)).toEqual([])
    expect(faultsIn(`-(${exactly})`)).toEqual([`-(${exactly})@0: a filter is nested at most 20 levels deep`])
    expect(faultsIn('a '.repeat(199))).toEqual([])
    expect(faultsIn(`title:${'x'.repeat(500)}`)).toEqual([])
    expect(faultsIn(`cost:${'1,'.repeat(200)}`)).toEqual([])
    expect(faultsIn(' '.repeat(20_480))).toEqual([])
    expect(faultsIn('a '.repeat(5000))).toEqual(['a@400: a filter has at most 200 conditions and groups'])
    expect(faultsIn('-a '.repeat(150))).toEqual([
      `${'-a '.repeat(150)}@0: a filter has at most 200 conditions and groups`,
    ])
    expect(faultsIn(`cost:${'1,'.repeat(201)}`)).toEqual([
      `cost:${'1,'.repeat(201)}@0: a list holds at most 200 values`,
    ])
    expect(faultsIn(`title:${'x'.repeat(501)}`)).toEqual([
      `${'x'.repeat(501)}@6: a value has at most 500 characters`,
    ])
    expect(faultsIn(`title:^${'x'.repeat(490)} `.repeat(22))).toEqual([
      `${`title:^${'x'.repeat(490)} `.repeat(22)}@0: a filter has at most 10240 characters`,
    ])
  })

  test.each(['(a+)+$', '((((', '-(', '"\\', 'a:', 'or ', ',,', 'state:new,', 'x*', '..', ')', '<=>', '\\"'])(
    'is answered at once when it is 10 kB of %s',
    (part) => {
      const text = part.repeat(Math.ceil(10_240 / part.length))
      expect(parseFilter(text, fields).ok).toBe(false)
      expect(parseFilter(`title:${text}`, fields).ok).toBe(false)
    },
  )
})

describe('a filter written as text', () => {
  // prettier-ignore
  test.each<[Filter, string]>([
    [{ all: [is('team', teams.network), { not: is('assignee', 'me') }] }, 'team:Network -assignee:me'],
    [is('team', teams.desk),                                              'team:"Service desk"'],
    [is('team', teams.otherDesk),                                         `team:${teams.otherDesk}`],
    [is('team', teams.odd),                                               'team:"A \\"B\\", \\\\C (D) or -E:"'],
    [is('team', teams.reserved),                                          'team:"empty"'],
    [is('team', teams.unnamed),                                           `team:${teams.unnamed}`],
    [is('assignee', people.bo),                                           'assignee:"me"'],
    [{ field: 'team', op: 'in', value: [teams.network] },                 'team:Network,'],
    [{ not: { not: is('cost', 1) } },                                     '-(-cost:1)'],
    [{ any: [is('cost', 1), { all: [is('cost', 2), is('cost', 3)] }] },   'cost:1 or (cost:2 cost:3)'],
    [sought('disk full'),                                                 '"disk full"'],
    [sought('disk*'),                                                     'disk*'],
    [sought('AND'),                                                       '"AND"'],
    [sought('or'),                                                        '"or"'],
    [{ field: 'title', op: 'contains', value: 'set' },                    'title:"set"'],
    [{ field: 'title', op: 'contains', value: 'Zürich/2' },               'title:Zürich/2'],
    [{ field: 'title', op: 'not in', value: ['a b'] },                    'title:!="a b",'],
  ])('%j', (filter, text) => {
    expect(written(filter)).toBe(text)
    expect(read(text)).toEqual(filter)
  })

  test('has ids in place of names that would make it too long to be read', () => {
    const long = 'Team of a very long name '.repeat(15)
    const longNames = fieldsOf([
      {
        name: 'team',
        label: 'team',
        type: 'reference',
        names: { idOf: () => teams.desk, nameOf: () => long },
      },
    ])
    const filter: Filter = { field: 'team', op: 'in', value: Array.from({ length: 100 }, () => teams.desk) }
    const binding = bindFilter(filter, longNames)
    if (!binding.ok) throw new Error('not bound')
    const text = filterToText(binding.bound, longNames)
    expect(text).not.toContain('Team')
    expect(parseFilter(text, longNames)).toEqual({ ok: true, filter })
  })
})
