import type { Report, TranscriptEntry, Verdict } from '../conformance/verdict.ts'
import { fallsShort } from './reading.ts'
import { shorten, visible } from './visible.ts'

/** How much of the transcripts a page holds. */
interface Limits {
  /** Octets of one entry, where the case fell short and where it did not. */
  readonly octets: readonly [short: number, other: number]
  readonly entries: readonly [short: number, other: number]
}

/** Tried in order until a page is small enough: the JSON report has it all. */
const LIMITS: readonly Limits[] = [
  { octets: [2048, 512], entries: [80, 40] },
  { octets: [1024, 128], entries: [60, 24] },
  { octets: [512, 64], entries: [40, 16] },
  { octets: [256, 0], entries: [30, 10] },
  { octets: [64, 0], entries: [20, 0] },
  { octets: [0, 0], entries: [0, 0] },
]

/** UTF-16 units of JSON that the transcripts of a page may take. */
const BUDGET = 3_000_000

const LINES = 40
const LINE = 400

/**
 * Transcripts as JSON that is safe inside a script element: `s` is a table of strings (most are said again and again), `t`
 * holds for each report and verdict the entries as `[at, 1 if from the subject, octets, hex, decoded]`, the last two by their place
 * in `s`; and a number at the end says how many entries were left out.
 */
export function evidence(reports: readonly Report[], budget = BUDGET): string {
  let text = ''
  for (const limits of LIMITS) {
    text = within(reports, limits)
    if (text.length <= budget) break
  }
  return text
}

function within(reports: readonly Report[], limits: Limits): string {
  const places = new Map<string, number>()
  const place = (text: string): number => {
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, places.size)
    return places.size - 1
  }
  const entry = ({ at, from, octets, hex, decoded }: TranscriptEntry, most: number): readonly number[] => {
    const lines = decoded.slice(0, LINES).map(line => shorten(visible(line), LINE))
    if (decoded.length > LINES) lines.push(`… ${decoded.length - LINES} more`)
    const kept = /^[0-9a-f]*$/.test(hex) ? hex.slice(0, 2 * most) : ''
    return [Math.round(at * 100) / 100, from === 'subject' ? 1 : 0, octets, place(kept), place(lines.join('\n'))]
  }
  const transcript = ({ outcome, transcript }: Verdict): readonly (number | readonly number[])[] => {
    const kind = fallsShort(outcome) ? 0 : 1
    const kept = transcript.slice(0, limits.entries[kind]).map(one => entry(one, limits.octets[kind]))
    return kept.length < transcript.length ? [...kept, transcript.length - kept.length] : kept
  }
  const transcripts = reports.map(report => report.verdicts.map(transcript))
  // `<` ends a script element or begins a comment in it; nothing else does.
  return JSON.stringify({ s: [...places.keys()], t: transcripts }).replace(/</g, '\\u003c')
}
