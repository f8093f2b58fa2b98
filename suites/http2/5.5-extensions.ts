import { continuation, data, headers, rawFrame, rstStream, settings } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { connectionError, contented, expect, goesOn } from '../../src/http2/expect.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { asked, content, offerContent, opening, section, takenAs } from '../../src/http2/expect-message.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

/** A frame of a type that no specification gives a meaning. RFC 9113 §5.5 */
const unknown = (stream: number) =>
  rawFrame({ type: 0xfb, flags: 0xff, stream, payload: Buffer.from('nobody knows what this is') })

export default topic('Extensions', {
  both: [
    {
      rule: rfc9113.unknownFrameDiscarded,
      when: 'a frame of an unknown type comes on the connection',
      steps: [send(unknown(0)), expect(goesOn())],
    },
    {
      rule: rfc9113.unknownFrameDiscarded,
      when: 'a frame of an unknown type comes on an idle stream',
      steps: [send(unknown(101)), expect(goesOn())],
    },
    {
      rule: rfc9113.unknownValueIgnored,
      when: 'SETTINGS have a parameter that nobody has defined',
      steps: [send(settings([[0xfade, 0xffffffff]])), expect(acknowledges()), expect(goesOn())],
    },
  ],
  server: [
    {
      rule: rfc9113.unknownFrameDiscarded,
      when: 'frames of an unknown type come between the frames of a request',
      steps: [
        offerContent,
        send(opening(7, { fields: [['content-length', '4']] }), unknown(7), data(7, 'wi'), unknown(7)),
        send(data(7, 're', { endStream: true })),
        expect(takenAs(7)),
      ],
    },
    {
      rule: rfc9113.unknownValueIgnored,
      when: 'a request is cancelled with an error code that nobody has defined',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3), rstStream(3, 0xdeadbeef)),
        send(settings([[INITIAL_WINDOW_SIZE, 65535]])),
        expect(goesOn()),
      ],
    },
    {
      rule: rfc9113.unknownFrameInFieldBlock,
      when: 'a frame of an unknown type comes between HEADERS and CONTINUATION',
      steps: [
        send(
          talk => headers(3, fieldBlock(requestFields(talk)).subarray(0, 1), { endStream: true, endHeaders: false }),
          unknown(3),
          talk => continuation(3, fieldBlock(requestFields(talk)).subarray(1)),
        ),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.unknownFrameInFieldBlock,
      when: 'a frame of an unknown type on the connection comes between HEADERS and CONTINUATION',
      steps: [
        send(
          talk => headers(3, fieldBlock(requestFields(talk)).subarray(0, 1), { endStream: true, endHeaders: false }),
          unknown(0),
          talk => continuation(3, fieldBlock(requestFields(talk)).subarray(1)),
        ),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.unknownFrameDiscarded,
      when: 'frames of an unknown type come between the frames of a response',
      steps: [
        send(
          talk => unknown(asked(talk)),
          section([[':status', '200']]),
          talk => unknown(asked(talk)),
        ),
        send(content('wi'), talk => unknown(asked(talk)), content('re', { endStream: true })),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.unknownFrameInFieldBlock,
      when: 'a frame of an unknown type comes between HEADERS and CONTINUATION',
      steps: [
        send(
          talk => headers(asked(talk), fieldBlock([[':status', '200']]), { endHeaders: false }),
          talk => unknown(asked(talk)),
          talk => continuation(asked(talk), new Uint8Array(0)),
        ),
        send(content('wire', { endStream: true })),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
  ],
})
