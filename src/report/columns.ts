import { stripVTControlCharacters } from 'node:util'

/** Columns that text takes: none for marks that combine, two for wide characters and emoji. */
export function width(text: string): number {
  let columns = 0
  for (const point of stripVTControlCharacters(text)) {
    if (/\p{M}/u.test(point)) continue
    columns += WIDE.test(point) ? 2 : 1
  }
  return columns
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

/** Fills up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/** Cuts text to so many columns, with an ellipsis where it was cut. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  for (const point of text) {
    if (width(kept + point) > columns - 1) break
    kept += point
  }
  return `${kept}…`
}

/** Breaks text between words, and words that are too long, into lines of at most so many columns. */
export function wrap(text: string, columns: number, indent = '', hanging = indent): string[] {
  const lines: string[] = []
  let line = indent
  let empty = true
  const end = (): void => {
    lines.push(line)
    line = hanging
    empty = true
  }
  for (const word of text.split(/ +/)) {
    if (!empty && width(line) + 1 + width(word) > columns) end()
    line += empty ? '' : ' '
    empty = false
    for (const point of word) {
      if (width(line) + width(point) > columns) end()
      line += point
      empty = false
    }
  }
  lines.push(line)
  return lines
}
