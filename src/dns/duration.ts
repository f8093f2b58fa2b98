import { TextError } from './tokens.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }

/** Whether a word of a master file begins as a time to live does, and as neither a class nor a type does. */
export function looksLikeSeconds(text: string): boolean {
  return /^\d/.test(text)
}

/** Seconds from `3600` or, as servers have long read it, `1h` or `1h30m`. Throws `TextError`. */
export function secondsFromText(text: string): number {
  let seconds = 0
  if (/^\d{1,10}$/.test(text)) seconds = Number(text)
  else {
    if (!/^(\d{1,10}[smhdw])+$/i.test(text)) throw new TextError(`'${text}' is no time: 3600, or 1h30m, is one`)
    for (const [, number, unit] of text.toLowerCase().matchAll(/(\d+)([smhdw])/g)) {
      seconds += Number(number) * (UNITS[unit as string] as number)
    }
  }
  if (seconds > 0xffffffff) throw new TextError(`the time '${text}' does not fit 32 bits`)
  return seconds
}
