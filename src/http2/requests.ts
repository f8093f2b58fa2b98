import { HpackEncoder } from '../hpack/encoder.ts'
import type { Field } from '../hpack/field.ts'
import { data, headers } from './build.ts'
import type { Frame } from './frame.ts'
import type { Http2Talk } from './talk.ts'

/** Something that goes out, made when it is sent: frames and octets may depend on what was seen. */
export type Sendable = Frame | Uint8Array | ((talk: Http2Talk) => Frame | Uint8Array | readonly (Frame | Uint8Array)[])

export type FieldLine = readonly [name: string, value: string]

/** A field block that leaves both dynamic tables alone, so that no case depends on another block having been taken in. */
export function fieldBlock(fields: readonly FieldLine[]): Uint8Array {
  const encoder = new HpackEncoder({ huffman: 'never', indexing: () => 'without' })
  return encoder.encode(fields.map(([name, value]): Field => ({ name, value })))
}

export interface RequestShape {
  /** Replaces pseudo-header fields by name, or with `undefined` leaves them out: `{ ':method': 'HEAD' }`. */
  readonly pseudo?: Readonly<Record<string, string | undefined>>
  /** Fields after the pseudo-header fields and the operator's own. */
  readonly fields?: readonly FieldLine[]
  /** The whole field list, instead of all that. */
  readonly only?: readonly FieldLine[]
  /** Content, in one DATA frame; END_STREAM is on it. */
  readonly content?: Uint8Array
  /** Whether END_STREAM is set at all: it is unless this is false. */
  readonly endStream?: false
}

/** The fields of a plain request to the subject. RFC 9113 §8.3.1 */
export function requestFields(talk: Http2Talk, shape: RequestShape = {}): FieldLine[] {
  if (shape.only) return [...shape.only]
  const { authority, secure, resources, headers: extra } = talk.options
  const pseudo = {
    ':method': shape.content ? 'POST' : 'GET',
    ':scheme': secure ? 'https' : 'http',
    ':authority': authority,
    ':path': resources['path'] ?? '/',
    ...shape.pseudo,
  }
  const present = Object.entries(pseudo).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return [...present, ...extra, ...(shape.fields ?? [])]
}

/** A request on a stream: HEADERS, and DATA where it has content. */
export function request(stream: number, shape: RequestShape = {}): (talk: Http2Talk) => readonly Frame[] {
  return talk => {
    const { content, endStream = true } = shape
    const block = fieldBlock(requestFields(talk, shape))
    if (!content) return [headers(stream, block, { endStream })]
    return [headers(stream, block), data(stream, content, { endStream })]
  }
}

/** A response on a stream: HEADERS, and DATA where it has content. */
export function response(
  stream: number,
  shape: {
    readonly status?: string
    readonly fields?: readonly FieldLine[]
    readonly content?: string
    readonly endStream?: false
  } = {},
): readonly Frame[] {
  const { status = '200', fields = [], content, endStream = true } = shape
  const block = fieldBlock([[':status', status], ...fields])
  if (content === undefined) return [headers(stream, block, { endStream })]
  return [headers(stream, block), data(stream, Buffer.from(content), { endStream })]
}
