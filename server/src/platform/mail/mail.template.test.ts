import * as fc from 'fast-check'
import { parseFragment, serialize } from 'parse5'
import { describe, expect, test } from 'vitest'
import {
  parseTemplate,
  type Template,
  templateToHtml,
  templateToText,
  type VariableKind,
} from './mail.template.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 500)

const variables = {
  'record.number': 'text',
  'record.title': 'text',
  'record.url': 'url',
  'comment.text': 'markdown',
} as const satisfies Readonly<Record<string, VariableKind>>

type Name = keyof typeof variables

const options = { origin: 'https://desk.example.org' }

const values: Readonly<Record<Name, string>> = {
  'record.number': 'ABC0001042',
  'record.title': 'Printer <3> is down',
  'record.url': '/records/ABC0001042',
  'comment.text': 'It is **on fire**, see [this](/x).',
}

const template = (source: string): Template<Name> => {
  const parsed = parseTemplate(source, variables)
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => fault.message.in('en')).join('; '))
  return parsed.template
}

const faults = (source: string) => {
  const parsed = parseTemplate(source, variables)
  return parsed.ok ? [] : parsed.faults.map((fault) => ({ ...fault, message: fault.message.in('en') }))
}

describe('a template is filled', () => {
  const source =
    'Hello,\n{{record.number}}: {{ record.title }}\n\n\n  {{comment.text}}\n\nOpen it: {{record.url}}\n'

  test('for the plain part', () => {
    expect(templateToText(template(source), values, options)).toBe(
      'Hello,\nABC0001042: Printer <3> is down\n\nIt is on fire, see this (https://desk.example.org/x).\n\nOpen it: https://desk.example.org/records/ABC0001042',
    )
  })

  test('for the HTML part', () => {
    expect(templateToHtml(template(source), values, options)).toBe(
      '<p>Hello,<br>ABC0001042: Printer &lt;3&gt; is down</p>' +
        '<p>It is <strong>on fire</strong>, see <a href="https://desk.example.org/x" rel="noopener noreferrer nofollow">this</a>.</p>' +
        '<p>Open it: <a href="https://desk.example.org/records/ABC0001042" rel="noopener noreferrer">https://desk.example.org/records/ABC0001042</a></p>',
    )
  })

  test('an address that is none is printed as words', () => {
    const bad = { ...values, 'record.url': 'javascript:alert("1")' }
    expect(templateToHtml(template('{{record.url}}'), bad, options)).toBe('<p>javascript:alert("1")</p>')
    expect(
      templateToText(template('{{record.url}}'), { ...values, 'record.url': '//evil.test' }, options),
    ).toBe('//evil.test')
  })

  test('a template without words gives nothing', () => {
    expect(templateToText(template(' \n\n '), values, options)).toBe('')
    expect(templateToHtml(template(''), values, options)).toBe('')
  })
})

// Attack test A26.
describe('nothing in a value or a template is evaluated', () => {
  const attempts = [
    '{{7*7}}', '{{record.number}}', '{{{record.number}}}', '{{constructor}}', '{{constructor.constructor("return process")()}}', '{{comment.text}}',
    '${7*7}', '${process.env.SECRET}', '#{7*7}', '<%= 7*7 %>', '<% process.exit() %>', '{% include "/etc/passwd" %}', '{{#each this}}x{{/each}}', '{{> partial}}',
    '{{this.__proto__}}', '@{7*7}', '[[${7*7}]]', '*{7*7}', '$(id)', '`id`', '$&', '$1', "$'", '$$', '\\{{record.number}}', '%s %d', '{0}',
  ] // prettier-ignore

  test('a value is printed as it is, in both parts', () => {
    for (const attempt of attempts) {
      const hostile = { ...values, 'record.title': attempt }
      expect(templateToText(template('a {{record.title}} b'), hostile, options)).toBe(`a ${attempt} b`)
      const html = templateToHtml(template('a {{record.title}} b'), hostile, options)
      expect(textOf(html)).toBe(`a ${attempt} b`)
    }
  })

  test('two values cannot build a variable between them', () => {
    const halves = { ...values, 'record.number': '{{record', 'record.title': '.url}}' }
    expect(templateToText(template('{{record.number}}{{record.title}}'), halves, options)).toBe(
      '{{record.url}}',
    )
    expect(templateToText(template('{{record.title}}'), { ...values, 'record.title': '{' }, options)).toBe(
      '{',
    )
  })

  test('other template languages are words', () => {
    for (const source of ['${7*7}', '<%= 7*7 %>', '{% if x %}', '#{1}', '}}', '{ {record.number} }', '$&']) {
      expect(templateToText(template(source), values, options)).toBe(source)
    }
  })

  test('a value cannot become markup', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(
          '<script>alert(1)</script>',
          '"onload="',
          '</p><img src=x onerror=alert(1)>',
          "'",
          '&lt;',
        ),
        (noise, attack) => {
          const hostile = { ...values, 'record.title': attack + noise, 'record.url': noise + attack }
          const html = templateToHtml(template('{{record.title}}\n\n{{record.url}}'), hostile, options)
          expect(
            html.replace(/<\/?p>|<br>|<a href="[^"<>]*" rel="noopener noreferrer">|<\/a>/g, ''),
          ).not.toMatch(/[<>]/)
          if (!/\p{Cc}/u.test(noise)) expect(serialize(parseFragment(html))).toBe(html)
        },
      ),
      { numRuns: runs },
    )
  })
})

describe('a template is checked when it is saved', () => {
  test('an unknown variable is named with its place', () => {
    expect(faults('Hello\n\nDear {{recrod.number}}')).toEqual([
      {
        position: 12,
        line: 3,
        column: 6,
        message:
          'there is no variable "recrod.number"; there are comment.text, record.number, record.title, record.url',
      },
    ])
  })

  test('what every object has is no variable', () => {
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      '',
      ' ',
      '7*7',
      'record',
      'record.number.length',
      'RECORD.NUMBER',
      '{record.number',
      'record\n.number',
    ]) {
      expect([name, faults(`{{${name}}}`).length]).toEqual([name, 1])
    }
  })

  test('all of them are named, in order', () => {
    expect(faults('{{a}} x{{comment.text}} {{b}} {{record.title').map(({ position }) => position)).toEqual([
      0, 7, 24, 30,
    ])
  })

  test('one that is not closed', () => {
    expect(faults('a {{record.number')).toEqual([
      { position: 2, line: 1, column: 3, message: 'this {{ is not closed by }}' },
    ])
  })

  test('Markdown stands alone in its paragraph', () => {
    expect(faults('They wrote: {{comment.text}}')).toEqual([
      {
        position: 12,
        line: 1,
        column: 13,
        message: '"comment.text" is a text of its own: leave an empty line before and after it',
      },
    ])
    expect(faults('They wrote:\n{{comment.text}}')).toHaveLength(1)
    expect(faults('{{comment.text}}{{comment.text}}')).toHaveLength(2)
    expect(faults('They wrote:\n\n {{comment.text}} \n \nBye')).toEqual([])
  })

  test('one that is too long', () => {
    expect(faults('a'.repeat(10_001))).toEqual([
      expect.objectContaining({ position: 10_000, message: 'a template has at most 10000 characters' }),
    ])
    expect(faults('{{'.repeat(5000))).toHaveLength(1)
    expect(faults('a'.repeat(10_000))).toEqual([])
  })
})

const textOf = (html: string): string => {
  const paragraph = parseFragment(html).childNodes[0]
  if (paragraph === undefined || !('childNodes' in paragraph)) return ''
  return paragraph.childNodes.map((node) => ('value' in node ? node.value : '<?>')).join('')
}
