/** Octets of a frame header. RFC 9113 §4.1 */
export const HEADER_OCTETS = 9

/** Frame types. RFC 9113 §6 */
export const DATA = 0x00
export const HEADERS = 0x01
export const PRIORITY = 0x02
export const RST_STREAM = 0x03
export const SETTINGS = 0x04
export const PUSH_PROMISE = 0x05
export const PING = 0x06
export const GOAWAY = 0x07
export const WINDOW_UPDATE = 0x08
export const CONTINUATION = 0x09
/** RFC 7838 §4 */
export const ALTSVC = 0x0a
/** RFC 8336 §2 */
export const ORIGIN = 0x0c
/** RFC 9218 §7.1 */
export const PRIORITY_UPDATE = 0x10

/** Flags of DATA and HEADERS. RFC 9113 §6.1, §6.2 */
export const END_STREAM = 0x01
/** Flag of SETTINGS and PING. RFC 9113 §6.5, §6.7 */
export const ACK = 0x01
/** Flag of HEADERS, PUSH_PROMISE and CONTINUATION. RFC 9113 §6.2, §6.6, §6.10 */
export const END_HEADERS = 0x04
/** Flag of DATA, HEADERS and PUSH_PROMISE. RFC 9113 §6.1, §6.2, §6.6 */
export const PADDED = 0x08
/** The PRIORITY flag of HEADERS. RFC 9113 §6.2 */
export const PRIORITY_FLAG = 0x20

const names: Readonly<Record<number, string>> = {
  [DATA]: 'DATA',
  [HEADERS]: 'HEADERS',
  [PRIORITY]: 'PRIORITY',
  [RST_STREAM]: 'RST_STREAM',
  [SETTINGS]: 'SETTINGS',
  [PUSH_PROMISE]: 'PUSH_PROMISE',
  [PING]: 'PING',
  [GOAWAY]: 'GOAWAY',
  [WINDOW_UPDATE]: 'WINDOW_UPDATE',
  [CONTINUATION]: 'CONTINUATION',
  [ALTSVC]: 'ALTSVC',
  [ORIGIN]: 'ORIGIN',
  [PRIORITY_UPDATE]: 'PRIORITY_UPDATE',
}

/** The RFC's name of a frame type; for one that none names, its number, as in `type 0xfa`. */
export function frameTypeName(type: number): string {
  return names[type] ?? `type 0x${type.toString(16).padStart(2, '0')}`
}

const flagNames: Readonly<Record<number, readonly (readonly [number, string])[]>> = {
  [DATA]: [
    [END_STREAM, 'END_STREAM'],
    [PADDED, 'PADDED'],
  ],
  [HEADERS]: [
    [END_STREAM, 'END_STREAM'],
    [END_HEADERS, 'END_HEADERS'],
    [PADDED, 'PADDED'],
    [PRIORITY_FLAG, 'PRIORITY'],
  ],
  [SETTINGS]: [[ACK, 'ACK']],
  [PUSH_PROMISE]: [
    [END_HEADERS, 'END_HEADERS'],
    [PADDED, 'PADDED'],
  ],
  [PING]: [[ACK, 'ACK']],
  [CONTINUATION]: [[END_HEADERS, 'END_HEADERS']],
}

/** The flags that mean something for a frame type, all in one octet. RFC 9113 §6 */
export function definedFlags(type: number): number {
  return (flagNames[type] ?? []).reduce((all, [bit]) => all | bit, 0)
}

/** The RFC's names of the flags set in a frame of this type, and in hex the bits that it does not define. */
export function flagsNames(type: number, flags: number): readonly string[] {
  const found: string[] = []
  let left = flags
  for (const [bit, name] of flagNames[type] ?? []) {
    if ((flags & bit) === 0) continue
    found.push(name)
    left &= ~bit
  }
  if (left !== 0) found.push(`0x${left.toString(16).padStart(2, '0')}`)
  return found
}
