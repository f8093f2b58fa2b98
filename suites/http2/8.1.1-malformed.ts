import { data, headers } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { contented, expect, malformed, malformedLater, streamError } from '../../src/http2/expect.ts'
import {
  asked,
  content,
  offerContent,
  onRequest,
  opening,
  rejected,
  respond,
  section,
} from '../../src/http2/expect-message.ts'
import { type FieldLine, fieldBlock, request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { badRequest, badResponse } from './malformed.ts'
import { topic } from './roles.ts'

const { contentLengthMismatch, contentLengthWithoutContent, malformedResponseRejected, malformedStreamError } = rfc9113

const octets = Buffer.from('wire')

const length = (value: string): { readonly fields: readonly FieldLine[] } => ({ fields: [['content-length', value]] })

/** A response that announces content of this length. */
const announces = (value: string, endStream = false) =>
  section(
    [
      [':status', '200'],
      ['content-length', value],
    ],
    { endStream },
  )

export default topic('Malformed messages', {
  server: [
    {
      rule: contentLengthMismatch,
      when: 'the content of a request is shorter than its content-length',
      steps: [
        offerContent,
        send(opening(7, length('5')), data(7, octets, { endStream: true })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'the content of a request is longer than its content-length',
      steps: [
        offerContent,
        send(opening(7, length('3')), data(7, octets, { endStream: true })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'a request without DATA has a content-length of 4',
      steps: [offerContent, send(opening(7, { ...length('4'), end: true })), expect(malformedLater(7))],
    },
    {
      rule: contentLengthMismatch,
      when: 'a GET without content has a content-length of 1',
      steps: [send(request(3, length('1'))), expect(malformed(3))],
    },
    {
      rule: contentLengthMismatch,
      when: 'a request with a content-length of 0 has content',
      steps: [
        offerContent,
        send(opening(7, length('0')), data(7, octets, { endStream: true })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'several DATA frames together exceed the content-length of a request',
      steps: [
        offerContent,
        send(opening(7, length('8')), data(7, octets), data(7, octets), data(7, octets, { endStream: true })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'only with its padding has a request as much content as its content-length',
      steps: [
        offerContent,
        send(opening(7, length('8')), data(7, octets, { endStream: true, padding: 3 })),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'trailers end the content of a request before its content-length is reached',
      steps: [
        offerContent,
        send(
          opening(7, length('5')),
          data(7, octets),
          headers(7, fieldBlock([['x-checksum', '1']]), { endStream: true }),
        ),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: contentLengthMismatch,
      when: 'a request has two content-length fields that differ',
      steps: [
        offerContent,
        send(
          opening(7, {
            fields: [
              ['content-length', '4'],
              ['content-length', '5'],
            ],
          }),
          data(7, octets, { endStream: true }),
        ),
        expect(malformedLater(7)),
      ],
    },
    {
      // Without END_STREAM the stream stays open for the client, so that an answer alone does not close it.
      rule: malformedStreamError,
      when: 'a malformed request has not ended its stream',
      steps: [
        send(request(3, { pseudo: { ':path': undefined }, endStream: false })),
        expect(streamError(3, [PROTOCOL_ERROR])),
      ],
    },
    badRequest(malformedStreamError, 'a request consists of nothing', { only: [] }),
    badRequest(malformedStreamError, 'a request has fields but no pseudo-header field', { only: [['accept', '*/*']] }),
  ],
  client: [
    {
      rule: contentLengthMismatch,
      when: 'the content of a response is shorter than its content-length',
      steps: [send(announces('5'), content('wire', { endStream: true })), expect(onRequest(malformed))],
    },
    {
      rule: contentLengthMismatch,
      when: 'the content of a response is longer than its content-length',
      steps: [send(announces('3'), content('wire', { endStream: true })), expect(onRequest(malformed))],
    },
    {
      rule: contentLengthMismatch,
      when: 'a response without DATA has a content-length of 4',
      steps: [send(announces('4', true)), expect(onRequest(malformed))],
    },
    {
      rule: contentLengthMismatch,
      when: 'a response with a content-length of 0 has content',
      steps: [send(announces('0'), content('wire', { endStream: true })), expect(onRequest(malformed))],
    },
    {
      rule: contentLengthMismatch,
      when: 'only with its padding has a response as much content as its content-length',
      steps: [send(announces('8'), content('wire', { endStream: true, padding: 3 })), expect(onRequest(malformed))],
    },
    {
      rule: contentLengthMismatch,
      when: 'trailers end the content of a response before its content-length is reached',
      steps: [
        send(announces('5'), content('wire'), section([['x-checksum', '1']], { endStream: true })),
        expect(onRequest(malformed)),
      ],
    },
    {
      rule: contentLengthWithoutContent,
      when: 'a response with status 304 has a content-length but no content',
      steps: [send(respond({ status: '304', fields: [['content-length', '1234']] })), expect(contented())],
    },
    badResponse(malformedStreamError, 'a response has fields but no pseudo-header field', [
      ['content-type', 'text/plain'],
    ]),
    {
      rule: malformedStreamError,
      when: 'DATA comes before any header section',
      steps: [send(talk => data(asked(talk), octets)), expect(onRequest(malformed))],
    },
    {
      rule: malformedResponseRejected,
      when: 'a response without :status has content',
      steps: [
        send(section([['content-type', 'text/plain']]), content('wire', { endStream: true })),
        expect(rejected()),
      ],
    },
    {
      rule: malformedResponseRejected,
      when: 'a response has a connection field',
      steps: [
        send(
          section([
            [':status', '200'],
            ['connection', 'close'],
          ]),
          content('wire', { endStream: true }),
        ),
        expect(rejected()),
      ],
    },
  ],
})
