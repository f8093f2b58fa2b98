import type { AnyNode, BinaryExpression, CallExpression, Expression, SwitchStatement } from 'acorn'
import { EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, UNEQUAL } from './compare-log.ts'
import { type Draft, LOG, SITE } from './instrument.ts'

const OPERATORS: Readonly<Record<string, number>> = {
  '===': EQUAL,
  '!==': UNEQUAL,
  '==': EQUAL,
  '!=': UNEQUAL,
  '<': LESS,
  '<=': LESS_OR_EQUAL,
  '>': GREATER,
  '>=': GREATER_OR_EQUAL,
}

/** Methods of strings, octets, maps and sets that compare. */
const METHODS = new Set([
  'startsWith',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'equals',
  'compare',
  'has',
  'get',
  'test',
  'exec',
  'match',
  'split',
])

/** The longest comparison whose text is written twice. */
const TWICE = 240

/**
 * Puts `(log.on ? log.compare(...) : a === b)` for a comparison. Both sides stand there twice and are computed once; so
 * the operator itself is as quick as before while the log is off.
 */
export function watchComparison(draft: Draft, node: AnyNode, bound: boolean): void {
  if (node.type === 'BinaryExpression') watchOperator(draft, node)
  else if (node.type === 'SwitchStatement') watchSwitch(draft, node)
  else if (node.type === 'CallExpression' && !bound) watchCall(draft, node)
}

/** What is made as large as a number says costs as much, though no code of the target's runs for it. */
const MAKERS = new Set(['Array', 'ArrayBuffer', 'SharedArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array'])
const MAKING_METHODS = new Set(['alloc', 'allocUnsafe', 'allocUnsafeSlow', 'repeat', 'padStart', 'padEnd'])

/** Counts the size of what is made as work: `new Array(log.sized(n))`. */
export function countSize({ edits }: Draft, node: AnyNode): void {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return
  const [size] = node.arguments
  const { callee } = node
  const isMaker =
    callee.type === 'Identifier'
      ? MAKERS.has(callee.name)
      : callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        MAKING_METHODS.has(callee.property.name)
  if (!isMaker || size === undefined || size.type === 'SpreadElement' || size.type === 'Literal') return
  edits.around(size.start, size.end, `${LOG}.sized((`, '))')
}

function watchOperator(draft: Draft, node: BinaryExpression): void {
  const how = OPERATORS[node.operator]
  const { left, right } = node
  if (how === undefined || left.type === 'PrivateIdentifier') return
  if (saysNothing(left) || saysNothing(right)) return
  const sides = texts(draft, [left, right], node)
  if (sides === undefined) return
  remember(draft, left)
  remember(draft, right)
  const isLoose = node.operator === '==' || node.operator === '!='
  const call = `${LOG}.${isLoose ? 'loosely' : 'compare'}(${site(draft)},${how},${sides})`
  draft.edits.around(node.start, node.end, `(${LOG}.on?${call}:`, ')')
}

function watchSwitch(draft: Draft, { discriminant, cases }: SwitchStatement): void {
  const tests = cases.flatMap(({ test }) => (test && isStill(test) ? [test] : []))
  if (tests.length === 0 || saysNothing(discriminant)) return
  const value = texts(draft, [discriminant], discriminant)
  if (value === undefined) return
  for (const test of tests) remember(draft, test)
  const list = tests.map(test => draft.source.slice(test.start, test.end)).join(',')
  if (list.includes('\n')) return
  const call = `${LOG}.choose(${site(draft, tests.length)},${value},[${list}])`
  draft.edits.around(discriminant.start, discriminant.end, `${LOG}.on?${call}:(`, ')')
}

function watchCall(draft: Draft, node: CallExpression): void {
  const { callee, arguments: values } = node
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return
  if (!METHODS.has(callee.property.name) || callee.object.type === 'Super' || node.optional || callee.optional) return
  const sides = values.flatMap(value => (value.type === 'SpreadElement' ? [] : [value]))
  if (sides.length !== values.length || sides.length === 0 || sides.length > 2) return
  const object = texts(draft, [callee.object], node)
  const list = texts(draft, sides, node)
  if (object === undefined || list === undefined) return
  for (const value of sides) remember(draft, value)
  const call = `${LOG}.call(${site(draft)},${object},'${callee.property.name}',${list})`
  draft.edits.around(node.start, node.end, `(${LOG}.on?${call}:`, ')')
}

function site(draft: Draft, count = 1): string {
  const first = draft.sites
  draft.sites += count
  return `${SITE}+${first}`
}

/** Sides as arguments, or undefined where the text is too long to stand there twice, or has more than one line. */
function texts({ edits, source }: Draft, sides: readonly Expression[], whole: AnyNode): string | undefined {
  if (source.slice(whole.start, whole.end).includes('\n')) return undefined
  const list = sides.map(({ start, end }) => `(${edits.text(start, end)})`)
  const text = list.join(',')
  return text.length > TWICE || text.includes('//') ? undefined : text
}

/** Nothing of an input is compared with these. */
function saysNothing(node: Expression): boolean {
  if (node.type === 'Identifier') return node.name === 'undefined' || node.name === 'NaN'
  if (node.type === 'UnaryExpression') return node.operator === 'typeof' || node.operator === 'void'
  if (node.type === 'Literal') return node.value === null || typeof node.value === 'boolean'
  return false
}

/** It can be computed once more and nothing comes of it. */
function isStill(node: Expression): boolean {
  if (node.type === 'Literal' || node.type === 'Identifier') return true
  if (node.type === 'UnaryExpression') return node.operator !== 'delete' && isStill(node.argument)
  if (node.type !== 'MemberExpression' || node.object.type === 'Super' || node.computed) return false
  return isStill(node.object)
}

/** What the code compares with is worth trying. */
function remember({ words }: Draft, node: Expression): void {
  if (node.type !== 'Literal') return
  if (typeof node.value === 'number' && Number.isInteger(node.value) && node.value > 255) words.add(node.value)
  if (typeof node.value === 'string' && node.value.length > 1 && node.value.length <= 32) words.add(node.value)
}
