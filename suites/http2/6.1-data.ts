import { data, headers, rawFrame, settings } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR, STREAM_CLOSED } from '../../src/http2/error-codes.ts'
import { connectionError, contented, expect, streamError } from '../../src/http2/expect.ts'
import { everyFrame } from '../../src/http2/expect-frames.ts'
import { asked, content, offerContent, opening, section, takenAs } from '../../src/http2/expect-message.ts'
import { DATA, END_STREAM, PADDED } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import { nonzeroPadding, onStreamZero } from './frames.ts'
import { topic } from './roles.ts'

const FOUR = { fields: [['content-length', '4']] } as const

/** DATA whose Pad Length says how many octets of the rest are padding. */
const padded = (stream: number, length: number, rest: number) =>
  rawFrame({ type: DATA, flags: PADDED, stream, payload: Uint8Array.of(length, ...new Uint8Array(rest)) })

const open = send(talk => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } }))))
const begun = send(section([[':status', '200']]))

const isData = ({ type }: { readonly type: number }) => type === DATA

/** Content of four octets with so much padding. */
const paddedContent = (padding: number) => [
  offerContent,
  send(opening(7, FOUR), data(7, 'wire', { padding, endStream: true })),
  expect(takenAs(7)),
]

export default topic('DATA', {
  both: [
    {
      rule: rfc9113.dataOnStreamZero,
      when: 'DATA come on stream 0',
      steps: [send(data(0, 'wire')), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
  server: [
    {
      rule: rfc9113.dataPaddingZero,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('padding of zeros', nonzeroPadding, isData))],
    },
    {
      rule: rfc9113.dataNeverOnStreamZero,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('DATA on streams only', onStreamZero, isData))],
    },
    {
      rule: rfc9113.dataPadded,
      when: 'the content of a request is padded with 255 octets',
      steps: paddedContent(255),
    },
    {
      rule: rfc9113.dataPadded,
      when: 'the content of a request has a Pad Length of 0',
      steps: paddedContent(0),
    },
    {
      rule: rfc9113.dataPadded,
      when: 'a frame of nothing but padding comes before the content of a request',
      steps: [
        offerContent,
        send(opening(7, FOUR), data(7, '', { padding: 100 }), data(7, 'wire', { endStream: true })),
        expect(takenAs(7)),
      ],
    },
    {
      rule: rfc9113.dataOnStreamNotOpen,
      when: 'empty DATA come after END_STREAM, while the response is withheld',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3)),
        send({ type: DATA, flags: END_STREAM, stream: 3, reserved: 0, payload: new Uint8Array(0) }),
        expect(streamError(3, [STREAM_CLOSED])),
      ],
    },
    {
      rule: rfc9113.dataPaddingTooLong,
      when: 'the padding of DATA is as long as the payload',
      steps: [open, send(padded(3, 5, 4)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.dataPaddingTooLong,
      when: 'the padding of DATA is longer than the payload',
      steps: [open, send(padded(3, 200, 4)), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
  client: [
    {
      rule: rfc9113.dataPadded,
      when: 'the content of a response is padded with 255 octets',
      steps: [
        send(
          section([
            [':status', '200'],
            ['content-length', '4'],
          ]),
        ),
        send(content('wire', { padding: 255, endStream: true })),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.dataPadded,
      when: 'the content of a response has a Pad Length of 0',
      steps: [begun, send(content('wire', { padding: 0, endStream: true })), expect(contented())],
    },
    {
      rule: rfc9113.dataPaddingTooLong,
      when: 'the padding of DATA is as long as the payload',
      steps: [begun, send(talk => padded(asked(talk), 5, 4)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.dataPaddingTooLong,
      when: 'the padding of DATA is longer than the payload',
      steps: [begun, send(talk => padded(asked(talk), 200, 4)), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
})
