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
