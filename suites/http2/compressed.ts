import { blockOf, indexed, literal, type Representation } from '../../src/hpack/representation.ts'
import { headers } from '../../src/http2/build.ts'
import { COMPRESSION_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, type Expectation, expect } from '../../src/http2/expect.ts'
import { asked } from '../../src/http2/expect-message.ts'
import type { Frame } from '../../src/http2/frame.ts'
import { requestFields } from '../../src/http2/requests.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import type { Http2Case } from './roles.ts'

export type Piece = Representation | Uint8Array

/** Pieces of a message's field block: size updates at their head come first of all, the rest comes last. */
export type Pieces = readonly Piece[]

const isSizeUpdate = (piece: Piece) => 'kind' in piece && piece.kind === 'size update'

function around(first: Pieces, pieces: Pieces): Uint8Array {
  const from = pieces.findIndex(piece => !isSizeUpdate(piece))
  const updates = from < 0 ? pieces : pieces.slice(0, from)
  return blockOf(...updates, ...first, ...(from < 0 ? [] : pieces.slice(from)))
}

/** The plain request's fields as pieces that leave the dynamic table alone; without `:path` unless asked for. */
export function plainFields(talk: Http2Talk, path: 'with path' | 'without path'): Pieces {
  return requestFields(talk)
    .filter(([name]) => name !== ':path' || path === 'with path')
    .map(([name, value]) => literal(name, value))
}

/** A request whose block ends with these pieces, among them its `:path` where that is said. */
export function requestOf(
  talk: Http2Talk,
  stream: number,
  pieces: Pieces,
  path: 'with path' | 'without path' = 'with path',
): Frame {
  const all = plainFields(talk, path)
  // Pseudo-header fields come first, and so does the one among the pieces. RFC 9113 §8.3
  const pseudo = requestFields(talk).filter(([name]) => name.startsWith(':')).length - (path === 'with path' ? 0 : 1)
  if (path === 'with path') return headers(stream, around(all, pieces), { endStream: true })
  const from = pieces.findIndex(piece => !isSizeUpdate(piece))
  const block = blockOf(...pieces.slice(0, from), ...all.slice(0, pseudo), ...pieces.slice(from), ...all.slice(pseudo))
  return headers(stream, block, { endStream: true })
}

/**
 * Messages one after the other on one connection, each with pieces of its own: requests on streams from 3 on, or interim
 * responses and a final one.
 */
export function messages(...all: readonly Pieces[]): (talk: Http2Talk) => Frame[] {
  return talk =>
    all.map((pieces, index) => {
      if (talk.role === 'server') return requestOf(talk, 3 + 2 * index, pieces)
      const last = index === all.length - 1
      const status = last ? indexed(8) : literal(8, '103')
      return headers(asked(talk), around([status], pieces), { endStream: last })
    })
}

/** The last of so many messages is understood. */
export function understood(count: number): Expectation {
  const of = (talk: Http2Talk) => (talk.role === 'server' ? answered(3 + 2 * (count - 1)) : contented())
  return { wants: 'every field block to be understood', judge: talk => of(talk).judge(talk) }
}

/** Field blocks that a decoder has to understand. */
export function good(rule: Http2Case['rule'], when: string, ...all: readonly Pieces[]): Http2Case {
  return { rule, when, steps: [send(messages(...all)), expect(understood(all.length))] }
}

/** Field blocks of which the last is a decoding error. RFC 7541 §2.3.3, RFC 9113 §4.3 */
export function bad(rule: Http2Case['rule'], when: string, ...all: readonly Pieces[]): Http2Case {
  return { rule, when, steps: [send(messages(...all)), expect(connectionError(COMPRESSION_ERROR))] }
}
