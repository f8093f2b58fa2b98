import { headers, rstStream } from '../../src/http2/build.ts'
import { errorCodeName, NO_ERROR } from '../../src/http2/error-codes.ts'
import { barrier, broke, contented, expect, hindrance, kept, malformed, that } from '../../src/http2/expect.ts'
import { asked, content, expectingContinue, onRequest, respond, section } from '../../src/http2/expect-message.ts'
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
        send(expectingContinue(3)),
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
      rule: rfc9113.earlyResponseReset,
      when: 'a request is answered before it has ended',
      steps: [
        // What is not there takes no content, so the answer need not wait for it.
        send(talk => [
          headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST', ':path': '/nothing-is-here' } }))),
        ]),
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
    {
      rule: rfc9113.earlyResponseKept,
      when: 'RST_STREAM with NO_ERROR follows a whole response',
      steps: [send(respond({ content: 'wire' }), talk => rstStream(asked(talk), NO_ERROR)), expect(contented())],
    },
  ],
})
