import type { Frame } from '../../src/http2/frame.ts'
import { PADDED } from '../../src/http2/frame.ts'

/** What is wrong with the padding of a frame that may have some, if anything is. RFC 9113 §6.1, §6.2 */
export function nonzeroPadding({ flags, payload }: Frame): string | undefined {
  if ((flags & PADDED) === 0) return undefined
  const padding = payload.subarray(payload.length - (payload[0] ?? 0))
  return padding.every(octet => octet === 0) ? undefined : 'padding that is not all zero'
}

/** A frame that belongs to a stream and has none. */
export function onStreamZero({ stream }: Frame): string | undefined {
  return stream === 0 ? 'it belongs to no stream' : undefined
}

/** A frame that belongs to the connection and is on a stream. */
export function onAStream({ stream }: Frame): string | undefined {
  return stream === 0 ? undefined : 'it does not belong to a stream'
}
