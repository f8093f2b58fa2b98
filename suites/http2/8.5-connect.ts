import type { Step } from '../../src/conformance/case.ts'
import type { Rule } from '../../src/conformance/rule.ts'
import { data, headers } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR, STREAM_CLOSED } from '../../src/http2/error-codes.ts'
import { barrier, broke, expect, hindrance, kept, malformed, streamError, that } from '../../src/http2/expect.ts'
import { tunnels } from '../../src/http2/features.ts'
import { DATA, frameTypeName, PRIORITY, RST_STREAM, WINDOW_UPDATE } from '../../src/http2/frame.ts'
import { type FieldLine, fieldBlock } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { framesOf } from '../../src/http2/seen.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

/** CONNECT to the server itself, with more or fewer pseudo-header fields than it should have. */
const connect =
  (more: readonly FieldLine[], { authority = true, endStream = false } = {}) =>
  (talk: Http2Talk) => {
    const to: readonly FieldLine[] = authority ? [[':authority', talk.options.authority]] : []
    return headers(3, fieldBlock([[':method', 'CONNECT'], ...more, ...to]), { endStream })
  }

function badConnect(rule: Rule, when: string, more: readonly FieldLine[], authority?: false): Http2Case {
  // It bears END_STREAM, so that a server that takes it for something else does not wait for content.
  return {
    rule,
    when,
    steps: [send(connect(more, { authority: authority ?? true, endStream: true })), expect(malformed(3))],
  }
}

/** A tunnel on stream 3, open on both sides. */
const tunnel: Step<Http2Talk> = {
  says: 'send CONNECT; expect a 2xx response',
  async run(talk) {
    talk.add(connect([])(talk))
    const { came } = await until(talk, () => talk.message(3).head !== undefined || talk.message(3).reset !== undefined)
    const { status, ended } = talk.message(3)
    const open = status !== undefined && status >= 200 && status < 300 && !ended
    const expected = 'a tunnel'
    return open ? { outcome: 'pass', expected, came: `status ${status}` } : { outcome: 'unsupported', expected, came }
  },
}

const MANAGED = new Set([DATA, RST_STREAM, WINDOW_UPDATE, PRIORITY])

export default topic('CONNECT', {
  server: [
    badConnect(rfc9113.connectWithSchemeOrPath, 'a CONNECT request has :scheme and :path', [
      [':scheme', 'http'],
      [':path', '/'],
    ]),
    badConnect(rfc9113.connectWithSchemeOrPath, 'a CONNECT request has :scheme', [[':scheme', 'http']]),
    badConnect(rfc9113.connectWithSchemeOrPath, 'a CONNECT request has :path', [[':path', '/']]),
    badConnect(rfc9113.connectWithoutAuthority, 'a CONNECT request has no :authority', [], false),
    {
      rule: rfc9113.connectOtherFrame,
      when: 'HEADERS with END_STREAM come on a connected stream',
      needs: [tunnels],
      steps: [
        tunnel,
        send(headers(3, fieldBlock([['x-trailer', 'x']]), { endStream: true })),
        // The text names no code.
        expect(streamError(3, [PROTOCOL_ERROR, STREAM_CLOSED])),
      ],
    },
    {
      rule: rfc9113.connectSendsDataOnly,
      when: 'a tunnel is opened, used and closed',
      needs: [tunnels],
      steps: [
        tunnel,
        send(data(3, 'wire'), data(3, '', { endStream: true })),
        expect(
          that('nothing but DATA and stream management after the response', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              if (passed(seen)) break
            }
            const after = talk.seen.flatMap(framesOf).filter(({ stream }) => stream === 3)
            // The first is the response; a field block may take CONTINUATION too.
            const head = talk.message(3).head?.frames ?? []
            const other = after.find(frame => !head.includes(frame) && !MANAGED.has(frame.type))
            return other ? broke(`${frameTypeName(other.type)} on stream 3`) : kept(`${after.length} frames`)
          }),
        ),
      ],
    },
  ],
})
