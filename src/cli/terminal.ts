import { styleText } from 'node:util'
import { wrap } from '../report/columns.ts'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** A stream that text goes to, with what it can show. */
export interface Output {
  readonly colour: boolean
  readonly live: boolean
  readonly width: number
  line(text?: string): void
  raw(text: string): void
  paint(style: Style, text: string): string
}

/** Colour goes to terminals only, and not where NO_COLOR is set (https://no-color.org) or the terminal is dumb. */
function output(stream: NodeJS.WriteStream): Output {
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  const colour = live && !process.env['NO_COLOR']
  const columns = stream.isTTY ? stream.columns : Number(process.env['COLUMNS'])
  return {
    colour,
    live,
    width: Math.min(Math.max(columns || 80, 40), 120),
    line: (text = '') => void stream.write(`${text}\n`),
    raw: text => void stream.write(text),
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  }
}

export const out: Output = output(process.stdout)
export const err: Output = output(process.stderr)

/** `label  text`, the text wrapped under itself. */
export function labelled(label: string, text: string, indent: number, width: number): string[] {
  const margin = ' '.repeat(indent)
  const lines = wrap(text, width, margin)
  if (label.trimEnd().length >= indent) return [label, ...lines]
  return [label.padEnd(indent) + (lines[0] ?? '').slice(indent), ...lines.slice(1)]
}

/** Rows under a heading, each column as wide as its widest cell; the last one is cut to fit the width. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = heading.map((head, column) => Math.max(head.length, ...rows.map(row => (row[column] ?? '').length)))
  const numeric = heading.map(
    (_, column) => rows.length > 0 && rows.every(row => /^-?\d*(\.\d+)?%?$/.test(row[column] ?? '')),
  )
  const format = (row: readonly string[]): string => {
    const text = row
      .map((cell, column) => {
        const room = widths[column] ?? 0
        return numeric[column] ? cell.padStart(room) : cell.padEnd(room)
      })
      .join('  ')
      .trimEnd()
    return text.length > width ? `${text.slice(0, width - 1)}…` : text
  }
  return [format(heading), ...rows.map(format)]
}

/** Waits until all that was written has left. */
export async function drained(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>(resolve => {
      stream.write('', () => resolve())
    })
  }
}
