/**
 * `node tools/text-rules.ts`: every text that the application shows or speaks comes from its catalogue. Prints what stands in a page as it
 * is, and what is asked of the catalogue before the reader's language is known; exits 1 when there is any.
 */
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { root } from './step.ts'

/** Attributes and members that people see or hear. */
const spoken = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'description',
  'error',
  'label',
  'message',
  'nothingFoundMessage',
  'placeholder',
  'title',
])
/** Functions whose first argument people see. */
const shownBy = new Set(['usePageTitle', 'announce'])
/** The same in every language: names, numbers of records, and what machines read. */
const names = new Set(['Evenkeel'])
const isNumber = (value: string): boolean => /^[A-Z]{2,5}\d+$/.test(value)
const forMachines = new Set(['code', 'kbd', 'samp'])

type Node = { readonly type: string; readonly start: number } & Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const isFunction = ({ type }: Node): boolean =>
  type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isWords = (value: string): boolean =>
  /\p{L}{2}/u.test(value) && !names.has(value.trim()) && !isNumber(value.trim())

/** The texts that an expression may come to, as far as they stand in it. */
const textsIn = (node: unknown): readonly Node[] => {
  if (!isNode(node)) return []
  switch (node.type) {
    case 'Literal':
      return isWords(text(node['value'])) ? [node] : []
    case 'TemplateLiteral': {
      const { quasis } = node
      return Array.isArray(quasis) && quasis.some((quasi: unknown) => isWords(quasiText(quasi))) ? [node] : []
    }
    case 'JSXExpressionContainer':
      return textsIn(node['expression'])
    case 'ConditionalExpression':
      return [...textsIn(node['consequent']), ...textsIn(node['alternate'])]
    case 'LogicalExpression':
      return [...textsIn(node['left']), ...textsIn(node['right'])]
    case 'BinaryExpression':
      return node['operator'] === '+' ? [...textsIn(node['left']), ...textsIn(node['right'])] : []
    default:
      return []
  }
}

const quasiText = (quasi: unknown): string => {
  const value: unknown = isNode(quasi) ? quasi['value'] : undefined
  return typeof value === 'object' && value !== null && 'cooked' in value ? text(value.cooked) : ''
}

const nameOf = (node: unknown): string => (isNode(node) ? text(node['name']) || text(node['value']) : '')

/** A line for every text that is not from the catalogue. */
export const textFaults = (file: string, source: string): string[] => {
  const faults: string[] = []
  const fault = (node: Node, what: string): void => {
    const line = source.slice(0, node.start).split('\n').length
    faults.push(`${file}:${line}: ${what}`)
  }
  const visit = (node: Node, inFunction: boolean): void => {
    switch (node.type) {
      case 'JSXText':
        if (isWords(text(node['value'])))
          fault(node, `“${text(node['value']).trim()}” is not from the catalogue`)
        break
      case 'JSXElement':
      case 'JSXFragment':
        for (const child of Array.isArray(node['children']) ? node['children'] : [])
          for (const found of textsIn(
            isNode(child) && child.type === 'JSXExpressionContainer' ? child : null,
          ))
            fault(found, 'a text in an expression is not from the catalogue')
        break
      case 'JSXAttribute':
        if (spoken.has(nameOf(node['name'])))
          for (const found of textsIn(node['value']))
            fault(found, `${nameOf(node['name'])} is not from the catalogue`)
        break
      case 'CallExpression': {
        const called = nameOf(node['callee'])
        if (called === 'say' && !inFunction)
          fault(node, 'asked of the catalogue before the language of the reader is known')
        const [first] = Array.isArray(node['arguments']) ? node['arguments'] : []
        if (shownBy.has(called))
          for (const found of textsIn(first)) fault(found, `what ${called} shows is not from the catalogue`)
        if (calledMember(node['callee']) === 'notifications.show') {
          for (const property of isNode(first) && Array.isArray(first['properties'])
            ? first['properties']
            : [])
            if (isNode(property) && spoken.has(nameOf(property['key'])))
              for (const found of textsIn(property['value']))
                fault(found, 'what a notification says is not from the catalogue')
        }
        break
      }
    }
    if (node.type === 'JSXElement' && forMachines.has(elementName(node))) return
    const inside = inFunction || isFunction(node)
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, inside)
    }
  }
  const program: unknown = parseSync(file, source).program
  if (isNode(program)) visit(program, false)
  return faults
}

const elementName = (element: Node): string => {
  const opening = element['openingElement']
  return isNode(opening) ? nameOf(opening['name']) : ''
}

const calledMember = (callee: unknown): string =>
  isNode(callee) && callee.type === 'MemberExpression'
    ? `${nameOf(callee['object'])}.${nameOf(callee['property'])}`
    : ''

/** What is wrong in the whole application. */
export const textFaultsOfWeb = async (): Promise<string[]> => {
  const faults: string[] = []
  for await (const file of glob('web/src/**/*.{ts,tsx}', { cwd: root })) {
    if (/\.test\.tsx?$|\/language\//.test(file)) continue
    faults.push(...textFaults(file, await readFile(join(root, file), 'utf8')))
  }
  return faults
}

if (import.meta.main) {
  const faults = await textFaultsOfWeb()
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
