import type { CatalogueCodec } from '../wire/catalogued.ts'
import { frame } from './frame.ts'
import * as frames from './frame-types.ts'
import { payloadCodec } from './payload.ts'
import { typedFrame } from './payload-frame.ts'

const { PADDED, PRIORITY_FLAG } = frames

function payload(type: number, flags: number, about: string): CatalogueCodec {
  return { codec: payloadCodec(type, flags), about }
}

/** The codecs of HTTP/2, for the catalogue. */
export const http2Codecs: Readonly<Record<string, CatalogueCodec>> = {
  'http2/frame': { codec: typedFrame, about: 'a frame and what it carries (RFC 9113 §4.1, §6)' },
  'http2/raw-frame': { codec: frame, about: 'a frame whose payload is octets (RFC 9113 §4.1)' },
  'http2/data': payload(frames.DATA, 0, 'the payload of DATA (RFC 9113 §6.1)'),
  'http2/data-padded': payload(frames.DATA, PADDED, 'the payload of DATA with PADDED (RFC 9113 §6.1)'),
  'http2/headers': payload(frames.HEADERS, 0, 'the payload of HEADERS (RFC 9113 §6.2)'),
  'http2/headers-padded': payload(frames.HEADERS, PADDED, 'the payload of HEADERS with PADDED (RFC 9113 §6.2)'),
  'http2/headers-priority': payload(
    frames.HEADERS,
    PRIORITY_FLAG,
    'the payload of HEADERS with PRIORITY (RFC 9113 §6.2)',
  ),
  'http2/headers-padded-priority': payload(
    frames.HEADERS,
    PADDED | PRIORITY_FLAG,
    'the payload of HEADERS with PADDED and PRIORITY (RFC 9113 §6.2)',
  ),
  'http2/priority': payload(frames.PRIORITY, 0, 'the payload of PRIORITY (RFC 9113 §6.3)'),
  'http2/rst-stream': payload(frames.RST_STREAM, 0, 'the payload of RST_STREAM (RFC 9113 §6.4)'),
  'http2/settings': payload(frames.SETTINGS, 0, 'the payload of SETTINGS (RFC 9113 §6.5)'),
  'http2/push-promise': payload(frames.PUSH_PROMISE, 0, 'the payload of PUSH_PROMISE (RFC 9113 §6.6)'),
  'http2/push-promise-padded': payload(
    frames.PUSH_PROMISE,
    PADDED,
    'the payload of PUSH_PROMISE with PADDED (RFC 9113 §6.6)',
  ),
  'http2/ping': payload(frames.PING, 0, 'the payload of PING (RFC 9113 §6.7)'),
  'http2/goaway': payload(frames.GOAWAY, 0, 'the payload of GOAWAY (RFC 9113 §6.8)'),
  'http2/window-update': payload(frames.WINDOW_UPDATE, 0, 'the payload of WINDOW_UPDATE (RFC 9113 §6.9)'),
  'http2/continuation': payload(frames.CONTINUATION, 0, 'the payload of CONTINUATION (RFC 9113 §6.10)'),
  'http2/altsvc': payload(frames.ALTSVC, 0, 'the payload of ALTSVC (RFC 7838 §4)'),
  'http2/origin': payload(frames.ORIGIN, 0, 'the payload of ORIGIN (RFC 8336 §2)'),
  'http2/priority-update': payload(frames.PRIORITY_UPDATE, 0, 'the payload of PRIORITY_UPDATE (RFC 9218 §7.1)'),
}
