import { data, headers, rawFrame } from '../../src/http2/build.ts'
import { FRAME_SIZE_ERROR } from '../../src/http2/error-codes.ts'
import { connectionError, contented, expect, goesOn, streamError } from '../../src/http2/expect.ts'
import { asked, offerContent, onRequest, opening, respond, section, takenAs } from '../../src/http2/expect-message.ts'
import { frameLimit, wideWindow } from '../../src/http2/features.ts'
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  GOAWAY,
  HEADERS,
  PADDED,
  PRIORITY_FLAG,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from '../../src/http2/frame.ts'
import { type FieldLine, fieldBlock, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { MAX_FRAME_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { topic } from './roles.ts'

/** A type that no specification gives a meaning. RFC 9113 §5.5 */
const UNKNOWN = 0xfb

const zeros = (length: number) => new Uint8Array(length)

/** The least number of octets that the subject will not take in one frame. RFC 9113 §4.2 */
const tooMany = (talk: Http2Talk) => (talk.settings.get(MAX_FRAME_SIZE) ?? 16384) + 1

/** SETTINGS of unknown parameters, one more than fits. */
function oversizeSettings(talk: Http2Talk): Uint8Array {
  const count = Math.ceil(tooMany(talk) / 6)
  return rawFrame({ type: SETTINGS, payload: zeros(count * 6).map((_, i) => (i % 6 < 2 ? 0xf0 : 0)) })
}

const oversize = (type: number, stream: (talk: Http2Talk) => number) => (talk: Http2Talk) =>
  rawFrame({ type, stream: stream(talk), payload: zeros(tooMany(talk)) })

const onStream3 = () => 3

/** A field that makes a block as long as is asked for: literal, without indexing, its name and value in plain octets. RFC 7541 §6.2.2 */
function filler(octets: number): Uint8Array {
  const head = Uint8Array.of(0x00, 0x01, 0x78)
  const value = octets - head.length - 4
  // The length of the value as an integer of four octets. RFC 7541 §5.1
  const rest = value - 127
  const length = Uint8Array.of(0x7f, 0x80 | (rest & 0x7f), 0x80 | ((rest >> 7) & 0x7f), rest >> 14)
  return Buffer.concat([head, length, new Uint8Array(value).fill(0x77)])
}

/** HEADERS, or what continues them, of one octet too many; their fields are right. */
function oversizeBlock(
  type: number,
  stream: (talk: Http2Talk) => number,
  fields: (talk: Http2Talk) => readonly FieldLine[],
) {
  return (talk: Http2Talk) => {
    const block = fieldBlock(fields(talk))
    const payload = Buffer.concat([block, filler(tooMany(talk) - block.length)])
    return rawFrame({ type, flags: END_HEADERS, stream: stream(talk), payload })
  }
}

const POST = { pseudo: { ':method': 'POST' } }

export default topic('Frame size', {
  both: [
    {
      rule: rfc9113.frameOfDefaultSizeAccepted,
      when: 'a frame of an unknown type has 16384 octets',
      steps: [send(rawFrame({ type: UNKNOWN, payload: zeros(16384) })), expect(goesOn())],
    },
    {
      rule: rfc9113.frameSizeErrorOnStreamZero,
      when: 'SETTINGS are longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit],
      steps: [send(oversizeSettings), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'GOAWAY has seven octets',
      steps: [send(rawFrame({ type: GOAWAY, payload: zeros(7) })), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.frameSizeErrorOnStreamZero,
      when: 'a WINDOW_UPDATE of the connection has five octets',
      steps: [send(rawFrame({ type: WINDOW_UPDATE, payload: zeros(5) })), expect(connectionError(FRAME_SIZE_ERROR))],
    },
  ],
  server: [
    {
      rule: rfc9113.frameOfDefaultSizeAccepted,
      when: 'the content of a request is one DATA frame of 16384 octets',
      steps: [
        offerContent,
        send(
          opening(7, { fields: [['content-length', '16384']] }),
          data(7, zeros(16384).fill(0x77), { endStream: true }),
        ),
        expect(takenAs(7)),
      ],
    },
    {
      rule: rfc9113.frameTooLarge,
      when: 'DATA are longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit, wideWindow],
      steps: [
        send(talk => headers(3, fieldBlock(requestFields(talk, POST))), oversize(DATA, onStream3)),
        expect(streamError(3, [FRAME_SIZE_ERROR])),
      ],
    },
    {
      rule: rfc9113.frameSizeErrorOnFieldBlock,
      when: 'HEADERS are longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit],
      steps: [send(oversizeBlock(HEADERS, onStream3, requestFields)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.frameSizeErrorOnFieldBlock,
      when: 'CONTINUATION is longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit],
      steps: [
        send(
          talk => headers(3, fieldBlock(requestFields(talk)), { endHeaders: false }),
          oversizeBlock(CONTINUATION, onStream3, () => []),
        ),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'HEADERS with the flag PADDED have no octet for the length of the padding',
      steps: [
        send({ type: HEADERS, flags: 0x05 | PADDED, stream: 3, reserved: 0, payload: zeros(0) }),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'HEADERS with the flag PRIORITY have four octets',
      steps: [
        send({ type: HEADERS, flags: 0x05 | PRIORITY_FLAG, stream: 3, reserved: 0, payload: zeros(4) }),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'DATA with the flag PADDED have no octet for the length of the padding',
      steps: [
        send(talk => headers(3, fieldBlock(requestFields(talk, POST))), {
          type: DATA,
          flags: PADDED,
          stream: 3,
          reserved: 0,
          payload: zeros(0),
        }),
        expect(streamError(3, [FRAME_SIZE_ERROR])),
      ],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'RST_STREAM has three octets',
      steps: [
        send(
          talk => headers(3, fieldBlock(requestFields(talk, POST))),
          rawFrame({ type: RST_STREAM, stream: 3, payload: zeros(3) }),
        ),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.frameOfDefaultSizeAccepted,
      when: 'the content of a response is one DATA frame of 16384 octets',
      steps: [send(respond({ content: 'w'.repeat(16384) })), expect(contented())],
    },
    {
      rule: rfc9113.frameTooLarge,
      when: 'the DATA of a response are longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit, wideWindow],
      steps: [
        send(section([[':status', '200']]), oversize(DATA, asked)),
        expect(onRequest(stream => streamError(stream, [FRAME_SIZE_ERROR]))),
      ],
    },
    {
      rule: rfc9113.frameSizeErrorOnFieldBlock,
      when: 'the HEADERS of a response are longer than its SETTINGS_MAX_FRAME_SIZE',
      needs: [frameLimit],
      steps: [
        send(oversizeBlock(HEADERS, asked, () => [[':status', '200']])),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameSizeErrorOnFieldBlock,
      when: 'PUSH_PROMISE has three octets',
      steps: [
        send(talk => rawFrame({ type: PUSH_PROMISE, flags: 0x04, stream: asked(talk), payload: zeros(3) })),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameTooShort,
      when: 'the HEADERS of a response have the flag PRIORITY and four octets',
      steps: [
        send(talk => ({
          type: HEADERS,
          flags: 0x05 | PRIORITY_FLAG,
          stream: asked(talk),
          reserved: 0 as const,
          payload: zeros(4),
        })),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
  ],
})
