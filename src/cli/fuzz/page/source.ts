import { bitsOf, hasBit } from '../../../fuzz/campaign/coverage-file.ts'
import { type CoveredFile, coveredFiles } from '../../../fuzz/campaign/covered-files.ts'
import { COVERED, coveredText, UNCOVERED } from '../../../fuzz/campaign/covered-text.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { count } from '../../../report/visible.ts'
import { number } from '../screen.ts'

/** The most files and characters that are shown in all, lines of one file, and characters of a line. */
const FILES = 60
const CHARACTERS = 1_500_000
const LINES = 4000
const COLUMNS = 400

/** The code that inputs have entered, file by file: how much of it, and which lines. Nothing where nobody watched. */
export function sourcePart(campaign: string): Markup | false {
  const files = coveredFiles(campaign)
  if (files.length === 0) return false
  let room = CHARACTERS
  const parts = files.slice(0, FILES).map(file => {
    const size = typeof file.text === 'string' ? file.text.length : 0
    const fits = size <= room
    if (fits) room -= size
    return filePart(file, fits)
  })
  const [covered, blocks] = [sum(files, 'covered'), sum(files, 'blocks')]
  const rest = files.slice(FILES)
  return markup`<section aria-labelledby="code"><h2 id="code">Code that was entered</h2>
<p class="dim">${number(covered)} of ${count(blocks, 'block')} in ${count(files.length, 'file')}; those first of which much was entered and much was not. What runs as a file is loaded was not entered by an input. <span class="key"><mark class="no">never entered</mark></span></p>
<div class="files">${parts}</div>${
    rest.length > 0 &&
    markup`<p class="dim">${count(rest.length, 'more file')} with ${number(sum(rest, 'covered'))} of ${count(sum(rest, 'blocks'), 'block')} entered.</p>`
  }</section>`
}

function sum(files: readonly CoveredFile[], of: 'covered' | 'blocks'): number {
  return files.reduce((total, file) => total + file[of], 0)
}

function filePart(file: CoveredFile, fits: boolean): Markup {
  const { covered, blocks, others, text } = file
  const share = (100 * covered) / Math.max(1, blocks)
  return markup`<details class="file"><summary><span class="name">${file.file}</span><svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="o-pass" width="${share.toFixed(1)}" height="1"/></svg><span class="n">${Math.floor(share)} %</span><span class="n dim">${covered}/${blocks}</span></summary>
${others > 0 && markup`<p class="dim">${count(others, 'other version')} of it ${others === 1 ? 'was' : 'were'} entered too.</p>`}${
  typeof text !== 'string'
    ? markup`<p class="dim">${text.missing === 'changed' ? 'Its text is not what it was when it was entered.' : 'Its text is not on this machine.'}</p>`
    : fits
      ? textPart(file, text)
      : markup`<p class="dim">Its text is left out: the page would grow too large.</p>`
}</details>`
}

function textPart({ file, record }: CoveredFile, text: string): Markup {
  const bits = bitsOf(record)
  const marks = coveredText(text, file, record.places, block => hasBit(bits, block))
  const lines = text.replace(/\n$/, '').split('\n')
  let at = 0
  const rows = lines.slice(0, LINES).map((line, i) => {
    const row = linePart(i + 1, line, marks.subarray(at, at + line.length))
    at += line.length + 1
    return row
  })
  const left = lines.length - rows.length
  return markup`<pre class="source">${rows}</pre>${left > 0 && markup`<p class="dim">${count(left, 'more line')}.</p>`}`
}

/** A line: what was never entered stands out where the rest of the line was; comments and braces say nothing by themselves. */
function linePart(number: number, line: string, marks: Uint8Array): Markup {
  const says = /[\w'"`]/.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line)
  const [yes, no] = [marks.includes(COVERED), marks.includes(UNCOVERED)]
  const kind = !says || (!yes && !no) ? '' : yes && no ? 'some' : yes ? 'yes' : 'no'
  const shown = line.slice(0, COLUMNS)
  const cut = line.length > COLUMNS && markup`<i> and ${line.length - COLUMNS} more</i>`
  return markup`<span class="${kind}"><b>${number}</b><code>${kind === 'some' ? runs(shown, marks) : spaced(shown)}${cut}</code></span>`
}

/** Parts of a line that nobody entered are marked. */
function runs(line: string, marks: Uint8Array): Markup[] {
  const parts: Markup[] = []
  for (let from = 0; from < line.length; ) {
    const isMissed = marks[from] === UNCOVERED
    let to = from
    while (to < line.length && (marks[to] === UNCOVERED) === isMissed) to++
    const text = spaced(line.slice(from, to))
    parts.push(isMissed && text.trim() !== '' ? markup`<mark>${text}</mark>` : markup`${text}`)
    from = to
  }
  return parts
}

function spaced(text: string): string {
  return text.replaceAll('\t', '  ').replaceAll('\r', '')
}
