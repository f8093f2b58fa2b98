import { ping, settings } from '../../src/http2/build.ts'
import { answered, contented, expect, goesOn } from '../../src/http2/expect.ts'
import { acknowledges, answersPing, everyFrame } from '../../src/http2/expect-frames.ts'
import { respond } from '../../src/http2/expect-message.ts'
import { definedFlags, type Frame, frameTypeName } from '../../src/http2/frame.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { hex } from '../../src/wire/hex.ts'
import { topic } from './roles.ts'

const payload = hex('0a1b2c3d4e5f6071')

/** Every flag set that means nothing for the type of the frame. */
function meaningless(frame: Frame): Frame {
  return { ...frame, flags: frame.flags | (0xff & ~definedFlags(frame.type)) }
}

const reserved = (frame: Frame): Frame => ({ ...frame, reserved: 1 })

const alteredRequest = (alter: (frame: Frame) => Frame) => send(talk => request(3)(talk).map(alter))
const alteredResponse = (alter: (frame: Frame) => Frame) => send(talk => respond({ content: 'wire' })(talk).map(alter))

export default topic('Frame format', {
  both: [
    {
      rule: rfc9113.unusedFlagsIgnored,
      when: 'a PING has all the flags that mean nothing to it',
      steps: [send(meaningless(ping(payload))), expect(answersPing(payload)), expect(goesOn())],
    },
    {
      rule: rfc9113.unusedFlagsIgnored,
      when: 'SETTINGS have all the flags that mean nothing to them',
      steps: [send(meaningless(settings())), expect(acknowledges()), expect(goesOn())],
    },
    {
      rule: rfc9113.reservedBitIgnored,
      when: 'the reserved bit of a PING is set',
      steps: [send(reserved(ping(payload))), expect(answersPing(payload)), expect(goesOn())],
    },
    {
      rule: rfc9113.reservedBitIgnored,
      when: 'the reserved bit of SETTINGS is set',
      steps: [send(reserved(settings())), expect(acknowledges()), expect(goesOn())],
    },
    {
      rule: rfc9113.unusedFlagsUnset,
      when: 'it sends what it has to send',
      steps: [
        expect(
          everyFrame('no flag but those of its frame type', ({ type, flags }) => {
            const more = flags & ~definedFlags(type)
            // Of a frame of an extension nobody knows here what its flags mean.
            return more === 0 || frameTypeName(type).startsWith('type')
              ? undefined
              : `flags 0x${more.toString(16).padStart(2, '0')} mean nothing`
          }),
        ),
      ],
    },
    {
      rule: rfc9113.reservedBitUnset,
      when: 'it sends what it has to send',
      steps: [
        expect(
          everyFrame('the reserved bit of no frame to be set', frame =>
            frame.reserved === 0 ? undefined : 'the reserved bit is set',
          ),
        ),
      ],
    },
  ],
  server: [
    {
      rule: rfc9113.unusedFlagsIgnored,
      when: 'the HEADERS of a request have all the flags that mean nothing to them',
      steps: [alteredRequest(meaningless), expect(answered(3))],
    },
    {
      rule: rfc9113.reservedBitIgnored,
      when: 'the reserved bit of the HEADERS of a request is set',
      steps: [alteredRequest(reserved), expect(answered(3))],
    },
    {
      rule: rfc9113.frameWithinPeerLimit,
      when: 'a large page is asked for and SETTINGS_MAX_FRAME_SIZE was never sent',
      steps: [expect(everyFrame('no payload of more than 16384 octets', tooLong))],
    },
  ],
  client: [
    {
      rule: rfc9113.unusedFlagsIgnored,
      when: 'the HEADERS and DATA of a response have all the flags that mean nothing to them',
      steps: [alteredResponse(meaningless), expect(contented())],
    },
    {
      rule: rfc9113.reservedBitIgnored,
      when: 'the reserved bits of the HEADERS and DATA of a response are set',
      steps: [alteredResponse(reserved), expect(contented())],
    },
  ],
})

function tooLong({ payload: { length } }: Frame): string | undefined {
  return length <= 16384 ? undefined : `a payload of ${length} octets`
}
