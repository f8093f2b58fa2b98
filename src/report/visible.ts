/**
 * Text that a peer had a hand in, made safe to look at: control characters (terminal escapes, NUL, line ends), characters
 * that turn the reading direction (Trojan Source) and halves of surrogate pairs are spelled out as `\u{1b}`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

// C0, DEL and C1; lone surrogates; soft hyphen; zero-width and direction marks; line and paragraph separators; embeddings,
// overrides and isolates; BOM and interlinear marks; non-characters.
const HIDDEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]/gu

/** At most `limit` code points, the last of them an ellipsis where more were cut. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const points = [...text]
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`
}

/** `940 ms`, `1.52 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_995) return `${(milliseconds / 1000).toFixed(milliseconds < 9_995 ? 2 : 1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `1 case`, `2 cases`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
