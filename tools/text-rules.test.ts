import { expect, test } from 'vitest'
import { textFaults, textFaultsOfWeb } from './text-rules.ts'

const faults = (source: string): readonly string[] =>
  textFaults('x.tsx', source).map((fault) => fault.replace(/^x\.tsx:\d+: /, ''))

test.each([
  ['const X = () => <p>Nothing here</p>', '“Nothing here” is not from the catalogue'],
  ['const X = () => <p aria-label="Close" />', 'aria-label is not from the catalogue'],
  ['const X = () => <Input placeholder={`Search in ${name}`} />', 'placeholder is not from the catalogue'],
  ['const X = () => <Input label={wide ? "Filter" : say("a")} />', 'label is not from the catalogue'],
  ['const X = () => <p>{count > 0 && "some"}</p>', 'a text in an expression is not from the catalogue'],
  ['const X = () => <p>{"at " + time}</p>', 'a text in an expression is not from the catalogue'],
  ['const f = () => usePageTitle("Home")', 'what usePageTitle shows is not from the catalogue'],
  [
    'const f = () => notifications.show({ message: "Saved", color: "gray" })',
    'what a notification says is not from the catalogue',
  ],
  [
    'const columns = [{ title: say("field.title") }]',
    'asked of the catalogue before the language of the reader is known',
  ],
])('%s', (source, fault) => {
  expect(faults(source)).toEqual([fault])
})

test.each([
  'const X = () => <p className="wide" data-state="open">{say("a")} · {name}</p>',
  'const X = () => <p title={`${number} ${title}`}>Evenkeel</p>',
  'const X = () => <Button variant="default" aria-label={say("a")}>{icon}</Button>',
  'const X = () => <code>custom.{key}</code>',
  'const X = () => <Input placeholder="INC0001042" />',
  'const columns = () => [{ id: "title", title: say("field.title") }]',
])('%s is fine', (source) => {
  expect(faults(source)).toEqual([])
})

test('the line of the fault is named', () => {
  expect(textFaults('x.tsx', 'const X = () => (\n  <p>\n    <b>Hello you</b>\n  </p>\n)')).toEqual([
    'x.tsx:3: “Hello you” is not from the catalogue',
  ])
})

test('every text of the application comes from the catalogue', async () => {
  expect(await textFaultsOfWeb()).toEqual([])
})
