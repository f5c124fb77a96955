import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** The neutral scale, light to dark. */
const gray: MantineColorsTuple = [
  '#f7f7f8',
  '#f0f0f2',
  '#e6e6e9',
  '#d9d9de',
  '#c2c2c9',
  '#94949e',
  '#6b6b76',
  '#52525c',
  '#35353c',
  '#1b1b1f',
]

/** The same neutral for dark surfaces; Mantine reads text from its beginning and surfaces from its end. */
const dark: MantineColorsTuple = [
  '#ececf0',
  '#c9c9d1',
  '#a3a3ad',
  '#80808b',
  '#3d3d45',
  '#303037',
  '#26262b',
  '#1a1a1e',
  '#141417',
  '#0e0e10',
]

/** The one accent. */
const teal: MantineColorsTuple = [
  '#ecf8f6',
  '#d2efeb',
  '#a6ded7',
  '#72c8be',
  '#43afa4',
  '#22958a',
  '#137a71',
  '#0d655e',
  '#0c504b',
  '#0b3f3b',
]

/** Breach and critical, nothing else. */
const red: MantineColorsTuple = [
  '#fdeeec',
  '#fbdad6',
  '#f5b2aa',
  '#f0897e',
  '#e4604f',
  '#d5402f',
  '#b42a1b',
  '#952116',
  '#741910',
  '#54120c',
]

/**
 * Every color a component may use, by what it means: [light, dark]. `…-soft` is the surface below text of the same name; theme.test.ts
 * holds each pair to 4.5 : 1.
 */
export const tokens = {
  page: ['#f7f7f8', '#121214'],
  panel: ['#ffffff', '#1a1a1e'],
  raised: ['#ffffff', '#222227'],
  sunken: ['#f0f0f2', '#0e0e10'],
  line: ['#e6e6e9', '#2b2b31'],
  'line-strong': ['#c2c2c9', '#45454e'],
  /** Edge of what nothing but its edge shows: a box to tick, a switch. */
  'line-control': ['#83838e', '#82828d'],
  hover: ['#f0f0f2', '#232328'],
  selected: ['#e6f3f1', '#16302d'],
  text: ['#1b1b1f', '#ececf0'],
  'text-quiet': ['#5c5c66', '#a8a8b2'],
  accent: ['#0d655e', '#5fcdc1'],
  'accent-soft': ['#e3f3f1', '#14332f'],
  critical: ['#a82317', '#ff9d91'],
  'critical-soft': ['#fdeceb', '#40191a'],
  high: ['#8f4300', '#f7ad68'],
  'high-soft': ['#fdf0e2', '#362311'],
  medium: ['#6b5300', '#e3c860'],
  'medium-soft': ['#faf3d6', '#2d2810'],
  low: ['#52525c', '#b4b4be'],
  'low-soft': ['#eeeef1', '#29292f'],
  open: ['#0d655e', '#5fcdc1'],
  'open-soft': ['#e3f3f1', '#14332f'],
  waiting: ['#5b40b0', '#b9a6f7'],
  'waiting-soft': ['#f1edfc', '#292144'],
  done: ['#3d6420', '#a3cf80'],
  'done-soft': ['#eef5e6', '#212d17'],
  note: ['#7a4a00', '#f0b95c'],
  'note-soft': ['#fff6e3', '#2e2411'],
  'note-line': ['#b9811f', '#a8741a'],
  comment: ['#1c55a8', '#93bdfa'],
  'comment-soft': ['#eaf2fe', '#16263f'],
  'comment-line': ['#4e86d8', '#3f6fb5'],
  /** Bars of charts, beside which a bright accent would glare; the second is what a part is a part of. */
  bar: ['#0d655e', '#2f9a8f'],
  'bar-rest': ['#83838e', '#676772'],
  /** What just changed, fading out. */
  fresh: ['#d6efe9', '#183c37'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

export type Token = keyof typeof tokens
/** Tokens that come with a surface of their own. */
export type Tone = { [T in Token]: `${T}-soft` extends Token ? T : never }[Token]

export const tokenVariables: CSSVariablesResolver = () => {
  const scheme = (at: 0 | 1): Record<`--${string}`, string> => ({
    ...Object.fromEntries(Object.entries(tokens).map(([name, pair]) => [`--ek-${name}`, pair[at]])),
    '--mantine-color-body': tokens.page[at],
    '--mantine-color-text': tokens.text[at],
    '--mantine-color-dimmed': tokens['text-quiet'][at],
    '--mantine-color-placeholder': tokens['text-quiet'][at],
    '--mantine-color-anchor': tokens.accent[at],
    '--mantine-color-default': tokens.panel[at],
    '--mantine-color-default-hover': tokens.hover[at],
    '--mantine-color-default-border': tokens['line-strong'][at],
    // A field that is not right is not a breach: red stays for those.
    '--mantine-color-error': tokens.high[at],
    '--mantine-color-teal-light': tokens['accent-soft'][at],
    '--mantine-color-teal-light-hover': tokens.selected[at],
    '--mantine-color-teal-light-color': tokens.accent[at],
    // Seen on every surface, a dialog's and a comment's too.
    '--mantine-color-disabled': 'color-mix(in srgb, var(--ek-text) 9%, transparent)',
  })
  return { variables: {}, light: scheme(0), dark: scheme(1) }
}

const shadow = '0 1px 2px rgb(0 0 0 / 8%), 0 8px 24px rgb(0 0 0 / 12%)'
const sans = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

/** Sizes are in rem of 16 px: 14 px text, 4 px steps, one shadow. */
export const theme = createTheme({
  colors: { gray, dark, teal, red },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: sans,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.3334', sm: '1.4286', md: '1.4286', lg: '1.5', xl: '1.4' },
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.4' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4286' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4286' },
      h5: { fontSize: '0.875rem', lineHeight: '1.4286' },
      h6: { fontSize: '0.875rem', lineHeight: '1.4286' },
    },
  },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  shadows: { xs: shadow, sm: shadow, md: shadow, lg: shadow, xl: shadow },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.4 },
        centered: true,
        // The head of a dialog is no banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: {
        content: { background: 'var(--ek-raised)' },
        header: { background: 'var(--ek-raised)' },
        title: { fontSize: '1rem', fontWeight: 600, lineHeight: 1.4 },
      },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 120 }, attributes: { header: { role: 'presentation' } } },
      styles: {
        content: { background: 'var(--ek-panel)', borderInlineStart: '1px solid var(--ek-line)' },
        header: { background: 'var(--ek-panel)' },
        title: { fontSize: '1rem', fontWeight: 600, lineHeight: 1.4 },
      },
    },
    // Its items are children of the menu itself, and it stays in the landmark of its button.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 80 },
        shadow: 'md',
        withInitialFocusPlaceholder: false,
        withinPortal: false,
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Badge: { defaultProps: { radius: 'sm' } },
    SegmentedControl: {
      styles: {
        root: { background: 'var(--ek-sunken)', boxShadow: 'inset 0 0 0 1px var(--ek-line)' },
        label: { paddingInline: 10 },
      },
    },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 }, openDelay: 350 } },
    Loader: { defaultProps: { type: 'dots' } },
  },
})
