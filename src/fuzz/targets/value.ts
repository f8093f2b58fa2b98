import type { Chance } from '../target.ts'

const NUMBERS = [0, 1, 2, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 16383, 16384, 65535, 65536, 0x7fffffff, 0xffffffff]
const BIGINTS = [0n, 1n, 0xffffffffn, 1n << 32n, (1n << 62n) - 1n, (1n << 63n) - 1n, (1n << 64n) - 1n]
const LENGTHS = [0, 1, 63, 64, 127, 128, 255, 256, 1024]

/** The same value with one part changed: numbers to a boundary, lists and octets cut, repeated, emptied. */
export function mutateValue(value: unknown, chance: Chance): unknown {
  if (value instanceof Uint8Array) return octets(value, chance)
  if (Array.isArray(value)) return list(value, chance)
  if (typeof value === 'number') return number(value, chance)
  if (typeof value === 'bigint') return chance.oneIn(3) ? value + 1n : chance.pick(BIGINTS)
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return text(value, chance)
  if (typeof value !== 'object' || value === null) return value
  const names = Object.keys(value)
  if (names.length === 0) return value
  const name = chance.pick(names)
  return { ...value, [name]: mutateValue((value as Record<string, unknown>)[name], chance) }
}

function number(value: number, chance: Chance): number {
  if (chance.oneIn(3)) return value + 1
  if (chance.oneIn(3)) return Math.max(0, value - 1)
  return chance.pick(NUMBERS)
}

function list(value: readonly unknown[], chance: Chance): unknown[] {
  if (value.length === 0) return []
  const at = chance.below(value.length)
  const item = value[at]
  switch (chance.below(6)) {
    case 0:
      return value.toSpliced(at, 1)
    case 1:
      return value.toSpliced(at, 0, ...Array.from({ length: chance.oneIn(8) ? 32 : 1 }, () => item))
    case 2: {
      const other = chance.below(value.length)
      return value.with(at, value[other]).with(other, item)
    }
    default:
      return value.with(at, mutateValue(item, chance))
  }
}

function octets(value: Uint8Array, chance: Chance): Uint8Array {
  if (value.length > 0 && chance.oneIn(2)) {
    const copy = Uint8Array.from(value)
    copy[chance.below(copy.length)] = chance.below(256)
    return copy
  }
  const longer = new Uint8Array(chance.pick(LENGTHS))
  longer.set(value.subarray(0, longer.length))
  return longer
}

function text(value: string, chance: Chance): string {
  switch (chance.below(5)) {
    case 0:
      return value.repeat(2)
    case 1:
      return ''
    case 2:
      return value.slice(0, chance.below(value.length + 1))
    case 3:
      return value + String.fromCharCode(chance.below(256))
    default:
      return value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase()
  }
}
