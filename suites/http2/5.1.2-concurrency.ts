import { headers, rstStream, settings } from '../../src/http2/build.ts'
import { CANCEL, PROTOCOL_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import { expect, streamError } from '../../src/http2/expect.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { asked, opensNoStream } from '../../src/http2/expect-message.ts'
import { concurrencyLimit, takesPush } from '../../src/http2/features.ts'
import type { Frame } from '../../src/http2/frame.ts'
import { fieldBlock, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { promise } from './promises.ts'
import { topic } from './roles.ts'

const limit = (talk: Http2Talk) => talk.settings.get(MAX_CONCURRENT_STREAMS) ?? 0
const count = (talk: Http2Talk) => Array.from({ length: limit(talk) + 1 }, (_, index) => index)

/** Requests that do not end, one more than the server takes at a time. */
function requests(talk: Http2Talk): readonly Frame[] {
  const block = fieldBlock(requestFields(talk))
  return count(talk).map(index => headers(3 + 2 * index, block))
}

/** Pushes that do not end, one more than the client takes at a time. A promise alone does not count. RFC 9113 §5.1.2 */
function promises(talk: Http2Talk): readonly Frame[] {
  const block = fieldBlock([[':status', '200']])
  return count(talk).flatMap(index => [promise(2 + 2 * index)(talk), headers(2 + 2 * index, block)])
}

/** The last of them is one too many. */
const lastIsRefused = (first: number) =>
  expect({
    wants: 'a stream error of type PROTOCOL_ERROR or REFUSED_STREAM on the stream beyond the limit',
    async judge(talk) {
      const stream = first + 2 * limit(talk)
      const finding = await streamError(stream, [PROTOCOL_ERROR, REFUSED_STREAM]).judge(talk)
      // A client may cancel whatever push it does not want, and nothing is seen of a limit then. RFC 9113 §8.4
      const cancelled = talk.role === 'client' && talk.message(stream).reset === CANCEL
      return cancelled ? { ...finding, outcome: 'unsupported' } : finding
    },
  })

export default topic('Stream concurrency', {
  server: [
    {
      rule: rfc9113.concurrencyExceeded,
      when: 'one request more is open than its SETTINGS_MAX_CONCURRENT_STREAMS',
      needs: [concurrencyLimit],
      steps: [send(settings([[INITIAL_WINDOW_SIZE, 0]]), requests), lastIsRefused(3)],
    },
  ],
  client: [
    {
      rule: rfc9113.concurrencyExceeded,
      when: 'one push more is open than its SETTINGS_MAX_CONCURRENT_STREAMS',
      needs: [takesPush, concurrencyLimit],
      steps: [send(promises), lastIsRefused(2)],
    },
    {
      rule: rfc9113.concurrencyWithinPeerLimit,
      when: 'its request is refused once no stream is allowed any more',
      steps: [
        send(settings([[MAX_CONCURRENT_STREAMS, 0]])),
        expect(acknowledges()),
        send(talk => rstStream(asked(talk), REFUSED_STREAM)),
        expect(opensNoStream()),
      ],
    },
  ],
})
