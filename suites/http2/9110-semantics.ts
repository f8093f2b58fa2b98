import { data, headers } from '../../src/http2/build.ts'
import { answered, broke, concluded, contented, expect, kept, that } from '../../src/http2/expect.ts'
import { content, expectingContinue, section } from '../../src/http2/expect-message.ts'
import { tunnels } from '../../src/http2/features.ts'
import { fieldBlock, type RequestShape, request } from '../../src/http2/requests.ts'
import { rfc9110 } from '../../src/http2/rules.ts'
import { statusOf } from '../../src/http2/seen.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { topic } from './roles.ts'

/** A field of the final response on a stream. */
function fieldOf(talk: Http2Talk, stream: number, name: string): string | undefined {
  return talk.message(stream).head?.fields.find(field => field.name === name)?.value
}

/** Whole responses on these streams, and what is wrong with them; nothing there to judge is no success. */
const responses = (wants: string, streams: readonly number[], judge: (talk: Http2Talk) => ReturnType<typeof kept>) =>
  that(wants, async talk => {
    const { ended, came } = await until(talk, () => streams.every(stream => concluded(talk, stream)))
    return ended ? broke(`no end of the responses: ${came}`) : judge(talk)
  })

const head: RequestShape = { pseudo: { ':method': 'HEAD' } }
const missing: RequestShape = { pseudo: { ':path': '/a-path-that-is-not-there' } }

/** Requests that servers like to answer by a status without content. */
const CANDIDATES: readonly RequestShape[] = [
  { pseudo: { ':method': 'OPTIONS' } },
  { pseudo: { ':path': '/favicon.ico' } },
  { pseudo: { ':path': '/status/204' } },
]

/** A GET on stream 5 on the condition that the resource has changed since the one on stream 3. RFC 9110 §13.1 */
const conditional = (talk: Http2Talk) => {
  const etag = fieldOf(talk, 3, 'etag')
  const modified = fieldOf(talk, 3, 'last-modified')
  const none = etag === undefined ? [] : [['if-none-match', etag] as const]
  const since = modified === undefined ? [] : [['if-modified-since', modified] as const]
  return request(5, { fields: [...none, ...since] })(talk)
}

export default topic('Semantics', {
  server: [
    {
      rule: rfc9110.dateSent,
      when: 'a path that is there and one that is not are asked for',
      steps: [
        send(request(3), request(5, missing)),
        expect(
          responses('a date field in each 2xx, 3xx and 4xx response', [3, 5], talk => {
            const owing = [3, 5].filter(stream => {
              const { status = 0 } = talk.message(stream)
              return status >= 200 && status < 500
            })
            const bad = owing.find(stream => !Number.isFinite(Date.parse(fieldOf(talk, stream, 'date') ?? '')))
            if (owing.length === 0) return broke('no 2xx, 3xx or 4xx response')
            if (bad === undefined) return kept(`date: ${fieldOf(talk, 3, 'date')}`)
            return broke(`${fieldOf(talk, bad, 'date') ?? 'no date'} with status ${talk.message(bad).status}`)
          }),
        ),
      ],
    },
    {
      rule: rfc9110.headContentLength,
      when: 'GET and HEAD ask for the same',
      steps: [
        send(request(3), request(5, head)),
        expect(
          responses('no content-length to HEAD but that of GET', [3, 5], talk => {
            const [get, toHead] = [3, 5].map(stream => fieldOf(talk, stream, 'content-length'))
            const length = get ?? String(talk.message(3).received)
            if (toHead === undefined) return kept('no content-length to HEAD')
            return toHead === length ? kept(`content-length ${length}`) : broke(`${toHead} to HEAD, ${length} to GET`)
          }),
        ),
      ],
    },
    {
      rule: rfc9110.getAndHeadSupported,
      when: 'a HEAD is sent for what a GET has got',
      steps: [
        send(request(3, head)),
        expect(
          responses('a status other than 405 and 501', [3], talk => {
            const { status = 0 } = talk.message(3)
            return status === 0 || status === 405 || status === 501
              ? broke(`status ${status}`)
              : kept(`status ${status}`)
          }),
        ),
      ],
    },
    ...[
      { when: 'a HEAD asks for what is there', shape: head },
      { when: 'a HEAD asks for what is not there', shape: { pseudo: { ...missing.pseudo, ...head.pseudo } } },
    ].map(({ when, shape }) => ({
      rule: rfc9110.headWithoutContent,
      when,
      steps: [
        send(request(3, shape)),
        expect(
          responses('a response without content', [3], talk => {
            const { status, received } = talk.message(3)
            if (status === undefined) return broke('no response')
            return received > 0 ? broke(`${received} octets of content`) : kept(`status ${status} without content`)
          }),
        ),
      ],
    })),
    {
      rule: rfc9110.noContentLengthWithoutContent,
      when: 'requests are made that 100 or 204 may answer',
      steps: [
        send(
          expectingContinue(3),
          data(3, 'wire', { endStream: true }),
          ...CANDIDATES.map((shape, i) => request(5 + 2 * i, shape)),
        ),
        expect(
          responses('no content-length with a status of 1xx or 204', [3, 5, 7, 9], talk => {
            const found = talk.seen.flatMap(seen => {
              const status = seen.kind === 'headers' ? statusOf(seen.fields) : undefined
              const owing = status !== undefined && (status < 200 || status === 204)
              return owing && seen.kind === 'headers' ? [{ status, fields: seen.fields }] : []
            })
            if (found.length === 0) return { outcome: 'unsupported', came: 'no response with such a status' }
            const bad = found.find(({ fields }) => fields.some(({ name }) => name === 'content-length'))
            return bad ? broke(`content-length with status ${bad.status}`) : kept(`status ${found[0]?.status} without`)
          }),
        ),
      ],
    },
    {
      rule: rfc9110.noContentWithoutContent,
      when: 'requests are made that 204 may answer',
      steps: [
        send(...CANDIDATES.map((shape, i) => request(3 + 2 * i, shape))),
        expect(
          responses('no content with status 204', [3, 5, 7], talk => {
            const found = [3, 5, 7].filter(stream => talk.message(stream).status === 204)
            if (found.length === 0) return { outcome: 'unsupported', came: 'no response with status 204' }
            const bad = found.find(stream => talk.message(stream).received > 0)
            return bad === undefined
              ? kept('204 without content')
              : broke(`${talk.message(bad).received} octets with 204`)
          }),
        ),
      ],
    },
    {
      rule: rfc9110.notModifiedWithoutContent,
      when: 'a GET is repeated on condition that something has changed',
      steps: [
        send(request(3)),
        expect(answered(3)),
        send(conditional),
        expect(
          responses('no content with status 304', [5], talk => {
            const { status, received } = talk.message(5)
            if (status !== 304) return { outcome: 'unsupported', came: `status ${status ?? 'none'}` }
            return received > 0 ? broke(`${received} octets with 304`) : kept('304 without content')
          }),
        ),
      ],
    },
    {
      rule: rfc9110.methodNotAllowedNamesAllowed,
      when: 'methods are used that are seldom allowed',
      steps: [
        send(
          request(3, { pseudo: { ':method': 'TRACE' } }),
          request(5, { pseudo: { ':method': 'PROPFIND' } }),
          request(7, { pseudo: { ':method': 'POST' }, fields: [['content-length', '0']] }),
        ),
        expect(
          responses('an allow field with status 405', [3, 5, 7], talk => {
            const found = [3, 5, 7].filter(stream => talk.message(stream).status === 405)
            if (found.length === 0) return { outcome: 'unsupported', came: 'no response with status 405' }
            const bad = found.find(stream => fieldOf(talk, stream, 'allow') === undefined)
            return bad === undefined
              ? kept(`allow: ${fieldOf(talk, found[0] ?? 0, 'allow')}`)
              : broke('405 without allow')
          }),
        ),
      ],
    },
    {
      rule: rfc9110.connectContentLength,
      when: 'a tunnel is opened',
      needs: [tunnels],
      steps: [
        send(talk =>
          headers(
            3,
            fieldBlock([
              [':method', 'CONNECT'],
              [':authority', talk.options.authority],
            ]),
          ),
        ),
        expect(
          that('a 2xx response without content-length', async talk => {
            const { ended, came } = await until(talk, () => talk.message(3).head !== undefined)
            if (ended) return broke(came)
            const length = fieldOf(talk, 3, 'content-length')
            return length === undefined ? kept(`status ${talk.message(3).status}`) : broke(`content-length ${length}`)
          }),
        ),
      ],
    },
  ],
  client: [
    {
      rule: rfc9110.interimParsed,
      when: '103 comes that it did not expect',
      steps: [
        send(
          section([
            [':status', '103'],
            ['link', '</style.css>; rel=preload'],
          ]),
          section([[':status', '200']]),
          content('wire', { endStream: true }),
        ),
        expect(contented()),
      ],
    },
    {
      rule: rfc9110.interimParsed,
      when: 'a 1xx status comes that nobody has defined',
      steps: [
        send(section([[':status', '199']]), section([[':status', '200']]), content('wire', { endStream: true })),
        expect(contented()),
      ],
    },
  ],
})
