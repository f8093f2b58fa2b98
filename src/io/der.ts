/** X.690: as much of DER as a certificate needs. */

function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), length(content.length), content])
}

/** X.690 §8.1.3: one octet below 128, else a count of octets and the octets. */
function length(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value])
  const octets: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return Buffer.from([0x80 | octets.length, ...octets])
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => tagged(0x30, ...contents)
export const set = (...contents: readonly Uint8Array[]): Buffer => tagged(0x31, ...contents)
export const octetString = (content: Uint8Array): Buffer => tagged(0x04, content)
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text, 'utf8'))
export const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]))
export const NULL: Buffer = tagged(0x05)

/** A number that is not negative: a leading zero octet keeps its top bit from being a sign. */
export function integer(octets: Uint8Array): Buffer {
  let start = 0
  while (start < octets.length - 1 && octets[start] === 0) start++
  const digits = octets.subarray(start)
  return tagged(0x02, ...((digits[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), digits)
}

/** Whole octets, or with some bits at the end left unused. */
export function bitString(content: Uint8Array, unused = 0): Buffer {
  return tagged(0x03, Buffer.from([unused]), content)
}

/** `1.2.840.10045.4.3.2`; the first two arcs share a subidentifier. X.690 §8.19 */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
    octets.push(...digits)
  }
  return tagged(0x06, Buffer.from(octets))
}

/** RFC 5280 §4.1.2.5.1: YYMMDDHHMMSSZ, for years up to 2049. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return tagged(0x17, Buffer.from(`${digits}Z`, 'latin1'))
}

/** `[number] EXPLICIT` */
export const explicit = (number: number, content: Uint8Array): Buffer => tagged(0xa0 | number, content)

/** `[number] IMPLICIT` of a primitive type. */
export const implicit = (number: number, content: Uint8Array): Buffer => tagged(0x80 | number, content)
