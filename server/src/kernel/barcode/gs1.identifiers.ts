/** What an element string holds: digits with a check digit at the end, digits, or the 82 characters of GS1's set. */
export type Gs1Element = {
  readonly kind: 'checked' | 'digits' | 'text'
  readonly least: number
  readonly most: number
}

const checked = (length: number): Gs1Element => ({ kind: 'checked', least: length, most: length })
const digits = (least: number, most: number = least): Gs1Element => ({ kind: 'digits', least, most })
const text = (most: number): Gs1Element => ({ kind: 'text', least: 1, most })

/** Application identifiers as they appear on devices, their packages and labels (GS1 General Specifications, section 3.2). */
const elements: ReadonlyMap<string, Gs1Element> = new Map([
  ['00', checked(18)],
  ['01', checked(14)],
  ['02', checked(14)],
  ['03', checked(14)],
  ['10', text(20)],
  ['11', digits(6)],
  ['12', digits(6)],
  ['13', digits(6)],
  ['15', digits(6)],
  ['16', digits(6)],
  ['17', digits(6)],
  ['20', digits(2)],
  ['21', text(20)],
  ['22', text(20)],
  ['235', text(28)],
  ['240', text(30)],
  ['241', text(30)],
  ['242', digits(1, 6)],
  ['243', text(20)],
  ['250', text(30)],
  ['251', text(30)],
  ['254', text(20)],
  ['30', digits(1, 8)],
  ['37', digits(1, 8)],
  ['400', text(30)],
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map((ai) => [ai, checked(13)] as const),
  ['420', text(20)],
  ['422', digits(3)],
  ['7003', digits(10)],
  ...['710', '711', '712', '713', '714', '715', '716'].map((ai) => [ai, text(20)] as const),
  ['8004', text(30)],
  ['8006', digits(18)],
  ['8008', digits(8, 12)],
  ['8012', text(20)],
  ['8013', text(25)],
  ['8014', text(25)],
  ['8017', checked(18)],
  ['8018', checked(18)],
  ['8020', text(25)],
  ['90', text(30)],
  ...['91', '92', '93', '94', '95', '96', '97', '98', '99'].map((ai) => [ai, text(90)] as const),
])

/** The identifier that `rest` begins with. None begins another one. */
export const identifierAt = (rest: string): string | undefined =>
  [2, 3, 4].map((length) => rest.slice(0, length)).find((ai) => elements.has(ai))

export const elementOf = (identifier: string): Gs1Element | undefined => elements.get(identifier)

/** Elements of these lengths need no separator behind them (General Specifications, figure 7.8.5-2); all others do. */
export const endsByItself = (identifier: string): boolean =>
  /^(?:0[0-4]|1[1-9]|20|3[1-6]|41)/.test(identifier)

/** Where the first character stands that is none of the 82 of GS1 (General Specifications, figure 7.11-1), or -1. */
export const foreignAt = (value: string): number => value.search(/[^!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]/u)
