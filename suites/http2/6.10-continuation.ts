import { continuation, data, headers, ping, settings } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, expect } from '../../src/http2/expect.ts'
import { everyFrame } from '../../src/http2/expect-frames.ts'
import { asked, content } from '../../src/http2/expect-message.ts'
import { CONTINUATION, type Frame, HEADERS, PUSH_PROMISE } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

const NOTHING = new Uint8Array(0)

const streamOf = (talk: Http2Talk) => (talk.role === 'server' ? 3 : asked(talk))
const blockOf = (talk: Http2Talk) => fieldBlock(talk.role === 'server' ? requestFields(talk) : [[':status', '200']])

/** The first two frames of a block that does not end with them. */
function begun(talk: Http2Talk): Frame[] {
  const block = fieldBlock(
    talk.role === 'server'
      ? requestFields(talk, { fields: [['x-wire', 'grade']] })
      : [
          [':status', '200'],
          ['x-wire', 'grade'],
        ],
  )
  return [
    headers(streamOf(talk), block.subarray(0, 1), { endStream: true, endHeaders: false }),
    continuation(streamOf(talk), block.subarray(1, -1), { endHeaders: false }),
  ]
}

/** Something that comes where another CONTINUATION has to. */
function interrupted(what: string, frame: (talk: Http2Talk) => Frame): Http2Case {
  return {
    rule: rfc9113.continuationInterrupted,
    when: `${what} after CONTINUATION without END_HEADERS`,
    steps: [send(begun, frame), expect(connectionError(PROTOCOL_ERROR))],
  }
}

const inBlock = ({ type }: Frame) => type === HEADERS || type === PUSH_PROMISE || type === CONTINUATION

export default topic('CONTINUATION', {
  both: [
    interrupted('a PING comes', () => ping()),
    interrupted('SETTINGS come', () => settings()),
    interrupted('CONTINUATION of another stream comes', talk => continuation(streamOf(talk) + 2, NOTHING)),
    {
      rule: rfc9113.continuationOnStreamZero,
      when: 'CONTINUATION on stream 0 comes after HEADERS without END_HEADERS',
      steps: [
        send(talk => headers(streamOf(talk), blockOf(talk), { endStream: true, endHeaders: false })),
        send(continuation(0, NOTHING)),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.continuationWithoutBlock,
      when: 'CONTINUATION comes without HEADERS before it',
      steps: [send(talk => continuation(streamOf(talk), blockOf(talk))), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.continuationContinued,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('each field block to come to its end', () => undefined, inBlock))],
    },
    {
      rule: rfc9113.continuationSentInBlock,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('CONTINUATION inside field blocks only', () => undefined, inBlock))],
    },
  ],
  server: [
    {
      rule: rfc9113.continuationWithoutBlock,
      when: 'CONTINUATION comes after a CONTINUATION with END_HEADERS',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]])),
        send(talk => [
          headers(3, blockOf(talk), { endStream: true, endHeaders: false }),
          continuation(3, NOTHING),
          continuation(3, NOTHING),
        ]),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.continuationWithoutBlock,
      when: 'CONTINUATION comes after HEADERS with END_HEADERS, while the response is withheld',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3), continuation(3, NOTHING)),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.continuationWithoutBlock,
      when: 'CONTINUATION comes after DATA',
      steps: [
        send(talk => [
          headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } }))),
          data(3, 'wire'),
          continuation(3, fieldBlock([['x-wire', 'late']])),
        ]),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'a request ends with six CONTINUATION frames, most of them of one octet',
      steps: [
        send(talk => {
          const block = blockOf(talk)
          // Some take no more than eight, lest they be flooded. RFC 9113 §10.5
          const cut = [...block.subarray(1, 6)].map(octet =>
            continuation(3, Uint8Array.of(octet), { endHeaders: false }),
          )
          return [
            headers(3, block.subarray(0, 1), { endStream: true, endHeaders: false }),
            ...cut,
            continuation(3, block.subarray(6)),
          ]
        }),
        expect(answered(3)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.continuationWithoutBlock,
      when: 'CONTINUATION comes after DATA of the response',
      steps: [
        send(
          talk => headers(asked(talk), blockOf(talk)),
          content('wire'),
          talk => continuation(asked(talk), fieldBlock([['x-wire', 'late']])),
        ),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'the trailers of a response lie in HEADERS and two CONTINUATION frames',
      steps: [
        send(
          talk => headers(asked(talk), blockOf(talk)),
          content('wire'),
          talk => {
            const block = fieldBlock([['x-wire', 'grade']])
            return [
              headers(asked(talk), block.subarray(0, 2), { endStream: true, endHeaders: false }),
              continuation(asked(talk), block.subarray(2, 4), { endHeaders: false }),
              continuation(asked(talk), block.subarray(4)),
            ]
          },
        ),
        expect(contented()),
      ],
    },
  ],
})
