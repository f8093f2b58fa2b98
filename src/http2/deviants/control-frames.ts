import type { Role, Rule } from '../../conformance/rule.ts'
import {
  continuation,
  data,
  headers,
  ping,
  priority,
  priorityUpdate,
  rstStream,
  settings,
  windowUpdate,
} from '../build.ts'
import { CANCEL } from '../error-codes.ts'
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  GOAWAY,
  HEADERS,
  PADDED,
  PING,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from '../frame.ts'
import { type FieldLine, fieldBlock } from '../requests.ts'
import { rfc9113, rfc9218 } from '../rules.ts'
import {
  ENABLE_PUSH,
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  MAX_FRAME_SIZE,
  NO_RFC7540_PRIORITIES,
} from '../settings-parameters.ts'
import type { AlterFrame } from './messages.ts'

const has = ({ flags }: Frame, flag: number) => (flags & flag) !== 0

/** The first stream is left in peace: by it a server shows that it is alive. */
const spared = ({ stream }: Frame, role: Role) => role === 'server' && stream === 1

/** Changes frames of one type. */
const of =
  (type: number, change: (frame: Frame) => Frame): AlterFrame =>
  frame => [frame.type === type ? change(frame) : frame]

/** Changes the ACKs of one type. */
const acksOf = (type: number, change: (frame: Frame) => Frame) =>
  of(type, frame => (has(frame, ACK) ? change(frame) : frame))

/** Puts frames after each frame of one type, but for those of the first stream. */
const after =
  (type: number, more: (frame: Frame, role: Role) => readonly Frame[]): AlterFrame =>
  (frame, role) =>
    frame.type === type && !spared(frame, role) ? [frame, ...more(frame, role)] : [frame]

/** Puts frames after our SETTINGS ACK. */
const afterSettingsAck = (...more: readonly Frame[]): AlterFrame =>
  after(SETTINGS, frame => (has(frame, ACK) ? more : []))

const afterEnd = (more: (frame: Frame) => Frame): AlterFrame => {
  return (frame, role) => {
    const ends = (frame.type === DATA || frame.type === HEADERS) && has(frame, END_STREAM)
    return ends && !spared(frame, role) ? [frame, more(frame)] : [frame]
  }
}

const isPreface = (frame: Frame) => frame.type === SETTINGS && !has(frame, ACK)

/** More parameters in the SETTINGS of the preface; the last value of a parameter counts. */
const announcing = (id: number, value: number): AlterFrame => {
  const more = settings([[id, value]]).payload
  return frame => [isPreface(frame) ? { ...frame, payload: Buffer.concat([frame.payload, more]) } : frame]
}

/** The SETTINGS of the preface without one parameter. */
function without({ payload, ...frame }: Frame, id: number): Frame {
  const kept: Uint8Array[] = []
  for (let at = 0; at < payload.length; at += 6) {
    if (((payload[at] as number) << 8) + (payload[at + 1] as number) !== id) kept.push(payload.subarray(at, at + 6))
  }
  return { ...frame, payload: Buffer.concat(kept) }
}

/** HEADERS that lack END_HEADERS, and what comes next. */
const continued = (next: (frame: Frame) => readonly Frame[]): AlterFrame => {
  return (frame, role) => {
    if (frame.type !== HEADERS || spared(frame, role) || !has(frame, END_HEADERS)) return [frame]
    return [{ ...frame, flags: frame.flags & ~END_HEADERS }, ...next(frame)]
  }
}

const nothing = new Uint8Array(0)

/** Padding of eight octets that are not zero. */
function withPadding(frame: Frame): Frame {
  if (has(frame, PADDED)) return frame
  const padding = new Uint8Array(8).fill(0xff)
  return {
    ...frame,
    flags: frame.flags | PADDED,
    payload: Buffer.concat([[padding.length], frame.payload, padding].map(part => Buffer.from(part))),
  }
}

/** Streams of the server's with odd numbers. */
const oddPushes: AlterFrame = frame => {
  const promise = frame.type === PUSH_PROMISE
  if (!promise) return [frame.stream > 0 && frame.stream % 2 === 0 ? { ...frame, stream: frame.stream + 1 } : frame]
  const payload = Buffer.from(frame.payload)
  payload.writeUInt32BE(payload.readUInt32BE(0) + 1, 0)
  return [{ ...frame, payload }]
}

const SAFE_BLOCK = fieldBlock([
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'localhost'],
  [':path', '/'],
])

/** New streams that are not above those before: of a client two more, the higher one first; of a server a promise again. */
const notIncreasing: AlterFrame = (frame, role) => {
  if (role === 'server') return frame.type === PUSH_PROMISE ? [frame, frame] : [frame]
  if (frame.type !== HEADERS) return [frame]
  return [frame, headers(frame.stream + 4, SAFE_BLOCK), headers(frame.stream + 2, SAFE_BLOCK)]
}

const promisedBy = ({ payload }: Frame) => Buffer.from(payload).readUInt32BE(0) & 0x7fffffff

const promised = (method: string, authority: string): readonly FieldLine[] => [
  [':method', method],
  [':scheme', 'http'],
  [':authority', authority],
  [':path', '/pushed'],
]

/** A promise of another request than the machine meant. */
const promising =
  (fields: readonly FieldLine[]) =>
  (frame: Frame): Frame => ({ ...frame, payload: Buffer.concat([frame.payload.subarray(0, 4), fieldBlock(fields)]) })

/** The first frame that goes out, whatever it is, is changed. */
function first(change: (frame: Frame) => readonly Frame[]): () => AlterFrame {
  return () => {
    let begun = false
    return frame => {
      if (begun) return [frame]
      begun = true
      return change(frame)
    }
  }
}

const each = (alter: AlterFrame) => () => alter

/** Deviants of rules about frames as such, made anew for each connection. */
export const controlDeviants: ReadonlyMap<Rule, () => AlterFrame> = new Map<Rule, () => AlterFrame>([
  [rfc9113.serverPrefaceOnPriorKnowledge, each(frame => (isPreface(frame) ? [] : [frame]))],
  [rfc9113.prefaceAfterTls, each(frame => (isPreface(frame) ? [] : [frame]))],
  [rfc9113.serverPrefaceSettingsFirst, first(frame => [windowUpdate(0, 1), frame])],
  [rfc9113.unusedFlagsUnset, each(frame => [{ ...frame, flags: frame.flags | 0x40 }])],
  [rfc9113.reservedBitUnset, each(frame => [{ ...frame, reserved: 1 }])],
  [
    rfc9113.fieldBlockContiguous,
    each(continued(({ stream }) => [ping(new Uint8Array(8)), continuation(stream, nothing)])),
  ],
  [rfc9113.headersContinued, each(continued(() => []))],
  [
    rfc9113.continuationContinued,
    each(continued(({ stream }) => [{ type: CONTINUATION, flags: 0, stream, payload: nothing }])),
  ],
  [rfc9113.continuationSentInBlock, each(after(HEADERS, ({ stream }) => [continuation(stream, nothing)]))],
  [rfc9113.halfClosedLocalSends, each(afterEnd(({ stream }) => data(stream, nothing)))],
  [rfc9113.closedStreamSends, each(afterEnd(({ stream }) => data(stream, nothing)))],
  [rfc9113.serverStreamEven, each(oddPushes)],
  [rfc9113.dataPaddingZero, each(of(DATA, withPadding))],
  [rfc9113.headersPaddingZero, each(of(HEADERS, withPadding))],
  [rfc9113.dataNeverOnStreamZero, each(after(DATA, () => [data(0, nothing)]))],
  [rfc9113.headersNeverOnStreamZero, each(after(HEADERS, () => [headers(0, fieldBlock([[':status', '200']]))]))],
  [rfc9113.resetNeverOnStreamZero, each(after(RST_STREAM, () => [rstStream(0, CANCEL)]))],
  [rfc9113.settingsAckSentEmpty, each(acksOf(SETTINGS, frame => ({ ...frame, payload: new Uint8Array(6) })))],
  [rfc9113.settingsSentOnStreamZero, each(acksOf(SETTINGS, frame => ({ ...frame, stream: 1 })))],
  [rfc9113.pingSentEightOctets, each(acksOf(PING, frame => ({ ...frame, payload: frame.payload.subarray(1) })))],
  [rfc9113.pingAckSet, each(of(PING, frame => ({ ...frame, flags: 0 })))],
  [rfc9113.pingSentOnStreamZero, each(of(PING, frame => ({ ...frame, stream: 1 })))],
  [rfc9113.goawaySentOnStreamZero, each(of(GOAWAY, frame => ({ ...frame, stream: 1 })))],
  [rfc9113.windowIncrementSentPositive, each(of(WINDOW_UPDATE, ({ stream }) => windowUpdate(stream, 0)))],
  [rfc9113.windowNeverMadeToOverflow, each(of(WINDOW_UPDATE, ({ stream }) => windowUpdate(stream, 0x7fffffff)))],
  [rfc9113.serverEnablePushZero, each(announcing(ENABLE_PUSH, 1))],
  [rfc9113.enablePushSentInRange, each(announcing(ENABLE_PUSH, 2))],
  [rfc9113.concurrencyAtLeastHundred, each(announcing(MAX_CONCURRENT_STREAMS, 99))],
  [rfc9113.initialWindowSentInRange, each(announcing(INITIAL_WINDOW_SIZE, 0x80000000))],
  [rfc9113.maxFrameSizeSentInRange, each(announcing(MAX_FRAME_SIZE, 16383))],
  [rfc9218.noPrioritiesSentInRange, each(announcing(NO_RFC7540_PRIORITIES, 2))],
  [
    rfc9218.noPrioritiesInFirstSettings,
    first(frame => [without(frame, NO_RFC7540_PRIORITIES), settings([[NO_RFC7540_PRIORITIES, 1]])]),
  ],
  [
    rfc9218.noPrioritiesNeverChanged,
    first(frame => [
      without(frame, NO_RFC7540_PRIORITIES),
      settings([[NO_RFC7540_PRIORITIES, 1]]),
      settings([[NO_RFC7540_PRIORITIES, 0]]),
    ]),
  ],
  [rfc9218.priorityUpdateNotSentByServer, each(after(HEADERS, ({ stream }) => [priorityUpdate(stream, 'u=1')]))],
  [rfc9113.clientStreamOdd, each(frame => [frame.stream === 0 ? frame : { ...frame, stream: frame.stream + 1 }])],
  [rfc9113.streamIdIncreases, each(notIncreasing)],
  [rfc9113.promisedIdValid, each(oddPushes)],
  [rfc9113.promisePaddingZero, each(of(PUSH_PROMISE, withPadding))],
  [rfc9113.promiseContinued, each(of(PUSH_PROMISE, frame => ({ ...frame, flags: frame.flags & ~END_HEADERS })))],
  [rfc9113.promiseOnPeerStream, each(of(PUSH_PROMISE, frame => ({ ...frame, stream: frame.stream + 2 })))],
  [rfc9113.reservedLocalSends, each(after(PUSH_PROMISE, frame => [data(promisedBy(frame), nothing)]))],
  [rfc9113.promisedFieldsComplete, each(of(PUSH_PROMISE, promising([[':method', 'GET']])))],
  [rfc9113.promisedRequestCacheable, each(of(PUSH_PROMISE, promising(promised('POST', 'localhost'))))],
  [rfc9113.promiseOwnAuthority, each(of(PUSH_PROMISE, promising(promised('GET', 'elsewhere.example'))))],
  [rfc9113.streamIdNotReused, each(after(HEADERS, ({ stream }) => [headers(stream, SAFE_BLOCK, { endStream: true })]))],
  [rfc9218.oldPrioritySignalsStopped, each(afterSettingsAck(priority(1, { dependency: 0, weight: 15 })))],
  [rfc9218.priorityUpdatesStopped, each(afterSettingsAck(priorityUpdate(1, 'u=1')))],
  [rfc9218.priorityUpdateSentOnStreamZero, each(afterSettingsAck({ ...priorityUpdate(1, 'u=1'), stream: 1 }))],
  [rfc9218.priorityUpdateNeverOfIdlePush, each(afterSettingsAck(priorityUpdate(2, 'u=1')))],
  [
    rfc9218.priorityUpdateOfUsableStream,
    each(frame => (frame.type === GOAWAY ? [priorityUpdate(1, 'u=1'), frame] : [frame])),
  ],
  [
    rfc9218.priorityUpdatesWithinLimit,
    each(afterSettingsAck(...Array.from({ length: 200 }, (_, i) => priorityUpdate(101 + 2 * i, 'u=1')))),
  ],
])
