import { pathToFileURL } from 'node:url'

/** One figure beside the bar it has to reach. */
export interface Figure {
  readonly name: string
  readonly figure: number
  readonly unit: string
  /** The least that is good enough; the most, where less is better. */
  readonly bar: number
  readonly sense: 'at least' | 'at most'
  /** What else there is to say, a line each. */
  readonly notes?: readonly string[]
}

export function atLeast(name: string, figure: number, unit: string, bar: number): Figure {
  return { name, figure, unit, bar, sense: 'at least' }
}

export function atMost(name: string, figure: number, unit: string, bar: number, notes: readonly string[] = []): Figure {
  return { name, figure, unit, bar, sense: 'at most', notes }
}

export function isReached({ figure, bar, sense }: Figure): boolean {
  return sense === 'at least' ? figure >= bar : figure <= bar
}

/** A line for the terminal, of at most 80 columns, and its notes below. */
function lines(figure: Figure): string[] {
  const { name, unit, bar, sense, notes = [] } = figure
  const value = Number.isInteger(figure.figure) ? String(figure.figure) : figure.figure.toFixed(2)
  const mark = isReached(figure) ? 'good' : 'FAIL'
  return [
    `${mark}  ${name.padEnd(38)} ${value.padStart(8)} ${unit} (${sense} ${bar})`,
    ...notes.map(note => `      ${note}`),
  ]
}

/** Tells each figure as it comes; a part that is run by itself ends with status 1 when a bar is not reached. */
export async function runPart(url: string, figures: () => AsyncIterable<Figure>): Promise<void> {
  if (url !== pathToFileURL(process.argv[1] ?? '').href) return
  for await (const figure of figures()) {
    for (const line of lines(figure)) console.log(line)
    if (!isReached(figure)) process.exitCode = 1
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/** Says what is going on, on a terminal only, on a line that the next one replaces. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}
