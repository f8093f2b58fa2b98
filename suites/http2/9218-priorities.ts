import { priorityUpdate, rawFrame, settings } from '../../src/http2/build.ts'
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import {
  answered,
  broke,
  connectionError,
  contented,
  type Expectation,
  expect,
  goesOn,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { asked, respond } from '../../src/http2/expect-message.ts'
import { concurrencyLimit, extensiblePriorities, largeResponse } from '../../src/http2/features.ts'
import { type Frame, HEADERS, PRIORITY, PRIORITY_FLAG, PRIORITY_UPDATE } from '../../src/http2/frame.ts'
import { PREFACE } from '../../src/http2/interpreter.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9218 } from '../../src/http2/rules.ts'
import { framesOf, type Seen } from '../../src/http2/seen.ts'
import {
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  NO_RFC7540_PRIORITIES,
} from '../../src/http2/settings-parameters.ts'
import { act, greetClient, send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

/** What the subject's SETTINGS say of the old priorities, one entry for each SETTINGS frame. */
function said(talk: Http2Talk): readonly (number | undefined)[] {
  return talk.seen.flatMap(seen =>
    seen.kind === 'settings' ? [seen.parameters.findLast(([id]) => id === NO_RFC7540_PRIORITIES)?.[1]] : [],
  )
}

/** Judges the setting once the subject has gone on. */
const setting = (
  rule: Http2Case['rule'],
  wants: string,
  good: (values: readonly (number | undefined)[]) => boolean,
): Http2Case => ({
  rule,
  when: 'its SETTINGS have come',
  steps: [
    expect(goesOn()),
    expect(
      that(wants, talk => {
        const values = said(talk)
        const came = values.map(value => value ?? 'not sent').join(', then ')
        return values.length > 0 && good(values) ? kept(came) : broke(came)
      }),
    ),
  ],
})

/** PRIORITY_UPDATE that ends the connection. */
const refused = (rule: Http2Case['rule'], when: string, frame: Frame | Uint8Array, code: number): Http2Case => ({
  rule,
  when,
  needs: [extensiblePriorities],
  steps: [send(frame), expect(connectionError(code))],
})

/** A `priority` field that says nothing of use. RFC 9218 §4 */
const ignored = (when: string, value: string): Http2Case => ({
  rule: rfc9218.priorityParametersIgnored,
  when,
  steps: [send(request(3, { fields: [['priority', value]] })), expect(answered(3))],
})

/** Two large pages asked for at once, by requests with these priorities; no more credit for the connection than at first. */
function shares(priority: string | undefined, wants: string, good: (of3: number, of5: number) => boolean): Expectation {
  return that(wants, async talk => {
    const page = { ':path': talk.options.resources['large'] ?? '/' }
    const shape = { pseudo: page, fields: priority === undefined ? [] : ([['priority', priority]] as const) }
    talk.add(settings([[INITIAL_WINDOW_SIZE, 1 << 20]]), ...request(3, shape)(talk), ...request(5, shape)(talk))
    const left = 65535 - talk.message(1).received
    const { ended, came } = await until(talk, () => talk.message(3).received + talk.message(5).received >= left)
    if (ended) return broke(came)
    const of3 = talk.message(3).received
    const of5 = talk.message(5).received
    const shown = `${of3} octets of the first, ${of5} of the second`
    return good(of3, of5) ? kept(shown) : broke(shown)
  })
}

const keepBack = act('keep back our credit', talk => {
  talk.automatic.credit = false
})

/** Frames of a client's that came after something, judged one by one. */
const among = (
  wants: string,
  fault: (frame: Frame, talk: Http2Talk, place: number) => string | undefined,
  from: (seen: readonly Seen[]) => number = () => 0,
): Expectation =>
  that(wants, talk => {
    const start = from(talk.seen)
    for (const [place, seen] of talk.seen.entries()) {
      if (place < start) continue
      for (const frame of framesOf(seen)) {
        const found = fault(frame, talk, place)
        if (found !== undefined) return broke(found)
      }
    }
    return kept('none')
  })

const afterAck = (seen: readonly Seen[]) => seen.findIndex(({ kind }) => kind === 'settings-ack')

/** The stream that PRIORITY_UPDATE is about. RFC 9218 §7.1 */
const prioritized = ({ payload }: Frame) => Buffer.from(payload).readUInt32BE(0) & 0x7fffffff

const isUpdate = ({ type, payload }: Frame) => type === PRIORITY_UPDATE && payload.length >= 4

/** A client has taken a response, and then its frames are looked at. */
const looked = (rule: Http2Case['rule'], wants: string, judge: Expectation, begin?: Http2Case['begin']): Http2Case => ({
  rule,
  when: 'it has requested and been answered',
  ...(begin ? { begin } : {}),
  steps: [send(respond({ content: 'wire' })), expect(contented()), expect({ ...judge, wants })],
})

export default topic('Extensible priorities', {
  both: [
    setting(rfc9218.noPrioritiesSentInRange, 'SETTINGS_NO_RFC7540_PRIORITIES of 0 or 1', values =>
      values.every(value => value === undefined || value <= 1),
    ),
    setting(
      rfc9218.noPrioritiesInFirstSettings,
      'SETTINGS_NO_RFC7540_PRIORITIES in the first SETTINGS or not at all',
      ([first, ...later]) => first !== undefined || later.every(value => value === undefined),
    ),
    setting(
      rfc9218.noPrioritiesNeverChanged,
      'SETTINGS_NO_RFC7540_PRIORITIES never to change',
      ([first = 0, ...later]) => later.every(value => (value ?? first) === first),
    ),
  ],
  server: [
    {
      rule: rfc9218.noPrioritiesRange,
      when: 'SETTINGS_NO_RFC7540_PRIORITIES is 2 in the first SETTINGS',
      needs: [extensiblePriorities],
      begin: [],
      steps: [send(PREFACE, settings([[NO_RFC7540_PRIORITIES, 2]])), expect(connectionError(PROTOCOL_ERROR))],
    },
    ignored('the priority of a request has an unknown parameter', 'u=1, nobody="knows this"'),
    ignored('the priority of a request has an urgency of 8', 'u=8'),
    ignored('the priority of a request has an urgency that is a string', 'u="1", i'),
    ignored('the priority of a request has an incremental that is a number', 'u=1, i=7'),
    refused(
      rfc9218.priorityUpdateOffStreamZero,
      'PRIORITY_UPDATE comes on stream 1',
      priorityUpdate(1, 'u=1', { stream: 1 }),
      PROTOCOL_ERROR,
    ),
    refused(
      rfc9218.priorityUpdateTooShort,
      'PRIORITY_UPDATE has three octets',
      rawFrame({ type: PRIORITY_UPDATE, payload: new Uint8Array(3) }),
      FRAME_SIZE_ERROR,
    ),
    refused(
      rfc9218.priorityUpdateOfStreamZero,
      'PRIORITY_UPDATE is about stream 0',
      priorityUpdate(0, 'u=1'),
      PROTOCOL_ERROR,
    ),
    refused(
      rfc9218.priorityUpdateOfIdlePush,
      'PRIORITY_UPDATE is about a push stream that is idle',
      priorityUpdate(2, 'u=1'),
      PROTOCOL_ERROR,
    ),
    {
      rule: rfc9218.priorityUpdatesBeyondLimit,
      when: 'PRIORITY_UPDATE is about one idle stream more than may be open',
      needs: [extensiblePriorities, concurrencyLimit],
      steps: [
        send(talk => {
          const count = (talk.settings.get(MAX_CONCURRENT_STREAMS) ?? 0) + 1
          return Array.from({ length: count }, (_, index) => priorityUpdate(3 + 2 * index, 'u=1'))
        }),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9218.priorityUpdateNotSentByServer,
      when: 'it has answered',
      steps: [
        send(request(3)),
        expect(answered(3)),
        expect(among('no PRIORITY_UPDATE', frame => (frame.type === PRIORITY_UPDATE ? 'PRIORITY_UPDATE' : undefined))),
      ],
    },
    {
      rule: rfc9218.sameUrgencyInOrder,
      when: 'two large pages are asked for at once, without priorities',
      needs: [extensiblePriorities, largeResponse],
      steps: [
        keepBack,
        expect(shares(undefined, 'the first page to come before the second', (_, second) => second === 0)),
      ],
    },
    {
      rule: rfc9218.incrementalShared,
      when: 'two large pages are asked for at once, incrementally',
      needs: [extensiblePriorities, largeResponse],
      steps: [
        keepBack,
        expect(shares('u=3, i', 'both pages to come side by side', (first, second) => first > 0 && second > 0)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9218.noPrioritiesRange,
      when: 'SETTINGS_NO_RFC7540_PRIORITIES is 2 in the first SETTINGS',
      needs: [extensiblePriorities],
      begin: [],
      steps: [send(settings([[NO_RFC7540_PRIORITIES, 2]])), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9218.priorityUpdateToClient,
      when: 'PRIORITY_UPDATE comes from a server',
      needs: [extensiblePriorities],
      steps: [send(talk => priorityUpdate(asked(talk), 'u=1')), expect(connectionError(PROTOCOL_ERROR))],
    },
    looked(
      rfc9218.priorityUpdateSentOnStreamZero,
      'no PRIORITY_UPDATE on a stream',
      among('', frame =>
        frame.type === PRIORITY_UPDATE && frame.stream !== 0 ? `PRIORITY_UPDATE on stream ${frame.stream}` : undefined,
      ),
    ),
    looked(
      rfc9218.priorityUpdateNeverOfIdlePush,
      'no PRIORITY_UPDATE of a push stream',
      among('', frame =>
        isUpdate(frame) && prioritized(frame) % 2 === 0 ? `PRIORITY_UPDATE of stream ${prioritized(frame)}` : undefined,
      ),
    ),
    looked(
      rfc9218.priorityUpdateOfUsableStream,
      'no PRIORITY_UPDATE of a stream that has ended',
      among('', (frame, talk, place) => {
        // Once PING behind the response was answered, the client knows that it has ended.
        const over = talk.seen.findLastIndex(({ kind }) => kind === 'ping-ack')
        const late = isUpdate(frame) && prioritized(frame) === asked(talk) && place > over
        return late ? 'PRIORITY_UPDATE of the stream of its request, after the response' : undefined
      }),
    ),
    looked(
      rfc9218.priorityUpdatesWithinLimit,
      'no PRIORITY_UPDATE of more streams than may be open',
      among('', (_, talk) => {
        const opened = new Set(talk.seen.flatMap(seen => (seen.kind === 'headers' ? [seen.stream] : [])))
        const updates = talk.seen.flatMap(framesOf).filter(isUpdate)
        const idle = new Set(updates.map(prioritized).filter(stream => !opened.has(stream)))
        return idle.size > 1 ? `PRIORITY_UPDATE of ${idle.size} idle streams, where one may be open` : undefined
      }),
      [greetClient([[MAX_CONCURRENT_STREAMS, 1]])],
    ),
    looked(
      rfc9218.oldPrioritySignalsStopped,
      'no priority signals of RFC 7540 after SETTINGS_NO_RFC7540_PRIORITIES 1',
      among(
        '',
        ({ type, flags }) =>
          type === PRIORITY || (type === HEADERS && (flags & PRIORITY_FLAG) !== 0) ? 'PRIORITY' : undefined,
        afterAck,
      ),
      [greetClient([[NO_RFC7540_PRIORITIES, 1]])],
    ),
    looked(
      rfc9218.priorityUpdatesStopped,
      'no PRIORITY_UPDATE after SETTINGS without SETTINGS_NO_RFC7540_PRIORITIES',
      among('', frame => (frame.type === PRIORITY_UPDATE ? 'PRIORITY_UPDATE' : undefined), afterAck),
    ),
  ],
})
