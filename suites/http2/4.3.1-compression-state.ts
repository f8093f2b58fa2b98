import { representation } from '../../src/hpack/representation.ts'
import { rfc7541 } from '../../src/hpack/rules.ts'
import { rstStream, settings } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import { broke, type Expectation, expect, hindrance, kept, that } from '../../src/http2/expect.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { asked } from '../../src/http2/expect-message.ts'
import { repeats } from '../../src/http2/features.ts'
import { HEADERS, PADDED, PRIORITY_FLAG } from '../../src/http2/frame.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { framesOf, type Seen } from '../../src/http2/seen.ts'
import { HEADER_TABLE_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { Reader } from '../../src/wire/reader.ts'
import { type Http2Case, topic } from './roles.ts'

/** The size updates at the head of a field block, in octets. RFC 7541 §4.2, §6.3 */
function sizeUpdates(octets: Uint8Array): readonly number[] {
  const reader = new Reader(octets)
  const sizes: number[] = []
  while (reader.offset < reader.end && ((octets[reader.offset] as number) & 0xe0) === 0x20) {
    const piece = representation.read(reader)
    if (piece.kind === 'size update') sizes.push(piece.size)
  }
  return sizes
}

/** Whether this begins the next block of the subject: a server's response on stream 3, or a client's request made again. */
function isNext(talk: Http2Talk, seen: Seen, first: number): boolean {
  const stream = seen.kind === 'headers' ? seen.stream : seen.kind === 'broken' ? seen.frame?.stream : undefined
  return stream !== undefined && (talk.role === 'server' ? stream === 3 : stream !== 0 && stream !== first)
}

/** What the next block begins with; one that our decoder does not take is looked at all the same. */
function nextBlock(wants: string, good: (updates: readonly number[]) => boolean): Expectation {
  return that(wants, async talk => {
    const first = asked(talk)
    for (;;) {
      const seen = await talk.next()
      if (isNext(talk, seen, first)) {
        const frame = framesOf(seen)[0]
        // Padding or priority fields before the block nobody has been seen to send here.
        if (frame?.type !== HEADERS || (frame.flags & (PADDED | PRIORITY_FLAG)) !== 0) return broke(line(seen))
        const updates = sizeUpdates(frame.payload)
        const came = updates.length === 0 ? 'no size update' : `size updates to ${updates.join(', ')}`
        return good(updates) ? kept(came) : broke(came)
      }
      const problem = hindrance(talk, seen, [3])
      if (problem) return problem
    }
  })
}

/** New limits of the table, in one SETTINGS each; then something that makes the subject send a block. */
const limited = (...sizes: readonly number[]) => [
  send(...sizes.map(size => settings([[HEADER_TABLE_SIZE, size]]))),
  expect(acknowledges()),
  send((talk: Http2Talk) => (talk.role === 'server' ? request(3)(talk) : rstStream(asked(talk), REFUSED_STREAM))),
]

/** A client shows its encoder a second time only if it repeats a request that was refused. */
const needs: Http2Case['needs'] = [repeats]

const cases: readonly Omit<Http2Case, 'needs'>[] = [
  {
    rule: rfc9113.tableSizeUpdateAfterReduction,
    when: 'SETTINGS_HEADER_TABLE_SIZE 0 was acknowledged',
    steps: [
      ...limited(0),
      expect(nextBlock('a size update to 0 at the start of the next field block', updates => updates[0] === 0)),
    ],
  },
  {
    rule: rfc7541.sizeUpdateAtBlockStart,
    when: 'SETTINGS_HEADER_TABLE_SIZE 100 was acknowledged',
    steps: [
      ...limited(100),
      expect(
        nextBlock(
          'a size update to 100 or less at the start of the next field block',
          updates => (updates.at(-1) ?? 101) <= 100,
        ),
      ),
    ],
  },
  {
    rule: rfc7541.smallestSizeSignalled,
    when: 'SETTINGS_HEADER_TABLE_SIZE 0 and then 4096 were acknowledged',
    steps: [
      ...limited(0, 4096),
      expect(nextBlock('a size update to 0 at the start of the next field block', updates => updates[0] === 0)),
    ],
  },
  {
    rule: rfc7541.sizeUpdateSentWithinLimit,
    when: 'SETTINGS_HEADER_TABLE_SIZE 1000 was acknowledged',
    steps: [
      ...limited(1000),
      expect(nextBlock('no size update above 1000', updates => updates.every(size => size <= 1000))),
    ],
  },
  {
    rule: rfc7541.tableSizeWithinLimit,
    when: 'SETTINGS_HEADER_TABLE_SIZE 200 was acknowledged',
    steps: [
      ...limited(200),
      // Our decoder has a table of 200 octets now: an index beyond what fits is an error to it.
      expect(nextBlock('a field block for a table of 200 octets', updates => (updates.at(-1) ?? 201) <= 200)),
    ],
  },
]

export default topic('Compression state', {
  server: cases,
  client: cases.map(entry => ({ ...entry, needs, when: `${entry.when} and its request refused` })),
})
