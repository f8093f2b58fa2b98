/** How long one input may take before its worker is ended, in ms. */
export const PATIENCE = 500

/** How long it may take until a worker can try inputs, in ms: code is loaded, a server starts, on a machine that is busy. */
export const BEGIN = 180_000

/** How often it is looked whether one takes too long, in ms: 600 ms after its beginning a worker is free again. */
export const WATCH = 20

/** Time that an input may take, in ms: so much, and so much for each octet. Linear decoders take a hundredth of it. */
export function slowAfter(length: number): number {
  return 5 + length * 0.02
}

/** Memory that one run may allocate, in octets: so much, and so much for each octet. */
export function hungryAfter(length: number): number {
  return (16 << 20) + length * 4096
}

/** Growth of the process within one run that ends its worker, in octets. */
export const GROWTH = 1 << 30

/** Heap of a worker, in MB: beyond it Node may end the whole process, so it is more than `GROWTH` lets anybody have. */
export const HEAP = 4096
