import { describe, expect, test } from 'vitest'
import { fields } from '../../../test/filters.ts'
import { completions } from './complete.ts'

/** `|` is the cursor. */
const offered = (marked: string) => {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  const { from, to, options } = completions(text, cursor, fields)
  return { replaces: text.slice(from, to), inserts: options.map(({ insert }) => insert) }
}

describe('the filter bar offers', () => {
  // prettier-ignore
  test.each<[string, string, readonly string[]]>([
    ['pri|',                    'pri',      ['priority:']],
    ['PRI|',                    'PRI',      ['priority:']],
    ['reop|',                   'reop',     ['reopened:']],
    ['who|',                    'who',      ['assignee:']],
    ['da|',                     'da',       ['due:']],
    ['cost:1 -sta|',            'sta',      ['state:']],
    ['(ma|)',                   'ma',       ['major:']],
    ['s|tat x',                 'stat',     ['source:', 'state:']],
    ['zzz|',                    'zzz',      []],
    ['"sta|',                   '"sta',     []],
    ['state:|',                 '',         ['new', 'in_progress', '"empty"', 'empty', 'set']],
    ['state:in|',               'in',       ['in_progress']],
    ['state:emp|',              'emp',      ['"empty"', 'empty']],
    ['state:new,|',             '',         ['new', 'in_progress', '"empty"']],
    ['state:!=|',               '',         ['new', 'in_progress', '"empty"']],
    ['state:new,i|',            'i',        ['in_progress']],
    ['priority:<=cri|',         'cri',      ['1']],
    ['priority:hi|gh x',        'high',     ['2']],
    ['assignee:m|',             'm',        ['me', '"me"']],
    ['assignee:|',              '',         ['me', '"Ana Öztürk"', '"me"', 'Network', '"Service desk"', '"A \\"B\\", \\\\C (D) or -E:"', '"empty"', 'empty', 'set']],
    ['team:"serv|',             '"serv',    ['"Service desk"']],
    ['team:my|',                'my',       ['my_teams']],
    ['major:|',                 '',         ['true', 'false', 'empty', 'set']],
    ['major:y|',                'y',        ['true']],
    ['created:now|',            'now',      ['now', 'now-1h', 'now-1d', 'now-7d']],
    ['created:now-7d..to|',     'to',       ['today', 'tomorrow', 'today-30d']],
    ['created:..to|',           'to',       ['today', 'tomorrow', 'today-30d']],
    ['created:e|',              'e',        ['empty']],
    ['created:now..e|',         'e',        []],
    ['state:new,emp|',          'emp',      ['"empty"']],
    ['state:"in|',              '"in',      ['in_progress']],
    ['due:now|',                'now',      []],
    ['due:last|',               'last',     ['last_week', 'last_month', 'last_year']],
    ['title:|',                 '',         ['empty', 'set']],
    ['title:x|',                'x',        []],
    ['nosuch:|',                '',         []],
    ['search:|',                '',         []],
  ])('at %s, in place of “%s”', (marked, replaces, inserts) => {
    expect(offered(marked)).toEqual({ replaces, inserts })
  })

  test.each(['|', 'state:new |', '(|', '-(|', 'a or |', '(a) |'])(
    'every field where something new begins: %s',
    (marked) => {
      expect(offered(marked)).toEqual({
        replaces: '',
        inserts: fields.all.filter(({ type }) => type !== 'words').map(({ name }) => `${name}:`),
      })
    },
  )

  test('what begins like a connective', () => {
    expect(offered('a or|').replaces).toBe('or')
  })

  test('labels with what is inserted', () => {
    expect(completions('priority:', 9, fields).options[0]).toEqual({
      kind: 'value',
      insert: '1',
      label: 'critical',
    })
    expect(completions('team:net', 8, fields).options[0]).toEqual({
      kind: 'value',
      insert: 'Network',
      label: 'Network',
    })
    expect(completions('reop', 4, fields).options[0]).toEqual({
      kind: 'field',
      insert: 'reopened:',
      label: 'times reopened',
    })
  })
})
