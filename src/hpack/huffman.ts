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
    bits += length
    if (length <= 8) {
      // One octet is full or none, which is as good as random: to write it in any case is faster than to branch on it.
      out[at] = held >>> (bits - 8)
      at += bits >>> 3
      bits &= 7
    } else for (; bits >= 8; out[at++] = held >>> bits) bits -= 8
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
 * Decoding goes by octets: a state is an inner node of the code's tree, of which there are 256, and a step of the table is
 * what 8 bits do to it. No code is shorter than 5 bits, so that a step ends at most two symbols. Of a step's bits the lowest
 * 16 are these symbols, the first one lower; then come their count, whether EOS ended, and the next state.
 */
const COUNT_AT = 16
const ENDS_STRING = 1 << 18
const STATE_AT = 19

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
  const most = ((end - start) * 8) / 5 + 2
  if (scratch.length < most) scratch = Buffer.alloc(Math.ceil(most))
  const out = scratch
  let length = 0
  let state = 0
  let seen = 0
  for (let at = start; at < end; at++) {
    const step = steps[(state << 8) | (octets[at] as number)] as number
    // How many symbols end is as good as random: to write two in any case is faster than to branch on it.
    out[length] = step
    out[length + 1] = step >>> 8
    length += (step >>> COUNT_AT) & 3
    state = step >>> STATE_AT
    seen |= step
  }
  if ((seen & ENDS_STRING) !== 0 && honours(rfc7541.huffmanEos))
    throw new WireError('malformed', 'EOS inside a Huffman-coded string', start)
  const ending = endings[state]
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
  const steps = new Int32Array(depths.length * 256)
  for (let state = 0; state < depths.length; state++)
    for (let octet = 0; octet < 256; octet++) {
      let node = state
      let count = 0
      let step = 0
      for (let bit = 7; bit >= 0; bit--) {
        node = children[node * 2 + ((octet >>> bit) & 1)] as number
        if (node >= 0) continue
        step |= ~node === EOS ? ENDS_STRING : ~node << (8 * count++)
        node = 0
      }
      steps[state * 256 + octet] = step | (count << COUNT_AT) | (node << STATE_AT)
    }
  const endings = Uint8Array.from(depths, (depth, state) => (!allOnes[state] ? NOT_EOS : depth > 7 ? TOO_LONG : FINE))
  return { steps, endings }
}
