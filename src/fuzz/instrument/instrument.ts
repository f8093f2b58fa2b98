import { type AnyNode, type Options, type Program, parse } from 'acorn'
import { countSize, watchComparison } from './comparisons.ts'
import { COVERAGE } from './coverage.ts'
import { Edits } from './edits.ts'

export interface InstrumentOptions {
  /** What locations name. */
  readonly file: string
  readonly type: 'module' | 'commonjs'
  /** Whether comparisons are watched, which costs next to nothing while the log is off. They are unless it says no. */
  readonly comparisons?: boolean
  /** Where a place of this source was written, where it was made of another: line from 1, column from 0. */
  readonly original?: ((line: number, column: number) => readonly [line: number, column: number]) | undefined
}

/** The names that instrumented code uses for its counters, the number of its first comparison, and the log. */
export const COUNTERS = '__wgc'
export const SITE = '__wgs'
export const LOG = '__wgl'
export const WORK = '__wgw'

/** What is collected on the way through one source. */
export interface Draft {
  readonly edits: Edits
  readonly source: string
  readonly places: number[]
  sites: number
  readonly words: Set<string | number>
}

/**
 * The same code that counts how often each basic block is entered: functions, both arms of a choice (a missing `else` too), loops, cases, handlers,
 * and right sides of `&&`, `||` and `??`; and that shows what it compares. Lines stay the lines they are. Throws a
 * `SyntaxError` where the source is no JavaScript.
 */
export function instrument(source: string, options: InstrumentOptions): string {
  return instrumented(source, options).done()
}

/** The same as edits, for who needs to know what went where. */
export function instrumented(source: string, options: InstrumentOptions): Edits {
  const program = parse(source, { ...PARSING, sourceType: options.type === 'module' ? 'module' : 'script' }) as Program
  const draft: Draft = { edits: new Edits(source), source, places: [], sites: 0, words: new Set() }
  const watching = options.comparisons ?? true

  function count(at: { readonly line: number; readonly column: number }): string {
    const [line, column] = options.original?.(at.line, at.column) ?? [at.line, at.column]
    draft.places.push(line, column)
    return `${COUNTERS}[${draft.places.length / 2 - 1}]++`
  }

  // What ends a counting loop is compared often and says little.
  const ticks = new Set<AnyNode>()

  const callbacks = new Set<AnyNode>()

  function visit(node: AnyNode, bound: boolean): void {
    if (node.type === 'ForStatement' && node.test?.type === 'BinaryExpression') ticks.add(node.test)
    if (node.type === 'CallExpression') for (const value of node.arguments) callbacks.add(value)
    const spine = node.type === 'ChainExpression' || (bound && isSpine(node))
    for (const child of childrenOf(node)) visit(child, spine && isOnSpine(node, child))
    for (const { at, to, kind } of blocksOf(node)) {
      const start = at.loc?.start ?? { line: 1, column: 0 }
      // Loops may turn any number of times, and so may what is handed to others to call: that is the work counted.
      const more = /^(?:For|While|DoWhile)/.test(node.type) || callbacks.has(node) ? `${WORK}[0]++` : ''
      if (kind === 'expression')
        draft.edits.around(at.start, at.end, `(${more === '' ? '' : `${more},`}${count(start)},`, ')')
      else if (kind === 'statement') draft.edits.around(at.start, at.end, `{${more};${count(start)};`, '}')
      else if (kind === 'else') draft.edits.after(to, `else{${count(start)}}`)
      else draft.edits.after(to, `${kind === 'after' ? ';' : ''}${more};${count(start)};`)
    }
    countSize(draft, node)
    if (watching && !ticks.has(node)) watchComparison(draft, node, bound)
  }

  for (const node of program.body) visit(node, false)
  const header = headerOf(draft, options.file)
  draft.edits.after(beginning(program, source), header)
  return draft.edits
}

const PARSING: Options = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowAwaitOutsideFunction: false,
}

function headerOf({ places, sites, words }: Draft, file: string): string {
  const map = JSON.stringify({ file, places, sites, words: [...words] })
  return (
    `;const {counters:${COUNTERS},work:${WORK},site:${SITE},log:${LOG}}=` +
    `globalThis[${JSON.stringify(COVERAGE)}].module(${map});`
  )
}

/** Behind `#!` and directives. */
function beginning({ body }: Program, source: string): number {
  const last = body.findLast(node => node.type === 'ExpressionStatement' && node.directive !== undefined)
  if (last !== undefined) return last.end
  return source.startsWith('#!') ? source.indexOf('\n') + 1 || source.length : 0
}

interface Block {
  readonly at: AnyNode
  /** Where a counter goes that is not put around. */
  readonly to: number
  readonly kind: 'expression' | 'statement' | 'inside' | 'after' | 'else'
}

/** The blocks that a node begins. */
function blocksOf(node: AnyNode): Block[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const { body } = node
      if (body.type !== 'BlockStatement') return [{ at: body, to: 0, kind: 'expression' }]
      const directive = body.body.findLast(
        child => child.type === 'ExpressionStatement' && child.directive !== undefined,
      )
      if (directive !== undefined) return [{ at: body, to: directive.end, kind: 'after' }]
      return [{ at: body, to: body.start + 1, kind: 'inside' }]
    }
    case 'IfStatement':
      return [
        statement(node.consequent),
        node.alternate ? statement(node.alternate) : { at: node, to: node.consequent.end, kind: 'else' },
      ]
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [statement(node.body)]
    case 'SwitchCase':
      return [{ at: node, to: node.consequent[0]?.start ?? node.end, kind: 'inside' }]
    case 'CatchClause':
      return [statement(node.body)]
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].map(at => ({ at, to: 0, kind: 'expression' }))
    case 'LogicalExpression':
      return [{ at: node.right, to: 0, kind: 'expression' }]
    default:
      return []
  }
}

function statement(at: AnyNode): Block {
  return at.type === 'BlockStatement' ? { at, to: at.start + 1, kind: 'inside' } : { at, to: 0, kind: 'statement' }
}

export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = []
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) children.push(...value.filter(isNode))
    else if (isNode(value)) children.push(value)
  }
  return children
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** `a?.b.c(d)`: what stands to the left of its last part belongs to one chain, which must not be broken up. */
function isSpine(node: AnyNode): boolean {
  return node.type === 'MemberExpression' || node.type === 'CallExpression'
}

function isOnSpine(node: AnyNode, child: AnyNode): boolean {
  if (node.type === 'ChainExpression') return true
  return (
    (node.type === 'MemberExpression' && node.object === child) ||
    (node.type === 'CallExpression' && node.callee === child)
  )
}
