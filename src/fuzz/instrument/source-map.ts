import type { Edits } from './edits.ts'

/** A place in generated code, and where it was written: lines from 0, columns from 0. */
export interface Segment {
  readonly line: number
  readonly column: number
  readonly source: number
  readonly sourceLine: number
  readonly sourceColumn: number
}

export interface Lines {
  readonly segments: readonly Segment[]
  /** Where a place was written: line from 1, column from 0. */
  original(line: number, column: number): readonly [line: number, column: number]
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Reads a source map, version 3 (ECMA-426). */
export function linesOf(map: string): Lines {
  const segments = segmentsOf((JSON.parse(map) as { mappings: string }).mappings)
  const byLine = new Map<number, Segment[]>()
  for (const segment of segments) byLine.set(segment.line, [...(byLine.get(segment.line) ?? []), segment])
  return {
    segments,
    original(line, column) {
      for (let at = line - 1; at >= 0; at--) {
        const list = byLine.get(at)
        const found = list?.findLast(segment => at < line - 1 || segment.column <= column) ?? list?.[0]
        if (found !== undefined) return [found.sourceLine + 1, found.sourceColumn]
      }
      return [line, column]
    },
  }
}

function segmentsOf(mappings: string): Segment[] {
  const segments: Segment[] = []
  let [source, sourceLine, sourceColumn] = [0, 0, 0]
  for (const [line, text] of mappings.split(';').entries()) {
    let column = 0
    for (const part of text === '' ? [] : text.split(',')) {
      const [a = 0, b, c = 0, d = 0] = numbersOf(part)
      column += a
      if (b === undefined) continue
      source += b
      sourceLine += c
      sourceColumn += d
      segments.push({ line, column, source, sourceLine, sourceColumn })
    }
  }
  return segments
}

function numbersOf(text: string): number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit)
    value |= (bits & 31) << shift
    shift += 5
    if ((bits & 32) !== 0) continue
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1)
    value = 0
    shift = 0
  }
  return numbers
}

/** The map of edited code: that of the code before, its columns moved by what was put in. */
export function mapOf(code: string, edits: Edits, segments: readonly Segment[], file: string): string {
  const starts = [0]
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
  const shifts = [...edits.shifts()]
  const lines: string[] = []
  let next = 0
  let segment = 0
  let [source, sourceLine, sourceColumn] = [0, 0, 0]
  for (const [line, start] of starts.entries()) {
    const end = starts[line + 1] ?? code.length + 1
    const parts: string[] = []
    let [moved, column] = [0, 0]
    for (; segments[segment]?.line === line; segment++) {
      const at = segments[segment] as Segment
      for (; (shifts[next]?.[0] ?? end) <= start + at.column; next++) moved += shifts[next]?.[1] ?? 0
      const place = at.column + moved
      const numbers = [place - column, at.source - source, at.sourceLine - sourceLine, at.sourceColumn - sourceColumn]
      parts.push(numbers.map(digitsOf).join(''))
      column = place
      source = at.source
      sourceLine = at.sourceLine
      sourceColumn = at.sourceColumn
    }
    for (; (shifts[next]?.[0] ?? end) < end; next++);
    lines.push(parts.join(','))
  }
  return JSON.stringify({ version: 3, sources: [file], names: [], mappings: lines.join(';') })
}

function digitsOf(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    text += DIGITS[(rest & 31) | (rest > 31 ? 32 : 0)]
    rest >>>= 5
  } while (rest > 0)
  return text
}
