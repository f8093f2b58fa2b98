import { priority, rawFrame, settings } from '../../src/http2/build.ts'
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, expect, streamError } from '../../src/http2/expect.ts'
import { asked, onRequest } from '../../src/http2/expect-message.ts'
import { PRIORITY } from '../../src/http2/frame.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

const ofLength = (stream: number, length: number) =>
  rawFrame({ type: PRIORITY, stream, payload: new Uint8Array(length) })

const withheld = send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3))

export default topic('PRIORITY', {
  both: [
    {
      rule: rfc9113.priorityOnStreamZero,
      when: 'PRIORITY comes on stream 0',
      steps: [send(priority(0, { dependency: 1 })), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
  server: [
    {
      rule: rfc9113.priorityLeavesState,
      when: 'a request comes on a stream that PRIORITY has been sent for',
      steps: [send(priority(3, { dependency: 101 }), priority(5, { dependency: 3 }), request(3)), expect(answered(3))],
    },
    {
      rule: rfc9113.priorityLeavesState,
      when: 'a request comes on a stream lower than one that PRIORITY has been sent for',
      steps: [send(priority(101, { dependency: 0 }), request(3)), expect(answered(3))],
    },
    {
      rule: rfc9113.priorityLength,
      when: 'PRIORITY has four octets, while the response is withheld',
      steps: [withheld, send(ofLength(3, 4)), expect(streamError(3, [FRAME_SIZE_ERROR]))],
    },
    {
      rule: rfc9113.priorityLength,
      when: 'PRIORITY has six octets, while the response is withheld',
      steps: [withheld, send(ofLength(3, 6)), expect(streamError(3, [FRAME_SIZE_ERROR]))],
    },
  ],
  client: [
    {
      rule: rfc9113.priorityLength,
      when: 'PRIORITY has four octets',
      steps: [
        send(talk => ofLength(asked(talk), 4)),
        expect(onRequest(stream => streamError(stream, [FRAME_SIZE_ERROR]))),
      ],
    },
    {
      rule: rfc9113.priorityLength,
      when: 'PRIORITY has six octets',
      steps: [
        send(talk => ofLength(asked(talk), 6)),
        expect(onRequest(stream => streamError(stream, [FRAME_SIZE_ERROR]))),
      ],
    },
  ],
})
