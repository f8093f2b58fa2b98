import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import { WireError } from '../wire/errors.ts'
import { EOS, HUFFMAN_CODES, HUFFMAN_LENGTHS } from './huffman-table.ts'
import { rfc7541 } from './rules.ts'

/** Bits of a packed code that say its length; those above are the code. */
const LENGTH_BITS = 5
const LENGTH = (1 << LENGTH_BITS) - 1

/** Codes of up to 24 bits, which all that is common in header fields has, packed; 0 for the longer ones. */
const shortCodes = Uint32Array.from(HUFFMAN_CODES.slice(0, EOS), (code, symbol) => {
  const length = HUFFMAN_LENGTHS[symbol] as number
  return length > 24 ? 0 : (code << LENGTH_BITS) | length
})

/**
 * Huffman-codes a string into `out`, which has room for 4 octets a character, and says where it ended. The padding begins
 * the EOS code. Throws `unencodable` for a character that is no octet. RFC 7541 §5.2
 */
export function huffmanEncodeInto(text: string, out: Uint8Array, start: number): number {
  let at = start
  let held = 0 // whose low bits are to be put out next; those above them are out already
  let bits = 0 // how many: fewer than 8 between two characters
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i)
    let packed = shortCodes[symbol]
    if (!packed) {
      // With the bits held a long code would not fit 32 bits, so that all of it but 16 bits goes first.
      const code = HUFFMAN_CODES[symbol] as number
      if (packed === undefined) throw new WireError('unencodable', `character ${i} is no octet`, 0)
      const ahead = (HUFFMAN_LENGTHS[symbol] as number) - 16
      held = (held << ahead) | (code >>> 16)
      for (bits += ahead; bits >= 8; out[at++] = held >>> bits) bits -= 8
      packed = ((code & 0xffff) << LENGTH_BITS) | 16
    }
    const length = packed & LENGTH
    held = (held << length) | (packed >>> LENGTH_BITS)
    for (bits += length; bits >= 8; out[at++] = held >>> bits) bits -= 8
  }
  if (bits > 0) out[at++] = (held << (8 - bits)) | (0xff >>> bits)
  return at
}

/** A Huffman-coded string. */
export function huffmanEncode(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 4)
  return out.subarray(0, huffmanEncodeInto(text, out, 0))
}

/*
 * Decoding goes by half octets: a state is an inner node of the code's tree, and a step of the table is what 4 bits do to
 * it. No code is shorter than 5 bits, so that a step ends at most one symbol.
 */
const EMITS_BIT = 8 // the 8 bits below are the symbol
const EMITS = 1 << EMITS_BIT
const ENDS_STRING = 0x200
const NEXT = 10 // the next state, times 16, lies from this bit on

/** How a string may not end: in a state, for each state. */
const FINE = 0
const NOT_EOS = 1
const TOO_LONG = 2

const { steps, endings } = machine()

let scratch = Buffer.alloc(256)

/**
 * The string that the octets `start` to `end` code. Throws `malformed` for what RFC 7541 §5.2 forbids: EOS inside, padding
 * longer than 7 bits, padding that is no start of EOS.
 */
export function huffmanDecode(octets: Uint8Array, start: number, end: number, honours: Honours = honoursAll): string {
  const most = ((end - start) * 8) / 5 + 1
  if (scratch.length < most) scratch = Buffer.alloc(Math.ceil(most))
  const out = scratch
  let length = 0
  let state = 0
  let seen = 0
  for (let at = start; at < end; at++) {
    // Whether a half octet ends a symbol is as good as random, so that branching on it would cost more than writing always.
    const octet = octets[at] as number
    const high = steps[state + (octet >>> 4)] as number
    out[length] = high // its low 8 bits, the symbol
    length += (high >>> EMITS_BIT) & 1
    const low = steps[(high >>> NEXT) + (octet & 15)] as number
    out[length] = low
    length += (low >>> EMITS_BIT) & 1
    state = low >>> NEXT
    seen |= high | low
  }
  if ((seen & ENDS_STRING) !== 0 && honours(rfc7541.huffmanEos))
    throw new WireError('malformed', 'EOS inside a Huffman-coded string', start)
  const ending = endings[state >>> 4]
  if (ending === NOT_EOS && honours(rfc7541.huffmanPaddingNotEos))
    throw new WireError('malformed', 'padding that does not begin the EOS code', end - 1)
  if (ending === TOO_LONG && honours(rfc7541.huffmanPaddingTooLong))
    throw new WireError('malformed', 'padding longer than 7 bits', end - 1)
  return out.toString('latin1', 0, length)
}

function machine(): { steps: Int32Array; endings: Uint8Array } {
  // The tree: two children a node, where a leaf is the symbol's complement, and 0 is nothing yet.
  const children: number[] = [0, 0]
  const depths = [0]
  const allOnes = [true]
  HUFFMAN_CODES.forEach((code, symbol) => {
    const length = HUFFMAN_LENGTHS[symbol] as number
    let node = 0
    for (let bit = length - 1; bit >= 0; bit--) {
      const one = (code >>> bit) & 1
      const edge = node * 2 + one
      if (bit === 0) children[edge] = ~symbol
      else if (children[edge] === 0) {
        children[edge] = depths.length
        depths.push((depths[node] as number) + 1)
        allOnes.push((allOnes[node] as boolean) && one === 1)
        children.push(0, 0)
      }
      node = children[edge] as number
    }
  })
  const steps = new Int32Array(depths.length * 16)
  for (let state = 0; state < depths.length; state++)
    for (let half = 0; half < 16; half++) {
      let node = state
      let step = 0
      for (let bit = 3; bit >= 0; bit--) {
        node = children[node * 2 + ((half >>> bit) & 1)] as number
        if (node >= 0) continue
        step |= ~node === EOS ? ENDS_STRING : EMITS | ~node
        node = 0
      }
      steps[state * 16 + half] = step | (node << (NEXT + 4))
    }
  const endings = Uint8Array.from(depths, (depth, state) => (!allOnes[state] ? NOT_EOS : depth > 7 ? TOO_LONG : FINE))
  return { steps, endings }
}
