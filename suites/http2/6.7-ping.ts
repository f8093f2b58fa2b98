import { ping, rawFrame } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { barrier, broke, connectionError, expect, goesOn, hindrance, kept, that } from '../../src/http2/expect.ts'
import { answersPing, everyFrame } from '../../src/http2/expect-frames.ts'
import { ACK, type Frame, PING } from '../../src/http2/frame.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { hex } from '../../src/wire/hex.ts'
import { onAStream } from './frames.ts'
import { topic } from './roles.ts'

const payload = hex('f1e2d3c4b5a69788')
const ofLength = (length: number, flags = 0) => rawFrame({ type: PING, flags, payload: new Uint8Array(length) })
const isPing = ({ type }: Frame) => type === PING

export default topic('PING', {
  both: [
    { rule: rfc9113.pingAnswered, when: 'a PING comes', steps: [send(ping()), expect(answersPing(new Uint8Array(8)))] },
    {
      rule: rfc9113.pingAckSet,
      when: 'two PINGs come at once',
      steps: [send(ping(payload), ping(hex('0000000000000001'))), expect(answersPing(hex('0000000000000001')))],
    },
    {
      rule: rfc9113.pingEchoed,
      when: 'a PING carries eight octets of its own',
      steps: [send(ping(payload)), expect(answersPing(payload))],
    },
    {
      rule: rfc9113.pingSentEightOctets,
      when: 'it answers PING',
      steps: [
        send(ping(payload)),
        expect(goesOn()),
        expect(
          everyFrame(
            'PING of eight octets',
            frame => (frame.payload.length === 8 ? undefined : `${frame.payload.length} octets`),
            isPing,
          ),
        ),
      ],
    },
    {
      rule: rfc9113.pingSentOnStreamZero,
      when: 'it answers PING',
      steps: [send(ping(payload)), expect(goesOn()), expect(everyFrame('PING on stream 0', onAStream, isPing))],
    },
    {
      rule: rfc9113.pingOffStreamZero,
      when: 'a PING names stream 3',
      steps: [send({ type: PING, flags: 0, stream: 3, payload }), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.pingOffStreamZero,
      when: 'a PING ACK names stream 1',
      steps: [send({ type: PING, flags: ACK, stream: 1, payload }), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.pingLength,
      when: 'a PING has seven octets',
      steps: [send(ofLength(7)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.pingLength,
      when: 'a PING has nine octets',
      steps: [send(ofLength(9)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.pingLength,
      when: 'a PING has no octets',
      steps: [send(ofLength(0)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.pingAckNotAnswered,
      when: 'a PING ACK comes that nobody asked for',
      steps: [
        send({ type: PING, flags: ACK, stream: 0, payload }),
        expect(
          that('no PING in answer to a PING ACK', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              if (seen.kind === 'ping-ack' && Buffer.compare(seen.payload, payload) === 0) return broke(line(seen))
              // Nothing forbids ending the connection, and then nothing can be seen. RFC 9113 §5.4.1
              if (seen.kind === 'goaway' || (seen.kind === 'end' && talk.role === 'client')) {
                return { outcome: 'unsupported', came: `${line(seen)}: it ends the connection` }
              }
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              if (passed(seen)) return kept('none')
            }
          }),
        ),
      ],
    },
  ],
})
