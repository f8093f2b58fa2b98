import { fileURLToPath } from 'node:url'
import type { Find, FindKind, Outcome } from './target.ts'

/** Frames of a stack that tell one find from another. */
const FRAMES = 3
/** Frames that are kept of a stack. */
const DEPTH = 50
/** Characters of a title. */
const TITLE = 160

/** One frame of a stack, without what differs from machine to machine and from edit to edit. */
export interface Frame {
  /** `decode`, `Parser.read`, or `<anonymous>`. */
  readonly name: string
  /** From the root of the project or of its package: `src/dns/message.ts`, `dns-packet/index.js`. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Where this code lies. */
const HARNESS = fileURLToPath(new URL('.', import.meta.url))

const LINE = /^\s*at (?:(?:async )?(.*?) \()?((?:file:\/\/)?\/?[^()]*?):(\d+):(\d+)\)?$/

/** The frames of a stack in V8's words, innermost first and up to the harness, but for Node's own. */
export function framesOf(stack: string, root: string = process.cwd()): Frame[] {
  const frames: Frame[] = []
  for (const text of stack.split('\n')) {
    const [, name, path, line] = LINE.exec(text) ?? []
    if (path === undefined || path.startsWith('node:')) continue
    const plain = path.replace(/^file:\/\//, '').replace(/\?.*$/, '')
    // From here on it is we who call.
    if (plain.startsWith(HARNESS) && !/\.(fixture|test)\./.test(plain)) break
    const file = withoutRoot(plain, root)
    frames.push({
      name: (name ?? '<anonymous>').replace(/ \[as .*\]$/, '').replace(/^new /, ''),
      file,
      line: Number(line),
    })
  }
  return frames
}

/** A path as people read it: from the root of the project, or from its package on. */
export function withoutRoot(path: string, root: string = process.cwd()): string {
  const modules = path.lastIndexOf('/node_modules/')
  if (modules >= 0) return path.slice(modules + '/node_modules/'.length)
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}

/** What a throw is, in one line: its type and the message. */
export function titleOf(thrown: unknown): string {
  return short(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `threw ${shown(thrown)}`)
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > TITLE ? `${line.slice(0, TITLE - 1)}…` : line
}

/** Throws may be anything, and say anything when asked. */
function shown(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'what cannot be shown'
  }
}

/** The find that a throw is: its signature is the type, the message without its particulars, and the top frames. */
export function thrownFind(kind: FindKind, thrown: unknown, what = ''): Find {
  const title = short(what === '' ? titleOf(thrown) : `${what}: ${titleOf(thrown)}`)
  const stack = thrown instanceof Error && typeof thrown.stack === 'string' ? thrown.stack : undefined
  const frames = stack === undefined ? [] : framesOf(stack)
  const parts = [kind, withoutParticulars(title), ...(overflows(thrown) ? circle(frames) : top(frames))]
  return { kind, title, stack, signature: parts.join(' | ') }
}

/** A find without a throw: what is wrong is its title, and with its particulars taken away its signature. */
export function plainFind(kind: FindKind, title: string, where = ''): Find {
  return { kind, title: short(title), signature: [kind, withoutParticulars(title), where].filter(Boolean).join(' | ') }
}

export function found(find: Find): Outcome {
  return { kind: 'find', find }
}

function top(frames: readonly Frame[]): string[] {
  return frames.slice(0, FRAMES).map(({ name, file }) => `${name} ${file}`)
}

/** Where a stack overflows is an accident; who calls whom for ever is not. */
function circle(frames: readonly Frame[]): string[] {
  const names = new Set(frames.slice(0, DEPTH).map(({ name, file }) => `${name} ${file}`))
  return [...names].sort().slice(0, FRAMES)
}

function overflows(thrown: unknown): boolean {
  return thrown instanceof RangeError && /call stack/.test(thrown.message)
}

/** A message without numbers, octets in hex and what stands in quotes, which differ from input to input. */
export function withoutParticulars(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|'[^']{9,}'/g, '"…"')
    .replace(/\b(?:0x[0-9a-f]+|[0-9a-f]*\d[0-9a-f]*)\b/gi, '#')
    .slice(0, TITLE)
}

/**
 * Does something that may throw, with no stacks made: a decoder that refuses much is twice as fast then. Answers
 * undefined where it went well.
 */
export function quietly(does: () => void): { readonly thrown: unknown } | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    does()
    return undefined
  } catch (thrown) {
    return { thrown }
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** Does it again with the whole stack; what was thrown the first time, if it does not throw again. */
export function loudly(does: () => void, before: unknown): unknown {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = DEPTH
  try {
    does()
    return before
  } catch (thrown) {
    return thrown
  } finally {
    Error.stackTraceLimit = limit
  }
}
