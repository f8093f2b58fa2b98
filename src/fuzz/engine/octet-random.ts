import fc from 'fast-check'

/** Zeros behind the end. */
const ZEROS = 256

/**
 * Chance for fast-check that is read from octets: the same octets invent the same value, and a small change of them changes
 * the value a little. Whole numbers take as few octets as their range needs; behind the end are zeros, so that little is
 * invented there. (Padhye et al., "Semantic Fuzzing with Zest", 2019.) An arbitrary that wants anything but zero, as
 * `filter` and `uniqueArray` do, would ask for ever: far behind the end octets are as if by chance.
 */
export class OctetRandom extends fc.Random {
  readonly #octets: Uint8Array
  #at: number

  constructor(octets: Uint8Array, at = 0) {
    super(SILENT)
    this.#octets = octets
    this.#at = at
  }

  /** Octets read so far, over the end too. */
  get read(): number {
    return this.#at
  }

  override clone(): OctetRandom {
    return new OctetRandom(this.#octets, this.#at)
  }

  override next(bits: number): number {
    return this.#number(Math.ceil(bits / 8)) % 2 ** bits
  }

  override nextBoolean(): boolean {
    return (this.#octet() & 1) === 1
  }

  override nextInt(min = -0x80000000, max = 0x7fffffff): number {
    const range = max - min
    if (range <= 0) return min
    return min + (this.#number(octetsFor(range)) % (range + 1))
  }

  override nextBigInt(min: bigint, max: bigint): bigint {
    const range = max - min
    let value = 0n
    for (let rest = range; rest > 0n; rest >>= 8n) value = (value << 8n) | BigInt(this.#octet())
    return min + (value % (range + 1n))
  }

  override nextDouble(): number {
    return this.#number(4) / 2 ** 32
  }

  override getState(): readonly number[] {
    return [this.#at]
  }

  #octet(): number {
    const at = this.#at++
    return this.#octets[at] ?? (at - this.#octets.length < ZEROS ? 0 : mixed(at))
  }

  #number(octets: number): number {
    let value = 0
    for (let i = 0; i < octets; i++) value = value * 256 + this.#octet()
    return value
  }
}

/** An octet for each place, and no order in them. */
function mixed(at: number): number {
  let bits = Math.imul(at ^ (at >>> 15), 0x2c1b3c6d)
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39)
  return (bits ^ (bits >>> 15)) & 0xff
}

function octetsFor(range: number): number {
  let octets = 1
  while (octets < 6 && 2 ** (8 * octets) <= range) octets++
  return octets
}

/** The source that fast-check's class wants, which is never asked. */
const SILENT = {
  clone: () => SILENT,
  next: () => 0,
  jump: () => undefined,
  getState: () => [0],
} as unknown as ConstructorParameters<typeof fc.Random>[0]
