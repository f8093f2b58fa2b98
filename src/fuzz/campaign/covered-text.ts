import { type AnyNode, parse } from 'acorn'
import { childrenOf } from '../instrument/instrument.ts'
import { isTypeScript } from '../instrument/source.ts'
import { toJavaScript } from '../instrument/typescript.ts'

/** What is known of a character: no block begins before it, some input was there, or none was. */
export const NEUTRAL = 0
export const COVERED = 1
export const UNCOVERED = 2

/** From and to, as places in the text. */
interface Range {
  readonly from: number
  readonly to: number
}

interface Found extends Range {
  /** An `if` without an `else`: it counts for itself how often it is passed by, at its own place. */
  readonly isOpen: boolean
}

/**
 * For each character of a module's text whether it was entered, from where its blocks begin (see `ModuleCoverage`) and which
 * of them were. Where the text cannot be read, only the places themselves are marked.
 */
export function coveredText(
  text: string,
  file: string,
  places: readonly number[],
  isCovered: (block: number) => boolean,
): Uint8Array {
  const starts = lineStarts(text)
  const at = (line: number, column: number): number => Math.min(text.length, (starts[line - 1] ?? text.length) + column)
  const nodes = nodesOf(text, file, at)
  const painted: (Range & { readonly mark: number })[] = []
  const open = new Set<number>()
  for (let block = 0; block < places.length / 2; block++) {
    const from = at(places[2 * block] ?? 1, places[2 * block + 1] ?? 0)
    const node = nodes.get(from)
    const mark = isCovered(block) ? COVERED : UNCOVERED
    // The way past it is counted before what may stand around it.
    if (node?.isOpen && !open.has(from)) {
      open.add(from)
      painted.push({ from, to: from + 2, mark })
    } else painted.push({ from, to: node?.to ?? from + 1, mark })
  }
  const marks = new Uint8Array(text.length)
  // What is inside comes after what is around it.
  painted.sort((a, b) => a.from - b.from || b.to - a.to)
  for (const { from, to, mark } of painted) marks.fill(mark, from, to)
  return marks
}

/** The widest piece of code that begins at each place. */
function nodesOf(text: string, file: string, at: (line: number, column: number) => number): Map<number, Found> {
  const widest = new Map<number, Found>()
  const { code, placeOf } = readable(text, file, at)
  let program: AnyNode
  try {
    program = parse(code, {
      ecmaVersion: 'latest',
      sourceType: /^\s*(?:import|export)\b/m.test(code) ? 'module' : 'script',
      locations: true,
      allowHashBang: true,
      allowReturnOutsideFunction: true,
      allowSuperOutsideMethod: true,
    })
  } catch {
    return widest
  }
  const visit = (node: AnyNode): void => {
    const { start, end } = node.loc ?? {}
    if (start && end && node.type !== 'Program') {
      const [from, to] = [placeOf(start.line, start.column), placeOf(end.line, end.column, true)]
      const isOpen = node.type === 'IfStatement' && !node.alternate
      if (to >= (widest.get(from)?.to ?? 0)) widest.set(from, { from, to, isOpen })
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(program)
  return widest
}

interface Readable {
  readonly code: string
  /** Where something was written; for an end, how far it is from what stands before it counts. */
  placeOf(line: number, column: number, isEnd?: boolean): number
}

function readable(text: string, file: string, at: (line: number, column: number) => number): Readable {
  if (!isTypeScript(file)) return { code: text, placeOf: at }
  try {
    const { code, segments, original } = toJavaScript(text, file)
    const byLine = new Map<number, typeof segments>()
    for (const segment of segments) byLine.set(segment.line, [...(byLine.get(segment.line) ?? []), segment])
    return {
      code,
      placeOf(line, column, isEnd = false) {
        if (!isEnd) return at(...original(line, column))
        const before = byLine.get(line - 1)?.findLast(segment => segment.column < column)
        if (before === undefined) return at(...original(line, column))
        return at(before.sourceLine + 1, before.sourceColumn) + column - before.column
      },
    }
  } catch {
    return { code: '', placeOf: at }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
