import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import { WireError } from '../wire/errors.ts'
import { HEADER_TABLE_SIZE_DEFAULT } from './decoder.ts'
import { DynamicTable } from './dynamic-table.ts'
import { EntryIndex } from './entry-index.ts'
import { type Field, fieldSize } from './field.ts'
import { huffmanEncodeInto, huffmanLength } from './huffman.ts'
import { type IndexingPolicy, indexByDefault } from './indexing.ts'
import { rfc7541 } from './rules.ts'
import { STATIC_ENTRIES, type StaticName, staticNames } from './static-table.ts'
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
  #out = new Uint8Array(512)
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

  /** One whole field block. Throws `unencodable` for a character that is no octet; then nothing was changed. */
  encode(fields: readonly Field[]): Uint8Array {
    let most = 32
    for (const { name, value } of fields) most += 20 + (octetsOf(name) + octetsOf(value)) * 4
    if (this.#out.length < most) this.#out = new Uint8Array(most)
    this.#at = 0
    if (this.#smallest !== undefined) this.#sizeUpdates()
    for (const field of fields) this.#field(field)
    return this.#out.slice(0, this.#at)
  }

  #field(field: Field): void {
    const { name, value } = field
    const standard = staticNames.get(name)
    const index = field.neverIndexed ? 0 : (standard?.values.get(value) ?? this.#entry(name, value))
    if (index > 0) {
      this.#integer(0x80, 7, index)
      return
    }
    const indexing = field.neverIndexed ? 'never' : this.#indexing(field)
    if (indexing === 'never') this.#literal(0x10, 4, field, standard)
    // An entry larger than the table would only empty it. RFC 7541 §4.4
    else if (indexing === 'without' || fieldSize(field) > this.#table.maxSize) this.#literal(0, 4, field, standard)
    else {
      this.#literal(0x40, 6, field, standard)
      this.#table.insert(field)
      this.#index.add(field, this.#table.inserted - 1)
    }
  }

  /** The index of an entry of the dynamic table, or 0. RFC 7541 §2.3.3 */
  #entry(name: string, value: string): number {
    const number = this.#index.find(name, value)
    return number < 0 ? 0 : STATIC_ENTRIES + this.#table.inserted - number
  }

  /** RFC 7541 §6.2 */
  #literal(flags: number, prefixBits: 4 | 6, { name, value }: Field, standard: StaticName | undefined): void {
    if (standard !== undefined) this.#integer(flags, prefixBits, standard.index)
    else {
      const number = this.#index.findName(name)
      this.#integer(flags, prefixBits, number < 0 ? 0 : STATIC_ENTRIES + this.#table.inserted - number)
      if (number < 0) this.#text(name)
    }
    this.#text(value)
  }

  /** RFC 7541 §5.2 */
  #text(text: string): void {
    const { length } = text
    if (this.#huffman !== 'never') {
      const coded = huffmanLength(text)
      if (coded < length || this.#huffman === 'always') {
        this.#integer(HUFFMAN_FLAG, 7, coded)
        this.#at = huffmanEncodeInto(text, this.#out, this.#at)
        return
      }
    }
    this.#integer(0, 7, length)
    const out = this.#out
    for (let i = 0, at = this.#at; i < length; i++, at++) out[at] = text.charCodeAt(i)
    this.#at += length
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

/** How many octets a string has. Throws `unencodable` for a character that is none. */
function octetsOf(text: string): number {
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) > 0xff) throw new WireError('unencodable', `character ${i} is no octet`, 0)
  return text.length
}
