/** Identifiers of SETTINGS parameters, without the RFC's prefix SETTINGS_. RFC 9113 §6.5.2 */
export const HEADER_TABLE_SIZE = 0x01
export const ENABLE_PUSH = 0x02
export const MAX_CONCURRENT_STREAMS = 0x03
export const INITIAL_WINDOW_SIZE = 0x04
export const MAX_FRAME_SIZE = 0x05
export const MAX_HEADER_LIST_SIZE = 0x06
/** RFC 8441 §3 */
export const ENABLE_CONNECT_PROTOCOL = 0x08
/** RFC 9218 §2.1 */
export const NO_RFC7540_PRIORITIES = 0x09

const names: Readonly<Record<number, string>> = {
  [HEADER_TABLE_SIZE]: 'HEADER_TABLE_SIZE',
  [ENABLE_PUSH]: 'ENABLE_PUSH',
  [MAX_CONCURRENT_STREAMS]: 'MAX_CONCURRENT_STREAMS',
  [INITIAL_WINDOW_SIZE]: 'INITIAL_WINDOW_SIZE',
  [MAX_FRAME_SIZE]: 'MAX_FRAME_SIZE',
  [MAX_HEADER_LIST_SIZE]: 'MAX_HEADER_LIST_SIZE',
  [ENABLE_CONNECT_PROTOCOL]: 'ENABLE_CONNECT_PROTOCOL',
  [NO_RFC7540_PRIORITIES]: 'NO_RFC7540_PRIORITIES',
}

/** The RFC's name of a parameter, without SETTINGS_; for one that none names, its number, as in `setting 0xfa`. */
export function settingName(id: number): string {
  return names[id] ?? `setting 0x${id.toString(16).padStart(2, '0')}`
}

/** The values before any SETTINGS came. What has no limit at first is infinite. RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1 */
export const settingDefaults = {
  [HEADER_TABLE_SIZE]: 4096,
  [ENABLE_PUSH]: 1,
  [MAX_CONCURRENT_STREAMS]: Number.POSITIVE_INFINITY,
  [INITIAL_WINDOW_SIZE]: 65535,
  [MAX_FRAME_SIZE]: 16384,
  [MAX_HEADER_LIST_SIZE]: Number.POSITIVE_INFINITY,
  [ENABLE_CONNECT_PROTOCOL]: 0,
  [NO_RFC7540_PRIORITIES]: 0,
} as const satisfies Readonly<Record<number, number>>

/** The largest value of SETTINGS_MAX_FRAME_SIZE. RFC 9113 §6.5.2 */
export const MAX_FRAME_SIZE_LIMIT = 0xffffff

/** The largest flow-control window. RFC 9113 §6.9.1 */
export const WINDOW_SIZE_LIMIT = 0x7fffffff
