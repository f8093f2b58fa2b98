import { continuation, headers } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { COMPRESSION_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, expect, hindrance, kept, that } from '../../src/http2/expect.ts'
import { everyFrame } from '../../src/http2/expect-frames.ts'
import { asked, content, section } from '../../src/http2/expect-message.ts'
import { CONTINUATION, type Frame, HEADERS, PUSH_PROMISE } from '../../src/http2/frame.ts'
import { type FieldLine, fieldBlock, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { topic } from './roles.ts'

/** A field block in fragments of these lengths; the rest is the last. */
function inFragments(stream: number, block: Uint8Array, lengths: readonly number[], endStream: boolean): Frame[] {
  const fragments: Uint8Array[] = []
  let at = 0
  for (const length of lengths) {
    fragments.push(block.subarray(at, at + length))
    at += length
  }
  fragments.push(block.subarray(at))
  return fragments.map((fragment, index) => {
    const endHeaders = index === fragments.length - 1
    return index === 0
      ? headers(stream, fragment, { endStream, endHeaders })
      : continuation(stream, fragment, { endHeaders })
  })
}

const POST = { pseudo: { ':method': 'POST' } }
/** Decodes well, but no name may have an uppercase letter. RFC 9113 §8.2.1 */
const MALFORMED: FieldLine = ['Upper', 'case']

const RESPONSE: readonly FieldLine[] = [
  [':status', '203'],
  ['x-wire', 'grade'],
]

const requestIn = (...lengths: readonly number[]) =>
  send(talk => inFragments(3, fieldBlock(requestFields(talk)), lengths, true))
const responseIn = (...lengths: readonly number[]) => [
  send(talk => inFragments(asked(talk), fieldBlock(RESPONSE), lengths, false)),
  send(content('wire', { endStream: true })),
]

/** A block that cannot be decoded, on the stream where one may come. */
const undecodable = (block: Uint8Array) =>
  send(talk => headers(talk.role === 'server' ? 3 : asked(talk), block, { endStream: true }))

/** A request that is refused, and trailers for it that put a field into the dynamic table. */
function discarded(talk: Http2Talk): Frame[] {
  // Literal with incremental indexing, a new name. RFC 7541 §6.2.1
  const trailers = Buffer.from('\x40\x06x-wire\x04late', 'latin1')
  return [headers(3, fieldBlock([...requestFields(talk, POST), MALFORMED])), headers(3, trailers, { endStream: true })]
}

/** A request with that field by its index, the first of the dynamic table. RFC 7541 §6.1 */
const indexed = (talk: Http2Talk) => Buffer.concat([fieldBlock(requestFields(talk)), hex('be')])

const blocks = ({ type }: Frame) => type === HEADERS || type === PUSH_PROMISE || type === CONTINUATION

export default topic('Field blocks', {
  both: [
    {
      rule: rfc9113.fieldBlockUndecodable,
      when: 'a field block refers to the entry of index 0',
      steps: [undecodable(hex('80')), expect(connectionError(COMPRESSION_ERROR))],
    },
    {
      rule: rfc9113.fieldBlockUndecodable,
      when: 'a field block ends inside a string',
      steps: [undecodable(hex('828604 0a 2f')), expect(connectionError(COMPRESSION_ERROR))],
    },
    {
      rule: rfc9113.fieldBlockContiguous,
      when: 'it sends what it has to send',
      steps: [expect(everyFrame('field blocks without another frame inside', () => undefined, blocks))],
    },
  ],
  server: [
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'a request is cut after each of its first five octets',
      steps: [requestIn(1, 1, 1, 1, 1), expect(answered(3))],
    },
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'the HEADERS of a request hold none of the block, and CONTINUATION all of it',
      steps: [requestIn(0), expect(answered(3))],
    },
    {
      rule: rfc9113.discardedFieldBlockDecompressed,
      when: 'trailers for a request that was refused fill the dynamic table',
      steps: [
        send(discarded),
        expect(
          that(
            'the next request to be understood, unless COMPRESSION_ERROR ended the connection before it',
            async talk => {
              const payload = talk.addBarrier()
              let asked = false
              for (;;) {
                const { ended, status } = talk.message(5)
                if (ended && status === talk.control) return kept(`a response with status ${status}`)
                const seen = await talk.next()
                if (seen.kind === 'goaway' && !asked) {
                  if (seen.code === COMPRESSION_ERROR) return kept('GOAWAY COMPRESSION_ERROR')
                  return { outcome: 'unsupported', came: `${line(seen)}: it does not discard such frames` }
                }
                const problem = hindrance(talk, seen, [5])
                if (problem && !ended) return problem
                if (seen.kind !== 'ping-ack' || Buffer.compare(seen.payload, payload) !== 0) continue
                asked = true
                talk.add(headers(5, indexed(talk), { endStream: true }))
              }
            },
          ),
        ),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.discardedFieldBlockDecompressed,
      when: 'trailers for a response that was refused cannot be decoded',
      steps: [
        send(section([[':status', '200'], MALFORMED]), talk => headers(asked(talk), hex('80'), { endStream: true })),
        expect(connectionError(COMPRESSION_ERROR)),
      ],
    },
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'a response is cut after each of its first five octets',
      steps: [...responseIn(1, 1, 1, 1, 1), expect(contented())],
    },
    {
      rule: rfc9113.fieldBlockReassembled,
      when: 'the HEADERS of a response hold none of the block, and CONTINUATION all of it',
      steps: [...responseIn(0), expect(contented())],
    },
  ],
})
