import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { joined, latin1, many, octets, rest, sized, struct, type ValueOf } from '../wire/combinators.ts'
import { WireError } from '../wire/errors.ts'
import { bits, uint16, uint32 } from '../wire/integers.ts'
import { readWithin } from '../wire/whole.ts'
import * as frames from './frame-types.ts'

/** A parameter of SETTINGS. RFC 9113 §6.5.1 */
export interface Parameter {
  /** 16 bits; see settings-parameters.ts. */
  readonly id: number
  /** 32 bits. */
  readonly value: number
}

/** RFC 9113 §6.5.1 */
export const parameters: Codec<Parameter[]> = many(struct<Parameter>({ id: uint16, value: uint32 }))

/** What a PRIORITY frame says, and HEADERS with the PRIORITY flag. RFC 9113 §6.3 */
export interface PriorityFields {
  /** 1 for an exclusive dependency. */
  readonly exclusive: number
  /** The stream depended on, 31 bits. */
  readonly dependency: number
  /** The octet on the wire, 0 to 255, which means a weight of one more. */
  readonly weight: number
}

/** RFC 9113 §6.3 */
export const priorityFields: Codec<PriorityFields> = bits({ exclusive: 1, dependency: 31, weight: 8 })

/** RFC 9113 §6.1 */
const dataPayload = struct<{ readonly data: Uint8Array }>({ data: rest })
/** RFC 9113 §6.2, without and with the PRIORITY flag */
const headersPayload = struct<{ readonly block: Uint8Array }>({ block: rest })
const headersPriorityPayload = struct<{ readonly priority: PriorityFields; readonly block: Uint8Array }>({
  priority: priorityFields,
  block: rest,
})
/** RFC 9113 §6.4 */
const rstStreamPayload = struct<{ readonly code: number }>({ code: uint32 })
/** RFC 9113 §6.5 */
const settingsPayload = struct<{ readonly parameters: Parameter[] }>({ parameters })
/** RFC 9113 §6.6 */
const pushPromisePayload = joined(
  bits({ reserved: 1, promised: 31 }),
  struct<{ readonly block: Uint8Array }>({ block: rest }),
)
/** RFC 9113 §6.7 */
const pingPayload = struct<{ readonly opaque: Uint8Array }>({ opaque: octets(8) })
/** RFC 9113 §6.8 */
const goawayPayload = joined(
  bits({ reserved: 1, lastStream: 31 }),
  struct<{ readonly code: number; readonly debug: Uint8Array }>({ code: uint32, debug: rest }),
)
/** RFC 9113 §6.9 */
const windowUpdatePayload = bits({ reserved: 1, increment: 31 })
/** RFC 9113 §6.10 */
const continuationPayload = struct<{ readonly block: Uint8Array }>({ block: rest })
/** RFC 7838 §4 */
const altsvcPayload = struct<{ readonly origin: string; readonly value: string }>({
  origin: sized(uint16, latin1),
  value: latin1,
})
/** RFC 8336 §2 */
const originPayload = struct<{ readonly origins: string[] }>({ origins: many(sized(uint16, latin1)) })
/** RFC 9218 §7.1 */
const priorityUpdatePayload = joined(
  bits({ reserved: 1, prioritized: 31 }),
  struct<{ readonly value: string }>({ value: latin1 }),
)
/** Of a type that we do not know. RFC 9113 §5.5 */
const unknownPayload = struct<{ readonly octets: Uint8Array }>({ octets: rest })

/** What may stand around the content of DATA, HEADERS and PUSH_PROMISE. RFC 9113 §6.1 */
interface MaybePadded {
  /** The octets of padding, when the PADDED flag is set. */
  readonly padding?: Uint8Array
}

/** What a frame carries, taken apart; `kind` is its type. */
export type Payload =
  | ({ readonly kind: 'DATA' } & ValueOf<typeof dataPayload> & MaybePadded)
  | ({ readonly kind: 'HEADERS'; readonly priority?: PriorityFields; readonly block: Uint8Array } & MaybePadded)
  | ({ readonly kind: 'PRIORITY' } & PriorityFields)
  | ({ readonly kind: 'RST_STREAM' } & ValueOf<typeof rstStreamPayload>)
  | ({ readonly kind: 'SETTINGS' } & ValueOf<typeof settingsPayload>)
  | ({ readonly kind: 'PUSH_PROMISE' } & ValueOf<typeof pushPromisePayload> & MaybePadded)
  | ({ readonly kind: 'PING' } & ValueOf<typeof pingPayload>)
  | ({ readonly kind: 'GOAWAY' } & ValueOf<typeof goawayPayload>)
  | ({ readonly kind: 'WINDOW_UPDATE' } & ValueOf<typeof windowUpdatePayload>)
  | ({ readonly kind: 'CONTINUATION' } & ValueOf<typeof continuationPayload>)
  | ({ readonly kind: 'ALTSVC' } & ValueOf<typeof altsvcPayload>)
  | ({ readonly kind: 'ORIGIN' } & ValueOf<typeof originPayload>)
  | ({ readonly kind: 'PRIORITY_UPDATE' } & ValueOf<typeof priorityUpdatePayload>)
  | ({ readonly kind: 'unknown' } & ValueOf<typeof unknownPayload>)

/** Content between a length of padding and the padding, which may be any octets. RFC 9113 §6.1 */
function padded<T extends object>(content: Codec<T>): Codec<T & MaybePadded> {
  return {
    read(reader) {
      const at = reader.offset
      const length = reader.u8()
      reader.note('padLength', length, at, at + 1)
      if (length > reader.remaining)
        throw new WireError('malformed', `${length} octets of padding, ${reader.remaining} left`, at, ['padLength'])
      const value = readWithin(reader, reader.remaining - length, content)
      return { ...value, padding: reader.field('padding', rest) }
    },
    write(writer, value) {
      const { padding } = value
      if (padding === undefined) return writer.unencodable('no padding where the PADDED flag wants it')
      writer.u8(padding.length)
      content.write(writer, value)
      writer.octets(padding)
    },
    any: fc.tuple(content.any, rest.any).map(([value, padding]) => ({ ...value, padding })),
  }
}

type Kind = Payload['kind']
type ContentOf<K extends Kind> = Omit<Extract<Payload, { readonly kind: K }>, 'kind'>

/** The same value with its kind beside it. The compiler cannot see that the two together are a payload. */
function kind<K extends Kind>(name: K, codec: Codec<ContentOf<K>>): Codec<Payload> {
  const named = (content: ContentOf<K>) => ({ kind: name, ...content }) as unknown as Payload
  return {
    read: reader => named(codec.read(reader)),
    write(writer, value) {
      if (value.kind !== name) writer.unencodable(`${value.kind} where ${name} belongs`)
      codec.write(writer, value as unknown as ContentOf<K>)
    },
    any: codec.any.map(named),
  }
}

const unpaddedData = kind('DATA', dataPayload)
const paddedData = kind('DATA', padded(dataPayload))
const plainHeaders = kind('HEADERS', headersPayload)
const paddedHeaders = kind('HEADERS', padded(headersPayload))
const priorityHeaders = kind('HEADERS', headersPriorityPayload)
const paddedPriorityHeaders = kind('HEADERS', padded(headersPriorityPayload))
const unpaddedPushPromise = kind('PUSH_PROMISE', pushPromisePayload)
const paddedPushPromise = kind('PUSH_PROMISE', padded(pushPromisePayload))
const unknown = kind('unknown', unknownPayload)

const byType: Readonly<Record<number, Codec<Payload>>> = {
  [frames.PRIORITY]: kind('PRIORITY', priorityFields),
  [frames.RST_STREAM]: kind('RST_STREAM', rstStreamPayload),
  [frames.SETTINGS]: kind('SETTINGS', settingsPayload),
  [frames.PING]: kind('PING', pingPayload),
  [frames.GOAWAY]: kind('GOAWAY', goawayPayload),
  [frames.WINDOW_UPDATE]: kind('WINDOW_UPDATE', windowUpdatePayload),
  [frames.CONTINUATION]: kind('CONTINUATION', continuationPayload),
  [frames.ALTSVC]: kind('ALTSVC', altsvcPayload),
  [frames.ORIGIN]: kind('ORIGIN', originPayload),
  [frames.PRIORITY_UPDATE]: kind('PRIORITY_UPDATE', priorityUpdatePayload),
}

/**
 * The codec of a payload, which takes all octets up to the end. Padding that does not fit is `malformed`; a payload of
 * fixed size that ends early is `truncated`.
 */
export function payloadCodec(type: number, flags: number): Codec<Payload> {
  const isPadded = (flags & frames.PADDED) !== 0
  switch (type) {
    case frames.DATA:
      return isPadded ? paddedData : unpaddedData
    case frames.HEADERS:
      if ((flags & frames.PRIORITY_FLAG) !== 0) return isPadded ? paddedPriorityHeaders : priorityHeaders
      return isPadded ? paddedHeaders : plainHeaders
    case frames.PUSH_PROMISE:
      return isPadded ? paddedPushPromise : unpaddedPushPromise
    default:
      return byType[type] ?? unknown
  }
}
