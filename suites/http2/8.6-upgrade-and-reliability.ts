import { data, settings } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { errorCodeName, NO_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import {
  answered,
  barrier,
  broke,
  concluded,
  expect,
  hindrance,
  type Judgement,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { act, send, until } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

export default topic('Upgrade and request reliability', {
  server: [
    {
      rule: rfc9113.switchingProtocolsNotSent,
      when: 'a request asks for a WebSocket in the way of HTTP/1.1',
      steps: [
        send(
          request(3, {
            fields: [
              ['connection', 'upgrade'],
              ['upgrade', 'websocket'],
              ['sec-websocket-version', '13'],
              ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
            ],
          }),
          // Without the fields that make a request malformed there is something to be answered.
          request(5, {
            fields: [
              ['sec-websocket-version', '13'],
              ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
            ],
          }),
        ),
        expect(
          that('no response with status 101', async talk => {
            const over = () => concluded(talk, 3) && concluded(talk, 5)
            const { ended, came } = await until(talk, over)
            const statuses = [3, 5].flatMap(stream => [...talk.message(stream).interim, talk.message(stream).status])
            if (statuses.includes(101)) return broke('status 101')
            // A connection error is an answer to what is malformed, and none with 101. RFC 9113 §5.4.2
            const refused = talk.seen.some(seen => seen.kind === 'goaway' && seen.code !== NO_ERROR)
            if (ended && !refused) return broke(came)
            return kept(`statuses ${statuses.map(status => status ?? 'none').join(', ')}`)
          }),
        ),
      ],
    },
    {
      rule: rfc9113.refusedOnlyUnprocessed,
      when: 'DATA comes on a half-closed stream after its response has begun',
      steps: [
        // With a window of one octet the response begins, and gets no further.
        act('give no credit unasked', talk => {
          talk.automatic.credit = false
        }),
        send(settings([[INITIAL_WINDOW_SIZE, 1]]), request(3)),
        expect(
          that('a response to begin', async talk => {
            const { ended, came } = await until(talk, () => talk.message(3).head !== undefined)
            if (ended) return broke(came)
            return talk.message(3).ended
              ? { outcome: 'unsupported', came: 'a response without content' }
              : kept('HEADERS')
          }),
        ),
        send(data(3, 'wire'), settings([[INITIAL_WINDOW_SIZE, 65535]])),
        expect(
          that('no error of type REFUSED_STREAM', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              const { reset } = talk.message(3)
              if (reset !== undefined) return refused(reset, `RST_STREAM ${errorCodeName(reset)}`)
              if (seen.kind === 'goaway') return refused(seen.code, line(seen))
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              if (passed(seen)) return kept('no error at all')
            }
          }),
        ),
      ],
    },
    {
      rule: rfc9113.goawayCoversProcessed,
      when: 'a connection error follows a second response',
      steps: [
        send(request(3)),
        expect(answered(3)),
        send(data(0, 'wire')),
        expect(
          that('no GOAWAY that names a stream before 3', async talk => {
            const { ended, came } = await until(talk, () => talk.seen.some(seen => seen.kind === 'goaway'))
            const goaway = talk.seen.find(seen => seen.kind === 'goaway')
            if (goaway?.kind !== 'goaway') return { outcome: 'unsupported', came: ended ? came : 'no GOAWAY' }
            return goaway.lastStream >= 3 ? kept(line(goaway)) : broke(line(goaway))
          }),
        ),
      ],
    },
  ],
})

function refused(code: number, came: string): Judgement {
  return code === REFUSED_STREAM ? broke(came) : kept(came)
}
