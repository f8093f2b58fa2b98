import { rawFrame, settings, settingsAck } from '../../src/http2/build.ts'
import { FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { broke, connectionError, expect, goesOn, kept, that } from '../../src/http2/expect.ts'
import { acknowledges, everyFrame } from '../../src/http2/expect-frames.ts'
import { ACK, type Frame, SETTINGS } from '../../src/http2/frame.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import {
  ENABLE_PUSH,
  HEADER_TABLE_SIZE,
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  MAX_FRAME_SIZE,
  MAX_HEADER_LIST_SIZE,
  settingName,
} from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import { onAStream } from './frames.ts'
import { type Http2Case, topic } from './roles.ts'

type Parameter = readonly [id: number, value: number]

/** SETTINGS that end the connection. */
function refused(
  rule: Http2Case['rule'],
  when: string,
  frame: Frame | Uint8Array,
  ...codes: readonly [number, ...number[]]
): Http2Case {
  return { rule, when, steps: [send(frame), expect(connectionError(...codes))] }
}

/** A setting of a value out of its range. */
const outOfRange = (rule: Http2Case['rule'], [id, value]: Parameter, code: number) =>
  refused(rule, `SETTINGS_${settingName(id)} is ${value}`, settings([[id, value]]), code)

/** SETTINGS that are borne. */
const borne = (rule: Http2Case['rule'], when: string, ...parameters: readonly Parameter[]): Http2Case => ({
  rule,
  when,
  steps: [send(settings(parameters)), expect(acknowledges()), expect(goesOn())],
})

/** Every value of a setting that the subject has sent. */
const sent = (rule: Http2Case['rule'], id: number, wants: string, good: (value: number) => boolean): Http2Case => ({
  rule,
  when: 'its SETTINGS have come',
  steps: [
    expect(
      that(wants, talk => {
        const all = talk.seen.flatMap(seen => (seen.kind === 'settings' ? [seen.parameters] : []))
        if (all.length === 0) return broke('no SETTINGS')
        const values = all.flat().flatMap(([parameter, value]) => (parameter === id ? [value] : []))
        const bad = values.find(value => !good(value))
        if (bad !== undefined) return broke(`${settingName(id)} ${bad}`)
        return kept(values.length === 0 ? 'it is not sent' : values.join(', '))
      }),
    ),
  ],
})

const octets = (length: number, flags = 0) => rawFrame({ type: SETTINGS, flags, payload: new Uint8Array(length) })

const isAck = ({ type, flags }: Frame) => type === SETTINGS && (flags & ACK) !== 0
const isSettings = ({ type }: Frame) => type === SETTINGS

/** What our SETTINGS were answered by, once the subject has gone on. RFC 9113 §6.5.3 */
const answeredBy = (wants: string, more: number) =>
  expect(
    that(wants, talk => {
      const acks = talk.seen.filter(seen => seen.kind === 'settings-ack').length
      const came = `${acks} SETTINGS ACK for ${talk.outgoing.settings} SETTINGS`
      return acks === talk.outgoing.settings + more ? kept(came) : broke(came)
    }),
  )

export default topic('SETTINGS', {
  both: [
    {
      rule: rfc9113.settingsAckSentEmpty,
      when: 'it acknowledges SETTINGS',
      steps: [
        send(settings()),
        expect(acknowledges()),
        expect(
          everyFrame(
            'SETTINGS ACK without a payload',
            ({ payload }) => (payload.length === 0 ? undefined : `${payload.length} octets`),
            isAck,
          ),
        ),
      ],
    },
    {
      rule: rfc9113.settingsSentOnStreamZero,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('SETTINGS on stream 0', onAStream, isSettings))],
    },
    refused(rfc9113.settingsAckEmpty, 'a SETTINGS ACK carries one octet', octets(1, ACK), FRAME_SIZE_ERROR),
    refused(rfc9113.settingsAckEmpty, 'a SETTINGS ACK carries a whole parameter', octets(6, ACK), FRAME_SIZE_ERROR),
    refused(rfc9113.settingsOffStreamZero, 'SETTINGS name stream 1', settings([], { stream: 1 }), PROTOCOL_ERROR),
    refused(rfc9113.settingsOffStreamZero, 'a SETTINGS ACK names stream 1', settingsAck({ stream: 1 }), PROTOCOL_ERROR),
    refused(rfc9113.settingsLength, 'SETTINGS have five octets', octets(5), FRAME_SIZE_ERROR),
    refused(rfc9113.settingsLength, 'SETTINGS end one octet after a whole parameter', octets(7), FRAME_SIZE_ERROR),
    refused(rfc9113.settingsMalformed, 'SETTINGS have one octet', octets(1), PROTOCOL_ERROR, FRAME_SIZE_ERROR),
    outOfRange(rfc9113.enablePushRange, [ENABLE_PUSH, 2], PROTOCOL_ERROR),
    outOfRange(rfc9113.enablePushRange, [ENABLE_PUSH, 0xffffffff], PROTOCOL_ERROR),
    outOfRange(rfc9113.initialWindowTooLarge, [INITIAL_WINDOW_SIZE, 0x80000000], FLOW_CONTROL_ERROR),
    outOfRange(rfc9113.initialWindowTooLarge, [INITIAL_WINDOW_SIZE, 0xffffffff], FLOW_CONTROL_ERROR),
    outOfRange(rfc9113.maxFrameSizeOutOfRange, [MAX_FRAME_SIZE, 16383], PROTOCOL_ERROR),
    outOfRange(rfc9113.maxFrameSizeOutOfRange, [MAX_FRAME_SIZE, 16777216], PROTOCOL_ERROR),
    outOfRange(rfc9113.maxFrameSizeOutOfRange, [MAX_FRAME_SIZE, 0], PROTOCOL_ERROR),
    borne(
      rfc9113.settingsAllSupported,
      'every setting is there, with a small value',
      [HEADER_TABLE_SIZE, 4096],
      [ENABLE_PUSH, 0],
      [MAX_CONCURRENT_STREAMS, 0],
      [INITIAL_WINDOW_SIZE, 65535],
      [MAX_FRAME_SIZE, 16384],
      [MAX_HEADER_LIST_SIZE, 65536],
    ),
    borne(
      rfc9113.settingsAllSupported,
      'every setting is there, with the greatest value that it may have',
      [HEADER_TABLE_SIZE, 0xffffffff],
      [ENABLE_PUSH, 0],
      [MAX_CONCURRENT_STREAMS, 0xffffffff],
      [INITIAL_WINDOW_SIZE, 0x7fffffff],
      [MAX_FRAME_SIZE, 16777215],
      [MAX_HEADER_LIST_SIZE, 0xffffffff],
    ),
    borne(rfc9113.zeroConcurrencyNotSpecial, 'SETTINGS_MAX_CONCURRENT_STREAMS is 0', [MAX_CONCURRENT_STREAMS, 0]),
    borne(rfc9113.settingsAtAnyTime, 'SETTINGS come after the preface'),
    borne(rfc9113.unknownSettingIgnored, 'SETTINGS have an unknown parameter', [0x0bad, 7]),
    borne(
      rfc9113.unknownSettingIgnored,
      'unknown parameters stand between known ones',
      [0xffff, 0],
      [HEADER_TABLE_SIZE, 4096],
      [0x0000, 0xffffffff],
    ),
    sent(
      rfc9113.initialWindowSentInRange,
      INITIAL_WINDOW_SIZE,
      'SETTINGS_INITIAL_WINDOW_SIZE of at most 2147483647',
      value => value <= 0x7fffffff,
    ),
    sent(
      rfc9113.maxFrameSizeSentInRange,
      MAX_FRAME_SIZE,
      'SETTINGS_MAX_FRAME_SIZE from 16384 to 16777215',
      value => value >= 16384 && value <= 16777215,
    ),
    {
      rule: rfc9113.settingsAcknowledged,
      when: 'SETTINGS come',
      steps: [send(settings([[HEADER_TABLE_SIZE, 4096]])), expect(acknowledges())],
    },
    {
      rule: rfc9113.settingsAckedEach,
      when: 'three SETTINGS come at once',
      steps: [
        send(settings(), settings([[HEADER_TABLE_SIZE, 4096]]), settings()),
        expect(acknowledges()),
        expect(goesOn()),
        answeredBy('one SETTINGS ACK for each', 0),
      ],
    },
    {
      rule: rfc9113.settingsAckNotAnswered,
      when: 'its SETTINGS were acknowledged',
      steps: [expect(goesOn()), answeredBy('no SETTINGS ACK for a SETTINGS ACK', 0)],
    },
  ],
  server: [
    sent(rfc9113.serverEnablePushZero, ENABLE_PUSH, 'no SETTINGS_ENABLE_PUSH, or 0', value => value === 0),
    sent(
      rfc9113.concurrencyAtLeastHundred,
      MAX_CONCURRENT_STREAMS,
      'SETTINGS_MAX_CONCURRENT_STREAMS of at least 100',
      value => value >= 100,
    ),
  ],
  client: [
    sent(rfc9113.enablePushSentInRange, ENABLE_PUSH, 'SETTINGS_ENABLE_PUSH of 0 or 1', value => value <= 1),
    outOfRange(rfc9113.serverEnablePushOne, [ENABLE_PUSH, 1], PROTOCOL_ERROR),
  ],
})
