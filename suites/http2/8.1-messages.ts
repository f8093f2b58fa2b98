import { continuation, data, headers, rstStream } from '../../src/http2/build.ts'
import { errorCodeName, NO_ERROR } from '../../src/http2/error-codes.ts'
import {
  barrier,
  broke,
  contented,
  expect,
  hindrance,
  kept,
  malformed,
  malformedLater,
  that,
} from '../../src/http2/expect.ts'
import {
  asked,
  content,
  offerContent,
  onRequest,
  opening,
  respond,
  section,
  takenAs,
} from '../../src/http2/expect-message.ts'
import { trailers } from '../../src/http2/features.ts'
import { type FieldLine, fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { statusOf } from '../../src/http2/seen.ts'
import { send, until } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

const EARLY_HINTS: readonly FieldLine[] = [
  [':status', '103'],
  ['link', '</style.css>; rel=preload'],
]
const OK: readonly FieldLine[] = [[':status', '200']]
const CHECKSUM: readonly FieldLine[] = [['x-checksum', '1234']]

/** A trailer section of a request, after which nothing comes. */
const requestTrailers = (lines: readonly FieldLine[]) => headers(7, fieldBlock(lines), { endStream: true })

const octets = Buffer.from('wire')

/** The header section of a request with content of this many octets: without the number some servers refuse it (RFC 9110 §15.5.12). */
const announced = (length: number) => opening(7, { fields: [['content-length', String(length)]] })

/** A message of the subject's comes to its end. */
const ends = (of: (talk: Parameters<typeof asked>[0]) => number) =>
  that('the last frame of its message to bear END_STREAM', async talk => {
    const stream = of(talk)
    const { ended, came } = await until(talk, () => talk.message(stream).ended)
    return ended ? broke(`no END_STREAM: ${came}`) : kept(`END_STREAM on stream ${stream}`)
  })

export default topic('Messages', {
  server: [
    {
      rule: rfc9113.messageEndsStream,
      when: 'a response to HEAD has no content',
      steps: [send(request(3, { pseudo: { ':method': 'HEAD' } })), expect(ends(() => 3))],
    },
    {
      rule: rfc9113.messageEndsStream,
      when: 'a path that is not there is asked for',
      steps: [send(request(3, { pseudo: { ':path': '/a-path-that-is-not-there' } })), expect(ends(() => 3))],
    },
    {
      rule: rfc9113.interimEndsStream,
      when: 'it sends 100 to a request that expects it',
      steps: [
        send(talk => [
          headers(
            3,
            fieldBlock(
              requestFields(talk, {
                pseudo: { ':method': 'POST' },
                fields: [
                  ['content-length', '4'],
                  ['expect', '100-continue'],
                ],
              }),
            ),
          ),
        ]),
        expect(
          that('an interim response without END_STREAM', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              if (seen.kind === 'headers' && seen.stream === 3) {
                const status = statusOf(seen.fields) ?? 200
                if (status >= 200) return { outcome: 'unsupported', came: `no interim response, but status ${status}` }
                return seen.endStream ? broke(`status ${status} with END_STREAM`) : kept(`status ${status}`)
              }
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              if (seen.kind === 'reset' && seen.stream === 3) {
                return { outcome: 'unsupported', came: 'no interim response, but RST_STREAM' }
              }
              if (passed(seen)) return { outcome: 'unsupported', came: 'no interim response' }
            }
          }),
        ),
      ],
    },
    {
      rule: rfc9113.trailersWithoutPseudo,
      when: 'a response has trailers',
      needs: [trailers],
      steps: [
        send(talk =>
          request(3, { pseudo: { ':path': talk.options.resources['trailers'] }, fields: [['te', 'trailers']] })(talk),
        ),
        expect(
          that('trailers without a pseudo-header field', async talk => {
            const { ended, came } = await until(talk, () => talk.message(3).ended)
            if (ended) return broke(came)
            const found = talk.message(3).trailers
            if (!found) return broke('a response without trailers')
            const bad = found.fields.find(({ name }) => name.startsWith(':'))
            return bad ? broke(`${bad.name}: ${bad.value}`) : kept(`${found.fields.length} trailer fields`)
          }),
        ),
      ],
    },
    ...[
      [':path', '/'],
      [':status', '200'],
      [':unknown', 'x'],
    ].map(([name = '', value = '']) => ({
      rule: rfc9113.pseudoInTrailers,
      when: `the trailers of a request have ${name}`,
      steps: [
        offerContent,
        send(announced(4), data(7, octets), requestTrailers([[name, value]])),
        expect(malformedLater(7)),
      ],
    })),
    {
      rule: rfc9113.trailersEndStream,
      when: 'the trailers of a request are without END_STREAM',
      steps: [
        offerContent,
        send(announced(4), data(7, octets), headers(7, fieldBlock(CHECKSUM))),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: rfc9113.trailersEndStream,
      when: 'a second header section without END_STREAM follows that of a request at once',
      steps: [offerContent, send(announced(0), headers(7, fieldBlock(CHECKSUM))), expect(malformedLater(7))],
    },
    {
      rule: rfc9113.trailersEndStream,
      when: 'DATA goes on after trailers without END_STREAM',
      steps: [
        offerContent,
        send(announced(8), data(7, octets), headers(7, fieldBlock(CHECKSUM)), data(7, octets, { endStream: true })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: rfc9113.trailersAccepted,
      when: 'a request has content and trailers',
      steps: [offerContent, send(announced(4), data(7, octets), requestTrailers(CHECKSUM)), expect(takenAs(7))],
    },
    {
      rule: rfc9113.trailersAccepted,
      when: 'a request has trailers but no content',
      steps: [offerContent, send(announced(0), requestTrailers(CHECKSUM)), expect(takenAs(7))],
    },
    {
      rule: rfc9113.trailersAccepted,
      when: 'the trailers of a request go on in CONTINUATION',
      steps: [
        offerContent,
        send(
          announced(4),
          data(7, octets),
          headers(7, fieldBlock(CHECKSUM), { endStream: true, endHeaders: false }),
          continuation(7, fieldBlock([['x-more', 'x']])),
        ),
        expect(takenAs(7)),
      ],
    },
    {
      rule: rfc9113.earlyResponseReset,
      when: 'a request is answered before it has ended',
      steps: [
        send(talk => [headers(3, fieldBlock(requestFields(talk)))]),
        expect(
          that('no reset after a whole response, or one with NO_ERROR', async talk => {
            const { passed } = barrier(talk)
            let gone = false
            while (!gone) {
              const seen = await talk.next()
              const { ended, reset } = talk.message(3)
              if (ended && reset !== undefined) {
                const came = `a whole response, then RST_STREAM ${errorCodeName(reset)}`
                return reset === NO_ERROR ? kept(came) : broke(came)
              }
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              gone = passed(seen)
            }
            if (talk.message(3).ended) return kept('a whole response, and no reset')
            return { outcome: 'unsupported', came: 'no whole response before the end of the request' }
          }),
        ),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.interimResponses,
      when: '103 comes twice, then 100, then the response',
      steps: [
        send(
          section(EARLY_HINTS),
          section(EARLY_HINTS),
          section([[':status', '100']]),
          section(OK),
          content('wire', { endStream: true }),
        ),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.interimEndsStream,
      when: 'an interim response bears END_STREAM',
      steps: [send(section(EARLY_HINTS, { endStream: true })), expect(onRequest(malformed))],
    },
    {
      rule: rfc9113.messageEndsStream,
      when: 'it requests the URL that it is given',
      steps: [expect(ends(asked))],
    },
    ...[
      [':status', '200'],
      [':path', '/'],
    ].map(([name = '', value = '']) => ({
      rule: rfc9113.pseudoInTrailers,
      when: `the trailers of a response have ${name}`,
      steps: [
        send(section(OK), content('wire'), section([[name, value]], { endStream: true })),
        expect(onRequest(malformed)),
      ],
    })),
    {
      rule: rfc9113.trailersEndStream,
      when: 'the trailers of a response are without END_STREAM',
      steps: [send(section(OK), content('wire'), section(CHECKSUM)), expect(onRequest(malformed))],
    },
    {
      rule: rfc9113.trailersEndStream,
      when: 'a second final response without END_STREAM follows the first',
      steps: [send(section(OK), section(OK)), expect(onRequest(malformed))],
    },
    {
      rule: rfc9113.trailersEndStream,
      when: 'an interim response follows the final one',
      steps: [
        send(section(OK), section(EARLY_HINTS), content('wire', { endStream: true })),
        expect(onRequest(malformed)),
      ],
    },
    {
      rule: rfc9113.trailersAccepted,
      when: 'a response has content and trailers',
      steps: [send(section(OK), content('wire'), section(CHECKSUM, { endStream: true })), expect(contented())],
    },
    {
      rule: rfc9113.trailersAccepted,
      when: 'a response has trailers but no content',
      steps: [send(section(OK), section(CHECKSUM, { endStream: true })), expect(contented())],
    },
    {
      rule: rfc9113.earlyResponseKept,
      when: 'RST_STREAM with NO_ERROR follows a whole response',
      steps: [send(respond({ content: 'wire' }), talk => rstStream(asked(talk), NO_ERROR)), expect(contented())],
    },
  ],
})
