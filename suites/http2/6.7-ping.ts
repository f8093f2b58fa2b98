import { ping } from '../../src/http2/build.ts'
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { broke, connectionError, expect, goesOn, kept, that } from '../../src/http2/expect.ts'
import { ACK, PING } from '../../src/http2/frame.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send, until } from '../../src/http2/steps.ts'
import { hex } from '../../src/wire/hex.ts'
import { topic } from './roles.ts'

const payload = hex('f1e2d3c4b5a69788')

export default topic('PING', {
  both: [
    {
      rule: rfc9113.pingEchoed,
      when: 'a PING carries eight octets of its own',
      steps: [
        send(ping(payload)),
        expect(
          that('a PING ACK with the same eight octets', async talk => {
            const acks = () => talk.seen.filter(seen => seen.kind === 'ping-ack')
            const before = acks().length
            const { ended, came } = await until(talk, () => acks().length > before)
            if (ended) return broke(came)
            const ack = acks()[before]
            const echoed = ack?.kind === 'ping-ack' ? Buffer.from(ack.payload).toString('hex') : ''
            return echoed === Buffer.from(payload).toString('hex')
              ? kept(`PING ACK ${echoed}`)
              : broke(`PING ACK ${echoed}`)
          }),
        ),
      ],
    },
    {
      rule: rfc9113.pingOffStreamZero,
      when: 'a PING names stream 3',
      steps: [send({ type: PING, flags: 0, stream: 3, payload }), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.pingLength,
      when: 'a PING has seven octets',
      steps: [
        send({ type: PING, flags: 0, stream: 0, payload: payload.subarray(1) }),
        expect(connectionError(FRAME_SIZE_ERROR)),
      ],
    },
    {
      rule: rfc9113.pingAckNotAnswered,
      when: 'a PING ACK comes that nobody asked for',
      steps: [
        send({ type: PING, flags: ACK, stream: 0, payload }),
        expect(goesOn()),
        expect(
          that('no PING in answer to a PING ACK', talk => {
            const answer = talk.seen.find(
              seen => seen.kind === 'ping-ack' && Buffer.compare(seen.payload, payload) === 0,
            )
            return answer ? broke('a PING with the same payload') : kept('nothing')
          }),
        ),
      ],
    },
  ],
})
