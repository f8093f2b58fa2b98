import { data, headers, ping, rawFrame, rstStream, settings } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { CANCEL, COMPRESSION_ERROR, NO_ERROR, STREAM_CLOSED } from '../../src/http2/error-codes.ts'
import {
  barrier,
  broke,
  closesUnasked,
  connectionError,
  type Expectation,
  expect,
  goesOn,
  hindrance,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { asked, content, section } from '../../src/http2/expect-message.ts'
import { type Frame, PING } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { topic } from './roles.ts'

/** An error of the connection that nobody can mistake. RFC 9113 §6.7 */
const shortPing = rawFrame({ type: PING, payload: new Uint8Array(7) })

/** A malformed message that does not end. RFC 9113 §8.2.1 */
const malformedOpen = send((talk: Http2Talk) =>
  talk.role === 'server'
    ? headers(3, fieldBlock([...requestFields(talk, { pseudo: { ':method': 'POST' } }), ['Upper', 'case']]))
    : section([
        [':status', '200'],
        ['Upper', 'case'],
      ])(talk),
)
const streamOf = (talk: Http2Talk) => (talk.role === 'server' ? 3 : asked(talk))

/** Everything until the connection ends, or goes on in peace. */
async function toTheEnd(talk: Http2Talk): Promise<string | undefined> {
  const { passed } = barrier(talk)
  for (;;) {
    const seen = await talk.next()
    if (seen.kind === 'goaway' && seen.code !== NO_ERROR) talk.channel.end()
    if (seen.kind === 'end' || passed(seen)) return undefined
    if (seen.kind === 'silence' || seen.kind === 'broken') return line(seen)
  }
}

/** How many errors of the connection, and how many resets of the stream of a malformed message, are reported. */
function reports(wants: string, most: number, kinds: readonly ('goaway' | 'reset')[]): Expectation {
  return that(wants, async talk => {
    const trouble = await toTheEnd(talk)
    const found = talk.seen.filter(
      seen =>
        (seen.kind === 'goaway' && seen.code !== NO_ERROR && kinds.includes('goaway')) ||
        (seen.kind === 'reset' && seen.stream === streamOf(talk) && kinds.includes('reset')),
    )
    if (found.length > most) return broke(found.map(line).join(', '))
    if (found.length > 0) return kept(found.map(line).join(', '))
    if (trouble !== undefined) return broke(trouble)
    return { outcome: 'unsupported', came: 'no error was reported' }
  })
}

const lateData: readonly Frame[] = [0, 1, 2].map(() => data(3, 'wire'))

export default topic('Error handling', {
  both: [
    {
      rule: rfc9113.goawayOnConnectionError,
      when: 'a PING is too short',
      steps: [
        send(shortPing),
        expect(
          that('GOAWAY with an error code', async talk => {
            const trouble = await toTheEnd(talk)
            const goaway = talk.seen.find(seen => seen.kind === 'goaway' && seen.code !== NO_ERROR)
            return goaway ? kept(line(goaway)) : broke(trouble ?? 'no GOAWAY')
          }),
        ),
      ],
    },
    {
      rule: rfc9113.closeAfterErrorGoaway,
      when: 'a PING is too short and our side is left open',
      steps: [send(shortPing), expect(closesUnasked())],
    },
    {
      rule: rfc9113.oneConnectionErrorType,
      when: 'a PING that is too short, one on a stream and DATA on stream 0 come at once',
      steps: [
        send(shortPing, { ...ping(), stream: 3 }, data(0, 'wire')),
        expect(reports('one GOAWAY with an error code', 1, ['goaway'])),
      ],
    },
    {
      rule: rfc9113.oneErrorReported,
      when: 'a malformed message is followed by a second section without END_STREAM',
      steps: [
        malformedOpen,
        send(talk => headers(streamOf(talk), fieldBlock([['UPPER', 'case']]))),
        expect(reports('one report at most of the stream, and one of the connection', 1, ['reset'])),
      ],
    },
  ],
  server: [
    {
      rule: rfc9113.goawayNamesLastStream,
      when: 'a PING is too short after a request on stream 3 was answered',
      steps: [
        send(request(3)),
        expect(goesOn({ streams: [3] })),
        send(shortPing),
        expect(
          that('GOAWAY that names the last stream that was answered', async talk => {
            const last = talk.outgoing.highestStream
            const trouble = await toTheEnd(talk)
            const goaway = talk.seen.find(seen => seen.kind === 'goaway' && seen.code !== NO_ERROR)
            if (goaway?.kind !== 'goaway') return broke(trouble ?? 'no GOAWAY')
            return goaway.lastStream === last ? kept(line(goaway)) : broke(line(goaway))
          }),
        ),
      ],
    },
    {
      rule: rfc9113.connectionErrorReported,
      when: 'HEADERS after END_STREAM, while the response is withheld, cannot be decoded',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3)),
        send(headers(3, hex('80'), { endStream: true }), settings([[INITIAL_WINDOW_SIZE, 65535]])),
        // That HEADERS are not allowed there may end the connection first. RFC 9113 §5.1, §5.4.1
        expect(connectionError(COMPRESSION_ERROR, STREAM_CLOSED)),
      ],
    },
    {
      rule: rfc9113.oneResetPerStream,
      when: 'DATA go on coming after a malformed request',
      steps: [malformedOpen, send(...lateData), expect(reports('one RST_STREAM at most', 1, ['reset']))],
    },
    {
      rule: rfc9113.noResetForReset,
      when: 'a request is cancelled while the response is withheld',
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3), rstStream(3, CANCEL)),
        send(settings([[INITIAL_WINDOW_SIZE, 65535]])),
        expect(settledWithoutReset(() => 3)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.goawayNamesLastStream,
      when: 'a PING is too short before anything was pushed',
      steps: [
        send(shortPing),
        expect(
          that('GOAWAY that names stream 0', async talk => {
            const trouble = await toTheEnd(talk)
            const goaway = talk.seen.find(seen => seen.kind === 'goaway' && seen.code !== NO_ERROR)
            if (goaway?.kind !== 'goaway') return broke(trouble ?? 'no GOAWAY')
            return goaway.lastStream === 0 ? kept(line(goaway)) : broke(line(goaway))
          }),
        ),
      ],
    },
    {
      rule: rfc9113.connectionErrorReported,
      when: 'trailers that lack END_STREAM cannot be decoded',
      steps: [
        send(section([[':status', '200']]), content('wire'), talk => headers(asked(talk), hex('80'))),
        expect(connectionError(COMPRESSION_ERROR)),
      ],
    },
    {
      rule: rfc9113.oneResetPerStream,
      when: 'DATA go on coming after a malformed response',
      steps: [
        malformedOpen,
        send(content('wire'), content('wire'), content('wire')),
        expect(reports('one RST_STREAM at most', 1, ['reset'])),
      ],
    },
    {
      rule: rfc9113.noResetForReset,
      when: 'its request is reset',
      steps: [send(talk => rstStream(asked(talk), CANCEL)), expect(settledWithoutReset(asked))],
    },
  ],
})

/** No RST_STREAM on a stream, by the time that the subject has gone on or left. RFC 9113 §5.4.2 */
function settledWithoutReset(of: (talk: Http2Talk) => number): Expectation {
  return that('no RST_STREAM in answer to RST_STREAM', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (talk.message(of(talk)).reset !== undefined) return broke(line(seen))
      if (seen.kind === 'end' && talk.role === 'client') return kept('none before the end of the connection')
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
      if (passed(seen)) return kept('none')
    }
  })
}
