import fc from 'fast-check'
import type { Codec } from './codec.ts'

/** One octet. */
export const uint8: Codec<number> = {
  read: reader => reader.u8(),
  write: (writer, value) => writer.u8(value),
  any: fc.integer({ min: 0, max: 0xff }),
}

/** Two octets, big-endian. */
export const uint16: Codec<number> = {
  read: reader => reader.u16(),
  write: (writer, value) => writer.u16(value),
  any: fc.integer({ min: 0, max: 0xffff }),
}

/** Three octets, big-endian. */
export const uint24: Codec<number> = {
  read: reader => reader.u24(),
  write: (writer, value) => writer.u24(value),
  any: fc.integer({ min: 0, max: 0xffffff }),
}

/** Four octets, big-endian. */
export const uint32: Codec<number> = {
  read: reader => reader.u32(),
  write: (writer, value) => writer.u32(value),
  any: fc.integer({ min: 0, max: 0xffffffff }),
}

/** Eight octets, big-endian, as a bigint. */
export const uint64: Codec<bigint> = {
  read: reader => reader.u64(),
  write: (writer, value) => writer.u64(value),
  any: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
}

/**
 * Named groups of bits, the first the most significant, that fill one to six whole octets together (so that a number holds
 * them exactly).
 */
export function bits<const Widths extends Readonly<Record<string, number>>>(
  widths: Widths,
): Codec<{ readonly [K in keyof Widths]: number }> {
  type Value = { readonly [K in keyof Widths]: number }
  const groups = Object.entries(widths)
  const total = groups.reduce((sum, [, width]) => sum + width, 0)
  const length = total / 8
  if (!Number.isInteger(length) || length < 1 || length > 6) throw new RangeError(`${total} bits are no 1 to 6 octets`)
  return {
    read(reader) {
      const from = reader.offset
      let whole = 0
      for (const octet of reader.take(length)) whole = whole * 256 + octet
      const value: Record<string, number> = {}
      let left = total
      for (const [name, width] of groups) {
        left -= width
        const group = Math.floor(whole / 2 ** left) % 2 ** width
        value[name] = group
        const end = total - left
        reader.note(name, group, from + Math.floor((end - width) / 8), from + Math.ceil(end / 8))
      }
      return value as Value
    },
    write(writer, value) {
      let whole = 0
      for (const [name, width] of groups) {
        const group = value[name] as number
        if (!(group >= 0 && group < 2 ** width && Number.isInteger(group)))
          writer.unencodable(`${name}: ${group} does not fit ${width} bits`)
        whole = whole * 2 ** width + group
      }
      for (let i = length - 1; i >= 0; i--) writer.u8(Math.floor(whole / 256 ** i) % 256)
    },
    any: fc.record(
      Object.fromEntries(groups.map(([name, width]) => [name, fc.integer({ min: 0, max: 2 ** width - 1 })])),
    ) as unknown as fc.Arbitrary<Value>,
  }
}
