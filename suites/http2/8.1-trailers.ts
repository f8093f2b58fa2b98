import { continuation, data, headers } from '../../src/http2/build.ts'
import { broke, contented, expect, kept, malformed, malformedLater, that } from '../../src/http2/expect.ts'
import { content, offerContent, onRequest, opening, section, takenAs } from '../../src/http2/expect-message.ts'
import { trailers } from '../../src/http2/features.ts'
import { type FieldLine, fieldBlock, request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
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

export default topic('Trailers', {
  server: [
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
  ],
  client: [
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
  ],
})
