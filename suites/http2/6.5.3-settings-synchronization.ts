import { rstStream, settings, windowUpdate } from '../../src/http2/build.ts'
import { REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import { answered, broke, expect, kept, that } from '../../src/http2/expect.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { asked, opensNoStream } from '../../src/http2/expect-message.ts'
import { repeats } from '../../src/http2/features.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS } from '../../src/http2/settings-parameters.ts'
import { act, send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { topic } from './roles.ts'

const keepBack = act('keep back our credit', talk => {
  talk.automatic.credit = false
})

/** The content that comes on stream 3 before we give more credit for it is just what the window allows. */
const begins = (most: number) =>
  expect(
    that(`${most} octets of content, and no more`, async talk => {
      const { ended, came } = await until(talk, () => talk.message(3).received >= most || talk.message(3).ended)
      if (ended) return broke(`${came} after ${talk.message(3).received} octets`)
      // What comes behind it, if anything does, has been sent by the time that PING is answered.
      const payload = Buffer.from(talk.addBarrier())
      const answers = () => talk.seen.some(seen => seen.kind === 'ping-ack' && payload.equals(seen.payload))
      const beyond = await until(talk, answers)
      if (beyond.ended) return broke(beyond.came)
      const { received } = talk.message(3)
      if (received > most) return broke(`${received} octets`)
      if (talk.message(3).ended) return { outcome: 'unsupported', came: `the page has ${received} octets` }
      return kept(`${received} octets`)
    }),
  )

/** The windows of all streams to come. */
const windows = (...sizes: readonly number[]) => settings(sizes.map(size => [INITIAL_WINDOW_SIZE, size] as const))

/** A client's request is refused when these limits have come, in one frame; it may not be made again then. */
const refusedAfter = (...limits: readonly number[]) => [
  send(settings(limits.map(limit => [MAX_CONCURRENT_STREAMS, limit] as const))),
  expect(acknowledges()),
  send((talk: Http2Talk) => rstStream(asked(talk), REFUSED_STREAM)),
  expect(opensNoStream()),
]

export default topic('Settings synchronization', {
  server: [
    {
      rule: rfc9113.settingsApplied,
      when: 'a page is asked for after SETTINGS_INITIAL_WINDOW_SIZE 3',
      steps: [keepBack, send(windows(3), request(3)), begins(3)],
    },
    {
      rule: rfc9113.settingsLastValueWins,
      when: 'SETTINGS_INITIAL_WINDOW_SIZE is 0 and then 65535 in one frame',
      steps: [send(windows(0, 65535), request(3)), expect(answered(3))],
    },
    {
      rule: rfc9113.settingsLastValueWins,
      when: 'SETTINGS_INITIAL_WINDOW_SIZE is 65535 and then 4 in one frame',
      steps: [keepBack, send(windows(65535, 4), request(3)), begins(4)],
    },
    {
      rule: rfc9113.settingsInOrder,
      when: 'SETTINGS_INITIAL_WINDOW_SIZE falls, rises and falls again in one frame',
      steps: [
        keepBack,
        send(windows(1, 65535, 2), request(3)),
        begins(2),
        send(windowUpdate(3, 65535)),
        expect(answered(3)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.settingsLastValueWins,
      when: 'its request is refused after SETTINGS_MAX_CONCURRENT_STREAMS 100 and then 0 in one frame',
      needs: [repeats],
      steps: refusedAfter(100, 0),
    },
    {
      rule: rfc9113.settingsInOrder,
      when: 'its request is refused after SETTINGS_MAX_CONCURRENT_STREAMS 1, 100 and then 0 in one frame',
      needs: [repeats],
      steps: refusedAfter(1, 100, 0),
    },
    {
      rule: rfc9113.settingsApplied,
      when: 'its request is refused after SETTINGS_MAX_CONCURRENT_STREAMS 0',
      steps: refusedAfter(0),
    },
  ],
})
