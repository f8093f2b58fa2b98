import fc from 'fast-check'
import { TYPE } from '../mnemonics.ts'
import { TextError, type Tokens } from '../tokens.ts'
import { type RdataType, rdataType, u8, u32 } from './field.ts'

interface Location {
  readonly version: number
  /** These three as on the wire: a digit, and the power of ten to take it by, in centimetres. */
  readonly size: number
  readonly horizontalPrecision: number
  readonly verticalPrecision: number
  /** Thousandths of a second of arc; 2^31 is the equator, more is north. */
  readonly latitude: number
  /** Thousandths of a second of arc; 2^31 is the prime meridian, more is east. */
  readonly longitude: number
  /** Centimetres above 100 km below the reference spheroid. */
  readonly altitude: number
}

const MIDDLE = 2 ** 31
const DEGREE = 3_600_000
const SEA_LEVEL = 10_000_000

const numbers = rdataType<Location>(TYPE.LOC, {
  version: u8,
  size: u8,
  horizontalPrecision: u8,
  verticalPrecision: u8,
  latitude: u32,
  longitude: u32,
  altitude: u32,
})

function metres(centimetres: number): string {
  const sign = centimetres < 0 ? '-' : ''
  const digits = String(Math.abs(centimetres)).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}m`
}

function lengthText(octet: number): string {
  const digit = octet >> 4
  const power = octet & 15
  if (digit > 9 || power > 9 || (digit === 0 && power > 0)) throw new TextError(`${octet} is no length of one digit`)
  return metres(digit * 10 ** power)
}

function arcText(value: number, most: number, positive: string, negative: string): string {
  const arc = Math.abs(value - MIDDLE)
  if (arc > most * DEGREE) throw new TextError(`more than ${most} degrees`)
  const minutes = Math.floor(arc / 60_000) % 60
  const seconds = ((arc % 60_000) / 1000).toFixed(3)
  return `${Math.floor(arc / DEGREE)} ${minutes} ${seconds} ${value < MIDDLE ? negative : positive}`
}

/** Degrees, with minutes and seconds or without, and the half of the world. */
function arcFromText(tokens: Tokens, most: number, positive: string, negative: string): number {
  const parts: number[] = []
  for (;;) {
    const { text } = tokens.next(`${positive} or ${negative}`)
    const half = text.toUpperCase()
    if (half === positive || half === negative) {
      const [degrees, minutes = 0, seconds = 0] = parts
      if (degrees === undefined) throw new TextError(`degrees are missing before ${half}`)
      const arc = degrees * DEGREE + minutes * 60_000 + Math.round(seconds * 1000)
      if (minutes > 59 || seconds >= 60 || arc > most * DEGREE) throw new TextError(`no place up to ${most} degrees`)
      return half === positive ? MIDDLE + arc : MIDDLE - arc
    }
    const pattern = parts.length < 2 ? /^\d{1,3}$/ : /^\d{1,2}(\.\d{1,3})?$/
    if (parts.length === 3 || !pattern.test(text)) throw new TextError(`'${text}' is no part of an angle`)
    parts.push(Number(text))
  }
}

/** Centimetres. */
function metresFromText(text: string): number {
  const [, sign, whole, part = ''] = /^([-+]?)(\d{1,8})(?:\.(\d{0,2}))?m?$/i.exec(text) ?? []
  if (whole === undefined) throw new TextError(`'${text}' is no length in metres`)
  return (Number(whole) * 100 + Number(part.padEnd(2, '0'))) * (sign === '-' ? -1 : 1)
}

/** A length of which the first digit counts only, as there is room for no more. RFC 1876 §2 */
function lengthFromText(tokens: Tokens, otherwise: number): number {
  if (!tokens.more) return otherwise
  const { text } = tokens.next('a length')
  const digits = String(metresFromText(text))
  if (digits.startsWith('-') || digits.length > 10)
    throw new TextError(`'${text}' is no length from 0 to 90000000 metres`)
  return (Number(digits.charAt(0)) << 4) | (digits.length - 1)
}

/** RFC 1876 §2, §3 */
export const LOC: RdataType<Location> = {
  ...numbers,
  any: fc.oneof(
    numbers.any,
    fc.record({
      version: fc.constant(0),
      size: fc.constantFrom(0x00, 0x12, 0x99),
      horizontalPrecision: fc.constantFrom(0x16, 0x35),
      verticalPrecision: fc.constantFrom(0x13, 0x20),
      latitude: fc.integer({ min: MIDDLE - 90 * DEGREE, max: MIDDLE + 90 * DEGREE }),
      longitude: fc.integer({ min: MIDDLE - 180 * DEGREE, max: MIDDLE + 180 * DEGREE }),
      altitude: u32.any,
    }),
  ),
  toText(value) {
    if (value.version !== 0) throw new TextError(`version ${value.version} is not known`)
    return [
      arcText(value.latitude, 90, 'N', 'S'),
      arcText(value.longitude, 180, 'E', 'W'),
      metres(value.altitude - SEA_LEVEL),
      lengthText(value.size),
      lengthText(value.horizontalPrecision),
      lengthText(value.verticalPrecision),
    ].join(' ')
  },
  fromText(tokens) {
    const latitude = arcFromText(tokens, 90, 'N', 'S')
    const longitude = arcFromText(tokens, 180, 'E', 'W')
    const { text } = tokens.next('an altitude')
    const altitude = metresFromText(text) + SEA_LEVEL
    if (altitude < 0 || altitude > 0xffffffff) throw new TextError(`'${text}' is no altitude of a LOC record`)
    return {
      version: 0,
      size: lengthFromText(tokens, 0x12),
      horizontalPrecision: lengthFromText(tokens, 0x16),
      verticalPrecision: lengthFromText(tokens, 0x13),
      latitude,
      longitude,
      altitude,
    }
  },
}
