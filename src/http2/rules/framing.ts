import { rulebook } from '../../conformance/rule.ts'
import { NO_CONTENT, TABLE } from './reasons.ts'

/** RFC 9113 §4.1 to §4.3: HTTP frames. */
export const framing = rulebook('rfc9113', {
  // RFC 9113 §4.1 Frame Format
  frameWithinPeerLimit: {
    section: '4.1',
    level: 'MUST',
    role: 'both',
    text: "No frame payload is sent that is longer than the peer's SETTINGS_MAX_FRAME_SIZE, 16,384 octets until it says otherwise",
    unobservable: { client: NO_CONTENT },
  },
  unusedFlagsIgnored: {
    section: '4.1',
    level: 'MUST',
    role: 'both',
    text: 'Flags that have no meaning for a frame type are ignored on receipt',
  },
  unusedFlagsUnset: {
    section: '4.1',
    level: 'MUST',
    role: 'both',
    text: 'Flags that have no meaning for a frame type are sent as zero',
  },
  reservedBitIgnored: {
    section: '4.1',
    level: 'MUST',
    role: 'both',
    text: 'The reserved bit before the stream identifier is ignored on receipt',
  },
  reservedBitUnset: {
    section: '4.1',
    level: 'MUST',
    role: 'both',
    text: 'The reserved bit before the stream identifier is sent as zero',
  },
  // RFC 9113 §4.2 Frame Size
  frameOfDefaultSizeAccepted: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A frame with a payload of 16,384 octets is received and processed',
  },
  frameTooLarge: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: "A frame longer than one's own SETTINGS_MAX_FRAME_SIZE is answered with FRAME_SIZE_ERROR",
  },
  frameTooShort: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A frame too short for the fields its type demands is answered with FRAME_SIZE_ERROR',
  },
  frameSizeErrorOnFieldBlock: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A frame size error in HEADERS, PUSH_PROMISE or CONTINUATION is a connection error of type FRAME_SIZE_ERROR',
  },
  frameSizeErrorOnStreamZero: {
    section: '4.2',
    level: 'MUST',
    role: 'both',
    text: 'A frame size error in a frame on stream 0 is a connection error of type FRAME_SIZE_ERROR',
  },
  // RFC 9113 §4.3 Field Section Compression and Decompression
  fieldBlockContiguous: {
    section: '4.3',
    level: 'MUST',
    role: 'both',
    text: 'The frames of a field block are sent one right after the other, with no other frame of any type or stream between them',
  },
  fieldBlockReassembled: {
    section: '4.3',
    level: 'MUST',
    role: 'both',
    text: 'The fragments of a field block are joined in order before they are decompressed, wherever they were cut',
  },
  discardedFieldBlockDecompressed: {
    section: '4.3',
    level: 'MUST',
    role: 'both',
    text: 'A field block is decompressed even if its frames are discarded, or else the connection ends with COMPRESSION_ERROR',
  },
  fieldBlockUndecodable: {
    section: '4.3',
    level: 'MUST',
    role: 'both',
    text: 'A field block that cannot be decoded is a connection error of type COMPRESSION_ERROR',
  },
  // RFC 9113 §4.3.1 Compression State
  tableSizeUpdateAfterReduction: {
    section: '4.3.1',
    level: 'MUST',
    role: 'both',
    text: 'After acknowledging a SETTINGS_HEADER_TABLE_SIZE below the current table size, the next field block starts with a size update within the new limit',
  },
  tableSizeUpdateMissing: {
    section: '4.3.1',
    level: 'MUST',
    role: 'both',
    text: 'A field block without the size update due after an acknowledged reduction of the table is a connection error of type COMPRESSION_ERROR',
    unobservable: TABLE,
  },
})
