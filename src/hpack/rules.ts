import { rulebook } from '../conformance/rule.ts'

const PROXY = 'binds intermediaries: needs a proxy suite, where we stand on both sides'

/** The requirements of RFC 7541. */
export const rfc7541 = rulebook('rfc7541', {
  // RFC 7541 §2 Compression Process Overview
  encoderKeepsOrder: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'An encoder keeps the order of the fields in the list it encodes',
    unobservable: 'only the encoder knows the list before it was encoded',
  },
  decoderKeepsOrder: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'A decoder hands on the fields in the order of their representations in the block',
  },
  duplicateEntries: {
    section: '2.3.2',
    level: 'MUST',
    role: 'both',
    text: 'Equal entries in the dynamic table are no error to a decoder',
  },
  indexOutOfRange: {
    section: '2.3.3',
    level: 'MUST',
    role: 'both',
    text: 'An index beyond the static and the dynamic table together is a decoding error',
  },
  // RFC 7541 §3.2 Header Field Representation Processing
  indexedFieldDecoded: {
    section: '3.2',
    level: 'MUST',
    role: 'both',
    text: 'An indexed representation yields the entry it points to, and leaves the dynamic table as it is',
  },
  literalIndexedInserted: {
    section: '3.2',
    level: 'MUST',
    role: 'both',
    text: 'A literal with incremental indexing yields its field and inserts it at the head of the dynamic table',
  },
  literalNotInserted: {
    section: '3.2',
    level: 'MUST',
    role: 'both',
    text: 'A literal without indexing, or never indexed, yields its field and leaves the dynamic table as it is',
  },
  // RFC 7541 §4 Dynamic Table Management
  tableSizeWithinLimit: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'An encoder chooses a table size no larger than the limit its peer has set',
  },
  sizeUpdateAtBlockStart: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A size update is sent at the start of the first block after the change',
  },
  sizeUpdateInsideBlock: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A size update after a field representation is a decoding error',
  },
  smallestSizeSignalled: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'Of several limits set between two blocks the smallest is signalled too, before the last',
  },
  entriesEvictedOnReduction: {
    section: '4.3',
    level: 'MUST',
    role: 'both',
    text: 'A reduced table size evicts the oldest entries until the rest fits',
  },
  entriesEvictedOnInsertion: {
    section: '4.4',
    level: 'MUST',
    role: 'both',
    text: 'Before an entry is inserted the oldest entries are evicted until it fits',
  },
  entryLargerThanTable: {
    section: '4.4',
    level: 'MUST',
    role: 'both',
    text: 'An entry larger than the whole table empties the table and is no error',
  },
  evictedNameUsable: {
    section: '4.4',
    level: 'MUST',
    role: 'both',
    text: 'A literal whose name comes from an entry that its own insertion evicts still gets that name',
  },
  // RFC 7541 §5 Primitive Type Representations
  integerTooLarge: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'An integer beyond the limits of the implementation, in value or in octets, is a decoding error',
  },
  huffmanDecoded: {
    section: '5.2',
    level: 'MUST',
    role: 'both',
    text: 'A string literal with the H bit is decoded by the static Huffman code',
  },
  huffmanPaddingTooLong: {
    section: '5.2',
    level: 'MUST',
    role: 'both',
    text: 'Huffman padding of more than 7 bits is a decoding error',
  },
  huffmanPaddingNotEos: {
    section: '5.2',
    level: 'MUST',
    role: 'both',
    text: 'Huffman padding that is not the start of the EOS code is a decoding error',
  },
  huffmanEos: {
    section: '5.2',
    level: 'MUST',
    role: 'both',
    text: 'The EOS symbol in a Huffman string is a decoding error',
  },
  // RFC 7541 §6 Binary Format
  indexZero: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'Index 0 in an indexed representation is a decoding error',
  },
  neverIndexedForwarded: {
    section: '6.2.3',
    level: 'MUST',
    role: 'proxy',
    text: 'A field received as a never-indexed literal is forwarded as one, never in a form that indexes it',
    unobservable: PROXY,
  },
  neverIndexedKept: {
    section: '6.2.3',
    level: 'MUST',
    role: 'both',
    text: 'A field meant as a never-indexed literal is always encoded as one',
    unobservable: 'only the encoder knows what a field was meant to be',
  },
  sizeUpdateSentWithinLimit: {
    section: '6.3',
    level: 'MUST',
    role: 'both',
    text: 'A size update is sent with a size no larger than the limit the peer has set and the encoder has acknowledged',
  },
  sizeUpdateTooLarge: {
    section: '6.3',
    level: 'MUST',
    role: 'both',
    text: 'A size update above the limit is a decoding error',
  },
})
