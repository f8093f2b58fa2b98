import type { Honours, Rule } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import { WireError } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { DynamicTable } from './dynamic-table.ts'
import { type Field, fieldSize } from './field.ts'
import { readInteger } from './integer.ts'
import { rfc7541 } from './rules.ts'
import { STATIC_ENTRIES, staticTable } from './static-table.ts'
import { readText } from './text.ts'

/** The SETTINGS_HEADER_TABLE_SIZE that a connection starts with. RFC 9113 §6.5.2 */
export const HEADER_TABLE_SIZE_DEFAULT = 4096

export interface HpackDecoderOptions {
  /** The most octets that the encoder may set the dynamic table to, and what it starts with: 4096. */
  readonly tableLimit?: number
  /** The largest header list kept, in octets as RFC 9113 §6.5.2 counts; no limit but that of the block. */
  readonly maxListSize?: number
  /** The longest name or value, in octets; a longer one is `malformed`. No limit but that of the block. RFC 7541 §7.4 */
  readonly maxStringLength?: number
  /** Which rules of RFC 7541 to keep: all. */
  readonly honours?: Honours
}

/** What a field block says. */
export interface HeaderList {
  /** In order. On overflow only those that fit before it. */
  readonly fields: readonly Field[]
  /** Of the whole list, in octets as RFC 9113 §6.5.2 counts, those of an overflow too. */
  readonly size: number
  /** The list is larger than `maxListSize`. The state is good all the same, as the block was decoded whole. */
  readonly overflow: boolean
}

/** Decodes the field blocks of one direction of a connection, in order. RFC 7541 */
export class HpackDecoder {
  readonly #table: DynamicTable
  readonly #maxListSize: number
  readonly #maxStringLength: number
  readonly #honours: Honours
  readonly #keeps: ReturnType<typeof kept>
  #limit: number
  #owed: number | undefined
  #dead: WireError | undefined

  constructor(options: HpackDecoderOptions = {}) {
    this.#limit = options.tableLimit ?? HEADER_TABLE_SIZE_DEFAULT
    this.#maxListSize = options.maxListSize ?? Number.POSITIVE_INFINITY
    this.#maxStringLength = options.maxStringLength ?? Number.POSITIVE_INFINITY
    this.#honours = options.honours ?? honoursAll
    this.#keeps = this.#honours === honoursAll ? keepsAll : kept(this.#honours)
    this.#table = new DynamicTable(this.#limit)
  }

  /** The dynamic table, the newest entry first. */
  get entries(): readonly Field[] {
    return this.#table.entries()
  }

  /** Octets in the dynamic table. RFC 7541 §4.1 */
  get tableSize(): number {
    return this.#table.size
  }

  /** The most octets in it, as the encoder set it. RFC 7541 §4.2 */
  get maxTableSize(): number {
    return this.#table.maxSize
  }

  /**
   * The table size in octets that the next block has to set the table to or below, before anything else; nothing when none
   * has to. A block that does not is `malformed`. RFC 7541 §4.2, RFC 9113 §4.3.1
   */
  get sizeUpdateOwed(): number | undefined {
    return this.#owed
  }

  /** Our SETTINGS_HEADER_TABLE_SIZE, in octets, from the time the encoder has acknowledged it. */
  setTableLimit(octets: number): void {
    this.#limit = octets
    if (octets < Math.min(this.#table.maxSize, this.#owed ?? Number.POSITIVE_INFINITY)) this.#owed = octets
  }

  /**
   * The header list of one whole field block. Throws `WireError`, `malformed` or `truncated`; then the state is lost, and
   * every later block throws the same.
   */
  decode(block: Uint8Array): HeaderList {
    if (this.#dead !== undefined) throw this.#dead
    try {
      return this.#decode(new Reader(block))
    } catch (error) {
      if (error instanceof WireError) this.#dead = error
      throw error
    }
  }

  #decode(reader: Reader): HeaderList {
    const { octets, end } = reader
    const honours = this.#honours
    const keeps = this.#keeps
    const fields: Field[] = []
    let size = 0
    if (end > 0) this.#sizeUpdates(reader)
    while (reader.offset < end) {
      const first = octets[reader.offset] as number
      let field: Field | undefined
      if (first >= 0x80) {
        // RFC 7541 §6.1
        const at = reader.offset
        const index = first < 0xff ? first & 0x7f : readInteger(reader, 7, honours)
        if (first < 0xff) reader.offset = at + 1
        field = this.#lookup(index) ?? this.#refuseIndex(index, at)
        if (index > STATIC_ENTRIES && !keeps.indexedFieldDecoded) field = undefined
      } else if (first >= 0x40) field = this.#literalIndexed(reader)
      else if (first < 0x20) {
        // RFC 7541 §6.2.2, §6.2.3
        field = this.#literal(reader, 4, first >= 0x10)
        if (field !== undefined && !keeps.literalNotInserted) this.#table.insert(field)
      } else if (honours(rfc7541.sizeUpdateInsideBlock)) {
        throw new WireError('malformed', 'a table size update after a field', reader.offset)
      } else this.#sizeUpdate(reader)
      if (field === undefined) continue
      size += fieldSize(field)
      if (size <= this.#maxListSize) fields.push(field)
    }
    if (!keeps.decoderKeepsOrder) fields.reverse()
    return { fields, size, overflow: size > this.#maxListSize }
  }

  #lookup(index: number): Field | undefined {
    return index <= STATIC_ENTRIES ? staticTable[index] : this.#table.at(index - STATIC_ENTRIES - 1)
  }

  /** RFC 7541 §6.2.1 */
  #literalIndexed(reader: Reader): Field | undefined {
    const at = reader.offset
    const field = this.#literal(reader, 6, false)
    if (field === undefined) return undefined
    if (this.#keeps.allOfInsertion) this.#table.insert(field)
    else insertAsDeviant(this.#table, field, this.#honours, new Reader(reader.octets, at, reader.end))
    return field
  }

  /** RFC 7541 §6.2; nothing, if its name is an index that a deviant lets pass. */
  #literal(reader: Reader, prefixBits: 4 | 6, neverIndexed: boolean): Field | undefined {
    const at = reader.offset
    const index = readInteger(reader, prefixBits, this.#honours)
    const name = index === 0 ? this.#text(reader) : (this.#lookup(index) ?? this.#refuseIndex(index, at))?.name
    const value = this.#text(reader)
    if (name === undefined) return undefined
    return neverIndexed ? { name, value, neverIndexed } : { name, value }
  }

  #text(reader: Reader): string {
    const at = reader.offset
    const text = readText(reader, this.#honours)
    if (text.length > this.#maxStringLength)
      throw new WireError('malformed', `a string of over ${this.#maxStringLength} octets`, at)
    return text
  }

  /** The index stands for nothing: 0 (RFC 7541 §6.1), or past the tables (§2.3.3). A deviant lets it pass. */
  #refuseIndex(index: number, at: number): undefined {
    if (!this.#honours(index === 0 ? rfc7541.indexZero : rfc7541.indexOutOfRange)) return
    throw new WireError('malformed', `no entry at index ${index}`, at)
  }

  /** What a block may begin with. RFC 7541 §4.2 */
  #sizeUpdates(reader: Reader): void {
    const owed = this.#owed
    let paid = owed === undefined
    for (let updates = 0; reader.offset < reader.end; updates++) {
      const first = reader.octets[reader.offset] as number
      if (first < 0x20 || first >= 0x40) break
      const octets = this.#sizeUpdate(reader)
      if (updates === 0 && octets <= (owed ?? 0)) paid = true
    }
    this.#owed = undefined
    if (!paid && this.#honours(rfc7541.sizeUpdateAtBlockStart))
      throw new WireError('malformed', `the block does not begin by setting the table to ${owed} or less`, 0)
  }

  /** RFC 7541 §6.3 */
  #sizeUpdate(reader: Reader): number {
    const at = reader.offset
    const octets = readInteger(reader, 5, this.#honours)
    if (octets > this.#limit && this.#honours(rfc7541.sizeUpdateTooLarge))
      throw new WireError('malformed', `a table of ${octets} octets, over the limit of ${this.#limit}`, at)
    // Even a deviant keeps no more than it said it would.
    if (this.#keeps.entriesEvictedOnReduction || octets > this.#table.maxSize)
      this.#table.maxSize = Math.min(octets, this.#limit)
    return octets
  }
}

/** Which of the rules on the good path are kept; found out once, since asking is too slow for each field. */
function kept(honours: Honours) {
  return {
    decoderKeepsOrder: honours(rfc7541.decoderKeepsOrder),
    indexedFieldDecoded: honours(rfc7541.indexedFieldDecoded),
    literalNotInserted: honours(rfc7541.literalNotInserted),
    entriesEvictedOnReduction: honours(rfc7541.entriesEvictedOnReduction),
    allOfInsertion: insertionRules.every(honours),
  }
}

const insertionRules: readonly Rule[] = [
  rfc7541.literalIndexedInserted,
  rfc7541.duplicateEntries,
  rfc7541.entriesEvictedOnInsertion,
  rfc7541.entryLargerThanTable,
  rfc7541.evictedNameUsable,
]

/** Inserts a field as one does who ignores a rule of insertion; `reader` stands where its representation starts. */
function insertAsDeviant(table: DynamicTable, field: Field, honours: Honours, reader: Reader): void {
  const at = reader.offset
  if (!honours(rfc7541.literalIndexedInserted)) return
  const size = fieldSize(field)
  if (!honours(rfc7541.duplicateEntries))
    if (table.entries().some(entry => entry.name === field.name && entry.value === field.value))
      throw new WireError('malformed', 'an entry that is there already', at)
  if (!honours(rfc7541.entryLargerThanTable) && size > table.maxSize)
    throw new WireError('malformed', 'an entry larger than the table', at)
  const nameIndex = readInteger(reader, 6)
  const named = nameIndex > STATIC_ENTRIES ? table.inserted - (nameIndex - STATIC_ENTRIES) : undefined
  // Bounded even so: one limit more than allowed.
  if (!honours(rfc7541.entriesEvictedOnInsertion) && table.size + size <= 2 * HEADER_TABLE_SIZE_DEFAULT)
    table.maxSize = Math.max(table.maxSize, table.size + size)
  table.insert(field)
  if (!honours(rfc7541.evictedNameUsable) && named !== undefined && named < table.evicted)
    throw new WireError('malformed', 'the name of an entry evicted to make room', at)
}

const keepsAll = kept(honoursAll)
