import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markdownToText, referencesIn, renderMarkdown } from './markdown.ts'
import { isPathUnder, safeHref } from './markdown.links.ts'
import { maxMarkdownLength, maxReferences } from './markdown.parse.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)

const rel = 'rel="noopener noreferrer nofollow"'

describe('what people write is shown as they mean it', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a paragraph keeps its lines', 'one\ntwo', '<p>one<br>two</p>'],
    ['an empty line starts a paragraph', 'one\n\ntwo', '<p>one</p><p>two</p>'],
    ['emphasis', '**a** _b_ ~~c~~ `d`', '<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>'],
    ['headings leave the first two levels to the page', '# a\n###### b', '<h3>a</h3><h6>b</h6>'],
    ['dashes under a line are a rule, not a heading', 'host01\n---', '<p>host01</p><hr>'],
    ['lists', '- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['lists with room', '- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
    ['a list in a list', '- a\n  1. b', '<ul><li>a<ol><li>b</li></ol></li></ul>'],
    ['a numbered list starts where it was started', '3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
    ['a quote', '> a', '<blockquote><p>a</p></blockquote>'],
    [
      'a block of code and its language',
      '```SQL x\na < b\n```',
      '<pre><code class="language-sql">a &lt; b\n</code></pre>',
    ],
    ['an odd language is left out', '```js"><b\na\n```', '<pre><code>a\n</code></pre>'],
    ['an indented block', '    a', '<pre><code>a\n</code></pre>'],
    [
      'a table',
      '|a|b|c|\n|:-|:-:|-:|\n|1|2|3|',
      '<table><thead><tr><th scope="col" class="align-left">a</th><th scope="col" class="align-center">b</th><th scope="col" class="align-right">c</th></tr></thead>' +
        '<tbody><tr><td class="align-left">1</td><td class="align-center">2</td><td class="align-right">3</td></tr></tbody></table>',
    ],
    ['a table without rows', '|a|\n|-|', '<table><thead><tr><th scope="col">a</th></tr></thead></table>'],
    ['a block of HTML is text', '<div>\na\n</div>', '<p>&lt;div&gt;<br>a<br>&lt;/div&gt;</p>'],
    ['HTML is text', '<b>a</b>', '<p>&lt;b&gt;a&lt;/b&gt;</p>'],
    [
      'a definition of a link is text',
      '[a]: https://example.org\n\n[a]',
      '<p>[a]: <a href="https://example.org/" ' + rel + '>https://example.org</a></p><p>[a]</p>',
    ],
    ['nothing', '', ''],
  ]

  for (const [name, source, html] of cases) test(name, () => expect(renderMarkdown(source)).toBe(html))
})

describe('links', () => {
  test('lead to the web, to a mailbox or to a place of this instance', () => {
    expect(renderMarkdown('[a](https://example.org/x)')).toBe(
      `<p><a href="https://example.org/x" ${rel}>a</a></p>`,
    )
    expect(renderMarkdown('[a](mailto:a@example.org)')).toBe(
      `<p><a href="mailto:a@example.org" ${rel}>a</a></p>`,
    )
    expect(renderMarkdown('[a](/records/1?x=1#c)')).toBe(`<p><a href="/records/1?x=1#c" ${rel}>a</a></p>`)
  })

  test('that may not lead anywhere stay on the page as typed', () => {
    expect(renderMarkdown('[a](javascript:alert(1))')).toBe('<p>[a](javascript:alert(1))</p>')
  })

  test('a bare web address is a link, and shows what was typed', () => {
    expect(renderMarkdown('see https://example.org/a%20b.')).toBe(
      `<p>see <a href="https://example.org/a%20b" ${rel}>https://example.org/a%20b</a>.</p>`,
    )
    expect(renderMarkdown('http://bücher.example')).toContain('href="http://xn--bcher-kva.example/"')
  })

  test('names that only look like addresses are text', () => {
    expect(renderMarkdown('db.example.org a@example.org ftp://x.example //x.example')).not.toContain('<a')
  })

  test('a link inside a link is one link', () => {
    expect(renderMarkdown('[<https://a.example>](https://b.example)')).toBe(
      `<p><a href="https://b.example/" ${rel}>https://a.example</a></p>`,
    )
    expect(renderMarkdown('[![p](https://a.example/p.png)](https://b.example)')).toBe(
      `<p><a href="https://b.example/" ${rel}>p</a></p>`,
    )
    expect(renderMarkdown('[@ana ABC0001042](/x)', { mention: () => '/y', record: () => '/z' })).toBe(
      `<p><a href="/x" ${rel}>@ana ABC0001042</a></p>`,
    )
  })

  test('are checked one by one', () => {
    for (const href of [
      'http://a.example/',
      'https://a.example:8443/?q="',
      'https://[::1]/',
      'mailto:a.b+c@d.example',
      '/',
      '/a/b?c=d#e',
    ]) {
      expect(safeHref(href)).toBe(href.replaceAll('"', '%22'))
    }
    expect(safeHref('/straße')).toBe('/stra%C3%9Fe')
    expect(safeHref('/\ud800')).toBe('/%EF%BF%BD')
    for (const href of [
      '',
      'a',
      '#a',
      '?a',
      '../a',
      '//a.example',
      '/\\a.example',
      '/a\\b',
      '/a b',
      '/a\nb',
      '/"',
      '/<',
      '/`',
      'javascript:1',
      'https:a.example',
      'https://',
      'https://a"b/',
      'https://a@b.example',
      'https://:p@b.example',
      'mailto:',
      'mailto:a',
      'mailto:a@b?bcc=c@d',
      'mailto:a@b,c@d',
      'mailto:a%0a@b',
      `https://a.example/${'a'.repeat(2048)}`,
      `https://a.example/${'ß'.repeat(1000)}`,
      `/${'a'.repeat(2048)}`,
      `mailto:a@${'a'.repeat(2048)}`,
    ]) {
      expect([href, safeHref(href)]).toEqual([href, undefined])
    }
  })

  test('outside the application lead back to its configured address', () => {
    expect(renderMarkdown('[a](/x)', { origin: 'https://desk.example.org/ignored' })).toBe(
      `<p><a href="https://desk.example.org/x" ${rel}>a</a></p>`,
    )
    expect(renderMarkdown('[a](https://b.example)', { origin: 'https://desk.example.org' })).toContain(
      '"https://b.example/"',
    )
    expect(() => renderMarkdown('[a](/x)', { origin: 'javascript:alert(1)' })).toThrow(/origin/)
    expect(() => renderMarkdown('[a](/x)', { origin: 'desk' })).toThrow(/origin/)
  })
})

describe('pictures', () => {
  const ours = '![a "b"](/api/v1/attachments/0190-a/content)'

  test('of our own attachments are shown', () => {
    expect(renderMarkdown(ours)).toBe(
      '<p><img src="/api/v1/attachments/0190-a/content" alt="a &quot;b&quot;" loading="lazy"></p>',
    )
  })

  test('from anywhere else are links, so that nobody learns who reads', () => {
    expect(renderMarkdown('![a](https://b.example/p.gif)')).toBe(
      `<p><a href="https://b.example/p.gif" ${rel}>a</a></p>`,
    )
    expect(renderMarkdown('![](/logout)')).toBe(`<p><a href="/logout" ${rel}>/logout</a></p>`)
    expect(renderMarkdown('![a](data:image/png;base64,AA)')).toBe('<p>![a](data:image/png;base64,AA)</p>')
  })

  test('are links in mail, which has no session to load them with', () => {
    expect(renderMarkdown(ours, { origin: 'https://desk.example.org' })).toContain(
      '<a href="https://desk.example.org/api/v1/attachments/0190-a/content"',
    )
  })

  test('may be served from another path', () => {
    expect(renderMarkdown('![a](/files/1)', { attachments: '/files/' })).toContain('<img src="/files/1"')
    expect(renderMarkdown(ours, { attachments: '/files/' })).not.toContain('<img')
  })

  test('cannot climb out of their path', () => {
    expect(isPathUnder('/files/', '/files/a-1/b.png')).toBe(true)
    for (const path of [
      '/files/',
      '/files/..',
      '/files/../x',
      '/files/a/../x',
      '/files/.a',
      '/files//a',
      '/files/%2e%2e/a',
      '/files/a?b',
      '/files/a#b',
      '/filesa',
      '/x',
    ]) {
      expect([path, isPathUnder('/files/', path)]).toEqual([path, false])
    }
  })
})

describe('mentions and numbers', () => {
  const people = (handle: string) =>
    handle === 'ana.silva' || handle === 'Jörg' ? `/people/${handle}` : undefined

  test('become links where somebody knows them, and stay words where not', () => {
    expect(renderMarkdown('@ana.silva: @nobody', { mention: people })).toBe(
      `<p><a class="mention" href="/people/ana.silva" ${rel}>@ana.silva</a>: @nobody</p>`,
    )
    expect(renderMarkdown('(ABC0001042)', { record: (number) => `/records/${number}` })).toBe(
      `<p>(<a class="record-number" href="/records/ABC0001042" ${rel}>ABC0001042</a>)</p>`,
    )
    expect(renderMarkdown('@a ABC0001042')).toBe('<p>@a ABC0001042</p>')
  })

  test('are found where a person would see them', () => {
    expect(
      referencesIn(
        '@ana, @ben_x. (@Jörg) @ana\n> @carla\n\n- **@dora**\n\n|@eva|\n|-|\n|@finn|\n\n# @gil\n\nABC0001042, ABC0001042!',
      ),
    ).toEqual({
      mentions: ['ana', 'ben_x', 'Jörg', 'carla', 'dora', 'eva', 'finn', 'gil'],
      records: ['ABC0001042'],
    })
  })

  test('are not found in addresses, code, links and longer words', () => {
    expect(
      referencesIn(
        'ana@example.org x@y `@ana` https://example.org/@ana/ABC0001042 [@ana](/x) a/@ana @@ana @-ana xABC0001042 ABC0001042x ABC-0001042 AB12 abc0001042\n\n    @ana ABC0001042\n\n---\n\n```\n@ana\n```',
      ),
    ).toEqual({ mentions: [], records: [] })
  })

  test('are limited in number, because each is looked up and may tell somebody', () => {
    const many = Array.from(
      { length: maxReferences + 5 },
      (_, index) => `@a${index} ABC${1000 + index}`,
    ).join(' ')
    expect(referencesIn(many).mentions).toHaveLength(maxReferences)
    expect(referencesIn(many).records).toHaveLength(maxReferences)
    expect(markdownToText(many)).toBe(many)
  })
})

describe('nothing disappears', () => {
  test('a text beyond the limit is shown as typed', () => {
    const long = '*'.repeat(maxMarkdownLength + 1)
    expect(renderMarkdown(long)).toBe(`<pre><code>${long}</code></pre>`)
    expect(renderMarkdown('**a**'.padEnd(maxMarkdownLength))).toContain('<strong>')
  })

  test('a text nested too deeply is shown as typed', () => {
    expect(renderMarkdown(`${'> '.repeat(31)}a`)).toContain('<p>a</p>')
    expect(renderMarkdown(`${'> '.repeat(32)}a`)).toBe(`<pre><code>${'&gt; '.repeat(32)}a</code></pre>`)
    expect(renderMarkdown(`${'- '.repeat(40)}a`)).toBe(`<pre><code>${'- '.repeat(40)}a</code></pre>`)
  })

  test('emphasis nested too deeply loses the emphasis, not the words', () => {
    const html = renderMarkdown(`${'*a '.repeat(100)}b${' a*'.repeat(100)}`)
    expect(html.split('<em>').length - 1).toBe(32)
    expect(html.replace(/<[^>]*>/g, '').split('a').length - 1).toBe(200)
  })

  test('a destination that was refused does not take the words with it', () => {
    expect(renderMarkdown('[words]()')).toBe('<p>words</p>')
    expect(renderMarkdown('![words]()')).toBe('<p>words</p>')
    expect(renderMarkdown('![a ![b](/b) c\nd]()')).toBe('<p>a b c d</p>')
  })

  test('control characters are marked, and code shows what would reorder it', () => {
    expect(renderMarkdown('a\u0007b&#13;c')).toBe('<p>a\ufffdb\nc</p>')
    expect(renderMarkdown('`a\u202eb\u2066`')).toBe('<p><code>a[U+202E]b[U+2066]</code></p>')
    expect(renderMarkdown('a\ud800b')).toBe('<p>a\ufffdb</p>')
  })

  test('a table with a row that is too long is shown as typed, and one that is too short is a table', () => {
    const table = '|a|b|\n|-|-|\n|1|2|'
    expect(renderMarkdown(table)).toContain('<table>')
    expect(renderMarkdown(`${table}\n|3|`)).toContain('<table>')
    expect(renderMarkdown(`${table}\n|3|x\\|y|`)).toContain('<table>')
    const long = `${table}\n|3|4|five|`
    expect(renderMarkdown(long)).toBe(`<pre><code>${long}</code></pre>`)
    expect(markdownToText(long)).toBe(long)
    expect(markdownToText(`> ${long.replaceAll('\n', '\n> ')}\n\nafter`)).toContain('five')
    expect(renderMarkdown(`before\n\n${long}\n\n**after**`)).toMatch(/^<p>before<\/p>.*five.*<strong>after/s)
  })

  test('every word of plain prose reaches both the page and the mail', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    const mark = fc.constantFrom(
      ' ',
      '\n',
      '\n\n',
      ' **',
      '** ',
      ' *',
      '* ',
      '\n- ',
      '\n> ',
      '\n1. ',
      ' [',
      '](/x) ',
      '\n# ',
      '\n---\n',
      '\n    ',
      '`',
      '\n```\n',
      '<',
      '>',
      '~~',
      '![',
      '|',
      '|\n|',
      '\n|-|-|\n|',
      '\n\n|',
      '\\|',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(mark, word), { maxLength: 30 }), (parts) => {
        // Words after a fence are its information and are not shown; everything else is.
        const source = parts
          .map(([before, text]) => before + (before.includes('```') ? '' : `w${text}w`))
          .join('')
        const words = parts.filter(([before]) => !before.includes('```')).map(([, text]) => `w${text}w`)
        const html = renderMarkdown(source)
        const text = markdownToText(source)
        for (const one of words) expect(html.includes(one) && text.includes(one)).toBe(true)
      }),
      { numRuns: runs },
    )
  })
})

describe('as plain text', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['marks are gone', '# a\n\n**b** _c_ ~~d~~ `e`', 'a\n\nb c d e'],
    ['lines stay', 'a\nb\n\nc', 'a\nb\n\nc'],
    ['links are written out', '[a](https://b.example/x)', 'a (https://b.example/x)'],
    [
      'a link that is its own text is written once',
      'https://b.example <https://b.example/x> <a@b.example>',
      'https://b.example/ https://b.example/x a@b.example',
    ],
    ['a mailbox is written as one', '[Ann](mailto:a@b.example)', 'Ann (a@b.example)'],
    [
      'places of the instance get its address',
      '[a](/x) ![b](/y) ![](/z)',
      'a (https://desk.example.org/x) b (https://desk.example.org/y) https://desk.example.org/z',
    ],
    ['lists', '- a\n  b\n- c\n\n  d', '- a\n  b\n\n- c\n\n  d'],
    ['tight lists', '- a\n  1. b\n  2. c\n- d', '- a\n  1. b\n  2. c\n- d'],
    ['numbers count on', '9. a\n10. b\n    c', '9. a\n10. b\n    c'],
    ['quotes', '> a\n>\n> b', '> a\n>\n> b'],
    ['code stays as it is', '```\na <b>\n  c\n```', 'a <b>\n  c'],
    ['a rule', 'a\n\n***\n\nb', 'a\n\n----------\n\nb'],
    ['a table', '|a|b|\n|-|-|\n|1|2|', 'a | b\n1 | 2'],
    ['mentions and numbers', '@ana ABC0001042', '@ana ABC0001042'],
  ]

  for (const [name, source, text] of cases) {
    test(name, () => expect(markdownToText(source, { origin: 'https://desk.example.org' })).toBe(text))
  }
})
