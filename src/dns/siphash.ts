/** 64 bits as two halves, of which each is 32 bits. */
interface Word {
  high: number
  low: number
}

/** RFC 9018 §4.4 names SipHash-2-4: https://www.aumasson.jp/siphash/siphash.pdf */
const COMPRESSION_ROUNDS = 2
const FINAL_ROUNDS = 4

/** SipHash-2-4 of octets under a key of 16 octets: eight octets, the least significant first. */
export function siphash(key: Uint8Array, octets: Uint8Array): Uint8Array {
  const [k0, k1] = [wordAt(key, 0), wordAt(key, 8)]
  const v: [Word, Word, Word, Word] = [
    xor(k0, { high: 0x736f6d65, low: 0x70736575 }),
    xor(k1, { high: 0x646f7261, low: 0x6e646f6d }),
    xor(k0, { high: 0x6c796765, low: 0x6e657261 }),
    xor(k1, { high: 0x74656462, low: 0x79746573 }),
  ]
  // The last word has what is left over, and the length in its highest octet.
  const padded = new Uint8Array((octets.length & ~7) + 8)
  padded.set(octets)
  padded[padded.length - 1] = octets.length
  for (let at = 0; at < padded.length; at += 8) {
    const word = wordAt(padded, at)
    v[3] = xor(v[3], word)
    for (let i = 0; i < COMPRESSION_ROUNDS; i++) round(v)
    v[0] = xor(v[0], word)
  }
  v[2] = xor(v[2], { high: 0, low: 0xff })
  for (let i = 0; i < FINAL_ROUNDS; i++) round(v)
  const { high, low } = xor(xor(v[0], v[1]), xor(v[2], v[3]))
  const hash = new Uint8Array(8)
  const view = new DataView(hash.buffer)
  view.setUint32(0, low, true)
  view.setUint32(4, high, true)
  return hash
}

function round(v: [Word, Word, Word, Word]): void {
  v[0] = sum(v[0], v[1])
  v[1] = xor(rotated(v[1], 13), v[0])
  v[0] = rotated(v[0], 32)
  v[2] = sum(v[2], v[3])
  v[3] = xor(rotated(v[3], 16), v[2])
  v[0] = sum(v[0], v[3])
  v[3] = xor(rotated(v[3], 21), v[0])
  v[2] = sum(v[2], v[1])
  v[1] = xor(rotated(v[1], 17), v[2])
  v[2] = rotated(v[2], 32)
}

function wordAt(octets: Uint8Array, at: number): Word {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  return { low: view.getUint32(at, true), high: view.getUint32(at + 4, true) }
}

function xor(a: Word, b: Word): Word {
  return { high: a.high ^ b.high, low: a.low ^ b.low }
}

function sum(a: Word, b: Word): Word {
  const low = (a.low >>> 0) + (b.low >>> 0)
  return { high: (a.high + b.high + (low > 0xffffffff ? 1 : 0)) | 0, low: low | 0 }
}

/** Rotated to the left by 32 bits, or by fewer. */
function rotated({ high, low }: Word, bits: number): Word {
  if (bits === 32) return { high: low, low: high }
  return {
    high: (high << bits) | (low >>> (32 - bits)),
    low: (low << bits) | (high >>> (32 - bits)),
  }
}
