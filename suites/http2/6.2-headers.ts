import { data, headers, ping, priority, rawFrame } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, expect } from '../../src/http2/expect.ts'
import { everyFrame } from '../../src/http2/expect-frames.ts'
import { asked, content } from '../../src/http2/expect-message.ts'
import { END_HEADERS, END_STREAM, type Frame, HEADERS, PADDED } from '../../src/http2/frame.ts'
import { fieldBlock, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { nonzeroPadding, onStreamZero } from './frames.ts'
import { type Http2Case, topic } from './roles.ts'

/** The stream and the field block of a message to the subject. */
const streamOf = (talk: Http2Talk) => (talk.role === 'server' ? 3 : asked(talk))
const blockOf = (talk: Http2Talk) => fieldBlock(talk.role === 'server' ? requestFields(talk) : [[':status', '200']])

/** HEADERS whose Pad Length says that so many of the octets after it are padding. */
const withPadLength = (length: (block: Uint8Array) => number) => (talk: Http2Talk) => {
  const block = blockOf(talk)
  const payload = Uint8Array.of(length(block), ...block)
  return rawFrame({ type: HEADERS, flags: END_HEADERS | END_STREAM | PADDED, stream: streamOf(talk), payload })
}

/** Something that comes where CONTINUATION has to. */
function interrupted(what: string, frame: (talk: Http2Talk) => Frame): Http2Case {
  return {
    rule: rfc9113.headersBlockInterrupted,
    when: `${what} after HEADERS without END_HEADERS`,
    steps: [
      send(talk => headers(streamOf(talk), blockOf(talk), { endStream: true, endHeaders: false }), frame),
      expect(connectionError(PROTOCOL_ERROR)),
    ],
  }
}

const isHeaders = ({ type }: Frame) => type === HEADERS

export default topic('HEADERS', {
  both: [
    {
      rule: rfc9113.headersPaddingZero,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('padding of zeros', nonzeroPadding, isHeaders))],
    },
    {
      rule: rfc9113.headersContinued,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('each field block to come to its end', () => undefined, isHeaders))],
    },
    {
      rule: rfc9113.headersNeverOnStreamZero,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('HEADERS on streams only', onStreamZero, isHeaders))],
    },
    {
      rule: rfc9113.headersOnStreamZero,
      when: 'HEADERS come on stream 0',
      steps: [send(talk => headers(0, blockOf(talk), { endStream: true })), expect(connectionError(PROTOCOL_ERROR))],
    },
    interrupted('a PING comes', () => ping()),
    interrupted('PRIORITY of the stream comes', talk => priority(streamOf(talk), { dependency: 0 })),
    {
      rule: rfc9113.headersPaddingTooLong,
      when: 'the padding of HEADERS is one octet longer than what follows the Pad Length',
      steps: [send(withPadLength(block => block.length + 1)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.headersPaddingTooLong,
      when: 'the padding of HEADERS is longer than the frame',
      steps: [send(withPadLength(() => 255)), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
  server: [
    interrupted('HEADERS of another stream come', talk =>
      headers(streamOf(talk) + 2, blockOf(talk), { endStream: true }),
    ),
    {
      rule: rfc9113.headersPadded,
      when: 'the HEADERS of a request are padded with 100 octets',
      steps: [send(talk => headers(3, blockOf(talk), { endStream: true, padding: 100 })), expect(answered(3))],
    },
    {
      rule: rfc9113.headersPadded,
      when: 'the HEADERS of a request have a Pad Length of 0',
      steps: [send(talk => headers(3, blockOf(talk), { endStream: true, padding: 0 })), expect(answered(3))],
    },
    {
      rule: rfc9113.headersPriorityFields,
      when: 'the HEADERS of a request depend on stream 0, exclusively',
      steps: [
        send(talk =>
          headers(3, blockOf(talk), { endStream: true, priority: { exclusive: 1, dependency: 0, weight: 255 } }),
        ),
        expect(answered(3)),
      ],
    },
    {
      rule: rfc9113.headersPriorityFields,
      when: 'the HEADERS of a request depend on an idle stream, and are padded',
      steps: [
        send(talk =>
          headers(3, blockOf(talk), { endStream: true, padding: 10, priority: { dependency: 101, weight: 0 } }),
        ),
        expect(answered(3)),
      ],
    },
  ],
  client: [
    interrupted('DATA of the stream come', talk => data(streamOf(talk), 'wire')),
    {
      rule: rfc9113.headersPadded,
      when: 'the HEADERS of a response are padded with 100 octets',
      steps: [
        send(talk => headers(asked(talk), blockOf(talk), { padding: 100 })),
        send(content('wire', { endStream: true })),
        expect(contented()),
      ],
    },
  ],
})
