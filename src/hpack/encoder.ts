import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import { WireError } from '../wire/errors.ts'
import { HEADER_TABLE_SIZE_DEFAULT } from './decoder.ts'
import { DynamicTable } from './dynamic-table.ts'
import { EntryIndex } from './entry-index.ts'
import { type Field, fieldSize } from './field.ts'
import { huffmanEncodeInto } from './huffman.ts'
import { type IndexingPolicy, indexByDefault } from './indexing.ts'
import { rfc7541 } from './rules.ts'
import { STATIC_ENTRIES, type StaticName, staticIndex, staticNames } from './static-table.ts'
import { HUFFMAN_FLAG } from './text.ts'

export interface HpackEncoderOptions {
  /** The most octets of dynamic table that we use, however much the decoder allows: 4096. */
  readonly tableSize?: number
  /** When to Huffman-code a string: where that makes it `shorter`. */
  readonly huffman?: 'shorter' | 'always' | 'never'
  /** What to do with a field that stands in no table: `indexByDefault`. */
  readonly indexing?: IndexingPolicy
  /** Which rules of RFC 7541 to keep: all. */
  readonly honours?: Honours
}

/** Encodes the field blocks of one direction of a connection, in order. RFC 7541 */
export class HpackEncoder {
  readonly #table: DynamicTable
  readonly #index = new EntryIndex()
  readonly #tableSize: number
  readonly #huffman: 'shorter' | 'always' | 'never'
  readonly #indexing: IndexingPolicy
  readonly #honours: Honours
  /** Sizes to signal at the start of the next block: the smallest set since the last one, and the final one. */
  #smallest: number | undefined
  #final: number
  #out: Uint8Array = nothing
  #at = 0

  constructor(options: HpackEncoderOptions = {}) {
    this.#tableSize = options.tableSize ?? HEADER_TABLE_SIZE_DEFAULT
    this.#huffman = options.huffman ?? 'shorter'
    this.#indexing = options.indexing ?? indexByDefault
    this.#honours = options.honours ?? honoursAll
    this.#table = new DynamicTable(HEADER_TABLE_SIZE_DEFAULT, (field, number) => this.#index.delete(field, number))
    this.#final = HEADER_TABLE_SIZE_DEFAULT
    if (this.#tableSize < HEADER_TABLE_SIZE_DEFAULT) this.setTableSize(HEADER_TABLE_SIZE_DEFAULT)
  }

  /** The dynamic table, the newest entry first. */
  get entries(): readonly Field[] {
    return this.#table.entries()
  }

  /** Octets in the dynamic table. RFC 7541 §4.1 */
  get tableSize(): number {
    return this.#table.size
  }

  /** The most octets in it, as of the last block. RFC 7541 §4.2 */
  get maxTableSize(): number {
    return this.#table.maxSize
  }

  /** The decoder's SETTINGS_HEADER_TABLE_SIZE in octets, to be acknowledged now. The next block signals what changes. */
  setTableSize(octets: number): void {
    const allowed = Math.min(octets, this.#tableSize)
    const kept = this.#honours(rfc7541.tableSizeWithinLimit) && this.#honours(rfc7541.sizeUpdateSentWithinLimit)
    this.#final = kept ? allowed : octets + 1
    this.#smallest = Math.min(this.#smallest ?? this.#final, this.#final)
  }

  /**
   * One whole field block. Throws `unencodable` for a character that is no octet; then the next block begins by emptying the
   * table, since what this one put in was never sent.
   */
  encode(fields: readonly Field[]): Uint8Array {
    // Taken away meanwhile, should a policy encode something itself.
    this.#out = spare
    spare = nothing
    this.#at = 0
    this.#room(32)
    if (this.#smallest !== undefined) this.#sizeUpdates()
    try {
      for (let i = 0; i < fields.length; i++) this.#field(fields[i] as Field)
    } catch (error) {
      this.#smallest = 0
      throw error
    }
    const block = pooled(this.#at)
    if (this.#out.length <= SPARE_MAX) spare = this.#out
    if (block.length > SMALL) block.set(this.#out.subarray(0, this.#at))
    else for (let i = 0; i < block.length; i++) block[i] = this.#out[i] as number
    return block
  }

  /** Makes sure that so many more octets can be put out. */
  #room(octets: number): void {
    const needed = this.#at + octets
    if (needed <= this.#out.length) return
    const wider = new Uint8Array(Math.max(needed * 2, 1024))
    wider.set(this.#out.subarray(0, this.#at))
    this.#out = wider
  }

  #field(field: Field): void {
    const { name, value, neverIndexed } = field
    this.#room(32)
    // No field stands in both tables, so the one that more often has it is asked first.
    const number = neverIndexed ? -1 : this.#index.find(name, value)
    if (number >= 0) {
      this.#integer(0x80, 7, this.#indexOf(number))
      return
    }
    const standard = staticNames.get(name)
    const index = neverIndexed || standard === undefined ? 0 : staticIndex(standard, value)
    if (index > 0) {
      this.#integer(0x80, 7, index)
      return
    }
    const indexing = neverIndexed ? 'never' : this.#indexing(field)
    if (indexing === 'never') this.#literal(0x10, 4, field, standard)
    // An entry larger than the table would only empty it. RFC 7541 §4.4
    else if (indexing === 'without' || fieldSize(field) > this.#table.maxSize) this.#literal(0, 4, field, standard)
    else {
      this.#literal(0x40, 6, field, standard)
      this.#table.insert(field)
      this.#index.add(field, this.#table.inserted - 1)
    }
  }

  /** The index of the entry with this number. RFC 7541 §2.3.3 */
  #indexOf(number: number): number {
    return STATIC_ENTRIES + this.#table.inserted - number
  }

  /** RFC 7541 §6.2 */
  #literal(flags: number, prefixBits: 4 | 6, { name, value }: Field, standard: StaticName | undefined): void {
    if (standard !== undefined) this.#integer(flags, prefixBits, standard.index)
    else {
      const number = this.#index.findName(name)
      this.#integer(flags, prefixBits, number < 0 ? 0 : this.#indexOf(number))
      if (number < 0) this.#text(name)
    }
    this.#text(value)
  }

  /** RFC 7541 §5.2 */
  #text(text: string): void {
    const { length } = text
    this.#room(length * 4 + 16) // the longest code has 30 bits
    if (this.#huffman !== 'never' && this.#coded(text)) return
    this.#integer(0, 7, length)
    const out = this.#out
    let at = this.#at
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0xff) throw new WireError('unencodable', `character ${i} is no octet`, at)
      out[at++] = code
    }
    this.#at = at
  }

  /** Puts out a string Huffman-coded, unless that makes it no shorter and it need not be. Coding it is how to find out. */
  #coded(text: string): boolean {
    const out = this.#out
    const start = this.#at + 1
    const end = huffmanEncodeInto(text, out, start)
    const coded = end - start
    if (coded >= text.length && this.#huffman !== 'always') return false
    this.#integer(HUFFMAN_FLAG, 7, coded)
    // Its length took more than the one octet left for it, over the first octets of a string that is long.
    if (this.#at > start) huffmanEncodeInto(text, out, this.#at)
    this.#at += coded
    return true
  }

  /** RFC 7541 §5.1 */
  #integer(flags: number, prefixBits: number, value: number): void {
    const out = this.#out
    const most = (1 << prefixBits) - 1
    if (value < most) {
      out[this.#at++] = flags | value
      return
    }
    out[this.#at++] = flags | most
    let left = value - most
    for (; left >= 0x80; left = Math.floor(left / 128)) out[this.#at++] = (left & 0x7f) | 0x80
    out[this.#at++] = left
  }

  /** RFC 7541 §4.2 */
  #sizeUpdates(): void {
    const smallest = this.#smallest as number
    const final = this.#final
    this.#smallest = undefined
    const changed = final !== this.#table.maxSize || smallest < final
    if (changed && this.#honours(rfc7541.sizeUpdateAtBlockStart)) {
      if (smallest < final && this.#honours(rfc7541.smallestSizeSignalled)) this.#integer(0x20, 5, smallest)
      this.#integer(0x20, 5, final)
    }
    this.#table.maxSize = smallest
    this.#table.maxSize = final
  }
}

const nothing = new Uint8Array(0)

/** What encoders write to, one at a time, before the block is cut from it: most encoders are idle most of the time. */
let spare: Uint8Array = nothing
const SPARE_MAX = 65536

/** Up to here V8 keeps octets on its own heap, and copying them one by one is the fastest. */
const SMALL = 64

/** New octets; more than a few out of the slab that Node keeps, some twenty times faster than allocating them. */
function pooled(length: number): Uint8Array {
  if (length <= SMALL) return new Uint8Array(length)
  const { buffer, byteOffset } = Buffer.allocUnsafe(length)
  return new Uint8Array(buffer, byteOffset, length)
}
