import type { Feature } from '../../src/conformance/case.ts'
import { goaway, headers, rstStream } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { INTERNAL_ERROR, NO_ERROR } from '../../src/http2/error-codes.ts'
import { answered, barrier, broke, concluded, expect, goesOn, kept, that } from '../../src/http2/expect.ts'
import { asked, respond } from '../../src/http2/expect-message.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

/** The first code that RFC 9113 leaves free, one far from it, and the last. */
const UNKNOWN = [
  [0x0e, '0x0e'],
  [0xfade, '0xfade'],
  [0xffffffff, '0xffffffff'],
] as const

/** What a server does about an unknown code shows only if a known one does not end the connection. */
const staysAfterError: Feature<Http2Talk> = {
  name: 'a server that finishes its responses after GOAWAY with INTERNAL_ERROR',
  async probe(talk) {
    talk.add(...request(3)(talk), goaway(0, INTERNAL_ERROR))
    const { ended, came } = await until(talk, () => concluded(talk, 3))
    return ended || talk.message(3).reset !== undefined ? `it does not: ${came}` : undefined
  },
}

/** What a client does about its request is its own affair, but it finds no fault with us, and does not die of it. */
const unruffled = that('no connection error', async talk => {
  const { passed } = barrier(talk)
  for (;;) {
    const seen = await talk.next()
    if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return broke(line(seen))
    if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
    if (passed(seen)) return kept('PING was answered')
    if (seen.kind !== 'end') continue
    talk.channel.end()
    const exit = await talk.channel.exit?.(talk.options.patience)
    const how = exit && (exit.signal ?? `exit status ${exit.code}`)
    return exit?.signal ? broke(`${line(seen)}; ${how}`) : kept(`${line(seen)}; ${how ?? 'still running'}`)
  }
})

const openPost = (talk: Http2Talk) => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))

const server = UNKNOWN.flatMap(([code, name]): Http2Case[] => [
  {
    rule: rfc9113.unknownErrorCode,
    when: `RST_STREAM has the code ${name}`,
    steps: [send(openPost, rstStream(3, code)), expect(goesOn())],
  },
  {
    rule: rfc9113.unknownErrorCode,
    when: `GOAWAY with the code ${name} follows a request`,
    needs: [staysAfterError],
    steps: [send(request(3), goaway(0, code)), expect(answered(3))],
  },
])

const client = UNKNOWN.flatMap(([code, name]): Http2Case[] => [
  {
    rule: rfc9113.unknownErrorCode,
    when: `RST_STREAM of its request has the code ${name}`,
    steps: [send(talk => rstStream(asked(talk), code)), expect(unruffled)],
  },
  {
    rule: rfc9113.unknownErrorCode,
    when: `GOAWAY has the code ${name}`,
    steps: [send(talk => goaway(asked(talk), code), respond({ content: 'wire' })), expect(unruffled)],
  },
])

export default topic('Error codes', { server, client })
